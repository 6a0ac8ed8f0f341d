//! Parts of periods: `end of month`, `mid-November`, `later this week`, `the last 3 weeks of this year`, `second week of 2021`, `rest
//! of the week`, `year to date`.

use jiff::civil::Date;

use super::calendar::{self, Days};
use super::lexicon::{Shift, Side, Unit, Word};
use super::period::Period;
use super::text::Grammar;
use crate::entity::Reading;

impl Grammar<'_> {
    /// "third month of 2021", "last week of July", "the second week of next year"
    pub(super) fn numbered_in_period(&self, at: usize) -> Option<Reading<Period>> {
        let start = self.word(at, Word::The).unwrap_or(at);
        let last = || self.word(start, Word::Shift(Shift::Last)).map(|end| (end, -1));
        let (end, number) = self.ordinal(start).or_else(last)?;
        let (end, unit) = self.unit(end)?;
        matches!(unit, Unit::Week | Unit::Month | Unit::Weekend).then_some(())?;
        let of = self.any(end, &[Word::Of, Word::In])?;
        let whole = self.whole_after_preposition(of)?;
        let days = |whole: Days| match (unit, number) {
            (Unit::Week, -1) => {
                calendar::around(calendar::plus_days(calendar::weeks_of(whole)?.end, -7)?, Unit::Week)
            }
            (Unit::Week, _) => {
                let weeks = calendar::weeks_of(whole)?;
                let start = calendar::plus_days(weeks.start, 7 * i64::from(number - 1))?;
                (start < weeks.end).then_some(calendar::around(start, Unit::Week)?)
            }
            (_, -1) => calendar::around(calendar::plus_days(whole.end, -1)?, unit),
            _ => {
                let days = calendar::shifted(whole.start, unit, i64::from(number - 1))?;
                (days.start < whole.end).then_some(days)
            }
        };
        let choice = whole.value.choice?.try_map(days)?;
        Some(Reading { end: whole.end, value: Period::of(choice, unit) })
    }

    /// The period that parts are taken of, after "of" or "in"; "im Monat" and "des Monats" hold an article.
    pub(super) fn whole_after_preposition(&self, at: usize) -> Option<Reading<Period>> {
        let bare = || {
            self.follows(at, |word| matches!(word, Word::The | Word::InThe)).then_some(())?;
            self.whole_of_edge(at)
        };
        self.longest_whole(at).or_else(bare)
    }

    /// A period that others can be counted in.
    pub(super) fn longest_whole(&self, at: usize) -> Option<Reading<Period>> {
        let mut out = self.month_period(at);
        out.extend(self.year_period(at));
        out.extend(self.unit_period(at));
        out.extend(self.quarter(at));
        out.into_iter().filter(|reading| reading.value.choice.is_some()).max_by_key(|reading| reading.end)
    }

    /// "end of month", "mid-November", "later this week", "earlier this year", "dieses Jahr früh"
    pub(super) fn part_of_period(&self, at: usize) -> Option<Reading<Period>> {
        if let Some((start, side)) = self.side(at) {
            let start = self.optional(self.skip(start, '-'), &[Word::In]);
            let whole = self.longest_whole(start)?;
            let by_now = whole.value.is_relative && self.word(at, Word::SideOfNow(side)).is_some();
            return self.side_of(whole, side, by_now, whole.end);
        }
        if let Some((end, unit)) =
            self.pick(at, |word| if let Word::EndOfUnit(unit) = word { Some(unit) } else { None })
        {
            let whole = Period::relative(calendar::around(self.today()?, unit)?, unit);
            return self.side_of(Reading { end, value: whole }, Side::End, false, end);
        }
        if let Some((start, side)) = self.edge(at) {
            let whole = self.whole_of_edge(start)?;
            return self.side_of(whole, side, false, whole.end);
        }
        let whole = self.unit_period(at)?;
        let (end, side) = self.side(whole.end).filter(|_| self.language.datetime.words.compounds)?;
        self.side_of(whole, side, false, end)
    }

    /// After "end of", a unit needs no article: "end of month".
    pub(super) fn whole_of_edge(&self, at: usize) -> Option<Reading<Period>> {
        let bare = || {
            let (end, unit) = self.unit(at)?;
            matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year).then_some(())?;
            Some(Reading { end, value: Period::relative(calendar::around(self.today()?, unit)?, unit) })
        };
        self.longest_whole(at).or_else(bare)
    }

    fn side_of(
        &self,
        whole: Reading<Period>,
        side: Side,
        by_now: bool,
        end: usize,
    ) -> Option<Reading<Period>> {
        let today = if by_now { self.today() } else { None };
        let choice = whole
            .value
            .choice?
            .try_map(|days| side_days(days, whole.value.unit, side, whole.value.is_relative, today))?;
        Some(Reading { end, value: Period { choice: Some(choice), month: None, ..whole.value } })
    }

    /// "the last 3 weeks of this year", "first ten days of 2019"
    pub(super) fn count_of_period(&self, at: usize) -> Option<Reading<Period>> {
        let start = self.word(at, Word::The).unwrap_or(at);
        let first = self.ordinal(start).filter(|(_, number)| *number == 1).map(|(end, _)| (end, true));
        let last = || self.word(start, Word::Shift(Shift::Last)).map(|end| (end, false));
        let (end, is_first) = first.or_else(last)?;
        let (end, count, unit) = self.count_and_unit(end)?;
        let whole = self.whole_after_preposition(self.any(end, &[Word::Of, Word::In])?)?;
        let choice = whole.value.choice?.try_map(|mut days| {
            if unit == Unit::Week {
                days = calendar::weeks_of(days)?;
            }
            if is_first {
                days.end = calendar::step(days.start, unit, count)?;
            } else {
                days.start = calendar::step(days.end, unit, -count)?;
            }
            (days.start < days.end).then_some(days)
        })?;
        Some(Reading { end: whole.end, value: Period::of(choice, unit) })
    }

    /// "rest of the week": up to its last day.
    pub(super) fn rest_of_period(&self, at: usize) -> Option<Reading<Period>> {
        let start = self.word(at, Word::Rest)?;
        let start = self.optional(start, &[Word::Of]);
        let whole = self.unit_period(start).or_else(|| self.whole_of_edge(start))?;
        let today = self.today()?;
        let choice = whole.value.choice?.try_map(|days| {
            Some(Days { start: today.max(days.start), end: calendar::plus_days(days.end, -1)? })
        })?;
        Some(Reading { end: whole.end, value: Period::of(choice, Unit::Day) })
    }

    /// "year to date", "month to date"
    pub(super) fn year_to_date(&self, at: usize) -> Option<Reading<Period>> {
        let (end, unit) =
            self.pick(at, |word| if let Word::UnitToDate(unit) = word { Some(unit) } else { None })?;
        let today = self.today()?;
        let days = Days { start: calendar::around(today, unit)?.start, end: today };
        Some(Reading { end, value: Period::known(days, Unit::Day) })
    }
}

