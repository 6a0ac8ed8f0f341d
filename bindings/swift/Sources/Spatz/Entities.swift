import Foundation
internal import SpatzGenerated

/// Finds values in any text, by rules, in English and German.
public enum Entities {
    /// The values in `text`, left to right. Kinds do not see each other: in "3 euros" stand a number and an amount of money.
    ///
    /// - Parameters:
    ///   - language: The text's language: `en`, `de-AT`.
    ///   - reference: What "tomorrow" is seen from.
    ///   - kinds: What to look for; none is everything.
    /// - Throws: ``SpatzError/invalidInput(_:)`` if there are no rules for the language.
    public static func recognize(
        _ text: String, language: String, reference: Date = Date(), timeZone: TimeZone = .current,
        kinds: Set<EntityKind> = []
    ) async throws -> [Entity] {
        let (now, names) = (reference.ffi(in: timeZone), kinds.map(\.rawValue))
        let found = try await Lane("entities").call { _ in
            try recognizeEntities(text: text, language: language, reference: now, kinds: names)
        }
        return found.compactMap { Entity($0, of: text, timeZone) }
    }
}

/// A value found in a text.
public struct Entity: Equatable, Sendable {
    /// What it is.
    public let kind: EntityKind
    /// Where its words are in the text.
    public let range: Range<String.Index>
    /// The words as written.
    public let text: String
    /// What they mean.
    public let value: SlotValue
    /// What they mean as a text that is the same for all ways to say it; ISO 8601 for dates and times.
    public let canonical: String
}

/// What an entity is, and a slot's type. The raw value is its name in command files.
public enum EntityKind: String, CaseIterable, Equatable, Sendable {
    /// An amount: `25`, "two and a half".
    case number
    /// A place in a row: "third", "last".
    case ordinal
    /// Parts of a hundred.
    case percent
    /// Degrees.
    case temperature
    /// A length, weight, volume, area, speed, angle or amount of information.
    case dimension
    /// Money.
    case currency
    /// How old someone or something is.
    case age
    /// Yes or no.
    case boolean
    /// A telephone number.
    case phone
    /// An e-mail address.
    case email
    /// An address on the web.
    case url
    /// A colour.
    case colour
    /// A day.
    case date
    /// A time of day.
    case time
    /// A time on a day.
    case dateTime = "datetime"
    /// From one day to another.
    case dateRange = "daterange"
    /// From one time of day to another.
    case timeRange = "timerange"
    /// From one point in time to another.
    case dateTimeRange = "datetimerange"
    /// A length of time.
    case duration
    /// What comes again: "every Monday".
    case recurrence
}
