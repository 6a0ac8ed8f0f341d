import Spatz

/// What is offered above the keys: while a word is typed, its letters as they are and two words; between words, three.
public struct Strip: Equatable, Sendable {
    /// One of the offers.
    public struct Item: Equatable, Sendable {
        /// What a tap does.
        public enum Role: Equatable, Sendable {
            /// Keeps the letters as typed.
            case literal
            /// Writes the word.
            case word
            /// Writes the word, as space will if nothing is chosen.
            case correction
            /// Writes several words.
            case phrase
            /// Forgets the word, if it was learned, and offers it no more.
            case forget
            /// Forgets all that was learned.
            case forgetEverything
            /// Goes back to what was offered.
            case keep
        }

        public let text: String
        public let role: Role

        public init(_ text: String, _ role: Role = .word) {
            self.text = text
            self.role = role
        }
    }

    /// From left to right, three at most.
    public let items: [Item]

    public init(_ items: [Item] = []) {
        self.items = items
    }

    /// What is offered for the letters `typed` (empty between words) after the predictor's answer; without a correction
    /// unless `corrects`. A `phrase` of several words comes last, unless the letters are going to be replaced.
    init(typed: String, _ suggestions: Suggestions, corrects: Bool, phrase: Phrase? = nil) {
        let correction = corrects ? suggestions.autocorrection?.text : nil
        let words = suggestions.candidates.map(\.text).filter { $0 != typed && $0 != correction }
        let literal = typed.isEmpty ? [] : [Item(typed, .literal)]
        let offers = literal + (correction.map { [Item($0, .correction)] } ?? []) + words.map { Item($0) }
        guard let phrase, phrase.scores.count > 1, correction == nil else {
            self.init(Array(offers.prefix(3)))
            return
        }
        self.init(offers.prefix(2) + [Item(phrase.text, .phrase)])
    }

    /// The word that space writes instead of the letters typed.
    public var correction: String? {
        items.first { $0.role == .correction }?.text
    }

    /// What can still be offered once the letters are `typed`, before the predictor has answered.
    func narrowed(to typed: String) -> Strip {
        guard !typed.isEmpty else { return Strip() }
        let words = items.filter { $0.role == .word && $0.text.lowercased().hasPrefix(typed.lowercased()) }
        return Strip([Item(typed, .literal)] + words.filter { $0.text != typed }.prefix(2))
    }

    /// The question that holding an offer asks, in place of the offers.
    static func forgetting(_ word: String) -> Strip {
        Strip([Item(word, .forget), Item("", .forgetEverything), Item("", .keep)])
    }

    func capitals() -> Strip {
        Strip(items.map { Item($0.role == .literal ? $0.text : uppercased($0.text), $0.role) })
    }
}
