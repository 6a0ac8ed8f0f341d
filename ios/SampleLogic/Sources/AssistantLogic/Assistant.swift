import Foundation
import Observation
import Spatz

/// Hears commands, acts on a ``Home`` and asks back. One per app; views observe it.
@MainActor @Observable public final class Assistant {
    /// What was said and what came of it.
    public struct Exchange: Equatable, Sendable, Identifiable {
        public let id: Int
        /// The words, or of several hypotheses the one that was taken.
        public let heard: String
        public let answers: [Answer]
    }

    /// What comes of a command.
    public struct Answer: Equatable, Sendable {
        public let text: String
        /// `nil` where nothing was understood.
        public let understood: Understood?
    }

    public private(set) var home: Home
    public private(set) var exchanges: [Exchange] = []
    /// What the assistant waits for an answer to.
    public private(set) var question: String?
    private let parser: CommandParser
    private let now: () -> Date
    private let save: (Home) -> Void
    private var conversation = Conversation()
    /// The home before the last command, for a correction: "no, twenty minutes".
    private var before: Home?
    private var turn: Task<Exchange, Never>?

    /// - Parameters:
    ///   - save: Called with the home after each change.
    public init(
        parser: CommandParser, home: Home = Home(), now: @escaping () -> Date = { Date() },
        save: @escaping (Home) -> Void = { _ in }
    ) {
        self.parser = parser
        self.home = home
        self.now = now
        self.save = save
    }

    /// An assistant for the command files at `urls`. With the sentence package `encoder` it also understands what is only
    /// like their sentences; what it learns for that is kept in `learned`.
    public static func open(
        commands urls: [URL], encoder: URL? = nil, learned: URL? = nil, home: URL
    ) async throws -> Assistant {
        let files = try urls.map {
            CommandFile(name: $0.lastPathComponent, text: try String(contentsOf: $0, encoding: .utf8))
        }
        var model: Model?
        if let encoder { model = try await Model.open(encoder) }
        let saved = learned.flatMap { try? Data(contentsOf: $0) }
        let parser = try await CommandParser(CommandSet(files: files), encoder: model, saved: saved)
        if let learned, let fresh = try await parser.save(), fresh != saved { try fresh.write(to: learned) }
        return Assistant(parser: parser, home: Home(savedAt: home), save: { try? $0.save(to: home) })
    }

    /// Hears `hypotheses`, which may be one, acts, and returns what came of it. Calls are answered in their order.
    /// `language` (ISO 639-1) is the recogniser's; `nil` tries both.
    @discardableResult
    public func hear(_ hypotheses: [Hypothesis], language: String? = nil) async -> Exchange {
        let earlier = turn
        let task = Task {
            _ = await earlier?.value
            return await answer(hypotheses, language)
        }
        turn = task
        return await task.value
    }

    @discardableResult
    public func hear(_ text: String, language: String? = nil) async -> Exchange {
        await hear([Hypothesis(text, score: 1)], language: language)
    }

    // MARK: - Without words: taps, and Siri's own parameters. Those that answer do so in `language`.

    public func setLight(_ room: String, isOn: Bool) {
        home.lights[room, default: Home.Light()].isOn = isOn
        save(home)
    }

    public func startTimer(seconds: Double, language: String) -> String {
        home.startTimer(nil, seconds: seconds, at: now())
        save(home)
        return Answers(language: language).timer(nil, Int(seconds))
    }

    public func add(_ item: String, language: String) -> String {
        home.add(Home.Item(name: item))
        save(home)
        return Answers(language: language).added(item)
    }

    /// `item` was bought.
    public func strike(_ item: Home.Item) {
        home.items.removeAll { $0.id == item.id }
        save(home)
    }

    private func answer(_ hypotheses: [Hypothesis], _ language: String?) async -> Exchange {
        let context = ParseContext(language: language, reference: now())
        let exchange: Exchange
        do {
            let reply = try await parser.converse(hypotheses, in: conversation, context: context)
            conversation = reply.conversation
            // What was asked stays asked until it is answered.
            if !conversation.isOpen { question = nil }
            let answers = reply.turns.map { act(on: $0, language ?? "en") }
            exchange = Exchange(id: exchanges.count, heard: reply.heard, answers: answers)
        } catch {
            let answer = Answer(text: error.localizedDescription, understood: nil)
            exchange = Exchange(id: exchanges.count, heard: hypotheses.first?.text ?? "", answers: [answer])
        }
        exchanges.append(exchange)
        return exchange
    }

    private func act(on turn: Turn, _ language: String) -> Answer {
        let say = Answers(language: language)
        switch turn {
        case .run(let command, let corrects):
            if corrects, let before { home = before }
            before = home
            let text = home.run(command, at: now()) ?? say.notUnderstood
            save(home)
            return Answer(text: command.response ?? text, understood: Understood(command))
        case .ask(let command, _, let prompt), .confirm(let command, let prompt):
            question = prompt
            return Answer(text: prompt, understood: Understood(command))
        case .cancelled:
            return Answer(text: say.cancelled, understood: nil)
        case .notUnderstood:
            return Answer(text: say.notUnderstood, understood: nil)
        }
    }
}
