import Foundation
import Testing

@testable import Spatz

/// Runs the vectors of parses, conversations, entities, builders and sets of several files.
@Suite struct LanguageVectors {
    @Test(arguments: try! files("parses-"))
    func parses(file: String) async throws {
        let vectors = try read(ParseVectors.self, from: file)
        let parser = try await vectors.parser()
        for vector in vectors.case {
            var known = parser
            if let list = vector.list {
                known = try await parser.withList(list, entries: (vector.entries ?? []).map(\.entry))
            }
            let context = ParseContext(
                language: vector.language ?? vectors.language, facts: facts(vector.facts),
                reference: vectors.reference.map(time), timeZone: zone)
            let parse: Parse
            if let utterance = vector.utterance {
                parse = try await known.parse(utterance, context: context)
            } else {
                let heard = try await known.parse((vector.hypotheses ?? []).map(\.hypothesis), context: context)
                #expect(heard.text == vector.heard, "\(file): \(vector.name)")
                parse = heard.parse
            }
            #expect(shown(parse) == vector.parse, "\(file): \(vector.name)")
            if let expected = vector.alternatives, let utterance = vector.utterance {
                let found = try await known.alternatives(utterance, context: context)
                #expect("\(found.first?.intent ?? "none") +\(found.count - 1)" == expected, "\(file): \(vector.name)")
            }
        }
        print("\(file): \(vectors.case.count) cases")
    }

    @Test func conversations() async throws {
        let vectors = try read(ConversationVectors.self, from: "conversations.json")
        for vector in vectors.case {
            let parser = try await CommandParser(yaml: sample(vector.commands), name: vector.commands)
            let context = ParseContext(
                language: vector.language, reference: vector.reference.map(time), timeZone: zone)
            var conversation = Conversation()
            for line in vector.lines {
                let stored = try JSONEncoder().encode(conversation)
                conversation = try JSONDecoder().decode(Conversation.self, from: stored)
                let reply =
                    if let say = line.say {
                        try await parser.converse(say, in: conversation, context: context)
                    } else {
                        try await parser.converse(
                            (line.hypotheses ?? []).map(\.hypothesis), in: conversation, context: context)
                    }
                #expect(reply.heard == line.heard ?? line.say, "\(vector.name)")
                #expect(reply.turns.map(shown) == line.turns, "\(vector.name)")
                conversation = reply.conversation
                #expect(conversation.isOpen == line.open ?? false, "\(vector.name)")
            }
        }
        print("conversations.json: \(vectors.case.count) cases")
    }

    @Test func entities() async throws {
        let vectors = try read(EntityVectors.self, from: "entities.json")
        for vector in vectors.case {
            let kinds = try Set((vector.kinds ?? []).map { try #require(EntityKind(rawValue: $0)) })
            var found: [Entity] = []
            let error = await failure {
                found = try await Entities.recognize(
                    vector.text, language: vector.language, reference: time(vectors.reference), timeZone: zone,
                    kinds: kinds)
            }
            #expect((error as? SpatzError)?.errorDescription == vector.error, "\(vector.name)")
            #expect(found.map { EntityVectors.Found($0, in: vector.text) } == vector.found, "\(vector.name)")
        }
        print("entities.json: \(vectors.case.count) cases")
    }

    @Test func builders() async throws {
        let vectors = try read(BuilderVectors.self, from: "builders.json")
        for vector in vectors.case {
            let set = try #require(builtSets[vector.name])
            #expect(set.files.map(\.name) == vector.files.map(\.name), "\(vector.name)")
            for (file, expected) in zip(set.files, vector.files) {
                #expect(try json(file.text) == json(expected.json), "\(vector.name): \(file.text)")
            }
            let parser = try await CommandParser(set)
            for said in vector.parses {
                let context = ParseContext(language: said.language, facts: facts(vector.facts))
                let parse = try await parser.parse(said.say, context: context)
                #expect(shown(parse) == said.parse, "\(vector.name)")
            }
        }
        print("builders.json: \(vectors.case.count) cases")
    }

    @Test func errorsOfSets() async throws {
        let vectors = try read(BrokenSetVectors.self, from: "errors-sets.json")
        for vector in vectors.case {
            let files = vector.files.map { CommandFile(name: $0.name, text: $0.text) }
            let error = await failure { _ = try await CommandParser(CommandSet(files: files)) }
            guard case .invalidCommands(let message) = error as? SpatzError else {
                Issue.record("\(vector.name): \(String(describing: error))")
                continue
            }
            #expect(message.hasPrefix(vector.at ?? ""), "\(vector.name): \(message)")
            #expect(vector.message.isEmpty || message.contains(vector.message), "\(vector.name): \(message)")
        }
        print("errors-sets.json: \(vectors.case.count) cases")
    }
}

/// The vectors' clock stands at UTC+1.
private let zone = TimeZone(secondsFromGMT: 3600)!

private func time(_ text: String) -> Date {
    let numbers = text.split { "-T:".contains($0) }.map { Int($0)! }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(
        year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4])
    return calendar.date(from: parts)!
}

private func sample(_ name: String) throws -> String {
    try String(contentsOf: Fixtures.commands.appendingPathComponent(name), encoding: .utf8)
}

private func facts(_ facts: [String: VectorScalar]?) -> [String: Scalar] {
    (facts ?? [:]).mapValues(\.scalar)
}

/// JSON with its keys in order, so that two texts of the same are the same.
private func json(_ text: String) throws -> String {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return String(decoding: try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys]), as: UTF8.self)
}

