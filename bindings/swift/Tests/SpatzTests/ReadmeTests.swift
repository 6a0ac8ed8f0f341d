import Foundation
import Spatz
import Testing

/// The README's Swift, word for word: `bindings/tests/readme.rs` compares the two.
@Suite struct ReadmeTests {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: Fixtures.shippedModelURL.path)))
    func theReadmesLinesRun() async throws {
        #expect(FileManager.default.changeCurrentDirectoryPath(Fixtures.repository.path))
        // README
        let model = try await Model.open(URL(fileURLWithPath: "models/spatz-base.gguf"))
        let keyboard = try await TextPredictor(model: model)
        let strip = try await keyboard.suggest(TextInput(context: "Wir sehen uns ", composing: "mor"))
        print(strip.candidates.map(\.text))

        let parser = try await CommandParser(yaml: String(contentsOfFile: "tests/commands/timers.yaml", encoding: .utf8))
        switch try await parser.parse("stell einen Timer auf zehn Minuten") {
        case .command(let command): print(command.intent, command.duration("duration") ?? .zero)
        case .needsValue(_, _, let prompt): print(prompt)
        case .outOfScope: print("not for this app")
        }
        // README
    }
}
