import Foundation
import Spatz

/// What was understood, to be shown slot by slot.
public struct Understood: Equatable, Sendable {
    /// A value and the words that it came from.
    public struct Row: Equatable, Sendable {
        public let name: String
        /// What was said; empty if the command set fixes the value.
        public let words: String
        public let value: String
    }

    public let intent: String
    /// 0 to 100.
    public let percent: Int
    public let rows: [Row]

    public init(_ command: Command) {
        intent = command.intent
        percent = Int((command.confidence * 100).rounded())
        rows = command.slots.map { Row(name: $0.name, words: $0.text, value: shown($0.value) ?? $0.text) }
    }
}

/// A value as a person reads it; `nil` where the words say it best.
private func shown(_ value: SlotValue) -> String? {
    switch value {
    case .text(let text), .phone(let text), .email(let text), .url(let text): text
    case .integer(let number): number.formatted()
    case .number(let number): number.formatted()
    case .boolean(let yes): yes ? "✓" : "✗"
    case .duration(let duration): clock(Int(duration.components.seconds))
    case .percent(let amount): amount.map { "\($0.formatted()) %" }
    case .temperature(let quantity), .dimension(let quantity), .age(let quantity):
        quantity.amount.map { "\($0.formatted()) \(quantity.unit)" }
    case .currency(let money): money.amount.map { "\($0.formatted()) \(money.code ?? money.name)" }
    case .ordinal, .colour, .moment: nil
    }
}
