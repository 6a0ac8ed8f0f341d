/// What an app can do: a set of command files, read from elsewhere or written from ``Intent``s.
public struct CommandSet: Equatable, Sendable {
    /// The files, which are one set together.
    public var files: [CommandFile]

    /// A set of these files.
    public init(files: [CommandFile]) {
        self.files = files
    }

    /// A command set in Swift. It writes a file for each intent, so that an error names the intent.
    ///
    /// ```swift
    /// let set = CommandSet(
    ///     intents: [
    ///         .init("Dim", sentences: [.init("en", ["dim [the] {room} [light] [to {level}] [percent]"])], slots: [
    ///             .init("room", .oneOf("room")),
    ///             .init("level", .integer(0...100), required: true, prompt: ["en": "How bright?"]),
    ///         ])
    ///     ],
    ///     lists: [.init("room", [.init("kitchen", spoken: ["en": "kitchen", "de": "Küche"])])]
    /// )
    /// ```
    ///
    /// - Parameters:
    ///   - lists: Sentences name them as `{name}`.
    ///   - rules: Pieces of template by language and name, which sentences name as `<name>`.
    ///   - skipWords: Words by language that may stand anywhere: "please".
    public init(
        intents: [Intent], lists: [List] = [], rules: [String: [String: String]] = [:],
        skipWords: [String: [String]] = [:]
    ) {
        files = intents.map { CommandFile(name: $0.name, text: $0.json.text) }
        let languages = Set(rules.keys).union(skipWords.keys).sorted().map { language in
            let skipped = skipWords[language].map { [("skip_words", JSON.array($0.map(JSON.string)))] } ?? []
            return (language, JSON.object([("expansion_rules", .texts(rules[language] ?? [:]))] + skipped))
        }
        let rest = JSON.object([
            ("lists", .object(lists.map { ($0.name, .array($0.values.map(\.json))) })),
            ("languages", .object(languages)),
        ])
        if !lists.isEmpty || !languages.isEmpty {
            files.append(CommandFile(name: "commandSet", text: rest.text))
        }
    }

    /// An intent, which a ``Command`` has its name from. Texts are given by language.
    public struct Intent: Sendable {
        /// What the command will be called.
        public var name: String
        /// Templates of what people say.
        public var sentences: [Sentences]
        /// Sentences as people say them, for an encoder. Values stand in brackets: `wake me at [six](hour)`.
        public var examples: [String: [String]]
        /// The values that it takes.
        public var slots: [SlotDeclaration]
        /// What to ask before the command runs; empty runs it at once. `{slot}` stands for the words of a slot.
        public var confirm: [String: String]
        /// What to say once it is done. `{slot}` stands for the words of a slot.
        public var response: [String: String]

        /// An intent.
        public init(
            _ name: String, sentences: [Sentences] = [], examples: [String: [String]] = [:],
            slots: [SlotDeclaration] = [], confirm: [String: String] = [:], response: [String: String] = [:]
        ) {
            self.name = name
            self.sentences = sentences
            self.examples = examples
            self.slots = slots
            self.confirm = confirm
            self.response = response
        }
    }

    /// Templates of a language that share what is below.
    public struct Sentences: Sendable {
        /// ISO 639-1 code.
        public var language: String
        /// What people say, with slots in braces.
        public var templates: [String]
        /// Slots that they say without words.
        public var fixed: [String: Scalar]
        /// What must be known around the utterance.
        public var requires: [String: Requirement]
        /// What must not be known.
        public var excludes: [String: Requirement]

        /// Templates.
        public init(
            _ language: String, _ templates: [String], fixed: [String: Scalar] = [:],
            requires: [String: Requirement] = [:], excludes: [String: Requirement] = [:]
        ) {
            self.language = language
            self.templates = templates
            self.fixed = fixed
            self.requires = requires
            self.excludes = excludes
        }
    }

    /// What must be known: one of `values`, or anything if there are none.
    public struct Requirement: Sendable {
        /// The values that fit.
        public var values: [Scalar]
        /// Whether the slot of its name receives what is known.
        public var fillsSlot: Bool

        /// A requirement.
        public init(_ values: [Scalar] = [], fillsSlot: Bool = false) {
            self.values = values
            self.fillsSlot = fillsSlot
        }
    }

    /// A slot of an intent; `prompt` asks for its value where it is required and missing.
    public struct SlotDeclaration: Sendable {
        /// What sentences and commands call it.
        public var name: String
        /// What it holds.
        public var type: SlotType
        /// Whether the command cannot do without.
        public var required: Bool
        /// The question, by language.
        public var prompt: [String: String]

        /// A slot.
        public init(_ name: String, _ type: SlotType, required: Bool = false, prompt: [String: String] = [:]) {
            self.name = name
            self.type = type
            self.required = required
            self.prompt = prompt
        }
    }

    /// What a slot holds.
    public enum SlotType: Sendable {
        /// Any words.
        case text
        /// A whole number.
        case integer(ClosedRange<Int>? = nil)
        /// A number, with a fraction or not.
        case number(ClosedRange<Double>? = nil)
        /// An entry of the list of this name.
        case oneOf(String)
        /// A value that is read by rules.
        case entity(EntityKind)
    }

