//! Days with one end: `since 2010`, `before tomorrow`, `1/1/2016 or later`, `later than 2018`, `more than 2 weeks before today`.

use super::calendar::{Choice, Days};
use super::lexicon::{Bound, Side, Unit, Word};
use super::range::dates;
use super::text::Grammar;
use super::value::DateTimeValue;
use crate::entity::{Kind, Reading};

/// Everything before or after some days.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Open {
    bound: Bound,
    days: Choice<Days>,
    /// Whether the days are a single one, from which on "after" counts; after a period counts from its end.
    is_day: bool,
    /// "since Monday": the last one is meant.
    looks_back: bool,
}

impl Open {
    fn new(bound: Bound, days: Choice<Days>, is_day: bool) -> Self {
        Self { bound, days, is_day, looks_back: false }
    }

    fn value(self) -> DateTimeValue {
        let range = |days: Days| match self.bound {
            Bound::Until if !self.is_day => dates(None, Some(days.end)),
            Bound::Before | Bound::Until => dates(None, Some(days.start)),
            Bound::After if !self.is_day => dates(Some(days.end), None),
            Bound::After | Bound::Since => dates(Some(days.start), None),
        };
        let value = DateTimeValue::new(Kind::DateRange, self.days.into_iter().map(range));
        if self.looks_back { value.looking_back() } else { value }
    }
}

impl Grammar<'_> {
    /// Ranges of days that are open on one side.
    pub(super) fn open_date_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = self.bounded_sides(at);
        out.extend(self.bounded(at));
        out.extend(self.bounded_by_sign(at));
        out.extend(self.bounded_behind(at));
        out.extend(self.more_than_length(at));
        out.extend(self.to_date(at));
        out.into_iter().map(|open| Reading { end: open.end, value: open.value.value() }).collect()
    }

    /// "to date", but not "the days to date from 2010"
    fn to_date(&self, at: usize) -> Option<Reading<Open>> {
        let end = self.word(at, Word::ToDate).filter(|end| self.word(*end, Word::From).is_none())?;
        let today = self.today()?;
        let days = Choice::one(Days { start: today, end: today });
        Some(Reading { end, value: Open::new(Bound::Before, days, true) })
    }

    /// "since 2010", "before tomorrow", "starting next week"
    fn bounded(&self, at: usize) -> Option<Reading<Open>> {
        let (start, bound) = self.bound(at)?;
        let Reading { end, value: (days, is_day) } = self.day_or_period(self.optional(start, &[Word::On]))?;
        let looks_back = self.word(at, Word::Bound(Bound::Since)).is_some();
        Some(Reading { end, value: Open { looks_back, ..Open::new(bound, days, is_day) } })
    }

    /// "after mid May", "before the end of this year"
    fn bounded_sides(&self, at: usize) -> Vec<Reading<Open>> {
        let mut out = Vec::new();
        let Some((start, bound)) = self.bound(at) else { return out };
        let start = self.optional(start, &[Word::On]);
        let Some((edge, side)) = self.side_or_edge(self.optional(start, &[Word::The])) else { return out };
        for period in self.periods(start).into_iter().chain(self.whole_of_edge(edge)) {
            let Some(days) = period.value.choice else { continue };
            let days = match (bound, side) {
                (Bound::After, Side::Start) => days.map(|days| Days { end: days.start, ..days }),
                (Bound::Before | Bound::Until, Side::End) => {
                    days.map(|days| Days { start: days.end, ..days })
                }
                _ => days,
            };
            out.push(Reading { end: period.end, value: Open::new(bound, days, false) });
        }
        out
    }

    /// "later than 2018", "year greater than 2015", ">= 2019"
    fn bounded_by_sign(&self, at: usize) -> Option<Reading<Open>> {
        let start = self.optional(at, &[Word::Unit(Unit::Year)]);
        let (start, bound) =
            self.pick(start, |word| if let Word::YearBound(bound) = word { Some(bound) } else { None })?;
        // "less than 3 days" is a length.
        self.lengths(start).is_empty().then_some(())?;
        let Reading { end, value: (days, is_day) } = self.day_or_period(start)?;
        Some(Reading { end, value: Open::new(bound, days, is_day) })
    }

    /// "2012 or later"
    fn bounded_behind(&self, at: usize) -> Option<Reading<Open>> {
        let Reading { end, value: (days, is_day) } = self.day_or_period(at)?;
        let (end, bound) = self.trailing(end)?;
        Some(Reading { end, value: Open::new(bound, days, is_day) })
    }

    /// "more than 2 weeks before today", "more than 3 days ago"
    fn more_than_length(&self, at: usize) -> Option<Reading<Open>> {
        let start = self.word(at, Word::More)?;
        let length = self.lengths(start).into_iter().find(|length| length.value.is_of_days())?;
        let from_now = || {
            let (end, sign) = self.direction(length.end)?;
            Some((end, sign, self.today()?))
        };
        let from_day = || {
            let before = self.word(length.end, Word::Bound(Bound::Before)).map(|end| (end, -1));
            let after = || self.word(length.end, Word::Bound(Bound::After)).map(|end| (end, 1));
            let (anchor, sign) = before.or_else(after)?;
            let day = self.plain_day(anchor)?;
            Some((day.end, sign, day.value.choice?.future))
        };
        let (end, sign, anchor) = from_now().or_else(from_day)?;
        let date = length.value.added_to(anchor, sign)?;
        let bound = if sign > 0 { Bound::After } else { Bound::Before };
        let days = Choice::one(Days { start: date, end: date });
        Some(Reading { end, value: Open::new(bound, days, true) })
    }

    fn side_or_edge(&self, at: usize) -> Option<(usize, Side)> {
        self.edge(at).or_else(|| self.side(at))
    }

    /// The longest day or period, and whether it is a day.
    fn day_or_period(&self, at: usize) -> Option<Reading<(Choice<Days>, bool)>> {
        let day = self.days(at).into_iter().next();
        let day = day.and_then(|day| {
            let days = day.value.choice?.map(|date| Days { start: date, end: date });
            Some(Reading { end: day.end, value: (days, true) })
        });
        let period = self
            .periods(at)
            .into_iter()
            .find_map(|period| Some(Reading { end: period.end, value: (period.value.choice?, false) }));
        day.into_iter().chain(period).max_by_key(|reading| reading.end)
    }
}
