import Foundation

/// What an utterance means to a command set.
public enum Parse: Equatable, Sendable {
    /// A call with all it needs.
    case command(Command)
    /// A call that lacks the value of `slot`; `prompt` is the set's question for it, empty if it has none.
    case needsValue(Command, slot: String, prompt: String)
    /// Not meant for this app; `confidence` says how sure, 0 to 1.
    case outOfScope(confidence: Float)
}

/// A call: an intent with the values that are known.
public struct Command: Equatable, Sendable {
    /// The intent's name in the command set.
    public let intent: String
    /// The language it was given in (ISO 639-1).
    public let language: String
    /// Probability that this is what was meant, 0 to 1.
    public let confidence: Float
    /// The values, in the order in which they were said; those that the set fixes come last.
    public let slots: [Slot]
    /// What to say once it is done, the values filled in; `nil` if the set has nothing in this language.
    public let response: String?

    /// The first value of the slot called `name`. This and all below are `nil` if it is missing or of another type.
    public subscript(name: String) -> SlotValue? {
        slots.first { $0.name == name }?.value
    }

    /// All values of the slot called `name`, where several were said.
    public func values(_ name: String) -> [SlotValue] {
        slots.filter { $0.name == name }.map(\.value)
    }

    /// A list's entry or free text; a telephone number, e-mail or web address.
    public func text(_ name: String) -> String? {
        switch self[name] {
        case .text(let text), .phone(let text), .email(let text), .url(let text): text
        default: nil
        }
    }

    /// A whole number.
    public func integer(_ name: String) -> Int? {
        if case .integer(let number) = self[name] { number } else { nil }
    }

    /// A number, whole or not.
    public func number(_ name: String) -> Double? {
        switch self[name] {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    /// True or false.
    public func boolean(_ name: String) -> Bool? {
        if case .boolean(let boolean) = self[name] { boolean } else { nil }
    }

    /// A length of time.
    public func duration(_ name: String) -> Duration? {
        if case .duration(let duration) = self[name] { duration } else { nil }
    }

    /// A place in a row.
    public func ordinal(_ name: String) -> Ordinal? {
        if case .ordinal(let ordinal) = self[name] { ordinal } else { nil }
    }

    /// Parts of a hundred.
    public func percent(_ name: String) -> Double? {
        if case .percent(let amount) = self[name] { amount } else { nil }
    }

    /// A temperature, an age, or an amount of another unit.
    public func quantity(_ name: String) -> Quantity? {
        switch self[name] {
        case .temperature(let quantity), .dimension(let quantity), .age(let quantity): quantity
        default: nil
        }
    }

    /// An amount of money.
    public func money(_ name: String) -> Money? {
        if case .currency(let money) = self[name] { money } else { nil }
    }

    /// A colour.
    public func colour(_ name: String) -> Colour? {
        if case .colour(let colour) = self[name] { colour } else { nil }
    }

    /// What is meant by words about time: a day, a range, what comes again.
    public func moment(_ name: String) -> When? {
        if case .moment(let moment) = self[name] { moment.meant } else { nil }
    }

    /// A day.
    public func date(_ name: String) -> DateComponents? {
        if case .date(let date) = moment(name) { date } else { nil }
    }

    /// A time of day.
    public func time(_ name: String) -> DateComponents? {
        if case .time(let time) = moment(name) { time } else { nil }
    }

    /// A time on a day.
    public func dateTime(_ name: String) -> Date? {
        if case .dateTime(let time) = moment(name) { time.date } else { nil }
    }
}

/// A named value of a command.
public struct Slot: Equatable, Sendable {
    /// Its name in the command set.
    public let name: String
    /// The value.
    public let value: SlotValue
    /// The words that it came from; empty if the set fixes it.
    public let text: String
    /// Where these words are in the utterance; `nil` if the set fixes it, or if they were said earlier.
    public let range: Range<String.Index>?
    /// Other values that the words fit as well: two contacts called Anna. Most often empty.
    public let alternatives: [SlotValue]
}
