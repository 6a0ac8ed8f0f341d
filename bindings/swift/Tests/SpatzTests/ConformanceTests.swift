import Foundation
import Testing

@testable import Spatz

/// Runs `tests/conformance/`, as Rust and Kotlin do; `cargo xtask bindings` writes it as JSON.
@Suite struct ConformanceTests {
    @Test func everyFileHasARunner() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Fixtures.vectors.path)
        #expect(!files.isEmpty)
        let prefixes = [
            "commands-", "predict-", "parses-", "conversations.", "entities.", "builders.", "errors-sets.", "learning.",
        ]
        #expect(files.allSatisfy { file in prefixes.contains { file.hasPrefix($0) } }, "\(files)")
    }

    @Test(arguments: try! predictionFiles())
    func predictions(file: String) async throws {
        let vectors = try read(PredictionVectors.self, from: file)
        for vector in vectors.case {
            let options = PredictorOptions(
                languages: vector.languages ?? ["en", "de"], emoji: vector.emoji == nil ? 0 : 1)
            let keyboard = try await TextPredictor(model: Fixtures.model(), options: options)
            let touches = (vector.touches ?? []).map { Touch(x: $0[0], y: $0[1]) }
            let input = TextInput(
                context: vector.context, composing: vector.composing, limit: vector.limit, touches: touches)
            let deadline: Duration? = vector.early == true ? .zero : nil
            let strip = try await vector.finished == true
                ? keyboard.correct(input) : keyboard.suggest(input, deadline: deadline)
            if let wanted = vector.phrase {
                let phrase = try await keyboard.phrase(input)
                #expect([phrase?.text ?? "", phrase?.rest ?? ""] == [wanted, vector.rest ?? ""], "\(vector.name)")
            }
            #expect(vector.problems(with: strip) == [], "\(file): \(vector.name): \(strip)")
        }
        print("\(file): \(vectors.case.count) cases")
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
    try files("commands-").filter { $0 != "commands-errors.json" }
}

private func predictionFiles() throws -> [String] {
    try files("predict-")
}

func files(_ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Fixtures.vectors.path).filter { $0.hasPrefix(prefix) }.sorted()
}

/// The file's vectors. A key that `T` does not know would be an expectation that is not checked: writing back what was
/// read must give the file's own keys.
func read<T: Codable>(_ type: T.Type, from file: String) throws -> T {
    let data = try Data(contentsOf: Fixtures.vectors.appendingPathComponent(file))
    let vectors = try JSONDecoder().decode(type, from: data)
    let known = try keys(of: JSONEncoder().encode(vectors))
    let found = try keys(of: data)
    try #require(found.isSubset(of: known), "\(file) has keys that are not checked: \(found.subtracting(known))")
    return vectors
}

private func keys(of data: Data) throws -> Set<String> {
    func collect(_ value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]: object.values.map(collect).reduce(Set(object.keys)) { $0.union($1) }
        case let array as [Any]: array.map(collect).reduce([]) { $0.union($1) }
        default: []
        }
    }
    return collect(try JSONSerialization.jsonObject(with: data))
}

private struct PredictionVectors: Codable {
    let `case`: [Vector]

    struct Vector: Codable {
        let name: String
        let context: String
        let composing: String
        let limit: Int
        let languages: [String]?
        let all: [String]?
        let none: [String]?
        let first: String?
        let count: Int?
        let least: Int?
        let capitals: Bool?
        let kind: String?
        let known: Bool?
        let finished: Bool?
        let touches: [[Float]]?
        let autocorrection: String?
        let emoji: String?
        let early: Bool?
        let phrase: String?
        let rest: String?

        /// What `strip` does not fulfil.
        func problems(with strip: Suggestions) -> [String] {
            let words = strip.candidates.filter { $0.kind != .emoji }
            let texts = words.map(\.text)
            let uncorrected = words.filter { $0.kind != .correction }.map(\.text)
            let kinds = Set(words.map { "\($0.kind)" })
            let checks: [(String, Bool)] = [
                ("emoji", (emoji ?? "") == (strip.candidates.first { $0.kind == .emoji }?.text ?? "")),
                ("early", (early ?? false) == strip.isEarly),
                ("limit", texts.count <= limit),
                ("autocorrection", autocorrection == nil || autocorrection == strip.autocorrection?.text ?? ""),
                ("composing", uncorrected.allSatisfy { plain($0).hasPrefix(plain(composing)) }),
                ("capitals", capitals != true || texts.allSatisfy { $0.first?.isUppercase == true }),
                ("all", Set(all ?? []).isSubset(of: texts)),
                ("none", Set(none ?? []).isDisjoint(with: texts)),
                ("first", first == nil || first == texts.first),
                ("count", count == nil || count == texts.count),
                ("least", texts.count >= least ?? 0),
                ("known", known == nil || known == strip.typedIsKnown),
                ("kind", kind == nil || kinds.isSubset(of: [kind ?? ""])),
            ]
            return checks.filter { !$0.1 }.map(\.0)
        }
    }
}

/// What is compared may differ in case, in the form of the apostrophe, and (as Swift compares) in composition.
private func plain(_ text: String) -> String {
    text.lowercased().replacingOccurrences(of: "’", with: "'")
}

private struct BrokenFileVectors: Codable {
    let `case`: [Vector]

    struct Vector: Codable {
        let name: String
        let yaml: String
        let line: Int?
        let column: Int?
        let message: String
    }
}

private struct UtteranceVectors: Codable {
    let commands: String
    let `case`: [Vector]

    struct Vector: Codable {
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
private struct SlotVector: Equatable, Codable {
    let name: String
    let type: String
    let value: Value
    let text: String?
    let start: Int?
    let end: Int?

    enum Value: Equatable {
        case text(String)
        case number(Double)
        case boolean(Bool)
    }
}

extension SlotVector {
    init(_ slot: Slot, of utterance: String) {
        let scalars = utterance.unicodeScalars
        name = slot.name
        text = slot.range == nil && slot.text.isEmpty ? nil : slot.text
        start = slot.range.map { scalars.distance(from: scalars.startIndex, to: $0.lowerBound) }
        end = slot.range.map { scalars.distance(from: scalars.startIndex, to: $0.upperBound) }
        (type, value) =
            switch slot.value {
            case .text(let text): ("text", .text(text))
            case .integer(let number): ("integer", .number(Double(number)))
            case .number(let number): ("number", .number(number))
            case .boolean(let boolean): ("boolean", .boolean(boolean))
            case .duration(let duration): ("duration", .text(iso8601(duration.components.seconds)))
            default: ("in parses-values.toml", .text(shown(slot.value)))
            }
    }
}

extension SlotVector.Value: Codable {
    init(from decoder: any Decoder) throws {
        let json = try decoder.singleValueContainer()
        if let boolean = try? json.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? json.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try json.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.singleValueContainer()
        switch self {
        case .text(let text): try json.encode(text)
        case .number(let number): try json.encode(number)
        case .boolean(let boolean): try json.encode(boolean)
        }
    }
}

/// `P1DT1H30M` and its like, as the vectors write durations.
private func iso8601(_ seconds: Int64) -> String {
    func written(_ parts: [(Int64, String)]) -> String {
        parts.filter { $0.0 != 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
    let date = written([(seconds / 86_400, "D")])
    let time = written([(seconds / 3600 % 24, "H"), (seconds / 60 % 60, "M"), (seconds % 60, "S")])
    return seconds == 0 ? "PT0S" : "P\(date)" + (time.isEmpty ? "" : "T\(time)")
}