    /// A list of what is said for a slot.
    public struct List: Sendable {
        /// What sentences call it.
        public var name: String
        /// What is in it.
        public var values: [ListValue]

        /// A list; without values it is for ``CommandParser/withList(_:values:)`` to fill.
        public init(_ name: String, _ values: [ListValue] = []) {
            self.name = name
            self.values = values
        }
    }

    /// An entry of a list.
    public struct ListValue: Sendable, ExpressibleByStringLiteral {
        /// What the slot receives.
        public var value: String
        /// How each language says it, as a template; empty if all say the value.
        public var spoken: [String: String]

        /// An entry.
        public init(_ value: String, spoken: [String: String] = [:]) {
            self.value = value
            self.spoken = spoken
        }

        /// An entry that every language says as it is written.
        public init(stringLiteral value: String) {
            self.init(value)
        }
    }
}

/// A command file in YAML or JSON; or, if the name ends with `.jsonl`, labelled examples, a JSON object a line.
public struct CommandFile: Equatable, Sendable {
    /// What errors call it.
    public var name: String
    /// The file.
    public var text: String

    /// A file.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

extension CommandSet.Intent {
    fileprivate var json: JSON {
        var declared: [(String, JSON)] = [
            ("slots", .object(slots.map { ($0.name, $0.json) })),
            ("examples", .sorted(examples) { .array($0.map(JSON.string)) }),
            ("confirm", .texts(confirm)),
            ("response", .texts(response)),
        ]
        if !confirm.isEmpty { declared.append(("destructive", .literal("true"))) }
        let languages = Set(sentences.map(\.language)).sorted().map { language in
            let blocks = sentences.filter { $0.language == language }.map(\.json)
            return (language, JSON.object([("intents", .object([(name, .object([("data", .array(blocks))]))]))]))
        }
        return .object([("intents", .object([(name, .object(declared))])), ("languages", .object(languages))])
    }
}

extension CommandSet.Sentences {
    fileprivate var json: JSON {
        .object([
            ("sentences", .array(templates.map(JSON.string))),
            ("slots", .sorted(fixed, JSON.init)),
            ("requires_context", .sorted(requires, \.json)),
            ("excludes_context", .sorted(excludes, \.json)),
        ])
    }
}

extension CommandSet.Requirement {
    fileprivate var json: JSON {
        let slot = ("slot", JSON.literal("\(fillsSlot)"))
        return .object(values.isEmpty ? [slot] : [("value", .array(values.map(JSON.init))), slot])
    }
}

extension CommandSet.SlotDeclaration {
    fileprivate var json: JSON {
        .object(type.fields + [("required", .literal("\(required)")), ("prompt", .texts(prompt))])
    }
}

extension CommandSet.SlotType {
    fileprivate var fields: [(String, JSON)] {
        switch self {
        case .text: [("type", .string("text"))]
        case .integer(let range): [("type", .string("integer"))] + bounds(range)
        case .number(let range): [("type", .string("number"))] + bounds(range)
        case .oneOf(let list): [("type", .string("list")), ("list", .string(list))]
        case .entity(let kind): [("type", .string(kind.rawValue))]
        }
    }

    private func bounds(_ range: ClosedRange<some Any>?) -> [(String, JSON)] {
        range.map { [("from", .literal("\($0.lowerBound)")), ("to", .literal("\($0.upperBound)"))] } ?? []
    }
}

extension CommandSet.ListValue {
    fileprivate var json: JSON {
        .object(spoken.isEmpty ? [("value", .string(value))] : [("out", .string(value)), ("in", .texts(spoken))])
    }
}

/// JSON that keeps its order, with a line for each part, so that the line of an error leads to it; objects without anything
/// are left out.
private enum JSON {
    case object([(String, JSON)])
    case array([JSON])
    case string(String)
    case literal(String)

    init(_ scalar: Scalar) {
        self =
            switch scalar {
            case .text(let text): .string(text)
            case .integer(let number): .literal("\(number)")
            case .number(let number): .literal("\(number)")
            case .boolean(let boolean): .literal("\(boolean)")
            case .duration(let duration): .string("PT\(duration.components.seconds)S")
            }
    }

    static func sorted<T>(_ values: [String: T], _ json: (T) -> JSON) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
    }

    static func texts(_ texts: [String: String]) -> JSON {
        sorted(texts, JSON.string)
    }

    var text: String {
        switch self {
        case .object(let parts):
            "{" + parts.filter { !$0.1.isVoid }.map { "\(JSON.quoted($0.0)): \($0.1.text)" }.joined(separator: ",\n")
                + "}"
        case .array(let parts): "[" + parts.map(\.text).joined(separator: ",\n") + "]"
        case .string(let text): JSON.quoted(text)
        case .literal(let text): text
        }
    }

    private var isVoid: Bool {
        if case .object(let parts) = self { parts.allSatisfy { $0.1.isVoid } } else { false }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\u{0}"..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(Character(scalar))
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
