import Foundation
import Observation
import Spatz
import Testing

// The Swift of docs/book and of Spatz.docc, word for word; `tests/book.rs` compares them.

// BOOK
@MainActor @Observable final class Note {
    var text = "" { didSet { suggest() } }
    private(set) var words: [String] = []
    private var predictor: TextPredictor?
    private var suggesting: Task<Void, Never>?

    func open(_ package: URL) async throws {
        let model = try await Model.open(package)
        predictor = try await TextPredictor(model: model)
        suggest()
    }

    func take(_ word: String) {
        text = text.prefix(text.count - composing.count) + word + " "
    }

    private var composing: String {
        String(text.suffix(from: text.lastIndex { !$0.isLetter }.map(text.index(after:)) ?? text.startIndex))
    }

    private func suggest() {
        let input = TextInput(context: String(text.dropLast(composing.count)), composing: composing)
        suggesting?.cancel()
        suggesting = Task {
            // An answer that the next letter overtook throws, and is not missed.
            guard let strip = try? await predictor?.suggest(input), !Task.isCancelled else { return }
            words = strip.candidates.map(\.text)
        }
    }
}
// BOOK

// BOOK
func answer(_ said: String, commands: URL) async throws -> String {
    let parser = try await CommandParser(yaml: String(contentsOf: commands, encoding: .utf8), name: "timer.yaml")
    switch try await parser.parse(said) {
    case .command(let command): return "\(command.intent): \(command.duration("duration") ?? .zero)"
    case .needsValue(_, _, let prompt): return prompt
    case .outOfScope: return "I did not understand that."
    }
}
// BOOK

// BOOK
@MainActor final class Assistant {
    private let parser: CommandParser
    private let run: (Command) -> String
    private var conversation = Conversation()

    init(parser: CommandParser, run: @escaping (Command) -> String) {
        self.parser = parser
        self.run = run
    }

    /// What to say to `heard`: all that the recogniser may have understood.
    func hear(_ heard: [Hypothesis]) async throws -> [String] {
        let reply = try await parser.converse(heard, in: conversation)
        conversation = reply.conversation
        return reply.turns.map { turn in
            switch turn {
            case .run(let command, _): run(command)
            case .ask(_, _, let prompt), .confirm(_, let prompt): prompt
            case .cancelled: "Never mind."
            case .notUnderstood: "I did not understand that."
            }
        }
    }
}
// BOOK

// BOOK
func withContacts(_ parser: CommandParser, _ names: [String]) async throws -> CommandParser {
    try await parser.withList("person", values: names)
}
// BOOK

// BOOK
func open(_ set: CommandSet, encoder: Model, learned: URL) async throws -> CommandParser {
    let parser = try await CommandParser(set, encoder: encoder, saved: try? Data(contentsOf: learned))
    try await parser.save()?.write(to: learned)
    return parser
}
// BOOK

// BOOK
@MainActor final class Strip {
    private let keyboard: TextPredictor
    private let show: ([String]) -> Void

    init(keyboard: TextPredictor, show: @escaping ([String]) -> Void) {
        self.keyboard = keyboard
        self.show = show
    }

    func textChanged(beforeCursor: String) async throws {
        let start = beforeCursor.lastIndex { !$0.isLetter && $0 != "'" }.map(beforeCursor.index(after:))
        let word = String(beforeCursor[(start ?? beforeCursor.startIndex)...])
        let strip = try await keyboard.suggest(TextInput(context: String(beforeCursor.dropLast(word.count)), composing: word))
        // What was typed stays one tap away.
        show([word].filter { !$0.isEmpty } + strip.candidates.map(\.text).filter { $0 != word })
    }
}
// BOOK

// BOOK
func nextWords(_ package: URL) async throws -> [String] {
    let keyboard = try await TextPredictor(model: Model.open(package))
    return try await keyboard.suggest(TextInput(context: "I am ")).candidates.map(\.text)
}
// BOOK

// BOOK
func hide(_ keyboard: TextPredictor) async throws -> Int {
    keyboard.trim()
    return try await keyboard.residentBytes()
}
// BOOK

// BOOK
/// What a space writes after `typed`.
func finishWord(_ typed: String, _ strip: Suggestions) -> String {
    (strip.autocorrection?.text ?? typed) + " "
}

/// What backspace straight after a correction of `typed` leaves.
func takeBack(_ typed: String, from keyboard: TextPredictor) -> String {
    keyboard.reject(typed)
    return typed
}
// BOOK

// BOOK
/// A predictor that keeps what it learns in `folder`.
func learning(_ model: Model, in folder: URL) async throws -> TextPredictor {
    let keyboard = try await TextPredictor(model: model)
    try await keyboard.learned.attach(folder)
    return keyboard
}

/// Learns from `sent`, and returns the person's own words.
func remember(_ sent: String, of keyboard: TextPredictor) async throws -> [String] {
    try await keyboard.learn(sent)
    return try await keyboard.learned.list(ownOnly: true).words.map(\.text)
}

/// Forgets `word`, or everything.
func forget(_ word: String?, of keyboard: TextPredictor) async throws {
    if let word { try await keyboard.learned.forget(word) } else { try await keyboard.learned.erase() }
}
// BOOK

