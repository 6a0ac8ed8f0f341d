//! Lengths of time: `two weeks`, `3h`, `3.5 years`, `an hour and a half`, `anderthalb Stunden`, `a few minutes`.
//!
//! Unlike [`crate::entity::duration`], which times things, a length here may be of months and years, because it also says
//! how far a date lies from another.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::calendar::{plus_days, plus_months, plus_seconds};
use super::lexicon::{Unit, Word};
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

/// A length of time in units of the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Length {
    /// Years.
    pub years: f64,
    /// Months.
    pub months: f64,
    /// Weeks.
    pub weeks: f64,
    /// Days.
    pub days: f64,
    /// Monday to Friday, one of them.
    pub business_days: f64,
    /// What is shorter than a day.
    pub seconds: f64,
}

const SECONDS_A_DAY: f64 = 86_400.0;
/// More than this is no date any more: ten thousand years.
const MAX_DAYS: f64 = 3_652_500.0;

impl Length {
    /// `count` of `unit`; `None` if it is longer than the calendar.
    pub fn new(count: f64, unit: Unit) -> Option<Self> {
        let none = Self::default();
        let length = match unit {
            Unit::Second => Self { seconds: count, ..none },
            Unit::Minute => Self { seconds: count * 60.0, ..none },
            Unit::Hour => Self { seconds: count * 3600.0, ..none },
            Unit::Day | Unit::Night => Self { days: count, ..none },
            Unit::BusinessDay => Self { business_days: count, ..none },
            Unit::Week | Unit::WorkWeek => Self { weeks: count, ..none },
            Unit::Weekend => Self { days: count * 2.0, ..none },
            Unit::Fortnight => Self { weeks: count * 2.0, ..none },
            Unit::Month => Self { months: count, ..none },
            Unit::Quarter => Self { months: count * 3.0, ..none },
            Unit::Half => Self { months: count * 6.0, ..none },
            Unit::Year | Unit::FiscalYear | Unit::SchoolYear => Self { years: count, ..none },
            Unit::Decade => Self { years: count * 10.0, ..none },
            Unit::Century => Self { years: count * 100.0, ..none },
        };
        (length.total_seconds().abs() <= MAX_DAYS * SECONDS_A_DAY).then_some(length)
    }

    /// Seconds, with months of 30 days and years of 365.
    pub fn total_seconds(&self) -> f64 {
        let days =
            self.years * 365.0 + self.months * 30.0 + self.weeks * 7.0 + self.days + self.business_days;
        days * SECONDS_A_DAY + self.seconds
    }

    /// Whether it is made of days and longer units.
    pub fn is_of_days(&self) -> bool {
        self.seconds == 0.0
    }

    fn plus(self, other: Self) -> Self {
        Self {
            years: self.years + other.years,
            months: self.months + other.months,
            weeks: self.weeks + other.weeks,
            days: self.days + other.days,
            business_days: self.business_days + other.business_days,
            seconds: self.seconds + other.seconds,
        }
    }

    /// `date` moved by this length, forwards (1) or backwards (-1).
    pub(super) fn added_to(&self, date: Date, sign: i64) -> Option<Date> {
        let months = self.years.trunc() * 12.0 + self.months.trunc();
        let days = self.weeks * 7.0 + self.days + self.months.fract() * 30.0 + self.years.fract() * 365.0;
        let date = plus_months(date, sign * months as i64)?;
        let date = plus_days(date, sign * days.round() as i64)?;
        if self.business_days == 0.0 {
            return Some(date);
        }
        super::calendar::step(date, Unit::BusinessDay, sign * self.business_days.round() as i64)
    }

    /// `time` moved by this length.
    pub(super) fn added_to_time(&self, time: DateTime, sign: i64) -> Option<DateTime> {
        let date = self.added_to(time.date(), sign)?;
        plus_seconds(date.to_datetime(time.time()), sign * self.seconds.round() as i64)
    }
}

/// ISO 8601: `P1Y2M10DT2H30M`.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = (self.seconds / 60.0).trunc();
        let date =
            [(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days + self.business_days, 'D')];
        let time = [((minutes / 60.0).trunc(), 'H'), (minutes % 60.0, 'M'), (self.seconds % 60.0, 'S')];
        let write = |parts: &[(f64, char)]| -> String {
            parts
                .iter()
                .filter(|(count, _)| *count != 0.0)
                .map(|(count, unit)| format!("{count}{unit}"))
                .collect()
        };
        let (date, time) = (write(&date), write(&time));
        match (date.is_empty(), time.is_empty()) {
            (true, true) => f.write_str("PT0S"),
            (false, true) => write!(f, "P{date}"),
            _ => write!(f, "P{date}T{time}"),
        }
    }
}

/// Year, month, week, day, hour, minute, second.
const MAX_AMOUNTS: usize = 7;

