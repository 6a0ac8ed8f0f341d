import Foundation
import Testing

@testable import Spatz

/// Who frees what, when, and on which thread. Other tests run beside these, so what is measured of the process's memory
/// is the least of several looks.
@Suite(.serialized) struct LifetimeTests {
    private let sentence = TextInput(context: "I am looking forward to seeing you ")

    @Test func aThousandOpenAndCloseCyclesLeaveNoMemoryBehind() async throws {
        var looks: [Int] = []
        for cycle in 0..<1_000 {
            let model = try await Model.open(Fixtures.modelURL)
            let keyboard = try await TextPredictor(model: model)
            // Running the model takes most of the time, and every twentieth shows a leak as well.
            if cycle.isMultiple(of: 20) { _ = try await keyboard.suggest(TextInput(context: "I am ", composing: "h")) }
            keyboard.close()
            model.close()
            // In the first few hundred the allocator fills what it keeps for each thread.
            if cycle >= 300, cycle.isMultiple(of: 50) { looks.append(try residentKilobytes()) }
        }
        let grown = try #require(looks.suffix(4).min()) - #require(looks.prefix(4).min())
        print("1,000 open and close cycles: \(grown) KB more resident memory")
        #expect(grown < 8 * 1024)
    }

    @Test func whatIsForgottenIsFreed() async throws {
        let held = try await keyboard().residentBytes() / 1024
        let before = try residentKilobytes()
        for _ in 0..<50 { _ = try await keyboard().residentBytes() }
        let grown = try await leastResidentKilobytes() - before
        print("50 keyboards of \(held) KB forgotten: \(grown) KB more resident memory")
        #expect(grown < 25 * held)
    }

    @Test func theLastReferenceMayGoOnAnyThread() async throws {
        let held = try await keyboard().residentBytes() / 1024
        let before = try residentKilobytes()
        for _ in 0..<50 {
            let last = Locked<TextPredictor?>(try await keyboard())
            await withCheckedContinuation { continuation in
                Thread {
                    last.exchange(nil)
                    continuation.resume()
                }.start()
            }
        }
        let grown = try await leastResidentKilobytes() - before
        #expect(grown < 25 * held, "\(held) KB each")
        let dropped = Locked<TextPredictor?>(try await keyboard())
        await MainActor.run { _ = dropped.exchange(nil) }
        #expect(try await keyboard().suggest(sentence).candidates.count == 3)
    }

    @Test func aCallKeepsWhatItNeedsAliveUntilItAnswers() async throws {
        var predictor: TextPredictor? = try await TextPredictor(model: Fixtures.model())
        weak var seen = predictor
        let running = Task { [predictor] in try await predictor?.suggest(sentence) }
        predictor = nil
        #expect(try await running.value?.candidates.count == 3)
        #expect(seen == nil)
    }

    @Test func anAnswerThatIsForgottenHalfWayFreesItsSession() async throws {
        let session = try await Session(model: Fixtures.model())
        let options = GenerateOptions(seed: 7, maxTokens: 50_000)
        let answer = Locked<Answer?>(session.streamCompletion(of: "I am", options: options).makeAsyncIterator().answer)
        _ = try await answer.get()?.next()
        #expect(session.isResponding)
        await withCheckedContinuation { continuation in
            Thread {
                answer.exchange(nil)
                continuation.resume()
            }.start()
        }
        #expect(!session.isResponding)
        #expect(try await !session.complete("You are", options: GenerateOptions(maxTokens: 4)).content.isEmpty)
    }

    @Test func closingOnAnotherThreadDuringCallsOfSeveralEndsThemAll() async throws {
        let keyboard = try await keyboard()
        let errors = await withTaskGroup(of: (any Error)?.self) { group in
            for number in 1...20 {
                group.addTask {
                    await failure { _ = try await keyboard.suggest(TextInput(context: "Number \(number) is ")) }
                }
            }
            Thread { keyboard.close() }.start()
            return await group.reduce(into: []) { $0.append($1) }
        }
        for error in errors.compactMap({ $0 }) where !(error is CancellationError) {
            guard case .closed = error as? SpatzError else { throw Unexpected(error) }
        }
        let after = await failure { _ = try await keyboard.suggest(sentence) }
        guard case .closed = after as? SpatzError else { throw Unexpected(after) }
    }

    @Test func commandsOfManyTasksAreUnderstoodUntilTheirParserIsClosed() async throws {
        let parser = try await CommandParser(
            yaml: "language: en\nintents:\n  StartTimer: [\"start a timer for {duration:length}\"]")
        let lengths = try await withThrowingTaskGroup(of: Duration?.self) { group in
            for minutes in 1...100 {
                group.addTask {
                    guard case .command(let command) = try await parser.parse("start a timer for \(minutes) minutes")
                    else { return nil }
                    return command.duration("length")
                }
            }
            return try await group.reduce(into: Set<Duration?>()) { $0.insert($1) }
        }
        #expect(lengths == Set((1...100).map { Duration.seconds(60 * $0) }))
        let cancelled = Task { try await parser.parse("start a timer for 1 minute") }
        cancelled.cancel()
        _ = await cancelled.result
        let calls = (1...300).map { minutes in
            Task { try await parser.parse("start a timer for \(minutes) minutes") }
        }
        parser.close()
        parser.close()
        for call in calls {
            guard case .failure(let error) = await call.result else { continue }
            guard case .closed = error as? SpatzError else { throw Unexpected(error) }
        }
        let after = await failure { _ = try await parser.parse("what is love") }
        guard case .closed = after as? SpatzError else { throw Unexpected(after) }
    }

    @Test func cancellingWhatIsDoneDoesNothing() async throws {
        let keyboard = try await keyboard()
        let done = Task { try await keyboard.suggest(sentence) }
        let answer = try await done.value
        done.cancel()
        #expect(try await keyboard.suggest(sentence) == answer)
    }

    /// One that has run, so that it holds memory.
    private func keyboard() async throws -> TextPredictor {
        let keyboard = try await TextPredictor(model: Fixtures.model())
        _ = try await keyboard.suggest(sentence)
        return keyboard
    }

    private func leastResidentKilobytes() async throws -> Int {
        var least = Int.max
        for _ in 0..<20 {
            least = min(least, try residentKilobytes())
            try await Task.sleep(for: .milliseconds(50))
        }
        return least
    }

    /// Anonymous memory of this process.
    private func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
        return try #require(Int(line.filter(\.isNumber)))
    }
}
