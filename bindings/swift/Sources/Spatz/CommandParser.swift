internal import SpatzGenerated

/// Turns what people say into commands with typed values, or a clear no.
///
/// ```swift
/// let parser = try await CommandParser(yaml: text, name: "timer.yaml")
/// switch try await parser.parse("set a timer for five minutes") {
/// case .command(let command): start(command.duration("duration"))
/// case .needsValue(_, _, let prompt): ask(prompt)
/// case .outOfScope: break
/// }
/// ```
public final class CommandParser: Sendable {
    private let lane = Lane("commands")
    private let ffi: RustCommandParser

    /// Compiles the command file `yaml`; `name` is what errors call the file.
    ///
    /// - Throws: ``SpatzError/invalidCommands(_:)`` with file, line and column of a mistake.
    public init(yaml: String, name: String = "commands") async throws {
        ffi = try await lane.call { _ in try RustCommandParser.fromYaml(name: name, text: yaml) }
    }

    /// What `utterance` means. Not understanding is no error but ``Parse/outOfScope(confidence:)``.
    ///
    /// - Throws: ``SpatzError/closed(_:)`` after ``close()``.
    public func parse(_ utterance: String, context: ParseContext = ParseContext()) async throws -> Parse {
        try await lane.call { [ffi] _ in
            Parse(try ffi.parse(utterance: utterance, context: context.ffi), of: utterance)
        }
    }

    /// A parser that knows other entries of the list called `name`: contacts, rooms, songs. This one stays as it is.
    ///
    /// - Throws: ``SpatzError/invalidInput(_:)`` if the command file has no such list.
    public func withList(_ name: String, values: [String]) async throws -> CommandParser {
        CommandParser(try await lane.call { [ffi] _ in try ffi.withList(name: name, values: values) })
    }

    private init(_ ffi: RustCommandParser) {
        self.ffi = ffi
    }

    /// Frees the command set. Returns at once; again does nothing.
    public func close() {
        try? ffi.release()
    }
}

/// What is known around an utterance.
public struct ParseContext: Equatable, Sendable {
    /// The utterance's language (ISO 639-1); `nil` tries all that the command file has.
    public var language: String?
    /// What the file's `requires_context` and `excludes_context` look at: the room the phone is in, say.
    public var facts: [String: SlotValue]
    /// Among several readings, prefer those that say most of this slot.
    public var preferredSlot: String?

    /// A context in which nothing is known unless given.
    public init(language: String? = nil, facts: [String: SlotValue] = [:], preferredSlot: String? = nil) {
        self.language = language
        self.facts = facts
        self.preferredSlot = preferredSlot
    }
}

/// What an utterance means to a command set.
public enum Parse: Equatable, Sendable {
    /// A call with all it needs.
    case command(Command)
    /// A call that lacks the value of `slot`; `prompt` is the question to ask for it.
    case needsValue(Command, slot: String, prompt: String)
    /// Not meant for this app; `confidence` says how sure, 0 to 1.
    case outOfScope(confidence: Float)
}

/// An intent with the values that are known.
public struct Command: Equatable, Sendable {
    /// The intent's name in the command file.
    public let intent: String
    /// Probability that this is what was meant, 0 to 1.
    public let confidence: Float
    /// The values, in the order in which they were said; those that the file fixes come last.
    public let slots: [Slot]

    /// The value of the slot called `name`, if it has one.
    public subscript(name: String) -> SlotValue? {
        slots.first { $0.name == name }?.value
    }

    /// The text of the slot called `name`; `nil` if it is missing or holds something else.
    public func text(_ name: String) -> String? {
        if case .text(let text) = self[name] { text } else { nil }
    }

    /// The whole number in the slot called `name`; `nil` if it is missing or holds something else.
    public func integer(_ name: String) -> Int? {
        if case .integer(let number) = self[name] { number } else { nil }
    }

    /// The number in the slot called `name`, whole or not; `nil` if it is missing or holds something else.
    public func number(_ name: String) -> Double? {
        switch self[name] {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    /// True or false in the slot called `name`; `nil` if it is missing or holds something else.
    public func boolean(_ name: String) -> Bool? {
        if case .boolean(let boolean) = self[name] { boolean } else { nil }
    }

    /// The length of time in the slot called `name`; `nil` if it is missing or holds something else.
    public func duration(_ name: String) -> Duration? {
        if case .duration(let duration) = self[name] { duration } else { nil }
    }
}

/// A named value of a command.
public struct Slot: Equatable, Sendable {
    /// Its name in the command file.
    public let name: String
    /// The value.
    public let value: SlotValue
    /// The words that it came from; empty if the command file fixes it.
    public let text: String
    /// Where these words are in the utterance; `nil` if the command file fixes it.
    public let range: Range<String.Index>?
}

/// A slot's value.
public enum SlotValue: Equatable, Sendable {
    /// An entry of a list, or free text.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// A length of time.
    case duration(Duration)
}