impl Grammar<'_> {
    /// Lengths that begin at `at`, the longest first. A shorter one is given too where "and" joins the rest.
    pub(super) fn lengths(&self, at: usize) -> Vec<Reading<Length>> {
        self.once(at, |known| &known.lengths, || self.read_lengths(at))
    }

    fn read_lengths(&self, at: usize) -> Vec<Reading<Length>> {
        let mut rows: Vec<Reading<Length>> = Vec::new();
        let Some(mut row) = self.amount(at) else { return rows };
        rows.push(row);
        for _ in 1..MAX_AMOUNTS {
            let start = self.optional(self.skip(row.end, ','), &[Word::And]);
            let Some(next) = self.amount(start) else { break };
            if next.value.total_seconds() >= row.value.total_seconds() {
                break;
            }
            row = Reading { end: next.end, value: row.value.plus(next.value) };
            if start > row.end {
                rows.push(row);
            } else {
                rows.insert(0, row);
            }
        }
        // "the last 3 months and 2 days ago": what "ago" belongs to begins after the "and".
        if rows.iter().any(|row| self.direction(row.end).is_some() && self.has_and(at, row.end)) {
            rows.retain(|row| !self.has_and(at, row.end));
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.end));
        rows
    }

    /// Whether "and" joins two amounts inside `start..end`, as in "2 weeks and 3 days", not as in "two and a half".
    pub(super) fn has_and(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| {
            let after = self.word(at, Word::And).and_then(|next| self.amount(next));
            after.is_some() && self.follows(at, |word| matches!(word, Word::Unit(_) | Word::UnitLetter(_)))
        })
    }

    /// One number and its unit.
    fn amount(&self, at: usize) -> Option<Reading<Length>> {
        if let Some((end, hours)) =
            self.pick(at, |word| if let Word::Hours(hours) = word { Some(hours) } else { None })
        {
            return Some(Reading { end, value: Length::new(hours, Unit::Hour)? });
        }
        let mut counts: Vec<(usize, f64)> = self.numbers(at).to_vec();
        let vague = |at| self.vague_count(at);
        counts.extend(vague(self.optional(at, &[Word::A])));
        counts.extend(self.tens_and_units(at));
        counts.extend(self.whole_and_fraction(at));
        counts.extend(self.any(at, &[Word::A, Word::Whole]).map(|end| (end, 1.0)));
        counts.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        for (end, count) in counts {
            if let Some((end, length)) = self.unit_after(end, count) {
                // "a second wave"
                let is_ordinal =
                    length.seconds == 1.0 && self.word(at, Word::A).is_some() && self.is_noun(end);
                if is_ordinal {
                    continue;
                }
                return Some(Reading { end, value: length });
            }
        }
        None
    }

    /// "twenty and four"
    fn tens_and_units(&self, at: usize) -> Option<(usize, f64)> {
        let (and, tens) = *self.numbers(at).iter().find(|(_, tens)| *tens >= 20.0 && tens % 10.0 == 0.0)?;
        let (end, units) = *self
            .numbers(self.word(and, Word::And)?)
            .iter()
            .find(|(_, units)| (1.0..10.0).contains(units))?;
        Some((end, tens + units))
    }

    /// "one and half", which the number reader takes for two numbers
    fn whole_and_fraction(&self, at: usize) -> Option<(usize, f64)> {
        let (and, whole) = *self.numbers(at).iter().find(|(_, whole)| whole.fract() == 0.0)?;
        let (end, fraction) = self.fractions(self.word(and, Word::And)?).first().copied()?;
        Some((end, whole + fraction))
    }

    fn unit_after(&self, at: usize, count: f64) -> Option<(usize, Length)> {
        // "10-day", "half an hour"
        let hyphen = at + usize::from(self.is_joint(at));
        let filler = self.optional(at, &[Word::Of, Word::A]);
        let unit = |at: usize| {
            let digit_before = at.checked_sub(1).is_some_and(|before| self.digits(before).is_some());
            self.pick(at, |word| match word {
                Word::Unit(unit) => Some(unit),
                Word::UnitLetter(unit) if digit_before && (self.glued(at) || count < 1000.0) => Some(unit),
                _ => None,
            })
        };
        let (end, unit) = unit(at).or_else(|| unit(hyphen)).or_else(|| unit(filler))?;
        let length = Length::new(count, unit)?;
        // "one hour and a half": the number reader knows what follows a whole number.
        if count.fract() == 0.0
            && let Some(start) = self.word(end, Word::And)
        {
            for (fraction_end, fraction) in self.fractions(start) {
                if self.unit_after(fraction_end, 1.0).is_none() {
                    return Some((fraction_end, Length::new(count + fraction, unit)?));
                }
            }
        }
        Some((end, length))
    }

    /// "a half", "half", "three quarters"
    fn fractions(&self, at: usize) -> Vec<(usize, f64)> {
        let after_article = self.optional(at, &[Word::A]);
        let readings = self.numbers(at).iter().chain(self.numbers(after_article)).copied();
        readings.filter(|(_, value)| *value > 0.0 && *value < 1.0).collect()
    }
}

impl Grammar<'_> {
    /// Lengths that stand alone, "more than" before them perhaps.
    pub(super) fn length_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let start = self.any(at, &[Word::More, Word::Less]).unwrap_or(at);
        self.lengths(start)
            .into_iter()
            .map(|length| Reading {
                end: length.end,
                value: DateTimeValue::new(Kind::Duration, [When::Duration(length.value)]),
            })
            .collect()
    }
}
