import Foundation
import Testing

@testable import Spatz

@Suite struct TextPredictorTests {
    private let sentence = "I am looking forward to seeing you tomorrow. Wir sehen uns morgen im Park."

    /// A different context for every number, so that each needs a run of the model.
    private func boundary(_ number: Int) -> TextInput {
        TextInput(context: "\(sentence.prefix(1 + number % sentence.count)) \(number) ")
    }

    private func keyboard() async throws -> TextPredictor {
        try await TextPredictor(model: Fixtures.model())
    }

    @Test func completionsBeginWithWhatIsTyped() async throws {
        let strip = try await keyboard().suggest(TextInput(context: "Wir sehen uns ", composing: "mor"))
        #expect((1...3).contains(strip.candidates.count))
        #expect(strip.candidates.allSatisfy { $0.text.lowercased().hasPrefix("mor") })
        #expect(strip.candidates.map(\.score) == strip.candidates.map(\.score).sorted(by: >))
    }

    @Test func atAWordBoundaryTheNextWordIsPredicted() async throws {
        let strip = try await keyboard().suggest(TextInput(context: "I am ", limit: 5))
        #expect(Set(strip.candidates.map(\.text)).count == 5)
        #expect(strip.candidates.allSatisfy { $0.kind == .prediction })
    }

    @Test func aPhraseGoesOnFromTheLettersTyped() async throws {
        let keyboard = try await keyboard()
        let phrase = try #require(try await keyboard.phrase(TextInput(context: "thanks for ", composing: "yo")))
        #expect(phrase.text.hasPrefix("yo") && phrase.text.hasSuffix(phrase.rest))
        #expect(phrase.text.split(separator: " ").count == phrase.scores.count)
        #expect(try await keyboard.phrase(TextInput(context: "", composing: "qqq")) == nil)
    }

    @Test func pastTheDeadlineTheAnswerIsEarly() async throws {
        let keyboard = try await keyboard()
        let early = try await keyboard.suggest(boundary(1), deadline: .zero)
        #expect(early.isEarly && early.candidates.count == 3)
        let whole = try await keyboard.suggest(boundary(1))
        #expect(!whole.isEarly)
        #expect(try await keyboard.suggest(boundary(1), deadline: .seconds(100)) == whole)
    }

    @Test func whatWasTakenBackIsKept() async throws {
        let keyboard = try await keyboard()
        let input = TextInput(context: "I know ", composing: "waht")
        #expect(try await keyboard.suggest(input).autocorrection?.text == "what")
        keyboard.reject("waht")
        let strip = try await keyboard.suggest(input)
        #expect(strip.autocorrection == nil)
        #expect(strip.typedIsKnown)
    }

