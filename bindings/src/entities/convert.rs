//! Core's typed values to the ones that cross the border, and back where an app gives them.

use super::records::{
    RustAnchor, RustDate, RustDateTime, RustDayPart, RustDimension, RustEntity, RustFrequency, RustLength,
    RustQuantity, RustRecurrence, RustScalar, RustTime, RustValue, RustWhen,
};
use crate::error::SpatzError;
use jiff::civil::{Date, DateTime, Time, Weekday};
use spatz::command::SlotValue;
use spatz::entity::currency::Money;
use spatz::entity::datetime::length::Length;
use spatz::entity::datetime::lexicon::Part;
use spatz::entity::datetime::recurrence::{Frequency, Recurrence};
use spatz::entity::datetime::{DateTimeValue, When};
use spatz::entity::ordinal::{Anchor, Ordinal};
use spatz::entity::quantity::Quantity;
use spatz::entity::unit::Dimension;
use spatz::entity::{Entity, Value};

/// The local time that an app gives.
pub(crate) fn local_time(at: RustDateTime) -> Result<DateTime, SpatzError> {
    let RustDateTime { date: RustDate { year, month, day }, time: RustTime { hour, minute, second } } = at;
    DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| {
        SpatzError::InvalidInput(format!(
            "the reference {year}-{month}-{day} {hour}:{minute}:{second} is no time of the calendar"
        ))
    })
}

impl From<RustScalar> for SlotValue {
    fn from(value: RustScalar) -> Self {
        match value {
            RustScalar::Text { text } => Self::Text(text),
            RustScalar::Integer { number } => Self::Integer(number),
            RustScalar::Number { number } => Self::Number(number),
            RustScalar::Boolean { boolean } => Self::Boolean(boolean),
            RustScalar::Duration { seconds } => Self::Duration { seconds },
        }
    }
}

impl From<SlotValue> for RustValue {
    fn from(value: SlotValue) -> Self {
        let value = match value {
            SlotValue::Text(text) => RustScalar::Text { text },
            SlotValue::Integer(number) => RustScalar::Integer { number },
            SlotValue::Number(number) => RustScalar::Number { number },
            SlotValue::Boolean(boolean) => RustScalar::Boolean { boolean },
            SlotValue::Duration { seconds } => RustScalar::Duration { seconds },
            SlotValue::Entity(value) => return value.into(),
        };
        Self::Scalar { value }
    }
}

impl From<Value> for RustValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::Scalar { value: RustScalar::Number { number } },
            Value::Boolean(boolean) => Self::Scalar { value: RustScalar::Boolean { boolean } },
            Value::Ordinal(Ordinal { from, offset }) => Self::Ordinal { from: from.into(), offset },
            Value::Percent(amount) => Self::Percent { amount },
            Value::Temperature(quantity) => Self::Temperature { quantity: quantity.into() },
            Value::Dimension(quantity) => Self::Dimension { quantity: quantity.into() },
            Value::Age(quantity) => Self::Age { quantity: quantity.into() },
            Value::Currency(Money { amount, currency }) => Self::Currency {
                amount,
                code: currency.code.map(str::to_owned),
                name: currency.name.to_owned(),
            },
            Value::Phone(text) => Self::Phone { text },
            Value::Email(text) => Self::Email { text },
            Value::Url(text) => Self::Url { text },
            Value::Colour(colour) => Self::Colour { red: colour.red, green: colour.green, blue: colour.blue },
            Value::DateTime(DateTimeValue { kind: _, candidates, preferred, looks_back, approximate }) => {
                Self::Moment {
                    candidates: candidates.into_iter().map(Into::into).collect(),
                    preferred: u32::try_from(preferred).unwrap_or(u32::MAX),
                    looks_back,
                    approximate,
                }
            }
        }
    }
}

impl From<Anchor> for RustAnchor {
    fn from(anchor: Anchor) -> Self {
        match anchor {
            Anchor::Start => Self::Start,
            Anchor::Current => Self::Current,
            Anchor::End => Self::End,
        }
    }
}