/// A JSON scalar as an app would give it.
private enum VectorScalar: Codable {
    case text(String)
    case integer(Int)
    case boolean(Bool)

    var scalar: Scalar {
        switch self {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .boolean(let boolean): .boolean(boolean)
        }
    }

    init(from decoder: any Decoder) throws {
        let json = try decoder.singleValueContainer()
        if let boolean = try? json.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? json.decode(Int.self) {
            self = .integer(number)
        } else {
            self = .text(try json.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.singleValueContainer()
        switch self {
        case .text(let text): try json.encode(text)
        case .integer(let number): try json.encode(number)
        case .boolean(let boolean): try json.encode(boolean)
        }
    }
}

private struct HeardVector: Codable {
    let text: String
    let score: Float

    var hypothesis: Hypothesis { Hypothesis(text, score: score) }
}

private struct ParseVectors: Codable {
    let commands: String?
    let yaml: String?
    let language: String?
    let reference: String?
    let encoder: Bool?
    let `case`: [Vector]

    func parser() async throws -> CommandParser {
        let text = try yaml ?? sample(#require(commands))
        let encoder = encoder == true ? try await Model.open(Fixtures.encoderURL) : nil
        return try await CommandParser(
            CommandSet(files: [CommandFile(name: "test.yaml", text: text)]), encoder: encoder)
    }

    struct Vector: Codable {
        let name: String
        let language: String?
        let list: String?
        let entries: [Entry]?
        let facts: [String: VectorScalar]?
        let utterance: String?
        let hypotheses: [HeardVector]?
        let heard: String?
        let parse: String
        let alternatives: String?
    }

    struct Entry: Codable {
        let text: String
        let value: VectorScalar?
        let facts: [String: VectorScalar]?
        let template: Bool?

        var entry: ListEntry {
            ListEntry(
                text, value: value?.scalar, facts: SpatzTests.facts(facts), isTemplate: template ?? false)
        }
    }
}

private struct ConversationVectors: Codable {
    let `case`: [Vector]

    struct Vector: Codable {
        let name: String
        let commands: String
        let language: String
        let reference: String?
        let lines: [Line]
    }

    struct Line: Codable {
        let say: String?
        let hypotheses: [HeardVector]?
        let heard: String?
        let turns: [String]
        let open: Bool?
    }
}

private struct EntityVectors: Codable {
    let reference: String
    let `case`: [Vector]

    struct Vector: Codable {
        let name: String
        let language: String
        let text: String
        let kinds: [String]?
        let found: [Found]
        let error: String?
    }

    struct Found: Codable, Equatable {
        let kind: String
        let text: String
        let start: Int
        let end: Int
        let value: String
        let canonical: String
    }
}

extension EntityVectors.Found {
    init(_ entity: Entity, in source: String) {
        let scalars = source.unicodeScalars
        kind = entity.kind.rawValue
        text = entity.text == String(source[entity.range]) ? entity.text : "\(entity.text) is not at its range"
        start = scalars.distance(from: scalars.startIndex, to: entity.range.lowerBound)
        end = scalars.distance(from: scalars.startIndex, to: entity.range.upperBound)
        value = shown(entity.value)
        canonical = entity.canonical
    }
}

private struct BuilderVectors: Codable {
    let `case`: [Vector]

    struct Vector: Codable {
        let name: String
        let files: [JSONFile]
        let facts: [String: VectorScalar]?
        let parses: [Said]
    }

    struct JSONFile: Codable {
        let name: String
        let json: String
    }

    struct Said: Codable {
        let language: String
        let say: String
        let parse: String
    }
}

private struct BrokenSetVectors: Codable {
    let `case`: [Vector]

    struct Vector: Codable {
        let name: String
        let files: [File]
        let at: String?
        let message: String
    }

    struct File: Codable {
        let name: String
        let text: String
    }
}
