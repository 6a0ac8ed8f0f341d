import Foundation
import Testing

@testable import Spatz

@Suite struct SessionTests {
    private let short = GenerateOptions(seed: 7, maxTokens: 8)
    private let long = GenerateOptions(seed: 7, maxTokens: 50_000)

    private func session() async throws -> Session {
        try await Session(model: Fixtures.model())
    }

    @Test func theSnapshotsGrowToTheWholeText() async throws {
        let session = try await session()
        let whole = try await session.complete("I am looking", options: short).content
        #expect(!whole.isEmpty)
        var content = ""
        for try await snapshot in session.streamCompletion(of: "I am looking", options: short) {
            #expect(snapshot.content == content + snapshot.delta)
            content = snapshot.content
        }
        #expect(content == whole)
    }

    @Test func itSaysWhyItEnded() async throws {
        let response = try await session().complete("I am looking", options: GenerateOptions(maxTokens: 1))
        #expect(response.finishReason == .maxTokens)
    }

    @Test func whoStopsAskingStopsTheAnswer() async throws {
        let session = try await session()
        for try await _ in session.streamCompletion(of: "I am looking", options: long) { break }
        #expect(!session.isResponding)
        #expect(try await !session.complete("I am looking", options: short).content.isEmpty)
    }

    @Test func cancellingTheTaskStopsTheAnswer() async throws {
        let session = try await session()
        let answer = Task { try await session.complete("I am looking", options: long) }
        try await until { session.isResponding }
        let took = await ContinuousClock().measure {
            answer.cancel()
            _ = await answer.result
        }
        print("cancel to return, generating: \(took)")
        #expect(took < .seconds(1))
        await #expect(throws: CancellationError.self) { try await answer.value }
        #expect(try await !session.complete("I am looking", options: short).content.isEmpty)
    }

    @Test func aSecondQuestionAtOnceIsRefused() async throws {
        let session = try await session()
        let answer = Task { try await session.complete("I am looking", options: long) }
        try await until { session.isResponding }
        let error = await failure { _ = try await session.complete("You are", options: short) }
        answer.cancel()
        guard case .sessionBusy = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func closingDuringAnAnswerEndsItAsClosed() async throws {
        let session = try await session()
        let answer = Task { try await session.complete("I am looking", options: long) }
        try await until { session.isResponding }
        session.close()
        session.close()
        let error = await failure { _ = try await answer.value }
        guard case .closed = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test @MainActor func theMainActorStaysFree() async throws {
        let session = try await session()
        let answer = Task { @MainActor in try await session.complete("I am looking", options: long) }
        try await until { session.isResponding }
        let tick = try await ContinuousClock().measure { try await Task.sleep(for: .milliseconds(1)) }
        #expect(tick < .milliseconds(500))
        answer.cancel()
    }

    @Test func aModelWithoutAChatTemplateSaysSo() async throws {
        let session = try await session()
        let error = await failure { _ = try await session.respond(to: "Hello", options: short) }
        guard case .modelUnsupported = error as? SpatzError else { throw Unexpected(error) }
    }

    @Test func anOptionOutsideItsRangeIsNamed() async throws {
        let session = try await session()
        let error = await failure { _ = try await session.complete("I", options: GenerateOptions(temperature: -1)) }
        guard case .invalidInput(let message) = error as? SpatzError else { throw Unexpected(error) }
        #expect(message.contains("temperature"))
    }

    @Test(.enabled(if: Fixtures.chatModelURL != nil || Fixtures.environment("CI") != nil, "needs a chat model"))
    func aChatModelAnswers() async throws {
        let model = try await Model.open(#require(Fixtures.chatModelURL, "CI must have a chat model"))
        let session = try await Session(model: model, instructions: "Answer in one word.")
        let options = GenerateOptions(temperature: 0, maxTokens: 16)
        let answer = try await session.respond(to: "What is the capital of France?", options: options)
        #expect(answer.content.contains("Paris"))
    }
}
