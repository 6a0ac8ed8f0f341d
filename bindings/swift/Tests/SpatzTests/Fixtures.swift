import Foundation
import Testing

@testable import Spatz

/// What the tests run on; `cargo xtask swift` makes it.
enum Fixtures {
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let vectors = repository.appendingPathComponent("bindings/generated/conformance")
    static let commands = repository.appendingPathComponent("tests/commands")
    static let shippedModelURL = repository.appendingPathComponent("models/spatz-base.gguf")
    static let encoderURL = repository.appendingPathComponent("models/spatz-sentence.gguf")
    static let modelURL = environment("SPATZ_MODEL").map { URL(fileURLWithPath: $0) } ?? shippedModelURL

    /// A chat model, if this machine has one; CI must.
    static let chatModelURL: URL? = environment("SPATZ_CHAT_MODEL").map { URL(fileURLWithPath: $0) }

    /// One mapping for the whole suite: opening is tested where it is the subject.
    static func model() async throws -> Model {
        try await shared.value
    }

    static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let shared = Task { try await Model.open(modelURL) }
}

/// The error that `body` throws.
func failure(_ body: () async throws -> Void) async -> (any Error)? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}

/// Waits until `condition` holds.
func until(_ condition: @Sendable () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while !condition() {
        try #require(ContinuousClock.now < deadline, "waited a minute")
        try await Task.sleep(for: .milliseconds(1))
    }
}
