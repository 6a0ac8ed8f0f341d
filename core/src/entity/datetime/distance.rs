//! How far from now or from a day: `in two weeks`, `3 days ago`, `two months after next Friday`, `half an hour from now`, `next
//! 3 days`, `the last 5 minutes`, `within 9 months`.

use jiff::civil::{Date, DateTime, Weekday};

use super::calendar::{self, Days};
use super::clock::LAST_SECOND;
use super::day::Day;
use super::length::Length;
use super::lexicon::{Bound, Shift, Unit, Word};
use super::period::Period;
use super::span::date_times;
use super::text::Grammar;
use super::value::DateTimeValue;
use crate::entity::{Kind, Reading};

/// A day at a distance, and whether the distance was said in months or years.
#[derive(Clone, Copy)]
struct Distant {
    day: Day,
    by_months: bool,
}

impl Grammar<'_> {
    /// "in two weeks", "3 days ago", "two months after next Friday", each with a weekday perhaps
    pub(super) fn distant_day(&self, at: usize) -> Option<Reading<Day>> {
        if let Some((end, weekday)) = self.weekday(at) {
            let reading = self.distant_date(self.skip(end, ','))?;
            return Some(Reading { end: reading.end, value: self.on_weekday(reading.value, weekday)? });
        }
        // "heute in acht Tagen"
        if let Some(day) = self.named_day(at)
            && let Some(start) = self.word(day.end, Word::In)
        {
            let length = self.lengths(start).into_iter().find(|length| length.value.is_of_days())?;
            let date = length.value.added_to(day.value.choice?.future, 1)?;
            return Some(Reading { end: length.end, value: Day::known(date) });
        }
        let reading = self.distant_date(at)?;
        let start = self.optional(self.skip(reading.end, ','), &[Word::On]);
        if let Some((end, weekday)) = self.weekday(start) {
            return Some(Reading { end, value: self.on_weekday(reading.value, weekday)? });
        }
        Some(Reading { end: reading.end, value: reading.value.day })
    }

    fn on_weekday(&self, distant: Distant, weekday: Weekday) -> Option<Day> {
        let date = distant.day.choice?.future;
        let monday = calendar::in_week(date, Weekday::Monday)?;
        let same_week = calendar::in_week(monday, weekday)?;
        let date = if distant.by_months && same_week < date {
            calendar::weekday_after(date, weekday)?
        } else {
            same_week
        };
        Some(Day::known(date))
    }

    fn distant_date(&self, at: usize) -> Option<Reading<Distant>> {
        let within = self.word(at, Word::In);
        let ahead = self.word(at, Word::AgoAhead);
        let start = ahead.or(within).unwrap_or(at);
        // "the day after Christmas"
        let one_day = self.word(start, Word::The).and_then(|end| self.word(end, Word::Unit(Unit::Day)));
        let one_day = one_day.and_then(|end| Some(Reading { end, value: Length::new(1.0, Unit::Day)? }));
        for length in self.lengths(start).into_iter().chain(one_day) {
            if !length.value.is_of_days() {
                continue;
            }
            let by_months = length.value.months != 0.0 || length.value.years != 0.0;
            let reading =
                |end, date: Date| Reading { end, value: Distant { day: Day::known(date), by_months } };
            if ahead.is_some() {
                return Some(reading(length.end, length.value.added_to(self.today()?, -1)?));
            }
            let joined = self.has_and(start, length.end);
            if let Some((end, sign)) = self.direction(length.end).filter(|_| !joined) {
                return Some(reading(end, length.value.added_to(self.today()?, sign)?));
            }
            if let Some((end, sign)) = self.counting_word(length.end)
                && let Some((end, anchor)) = self.anchor(end)
            {
                return Some(reading(end, length.value.added_to(anchor, sign)?));
            }
            if within.is_some() {
                let end = self.word(length.end, Word::InTime).unwrap_or(length.end);
                return Some(reading(end, length.value.added_to(self.today()?, 1)?));
            }
        }
        None
    }

    /// "two Sundays from now"
    pub(super) fn weekdays_from_now(&self, at: usize) -> Option<Reading<Day>> {
        let (end, count) = self.small(at, 99).into_iter().next()?;
        let (end, weekday) = self.pick(end, |word| match word {
            Word::Weekday(weekday) | Word::Weekdays(weekday) => Some(weekday),
            _ => None,
        })?;
        let end = self.word(end, Word::Later)?;
        let date = self.today()?.nth_weekday(i32::from(count.max(1)), weekday).ok()?;
        Some(Reading { end, value: Day::known(date) })
    }

    /// "ago", "later"
    pub(super) fn direction(&self, at: usize) -> Option<(usize, i64)> {
        let ago = self.word(at, Word::Ago).map(|end| (end, -1));
        // "30 minutes later this week" is no "later".
        let later =
            || self.word(at, Word::Later).filter(|end| self.shift(*end).is_none()).map(|end| (end, 1));
        ago.or_else(later)
    }

    fn counting_word(&self, at: usize) -> Option<(usize, i64)> {
        let after = [Word::From, Word::Bound(Bound::After), Word::Bound(Bound::Since)];
        let after = self.any(at, &after).map(|end| (end, 1));
        after.or_else(|| self.word(at, Word::Bound(Bound::Before)).map(|end| (end, -1)))
    }

    /// The day that a distance is counted from; of several, the next one.
    fn anchor(&self, at: usize) -> Option<(usize, Date)> {
        let day = self.plain_day(at).and_then(|reading| Some((reading.end, reading.value.choice?.future)));
        day.or_else(|| {
            let start = self.optional(at, &[Word::The, Word::Unit(Unit::Year)]);
            let (end, year) = self.years(start).first().copied()?;
            Some((end, Date::new(year, 1, 1).ok()?))
        })
    }

    /// "in 5 minutes", "half an hour ago", "3 minutes from now"
    pub(super) fn distant_time(&self, at: usize) -> Option<Reading<DateTime>> {
        let now = self.now()?;
        let within = self.word(at, Word::In);
        let ahead = self.word(at, Word::AgoAhead);
        for length in self.lengths(ahead.or(within).unwrap_or(at)) {
            if length.value.is_of_days() {
                continue;
            }
            if ahead.is_some() {
                return Some(Reading { end: length.end, value: length.value.added_to_time(now, -1)? });
            }
            if let Some((end, sign)) = self.direction(length.end) {
                return Some(Reading { end, value: length.value.added_to_time(now, sign)? });
            }
            if within.is_some() {
                let end = self.word(length.end, Word::InTime).unwrap_or(length.end);
                return Some(Reading { end, value: length.value.added_to_time(now, 1)? });
            }
        }
        None
    }

    /// "next 3 days", "5 upcoming years", "last 3 months and 2 weeks", "past two quarters", "next two decades"
    pub(super) fn counted_from_now(&self, at: usize) -> Vec<Reading<Period>> {
        let mut out = Vec::new();
        let Some(today) = self.today() else { return out };
        let the = self.word(at, Word::The);
        let with_count_first = || {
            let numbers = self.numbers(at).iter().copied();
            numbers.into_iter().find_map(|(end, count)| {
                let (end, shift) = self.shift(end)?;
                let (end, unit) = self.unit(end)?;
                (count.fract() == 0.0 && (1.0..1e6).contains(&count)).then_some((
                    end,
                    shift,
                    count as i64,
                    unit,
                ))
            })
        };
        if let Some((end, shift, count, unit)) = with_count_first() {
            out.extend(counted(today, shift, count, unit).map(|value| Reading { end, value }));
        }
        let Some((start, shift)) = self.shift(the.unwrap_or(at)) else { return out };
        if let Some((end, count, unit)) = self.count_and_unit(start)
            && (the.is_none() || unit == Unit::Decade)
        {
            out.extend(counted(today, shift, count, unit).map(|value| Reading { end, value }));
        }
        if the.is_some() || shift.count() == 0 {
            return out;
        }
        for length in self.lengths(start) {
            let is_plain = self.numbers(start).is_empty() || !length.value.is_of_days();
            let one_unit = self.count_and_unit(start).is_some_and(|(end, ..)| end == length.end);
            if is_plain || one_unit {
                continue;
            }
            let days = match shift.count() {
                1.. => calendar::plus_days(today, 1)
                    .and_then(|start| Some(Days { start, end: length.value.added_to(start, 1)? })),
                _ => length.value.added_to(today, -1).map(|start| Days { start, end: today }),
            };
            out.extend(days.map(|days| Reading { end: length.end, value: Period::known(days, Unit::Day) }));
        }
        out
    }

    pub(super) fn count_and_unit(&self, at: usize) -> Option<(usize, i64, Unit)> {
        let vague = self.vague_count(at);
        let counts = self.numbers(at).iter().copied().chain(vague);
        counts.into_iter().find_map(|(end, count)| {
            let (end, unit) = self.unit(end)?;
            (count.fract() == 0.0 && (1.0..1e6).contains(&count)).then_some((end, count as i64, unit))
        })
    }

    /// "within 9 months", "within the next 10 days"
    pub(super) fn within(&self, at: usize) -> Option<Reading<Period>> {
        let start = self.word(at, Word::Within)?;
        let start = self.optional(start, &[Word::The, Word::Shift(Shift::Next), Word::Shift(Shift::Coming)]);
        let length = self.lengths(start).into_iter().find(|length| length.value.is_of_days())?;
        let today = self.today()?;
        let days = Days { start: today, end: length.value.added_to(today, 1)? };
        Some(Reading { end: length.end, value: Period::known(days, Unit::Day) })
    }

    /// "the next hour", "13 last minutes", "within 5 minutes"
    pub(super) fn around_now(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        let now = self.now()?;
        // "rest of the day"
        if let Some(start) = self.word(at, Word::Rest) {
            let start = self.optional(start, &[Word::Of, Word::The, Word::Shift(Shift::This)]);
            let end = self
                .word(start, Word::Unit(Unit::Day))
                .or_else(|| self.word(self.word(at, Word::Rest)?, Word::Day(0)))?;
            let range = date_times(Some(now), Some(now.date().to_datetime(LAST_SECOND)));
            return Some(Reading { end, value: DateTimeValue::new(Kind::DateTimeRange, [range]) });
        }
        let value = |shift: Shift, length: Length| {
            let (start, end) = match shift.count() {
                1.. => (now, length.added_to_time(now, 1)?),
                0 => return None,
                _ => (length.added_to_time(now, -1)?, now),
            };
            Some(DateTimeValue::new(Kind::DateTimeRange, [date_times(Some(start), Some(end))]))
        };
        if let Some(start) = self.word(at, Word::Within) {
            let start = self.optional(start, &[Word::The, Word::Shift(Shift::Next)]);
            let length = self.lengths(start).into_iter().find(|length| !length.value.is_of_days())?;
            return Some(Reading { end: length.end, value: value(Shift::Next, length.value)? });
        }
        if let Some((start, shift)) = self.shift(at) {
            let one = self.pick(start, |word| match word {
                Word::Unit(unit) if unit.is_of_clock() => Length::new(1.0, unit),
                _ => None,
            });
            let counted = || {
                self.lengths(start)
                    .into_iter()
                    .find(|length| !length.value.is_of_days())
                    .map(|length| (length.end, length.value))
            };
            let (end, length) = one.or_else(counted)?;
            return Some(Reading { end, value: value(shift, length)? });
        }
        let (end, shift, length) = self.numbers(at).iter().find_map(|(end, count)| {
            let (end, shift) = self.shift(*end)?;
            let (end, unit) = self.unit(end)?;
            unit.is_of_clock().then_some(())?;
            Some((end, shift, Length::new(*count, unit)?))
        })?;
        Some(Reading { end, value: value(shift, length)? })
    }
}

