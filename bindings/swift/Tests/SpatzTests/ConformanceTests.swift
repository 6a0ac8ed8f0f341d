import Foundation
import Testing

@testable import Spatz

/// Runs `tests/conformance/`, as Rust and Kotlin do; `cargo xtask bindings` writes it as JSON.
@Suite struct ConformanceTests {
    @Test func everyFileHasARunner() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Fixtures.vectors.path)
        #expect(!files.isEmpty)
        #expect(files.allSatisfy { $0.hasPrefix("commands-") }, "\(files)")
    }

    @Test(arguments: try! utteranceFiles())
    func utterances(file: String) async throws {
        let vectors = try read(UtteranceVectors.self, from: file)
        let yaml = try String(contentsOf: Fixtures.commands.appendingPathComponent(vectors.commands), encoding: .utf8)
        let parser = try await CommandParser(yaml: yaml, name: vectors.commands)
        for vector in vectors.case {
            let parse = try await parser.parse(vector.utterance, context: ParseContext(language: vector.language))
            #expect(Outcome(parse, of: vector.utterance) == vector.outcome, "\(file): \(vector.name)")
        }
        print("\(file): \(vectors.case.count) cases")
    }

    @Test func brokenFiles() async throws {
        let vectors = try read(BrokenFileVectors.self, from: "commands-errors.json")
        for vector in vectors.case {
            let error = await failure { _ = try await CommandParser(yaml: vector.yaml, name: "test.yaml") }
            guard case .invalidCommands(let message) = error as? SpatzError else {
                Issue.record("\(vector.name): \(String(describing: error))")
                continue
            }
            #expect(message.contains(vector.message), "\(vector.name)")
            let place = message.split(separator: ":", maxSplits: 3).map(String.init)
            if let line = vector.line { #expect(place.dropFirst().first == String(line), "\(message)") }
            if let column = vector.column { #expect(place.dropFirst(2).first == String(column), "\(message)") }
        }
        print("commands-errors.json: \(vectors.case.count) cases")
    }
}

private func utteranceFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Fixtures.vectors.path)
        .filter { $0.hasPrefix("commands-") && $0 != "commands-errors.json" }
        .sorted()
}

private func read<T: Decodable>(_ type: T.Type, from file: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: Fixtures.vectors.appendingPathComponent(file)))
}

private struct BrokenFileVectors: Decodable {
    let `case`: [Vector]

    struct Vector: Decodable {
        let name: String
        let yaml: String
        let line: Int?
        let column: Int?
        let message: String
    }
}

private struct UtteranceVectors: Decodable {
    let commands: String
    let `case`: [Vector]

    struct Vector: Decodable {
        let name: String
        let language: String
        let utterance: String
        let kind: String
        let intent: String?
        let slots: [SlotVector]?
        let missing: String?
        let prompt: String?

        var outcome: Outcome {
            Outcome(kind: kind, intent: intent, slots: slots ?? [], missing: missing, prompt: prompt)
        }
    }
}

/// A parse as the vectors write it.
private struct Outcome: Equatable {
    let kind: String
    let intent: String?
    let slots: [SlotVector]
    let missing: String?
    let prompt: String?
}

extension Outcome {
    init(_ parse: Parse, of utterance: String) {
        func slots(_ command: Command) -> [SlotVector] { command.slots.map { SlotVector($0, of: utterance) } }
        self =
            switch parse {
            case .command(let command):
                Outcome(kind: "command", intent: command.intent, slots: slots(command), missing: nil, prompt: nil)
            case .needsValue(let command, let slot, let prompt):
                Outcome(
                    kind: "needs-value", intent: command.intent, slots: slots(command), missing: slot, prompt: prompt)
            case .outOfScope:
                Outcome(kind: "out-of-scope", intent: nil, slots: [], missing: nil, prompt: nil)
            }
    }
}

/// A slot as the vectors write it: places in code points, durations in ISO 8601.
private struct SlotVector: Equatable {
    let name: String
    let value: SlotValue
    let text: String
    let start: Int?
    let end: Int?
}

extension SlotVector {
    init(_ slot: Slot, of utterance: String) {
        let scalars = utterance.unicodeScalars
        name = slot.name
        value = slot.value
        text = slot.text
        start = slot.range.map { scalars.distance(from: scalars.startIndex, to: $0.lowerBound) }
        end = slot.range.map { scalars.distance(from: scalars.startIndex, to: $0.upperBound) }
    }
}

extension SlotVector: Decodable {
    private enum Key: CodingKey { case name, type, value, text, start, end }

    init(from decoder: any Decoder) throws {
        let json = try decoder.container(keyedBy: Key.self)
        name = try json.decode(String.self, forKey: .name)
        text = try json.decodeIfPresent(String.self, forKey: .text) ?? ""
        start = try json.decodeIfPresent(Int.self, forKey: .start)
        end = try json.decodeIfPresent(Int.self, forKey: .end)
        value =
            switch try json.decode(String.self, forKey: .type) {
            case "integer": .integer(try json.decode(Int.self, forKey: .value))
            case "number": .number(try json.decode(Double.self, forKey: .value))
            case "boolean": .boolean(try json.decode(Bool.self, forKey: .value))
            case "duration": .duration(try seconds(iso8601: json.decode(String.self, forKey: .value)))
            default: .text(try json.decode(String.self, forKey: .value))
            }
    }
}

/// `PT1H30M` and its like.
private func seconds(iso8601 text: String) throws -> Duration {
    let match = try #require(text.wholeMatch(of: /(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?/), "\(text)")
    let (_, sign, days, hours, minutes, seconds) = match.output
    func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
    let total = ((number(days) * 24 + number(hours)) * 60 + number(minutes)) * 60 + number(seconds)
    return .seconds(sign.isEmpty ? total : -total)
}