/// A side of a period. A year said by its number has thirds; one said from now has halves, and they end or begin now.
fn side_days(days: Days, unit: Unit, side: Side, is_relative: bool, today: Option<Date>) -> Option<Days> {
    let (first, second) = match unit {
        Unit::Week | Unit::WorkWeek => {
            (calendar::plus_days(days.start, 3)?, calendar::plus_days(days.start, 3)?)
        }
        Unit::Month if side == Side::Middle => {
            (calendar::plus_days(days.start, 9)?, calendar::plus_days(days.start, 20)?)
        }
        Unit::Month => (calendar::plus_days(days.start, 15)?, calendar::plus_days(days.start, 15)?),
        Unit::Year if !is_relative || side == Side::Middle => {
            (calendar::plus_months(days.start, 4)?, calendar::plus_months(days.start, 8)?)
        }
        _ => {
            let months = i64::from(days.end.month() - days.start.month())
                + 12 * i64::from(days.end.year() - days.start.year());
            let half = calendar::plus_months(days.start, months / 2)?;
            (half, half)
        }
    };
    Some(match side {
        Side::Start => Days {
            start: days.start,
            end: today.map_or(first, |today| if days.start < today { first.min(today) } else { first }),
        },
        Side::Middle => Days { start: first, end: second },
        Side::End => Days {
            start: today.map_or(second, |today| if today < days.end { second.max(today) } else { second }),
            end: days.end,
        },
    })
}
