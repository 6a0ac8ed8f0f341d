//! Typed values: core's own, mirrored.

use crate::commands::RustSpan;

/// Mirrors the values of [`spatz::command::SlotValue`] that an app can also give.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum RustScalar {
    /// A list entry's value or free text.
    Text {
        /// The text.
        text: String,
    },
    /// A whole number.
    Integer {
        /// The number.
        number: i64,
    },
    /// A number with a fraction.
    Number {
        /// The number.
        number: f64,
    },
    /// True or false.
    Boolean {
        /// Which.
        boolean: bool,
    },
    /// A length of time.
    Duration {
        /// Whole seconds.
        seconds: i64,
    },
}

/// Mirrors [`spatz::command::SlotValue`] with [`spatz::entity::Value`] inside.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum RustValue {
    /// A value without parts.
    Scalar {
        /// The value.
        value: RustScalar,
    },
    /// A place in a row.
    Ordinal {
        /// Where counting begins.
        from: RustAnchor,
        /// How far from there.
        offset: i64,
    },
    /// Parts of a hundred; `None` where only the word stands.
    Percent {
        /// How many.
        amount: Option<f64>,
    },
    /// Degrees.
    Temperature {
        /// How many.
        quantity: RustQuantity,
    },
    /// A length, weight, volume, area, speed, angle or amount of information.
    Dimension {
        /// How much.
        quantity: RustQuantity,
    },
    /// How old.
    Age {
        /// How old.
        quantity: RustQuantity,
    },
    /// Money.
    Currency {
        /// In the main unit; `None` where only the currency stands.
        amount: Option<f64>,
        /// ISO 4217; `None` where several currencies share the name.
        code: Option<String>,
        /// The currency's English name.
        name: String,
    },
    /// A telephone number.
    Phone {
        /// Digits.
        text: String,
    },
    /// An e-mail address.
    Email {
        /// The address.
        text: String,
    },
    /// An address on the web.
    Url {
        /// The address.
        text: String,
    },
    /// A colour by its parts.
    Colour {
        /// Red.
        red: u8,
        /// Green.
        green: u8,
        /// Blue.
        blue: u8,
    },
    /// A date, a time, a range of either, a length or a recurrence.
    Moment {
        /// All that the words can mean.
        candidates: Vec<RustWhen>,
        /// Which of them a command means.
        preferred: u32,
        /// Whether the words look back.
        looks_back: bool,
        /// Whether the words say that they are not exact.
        approximate: bool,
    },
}

/// Mirrors [`spatz::entity::ordinal::Anchor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustAnchor {
    /// The beginning of the row.
    Start,
    /// The place at hand.
    Current,
    /// The end of the row.
    End,
}

/// Mirrors [`spatz::entity::quantity::Quantity`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustQuantity {
    /// How many; `None` where only the unit stands.
    pub amount: Option<f64>,
    /// The unit's sign.
    pub unit: String,
    /// The unit's English name.
    pub name: String,
    /// What the unit measures.
    pub dimension: RustDimension,
}

/// Mirrors [`spatz::entity::unit::Dimension`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[expect(missing_docs, reason = "the mirrored enum has them")]
pub enum RustDimension {
    Length,
    Weight,
    Volume,
    Area,
    Speed,
    Information,
    Angle,
    Temperature,
    Time,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustDate {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustTime {
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// 0 to 59.
    pub second: i8,
}

/// A local time on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustDateTime {
    /// The day.
    pub date: RustDate,
    /// The time.
    pub time: RustTime,
}

/// Mirrors [`spatz::entity::datetime::When`]. A side of a range that is `None` is open; ranges end before `end`.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
#[expect(missing_docs, reason = "the mirrored enum has them")]
pub enum RustWhen {
    Date { date: RustDate },
    Time { time: RustTime },
    DateTime { at: RustDateTime },
    Dates { start: Option<RustDate>, end: Option<RustDate> },
    Times { start: Option<RustTime>, end: Option<RustTime> },
    DateTimes { start: Option<RustDateTime>, end: Option<RustDateTime> },
    Length { length: RustLength },
    Recurrence { recurrence: RustRecurrence },
}

/// Mirrors [`spatz::entity::datetime::length::Length`].
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
#[expect(missing_docs, reason = "the mirrored struct has them")]
pub struct RustLength {
    pub years: f64,
    pub months: f64,
    pub weeks: f64,
    pub days: f64,
    pub business_days: f64,
    pub seconds: f64,
}

/// Mirrors [`spatz::entity::datetime::recurrence::Recurrence`], as RFC 5545 counts.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustRecurrence {
    /// The rule as RFC 5545 writes it.
    pub rule: String,
    /// What is counted.
    pub frequency: RustFrequency,
    /// Every so many.
    pub interval: u32,
    /// On these days of the week; Monday is 1.
    pub weekdays: Vec<i8>,
    /// Of those in a month, only this one; -1 is the last.
    pub nth: Option<i8>,
    /// On this day of the month.
    pub day_of_month: Option<i8>,
    /// At this time of day.
    pub time: Option<RustTime>,
    /// In this part of the day, which RFC 5545 has no words for.
    pub part: Option<RustDayPart>,
}

/// Mirrors [`spatz::entity::datetime::recurrence::Frequency`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[expect(missing_docs, reason = "the mirrored enum has them")]
pub enum RustFrequency {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// Mirrors [`spatz::entity::datetime::lexicon::Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[expect(missing_docs, reason = "the mirrored enum has them")]
pub enum RustDayPart {
    Morning,
    Lunch,
    Afternoon,
    Evening,
    Night,
    Daytime,
    NightTime,
}

/// Mirrors [`spatz::entity::Entity`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustEntity {
    /// [`spatz::entity::Kind::name`].
    pub kind: String,
    /// Where the words are.
    pub span: RustSpan,
    /// The words as written.
    pub text: String,
    /// The same for all ways to say it.
    pub canonical: String,
    /// What they mean.
    pub value: RustValue,
}