impl From<Quantity> for RustQuantity {
    fn from(Quantity { amount, unit }: Quantity) -> Self {
        Self {
            amount,
            unit: unit.symbol.to_owned(),
            name: unit.name.to_owned(),
            dimension: unit.dimension.into(),
        }
    }
}

impl From<Dimension> for RustDimension {
    fn from(dimension: Dimension) -> Self {
        match dimension {
            Dimension::Length => Self::Length,
            Dimension::Weight => Self::Weight,
            Dimension::Volume => Self::Volume,
            Dimension::Area => Self::Area,
            Dimension::Speed => Self::Speed,
            Dimension::Information => Self::Information,
            Dimension::Angle => Self::Angle,
            Dimension::Temperature => Self::Temperature,
            Dimension::Time => Self::Time,
        }
    }
}

impl From<Date> for RustDate {
    fn from(date: Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}

impl From<Time> for RustTime {
    fn from(time: Time) -> Self {
        Self { hour: time.hour(), minute: time.minute(), second: time.second() }
    }
}

impl From<DateTime> for RustDateTime {
    fn from(at: DateTime) -> Self {
        Self { date: at.date().into(), time: at.time().into() }
    }
}

impl From<When> for RustWhen {
    fn from(when: When) -> Self {
        match when {
            When::Date(date) => Self::Date { date: date.into() },
            When::Time(time) => Self::Time { time: time.into() },
            When::DateTime(at) => Self::DateTime { at: at.into() },
            When::Dates { start, end } => {
                Self::Dates { start: start.map(Into::into), end: end.map(Into::into) }
            }
            When::Times { start, end } => {
                Self::Times { start: start.map(Into::into), end: end.map(Into::into) }
            }
            When::DateTimes { start, end } => {
                Self::DateTimes { start: start.map(Into::into), end: end.map(Into::into) }
            }
            When::Duration(length) => Self::Length { length: length.into() },
            When::Set(recurrence) => Self::Recurrence { recurrence: recurrence.into() },
        }
    }
}

impl From<Length> for RustLength {
    fn from(Length { years, months, weeks, days, business_days, seconds }: Length) -> Self {
        Self { years, months, weeks, days, business_days, seconds }
    }
}

impl From<Recurrence> for RustRecurrence {
    fn from(recurrence: Recurrence) -> Self {
        let (rule, (frequency, interval)) = (recurrence.to_string(), recurrence.frequency());
        let weekdays = recurrence.weekdays().iter().map(Weekday::to_monday_one_offset).collect();
        let Recurrence { count: _, unit: _, on: _, nth, day_of_month, time, part } = recurrence;
        Self {
            rule,
            frequency: frequency.into(),
            interval,
            weekdays,
            nth,
            day_of_month,
            time: time.map(Into::into),
            part: part.map(Into::into),
        }
    }
}

impl From<Frequency> for RustFrequency {
    fn from(frequency: Frequency) -> Self {
        match frequency {
            Frequency::Secondly => Self::Secondly,
            Frequency::Minutely => Self::Minutely,
            Frequency::Hourly => Self::Hourly,
            Frequency::Daily => Self::Daily,
            Frequency::Weekly => Self::Weekly,
            Frequency::Monthly => Self::Monthly,
            Frequency::Yearly => Self::Yearly,
        }
    }
}

impl From<Part> for RustDayPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Morning => Self::Morning,
            Part::Lunch => Self::Lunch,
            Part::Afternoon => Self::Afternoon,
            Part::Evening => Self::Evening,
            Part::Night => Self::Night,
            Part::Daytime => Self::Daytime,
            Part::NightTime => Self::NightTime,
        }
    }
}

impl From<Entity<Value>> for RustEntity {
    fn from(Entity { start, end, text, value }: Entity<Value>) -> Self {
        Self {
            kind: value.kind().name().to_owned(),
            span: (start, end).into(),
            text,
            canonical: value.to_string(),
            value: value.into(),
        }
    }
}
