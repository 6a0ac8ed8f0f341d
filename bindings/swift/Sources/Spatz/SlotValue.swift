import Foundation

/// A typed value: of a slot, or found in a text by ``Entities``.
public enum SlotValue: Equatable, Sendable {
    /// An entry of a list, or free text.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// A length of time.
    case duration(Duration)
    /// A place in a row.
    case ordinal(Ordinal)
    /// Parts of a hundred; `nil` where only the word stands.
    case percent(Double?)
    /// A temperature.
    case temperature(Quantity)
    /// A length, weight, volume, area, speed, angle or amount of information.
    case dimension(Quantity)
    /// How old someone or something is.
    case age(Quantity)
    /// Money.
    case currency(Money)
    /// A telephone number: digits, with a `+` before an international one.
    case phone(String)
    /// An e-mail address.
    case email(String)
    /// An address on the web, as it was said.
    case url(String)
    /// A colour.
    case colour(Colour)
    /// Words about time.
    case moment(Moment)
}

/// A value that an app can give: a fact around an utterance, or the value of a list's entry. Literals will do:
/// `["room": "kitchen", "level": 3]`.
public enum Scalar: Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    /// Text.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// A length of time.
    case duration(Duration)

    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral number: Int) { self = .integer(number) }
    public init(floatLiteral number: Double) { self = .number(number) }
    public init(booleanLiteral boolean: Bool) { self = .boolean(boolean) }
}

/// A place in a row.
public struct Ordinal: Equatable, Sendable {
    /// Where counting begins.
    public let from: Anchor
    /// From 1 at the start, from 0 backwards at the end, and from the current place.
    public let offset: Int
}

/// Where an ordinal counts from.
public enum Anchor: String, Equatable, Sendable {
    /// The beginning of the row.
    case start
    /// The place at hand.
    case current
    /// The end of the row.
    case end
}

/// An amount of a unit.
public struct Quantity: Equatable, Sendable {
    /// How many; `nil` where only the unit stands ("into fahrenheit").
    public let amount: Double?
    /// The unit's sign: `km/h`.
    public let unit: String
    /// The unit's English name: `Kilometer per hour`.
    public let unitName: String
    /// What the unit measures.
    public let measures: Measure
}

/// What a unit measures.
public enum Measure: String, Equatable, Sendable {
    /// Metres and inches.
    case length
    /// Grams and pounds.
    case weight
    /// Litres and cups.
    case volume
    /// Hectares and acres.
    case area
    /// Kilometres an hour and knots.
    case speed
    /// Bits and bytes.
    case information
    /// Degrees and radians of a turn.
    case angle
    /// Degrees Celsius and Fahrenheit.
    case temperature
    /// Years, months, weeks and days, of ages.
    case time
}

/// An amount of money.
public struct Money: Equatable, Sendable {
    /// In the main unit; `nil` where only the currency stands.
    public let amount: Double?
    /// ISO 4217; `nil` where several currencies share the name ("dollar").
    public let code: String?
    /// The currency's English name.
    public let name: String
}

/// A colour, 0 to 255 each.
public struct Colour: Equatable, Sendable {
    /// Red.
    public let red: UInt8
    /// Green.
    public let green: UInt8
    /// Blue.
    public let blue: UInt8
}

/// Words about time.
public struct Moment: Equatable, Sendable {
    /// All that they can mean: the past before the future, the morning before the evening. Empty where they name no day
    /// of the calendar, as "February 30" does.
    public let candidates: [When]
    /// Which of them a command means: what comes next.
    public let meant: When?
    /// Whether the words look back: "since Monday".
    public let looksBack: Bool
    /// Whether the words say that they are not exact: "around noon".
    public let approximate: Bool
}

/// What words about time can mean. Days and times on days know their calendar and zone, so that their `date` is a point
/// in time. Ranges end before their end; a side that is `nil` is open.
public enum When: Equatable, Sendable {
    /// A day.
    case date(DateComponents)
    /// A time of day.
    case time(DateComponents)
    /// A time on a day.
    case dateTime(DateComponents)
    /// Days.
    case dates(start: DateComponents?, end: DateComponents?)
    /// Part of a day. It ends on the next day if the end is not after the start.
    case times(start: DateComponents?, end: DateComponents?)
    /// From one point in time to another.
    case dateTimes(start: DateComponents?, end: DateComponents?)
    /// A length of time in units of the calendar.
    case length(Length)
    /// What comes again.
    case recurrence(Recurrence)
}

/// A length of time in units of the calendar.
public struct Length: Equatable, Sendable {
    /// Years.
    public let years: Double
    /// Months.
    public let months: Double
    /// Weeks.
    public let weeks: Double
    /// Days.
    public let days: Double
    /// Monday to Friday, one of them.
    public let businessDays: Double
    /// What is shorter than a day.
    public let seconds: Double

    /// The whole, with months of 30 days and years of 365.
    public var duration: Duration {
        .seconds((years * 365 + months * 30 + weeks * 7 + days + businessDays) * 86_400 + seconds)
    }
}

/// What comes again.
public struct Recurrence: Equatable, Sendable {
    /// As RFC 5545 writes it, which calendars understand: `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU`.
    public let rule: String
    /// What is counted.
    public let frequency: Frequency
    /// Every so many.
    public let interval: Int
    /// On these days of the week, as ISO 8601 numbers them: Monday is 1.
    public let weekdays: [Int]
    /// Of the weekdays in a month, only this one; -1 is the last.
    public let nth: Int?
    /// On this day of the month.
    public let dayOfMonth: Int?
    /// At this time of day.
    public let time: DateComponents?
    /// In this part of the day, which RFC 5545 has no words for.
    public let part: DayPart?
}

/// What a recurrence counts.
public enum Frequency: String, Equatable, Sendable {
    /// Seconds.
    case secondly
    /// Minutes.
    case minutely
    /// Hours.
    case hourly
    /// Days.
    case daily
    /// Weeks.
    case weekly
    /// Months.
    case monthly
    /// Years.
    case yearly
}

/// A part of the day.
public enum DayPart: String, Equatable, Sendable {
    /// 8 to 12.
    case morning
    /// 11 to 13.
    case lunch
    /// 12 to 16.
    case afternoon
    /// 16 to 20.
    case evening
    /// 20 to midnight.
    case night
    /// 8 to 18.
    case daytime
    /// 0 to 8.
    case nightTime
}