/// The next or last units from now: whole ones of the calendar where nobody counts from today, such as quarters.
fn counted(today: Date, shift: Shift, count: i64, unit: Unit) -> Option<Period> {
    (!unit.is_of_clock() && !matches!(unit, Unit::Weekend | Unit::Night)).then_some(())?;
    let aligned = matches!(unit, Unit::Quarter | Unit::Decade | Unit::Century | Unit::Half);
    let days = match (shift.count(), aligned) {
        (1.., true) => Days {
            start: calendar::shifted(today, unit, 1)?.start,
            end: calendar::shifted(today, unit, count)?.end,
        },
        (1.., false) if unit == Unit::BusinessDay => Days {
            start: calendar::step(today, unit, 1)?,
            end: calendar::plus_days(calendar::step(today, unit, count)?, 1)?,
        },
        (1.., false) => {
            let start = calendar::plus_days(today, 1)?;
            Days { start, end: calendar::step(start, unit, count)? }
        }
        (_, true) if shift.count() < 0 => Days {
            start: calendar::shifted(today, unit, -count)?.start,
            end: calendar::shifted(today, unit, -1)?.end,
        },
        _ if shift.count() < 0 => Days { start: calendar::step(today, unit, -count)?, end: today },
        _ => return None,
    };
    Some(Period::known(days, if aligned { unit } else { Unit::Day }))
}
