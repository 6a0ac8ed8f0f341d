import Foundation
import Spatz
import Testing

/// The Swift of the README and of `bindings/swift/README.md`, word for word: `bindings/tests/readme.rs` compares them.
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

    @Test func theLinesAboutVoiceCommandsRun() async throws {
        #expect(FileManager.default.changeCurrentDirectoryPath(Fixtures.repository.path))
        let learned = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).learned")
        let said = ["um sieben", "aus sieben"].map { Hypothesis($0, score: 0.5) }
        var shown: [String] = []
        func show(_ text: String) { shown.append(text) }
        // COMMANDS
        let set = CommandSet(
            intents: [
                .init(
                    "Wake",
                    sentences: [
                        .init("en", ["wake me [in the {room}] [at {at}]"]),
                        .init("de", ["weck mich [(im|in der) {room}] [um {at}]"]),
                    ],
                    examples: ["en": ["get me out of bed at [six](at)", "i have to be up by [half past five](at)"]],
                    slots: [
                        .init("at", .entity(.time), required: true, prompt: ["en": "When?", "de": "Wann?"]),
                        .init("room", .oneOf("room")),
                    ],
                    response: ["en": "I shall wake you.", "de": "Ich wecke dich."]),
                .init(
                    "CancelAll", sentences: [.init("en", ["cancel all alarms"])], confirm: ["en": "All of them?"]),
            ],
            lists: [.init("room", [.init("kitchen", spoken: ["en": "kitchen", "de": "Küche"])])])
        let encoder = try await Model.open(URL(fileURLWithPath: "models/spatz-sentence.gguf"))
        let parser = try await CommandParser(set, encoder: encoder, saved: try? Data(contentsOf: learned))
        try await parser.save()?.write(to: learned)

        var conversation = Conversation()
        func hear(_ hypotheses: [Hypothesis]) async throws {
            let reply = try await parser.converse(
                hypotheses, in: conversation, context: ParseContext(language: "de"))
            conversation = reply.conversation
            for turn in reply.turns {
                switch turn {
                case .run(let command, _): show("\(command.intent) \(command.response ?? "")")
                case .ask(_, _, let prompt), .confirm(_, let prompt): show(prompt)
                case .cancelled, .notUnderstood: show("…")
                }
            }
        }
        try await hear([Hypothesis("weck mich in der Küche", score: 0.9)])
        try await hear(said)

        let found = try await Entities.recognize("übermorgen 20 Euro an Anna", language: "de")
        for entity in found { print(entity.kind, entity.text, entity.canonical) }
        // COMMANDS
        #expect(shown == ["Wann?", "Wake Ich wecke dich."])
        #expect(found.contains { $0.kind == .currency && $0.canonical == "20 EUR" }, "\(found)")
    }
}
