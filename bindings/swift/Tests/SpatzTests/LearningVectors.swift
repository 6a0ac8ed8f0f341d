import Foundation
import Testing

@testable import Spatz

/// Runs `learning.toml`, whose head says what the keys mean.
@Suite struct LearningVectors {
    @Test func learning() async throws {
        let vectors = try read(File.self, from: "learning.json")
        for vector in vectors.case {
            var keyboard = try await Keyboard()
            for step in vector.do { try await keyboard.take(step) }
            let problems = try await vector.problems(with: keyboard.predictor)
            #expect(problems == [], "\(vector.name)")
            keyboard.predictor.close()
        }
        print("learning.json: \(vectors.case.count) cases")
    }
}

/// A keyboard on a folder, both of which a step may replace.
private struct Keyboard {
    var predictor: TextPredictor
    var folder: URL

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        predictor = try await TextPredictor(model: Fixtures.model())
        try await attach()
    }

    func attach() async throws {
        let attached = try await predictor.learned.attach(folder)
        try #require(attached == AttachedFolder(readOnly: nil, health: .sound))
    }

    mutating func take(_ step: Step) async throws {
        let at = hours(step.at ?? 1)
        let learned = predictor.learned
        if let message = step.learn {
            try await predictor.learn(message, field: step.field.map(field) ?? .message, at: at)
        }
        if let word = step.keep { try await learned.keep(word, at: at) }
        if let word = step.forget { try await learned.forget(word) }
        if let since = step.forgetSince { try await learned.forget(since: hours(since)) }
        if step.erase == true { try await learned.erase() }
        if let text = step.import { try await learned.importText(text, at: at) }
        if let words = step.supplementary {
            try await predictor.setSupplementary(words.map { SupplementaryWord($0.text, expansion: $0.expansion) })
        }
        if step.carry == true {
            let text = try await learned.exportText()
            predictor.close()
            self = try await Keyboard()
            try await predictor.learned.importText(text, at: at)
        }
        if step.reopen == true {
            predictor.close()
            predictor = try await TextPredictor(model: Fixtures.model())
            try await attach()
        }
    }
}

private func hours(_ since1970: Int) -> Date {
    Date(timeIntervalSince1970: TimeInterval(3600 * since1970))
}

private func field(_ name: String) -> Field {
    switch name {
    case "message": .message
    case "password": .password
    case "email": .email
    case "url": .url
    case "number": .number
    case "private": .private
    default: fatalError("no field \(name)")
    }
}

private struct File: Codable {
    let `case`: [Vector]
}

private struct Vector: Codable {
    let name: String
    let `do`: [Step]
    let context: String
    let composing: String
    let limit: Int
    let all: [String]?
    let none: [String]?
    let first: String?
    let kind: String?
    let known: Bool?
    let learned: [String]?
    let notLearned: [String]?
    let own: [String]?

    enum CodingKeys: String, CodingKey {
        case name, `do`, context, composing, limit, all, none, first, kind, known, learned, own
        case notLearned = "not-learned"
    }

    /// What does not hold of `predictor`.
    func problems(with predictor: TextPredictor) async throws -> [String] {
        let strip = try await predictor.suggest(TextInput(context: context, composing: composing, limit: limit))
        let texts = strip.candidates.map(\.text)
        let firstKind = strip.candidates.first.map { "\($0.kind)" }
        var checks: [(String, Bool)] = [
            ("all", Set(all ?? []).isSubset(of: texts)),
            ("none", Set(none ?? []).isDisjoint(with: texts)),
            ("first", first == nil || first == texts.first),
            ("kind", kind == nil || kind == firstKind),
            ("known", known == nil || known == strip.typedIsKnown),
        ]
        for word in learned ?? [] { checks.append((word, try await predictor.learned.contains(word))) }
        for word in notLearned ?? [] { checks.append((word, try await !predictor.learned.contains(word))) }
        if let own {
            let found = try await predictor.learned.list(ownOnly: true).words.map(\.text)
            checks.append(("own \(found)", found == own))
        }
        return checks.filter { !$0.1 }.map(\.0)
    }
}

private struct Step: Codable {
    let learn: String?
    let field: String?
    let keep: String?
    let forget: String?
    let forgetSince: Int?
    let erase: Bool?
    let `import`: String?
    let carry: Bool?
    let supplementary: [Word]?
    let reopen: Bool?
    let at: Int?

    enum CodingKeys: String, CodingKey {
        case learn, field, keep, forget, erase, `import`, carry, supplementary, reopen, at
        case forgetSince = "forget-since"
    }

    struct Word: Codable {
        let text: String
        let expansion: String?
    }
}