@Suite @MainActor struct BookTests {
    /// The YAML of a page of the book.
    private func yaml(_ page: String) throws -> [String] {
        let url = Fixtures.repository.appendingPathComponent("docs/book/\(page).md")
        let parts = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "```yaml\n").dropFirst()
        return parts.compactMap { $0.components(separatedBy: "```").first }
    }

    private func parser(_ block: Int) async throws -> CommandParser {
        try await CommandParser(yaml: yaml("commands")[block])
    }

    @Test func theProgramOfTheDesktopPageRuns() async throws {
        enum CommandLine {
            static let arguments = ["words", Fixtures.modelURL.path]
        }
        // BOOK
        let model = try await Model.open(URL(fileURLWithPath: CommandLine.arguments[1]))
        let keyboard = try await TextPredictor(model: model)
        let strip = try await keyboard.suggest(TextInput(context: "Wir sehen uns ", composing: "mor"))
        print(strip.candidates.map(\.text))
        // BOOK
        #expect(strip.candidates.contains { $0.text == "morgen" })
    }

    @Test func theNoteSuggests() async throws {
        let note = Note()
        try await note.open(Fixtures.modelURL)
        note.text = "Wir sehen uns mor"
        while !note.words.contains("morgen") { try await Task.sleep(for: .milliseconds(1)) }
        note.take("morgen")
        #expect(note.text == "Wir sehen uns morgen ")
    }

    @Test func theTimerIsUnderstood() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml")
        try yaml("ios")[0].write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try await answer("stell einen Timer auf anderthalb Stunden", commands: file) == "StartTimer: 5400.0 seconds")
        #expect(try await answer("set a timer", commands: file) == "For how long?")
        #expect(try yaml("android") == yaml("ios"))
    }

    @Test func theAssistantAsksAndActs() async throws {
        let assistant = Assistant(parser: try await parser(0)) { "\($0.intent) \($0.integer("level") ?? -1)" }
        func hear(_ text: String) async throws -> [String] { try await assistant.hear([Hypothesis(text, score: 1)]) }
        #expect(try await hear("dim the lights in the kitchen") == ["How bright?"])
        #expect(try await hear("forty") == ["SetLight 40"])
        #expect(try await hear("no, twenty") == ["SetLight 20"])
        #expect(try await hear("what is the capital of France") == ["I did not understand that."])
    }

    @Test func contactsAreKnownByName() async throws {
        let known = try await withContacts(parser(2), ["Anna Schmidt"])
        guard case .command(let command) = try await known.parse("ruf Anna Schmidt an") else { throw Unexpected(nil) }
        #expect(command.text("person") == "Anna Schmidt")
    }

    @Test func whatWasLearnedIsKept() async throws {
        let learned = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
        defer { try? FileManager.default.removeItem(at: learned) }
        let encoder = try await Model.open(Fixtures.encoderURL)
        let set = try CommandSet(files: [CommandFile(name: "wake.yaml", text: yaml("commands")[3])])
        let parser = try await open(set, encoder: encoder, learned: learned)
        let parse = try await parser.parse("please get me out of bed at seven", context: ParseContext(language: "en"))
        guard case .command(let command) = parse else { throw Unexpected(nil) }
        #expect(command.intent == "Wake")
        let first = try Data(contentsOf: learned)
        _ = try await open(set, encoder: encoder, learned: learned)
        #expect(try Data(contentsOf: learned) == first)
    }

    @Test func whatWasSentIsRememberedAndForgotten() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let keyboard = try await learning(Fixtures.model(), in: folder)
        #expect(try await remember("Ich esse Schnurpsel", of: keyboard) == ["Schnurpsel"])
        try await forget("Schnurpsel", of: keyboard)
        #expect(try await remember("Ich esse Schnurpsel", of: keyboard) == [])
        try await forget(nil, of: keyboard)
        #expect(try await keyboard.learned.list().total == 0)
    }

    @Test func wordsAreSuggestedAndMemoryIsGivenBack() async throws {
        #expect(try await nextWords(Fixtures.modelURL).count == 3)
        let keyboard = try await TextPredictor(model: Fixtures.model())
        var shown: [String] = []
        let strip = Strip(keyboard: keyboard) { shown = $0 }
        try await strip.textChanged(beforeCursor: "Wir sehen uns mor")
        #expect(shown.first == "mor")
        #expect(shown.contains("morgen"), "\(shown)")
        let answer = try await keyboard.suggest(TextInput(context: "Wir sehen uns ", composing: "morgen"))
        #expect(finishWord("morgen", answer) == "morgen ")
        #expect(takeBack("mprgen", from: keyboard) == "mprgen")
        let kept = try await keyboard.suggest(TextInput(context: "Wir sehen uns ", composing: "mprgen"))
        #expect(finishWord("mprgen", kept) == "mprgen ")
        let held = try await keyboard.residentBytes()
        #expect(try await hide(keyboard) < held)
    }

    @Test func theArticlesLinesRun() async throws {
        let package = Fixtures.modelURL
        // BOOK
        let model = try await Model.open(package)
        let predictor = try await TextPredictor(model: model)
        let strip = try await predictor.suggest(TextInput(context: "Wir sehen uns ", composing: "mor"))
        print(strip.candidates.map(\.text))
        // BOOK
    }

    @Test func theArticlesCommandsRun() async throws {
        // BOOK
        let yaml = """
            intents:
              StartTimer:
                slots:
                  duration: { type: duration, required: true, prompt: { en: "For how long?", de: "Wie lange?" } }
                sentences:
                  en: ["(start|set) [a] timer [for {duration}]"]
                  de: ["(starte|stell[e]) [einen] Timer [auf {duration}]"]
            """
        let parser = try await CommandParser(yaml: yaml, name: "timer.yaml")
        switch try await parser.parse("stell einen Timer auf anderthalb Stunden") {
        case .command(let command): print(command.intent, command.duration("duration") ?? .zero)
        case .needsValue(_, _, let prompt): print(prompt)
        case .outOfScope: print("not for this app")
        }
        // BOOK
    }
}