    @Test func tapsAreReadByTheKeysThatWereSet() async throws {
        let keyboard = try await keyboard()
        func row(_ letters: String, x: Float, y: Float) -> [Key] {
            letters.enumerated().map { column, letter in
                Key(letters: String(letter), x: x + 36 * Float(column), y: y, width: 36, height: 54)
            }
        }
        try await keyboard.setKeys(
            row("qwertyuiop", x: 0, y: 0) + row("asdfghjkl", x: 9, y: 54) + row("zxcvbnm", x: 27, y: 108))
        let taps = [Touch(x: 189, y: 56), Touch(x: 305, y: 3), Touch(x: 243, y: 105), Touch(x: 74, y: 2)]
        let input = TextInput(context: "I want to go ", composing: "hpme", touches: taps)
        #expect(try await keyboard.correct(input).autocorrection?.text == "home")
        let error = await failure {
            try await keyboard.setKeys([Key(letters: "a", x: 0, y: 0, width: 0, height: 0)])
        }
        guard case .invalidInput = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func aLanguageThatThePackageLacksIsRefused() async throws {
        let options = PredictorOptions(languages: ["tlh"])
        let error = await failure { _ = try await TextPredictor(model: Fixtures.model(), options: options) }
        guard case .invalidInput = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func trimmingGivesMemoryBackAndLosesNothing() async throws {
        let keyboard = try await keyboard()
        let before = try await keyboard.suggest(TextInput(context: "I am "))
        let held = try await keyboard.residentBytes()
        keyboard.trim()
        #expect(try await keyboard.residentBytes() < held)
        #expect(try await keyboard.suggest(TextInput(context: "I am ")) == before)
    }

    @Test func concurrentCallsSerialiseAndTheNewestWins() async throws {
        let keyboard = try await keyboard()
        let errors = await withTaskGroup(of: (any Error)?.self) { group in
            for number in 1...50 {
                group.addTask { await failure { _ = try await keyboard.suggest(boundary(number)) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.contains { $0 == nil })
        #expect(errors.allSatisfy { $0 == nil || $0 is CancellationError })
    }

    @Test func cancellingReturnsAtOnceAndTheNextCallWorks() async throws {
        let keyboard = try await keyboard()
        let running = Task { try await keyboard.suggest(boundary(1)) }
        await Task.yield()
        let clock = ContinuousClock()
        let took = await clock.measure {
            running.cancel()
            _ = await running.result
        }
        print("cancel to return: \(took)")
        #expect(took < .seconds(1))
        #expect(try await keyboard.suggest(TextInput(context: "I am ")).candidates.count == 3)
    }

    @Test func aCallCancelledBeforeItBeganNeverRuns() async throws {
        let keyboard = try await keyboard()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await keyboard.suggest(boundary(1))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await keyboard.suggest(TextInput(context: "I am ")).candidates.count == 3)
    }

    @Test func closingDuringACallEndsItAsClosed() async throws {
        // A call that was done before the close could interrupt it has answered: try until one is caught running.
        for attempt in 1...20 {
            let keyboard = try await keyboard()
            let running = Task { try await keyboard.suggest(boundary(attempt)) }
            await Task.yield()
            keyboard.close()
            keyboard.close()
            let error = await failure { _ = try await running.value }
            if let error {
                guard case .closed = error as? SpatzError else { throw Unexpected(error) }
            }
            let after = await failure { _ = try await keyboard.suggest(TextInput(context: "I am ")) }
            guard case .closed = after as? SpatzError else { throw Unexpected(after) }
        }
    }

    @Test func tenThousandRapidKeystrokesEndWithTheLastOnesAnswer() async throws {
        let keyboard = try await keyboard()
        let inputs = (1...10_000).map { TextInput(context: "I am ", composing: String("looking".prefix($0 % 7 + 1))) }
        let keys = AsyncStream { continuation in
            for input in inputs { continuation.yield(input) }
            continuation.finish()
        }
        var answers: [Suggestions] = []
        for try await strip in keyboard.suggestions(for: keys) { answers.append(strip) }
        print("10,000 keystrokes, \(answers.count) answered")
        let last = try await keyboard.suggest(#require(inputs.last))
        #expect(answers.last == last)
    }

    @Test func tenThousandKeystrokesFromSeveralThreadsDoNoHarm() async throws {
        let keyboard = try await keyboard()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 1...4 {
                group.addTask {
                    for key in 0..<2_500 {
                        let typed = String("looking".prefix((thread + key) % 7 + 1))
                        do {
                            _ = try await keyboard.suggest(TextInput(context: "I am ", composing: typed))
                        } catch is CancellationError {
                            continue  // another thread typed
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await keyboard.suggest(TextInput(context: "I am ")).candidates.count == 3)
    }

    @Test func lettingGoOfTheStreamStopsIt() async throws {
        let keyboard = try await keyboard()
        let (keys, typing) = AsyncStream.makeStream(of: TextInput.self)
        typing.yield(TextInput(context: "I am "))
        for try await _ in keyboard.suggestions(for: keys) { break }
        typing.yield(TextInput(context: "You are "))
        typing.finish()
        #expect(try await keyboard.suggest(TextInput(context: "I am ")).candidates.count == 3)
    }
}
