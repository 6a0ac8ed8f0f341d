import Foundation
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
///
/// `parse` takes an utterance for itself, `converse` after what was said before. Both also take all that a recogniser may
/// have heard. After ``close()`` everything throws ``SpatzError/closed(_:)``.
public final class CommandParser: Sendable {
    /// What the set has.
    public let info: CommandSetInfo
    private let lane = Lane("commands")
    private let ffi: RustCommandParser

    /// Compiles `set`. With `encoder`, a sentence package, utterances are understood that are only like the set's
    /// sentences; that takes a second or two of learning, but none if `saved` is what ``save()`` gave for the same set and
    /// encoder. Anything else in `saved` does no harm.
    ///
    /// - Throws: ``SpatzError/invalidCommands(_:)`` with file, line and column of a mistake.
    public convenience init(_ set: CommandSet, encoder: Model? = nil, saved: Data? = nil) async throws {
        let ffi = try await Lane("open").call { _ in
            try RustCommandParser.open(files: set.files.map(\.ffi), encoder: encoder?.ffi, saved: saved)
        }
        try self.init(ffi)
    }

    /// Compiles the one command file `yaml`; `name` is what errors call the file.
    public convenience init(yaml: String, name: String = "commands") async throws {
        try await self.init(CommandSet(files: [CommandFile(name: name, text: yaml)]))
    }

    private init(_ ffi: RustCommandParser) throws {
        self.ffi = ffi
        info = CommandSetInfo(try ffi.info())
    }

    /// What `utterance` means. Not understanding is no error but ``Parse/outOfScope(confidence:)``.
    public func parse(_ utterance: String, context: ParseContext = ParseContext()) async throws -> Parse {
        let (value, zone) = context.read()
        return Parse(
            try await lane.call { [ffi] _ in try ffi.parse(utterance: utterance, context: value) }, of: utterance, zone)
    }

    /// Which of `hypotheses` was most probably said, and what it means.
    public func parse(_ hypotheses: [Hypothesis], context: ParseContext = ParseContext()) async throws -> Heard {
        let (value, zone) = context.read()
        let heard = try await lane.call { [ffi] _ in
            try ffi.parseNBest(hypotheses: hypotheses.map(\.ffi), context: value)
        }
        return Heard(text: heard.text, parse: Parse(heard.parse, of: heard.text, zone))
    }

    /// Up to `limit` commands that `utterance` may mean, the most probable first, even if it is probably out of scope: for
    /// an app that asks "did you mean …?". More than one needs an encoder.
    public func alternatives(
        _ utterance: String, context: ParseContext = ParseContext(), limit: Int = 2
    ) async throws -> [Command] {
        let (value, zone) = context.read()
        let commands = try await lane.call { [ffi] _ in
            try ffi.parseAlternatives(utterance: utterance, context: value, limit: UInt32(clamping: limit))
        }
        return commands.map { Command($0, of: utterance, zone) }
    }

    /// What `utterance` means after what was said before: an answer to a question, a correction, a command, or several.
    ///
    /// - Throws: ``SpatzError/invalidInput(_:)`` if `conversation` was stored by another version.
    public func converse(
        _ utterance: String, in conversation: Conversation = Conversation(), context: ParseContext = ParseContext()
    ) async throws -> Reply {
        try await converse([Hypothesis(utterance, score: 1)], in: conversation, context: context)
    }

    /// As above, of what a recogniser may have heard taking what fits best at this place of the conversation.
    public func converse(
        _ hypotheses: [Hypothesis], in conversation: Conversation = Conversation(),
        context: ParseContext = ParseContext()
    ) async throws -> Reply {
        let (value, zone) = context.read()
        let reply = try await lane.call { [ffi] _ in
            try ffi.converse(hypotheses: hypotheses.map(\.ffi), conversation: conversation.state, context: value)
        }
        return Reply(reply, zone)
    }

    /// A parser that knows other entries of the list called `name`: contacts, rooms, songs. This one stays as it is.
    ///
    /// - Throws: ``SpatzError/invalidInput(_:)`` if the set has no such list.
    public func withList(_ name: String, values: [String]) async throws -> CommandParser {
        try await withList(name, entries: values.map { ListEntry($0) })
    }

    /// The same with entries that have another value than their text, or several ways to be said.
    public func withList(_ name: String, entries: [ListEntry]) async throws -> CommandParser {
        try CommandParser(
            try await lane.call { [ffi] _ in try ffi.withList(name: name, entries: entries.map(\.ffi)) })
    }

    /// What was learned from the set with an encoder, for the next time that it is opened. `nil` without an encoder.
    public func save() async throws -> Data? {
        try await lane.call { [ffi] _ in try ffi.save() }
    }

    /// What is well formed in the set and probably not meant, a sentence each: for a test, since it may take a second.
    public func check() async throws -> [String] {
        try await lane.call { [ffi] _ in try ffi.check() }
    }

    /// Frees the command set. Returns at once; again does nothing.
    public func close() {
        try? ffi.release()
    }
}

/// What is known around an utterance.
public struct ParseContext: Equatable, Sendable {
    /// The utterance's language (ISO 639-1); `nil` tries all that the set has.
    public var language: String?
    /// What the set's `requires_context` and `excludes_context` look at: the room the phone is in, say.
    public var facts: [String: Scalar]
    /// Among several readings, prefer those that say most of this slot.
    public var preferredSlot: String?
    /// What "tomorrow" is seen from; `nil` is the moment of the call.
    public var reference: Date?
    /// Where the person is.
    public var timeZone: TimeZone

    /// A context in which nothing is known unless given.
    public init(
        language: String? = nil, facts: [String: Scalar] = [:], preferredSlot: String? = nil, reference: Date? = nil,
        timeZone: TimeZone = .current
    ) {
        self.language = language
        self.facts = facts
        self.preferredSlot = preferredSlot
        self.reference = reference
        self.timeZone = timeZone
    }
}

/// What a recogniser may have heard.
public struct Hypothesis: Equatable, Sendable {
    /// The words.
    public var text: String
    /// A probability or its logarithm, as the recogniser gives it.
    public var score: Float

    /// A hypothesis.
    public init(_ text: String, score: Float) {
        self.text = text
        self.score = score
    }
}

/// Of several hypotheses, what was most probably said.
public struct Heard: Equatable, Sendable {
    /// The hypothesis.
    public let text: String
    /// What it means.
    public let parse: Parse
}

/// What a command set has.
public struct CommandSetInfo: Equatable, Sendable {
    /// ISO 639-1 codes.
    public let languages: [String]
    /// In the order of the files.
    public let intents: [String]
    /// Those that ``CommandParser/withList(_:values:)`` may fill.
    public let lists: [String]
}

/// An entry of a list.
public struct ListEntry: Equatable, Sendable {
    /// How it is said.
    public var text: String
    /// What the slot receives; `nil` is the text, or what was said of a template.
    public var value: Scalar?
    /// What is known once it was said, for `requires_context`.
    public var facts: [String: Scalar]
    /// Whether the text has several ways to say it: `(tv|television)`.
    public var isTemplate: Bool

    /// An entry.
    public init(_ text: String, value: Scalar? = nil, facts: [String: Scalar] = [:], isTemplate: Bool = false) {
        self.text = text
        self.value = value
        self.facts = facts
        self.isTemplate = isTemplate
    }
}
