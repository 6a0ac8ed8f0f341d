//! Ranges of days: `from March to May`, `Nov 18-Dec 19, 2015`, `between the 3rd and the 12th of September`, `since 2010`,
//! `2 weeks starting May 20th`.

use jiff::civil::Date;

use super::calendar::{self, Choice, Days};
use super::lexicon::{Bound, Side, Unit, Word};
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

/// One end of a range of days.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limit {
    /// `None` where there is no such day.
    choice: Option<Choice<Date>>,
    /// Month and day where the year is open: the other end may tell it.
    yearly: Option<(i8, i8)>,
    /// A year that this end tells the other.
    tells_year: Option<i16>,
}

impl Limit {
    fn known(date: Date) -> Self {
        Self { choice: Some(Choice::one(date)), yearly: None, tells_year: None }
    }
}

pub(super) fn dates(start: Option<Date>, end: Option<Date>) -> When {
    When::Dates { start, end }
}

impl Grammar<'_> {
    /// Ranges of days that begin at `at`.
    pub(super) fn date_range_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out: Vec<Reading<DateTimeValue>> = Vec::new();
        let value = |choice: Option<Choice<Days>>| {
            let days = choice.into_iter().flat_map(Choice::into_iter);
            DateTimeValue::new(Kind::DateRange, days.map(|days| dates(Some(days.start), Some(days.end))))
        };
        let mut periods = self.periods(at);
        if self.is_sign(at, '=') {
            periods.extend(self.periods(at + 1).into_iter().filter(|period| period.value.unit == Unit::Year));
        }
        for Reading { end, value: period } in periods {
            let value = value(period.choice);
            // Who speaks of the eighties does not mean those to come.
            let value = if period.unit == Unit::Decade { value.looking_back() } else { value };
            out.push(Reading { end, value });
        }
        let one = |(end, days)| (end, Some(Choice::one(days)));
        let found = [
            self.two_ends(at),
            self.day_numbers(at),
            self.weekdays_of_week(at).map(one),
            self.length_from_day(at).map(one),
            self.less_than_length(at).map(one),
        ];
        out.extend(found.into_iter().flatten().map(|(end, choice)| Reading { end, value: value(choice) }));
        out.extend(self.open_date_values(at));
        out
    }

    /// What stands between the ends of a range.
    pub(super) fn range_joint(&self, at: usize, is_between: bool) -> Option<usize> {
        // The hyphen of "twenty-seven" joins no ends.
        let inside_number = self.is_joint(at)
            && self.is_word(at + 1)
            && !self.numbers(at - 1).is_empty()
            && self.digits(at - 1).is_none();
        if (self.is_sign(at, '-') && !inside_number) || self.is_sign(at, '~') {
            return Some(at + 1);
        }
        let and = || self.word(at, Word::And).filter(|_| is_between);
        self.word(at, Word::To).or_else(and)
    }

    /// Where a range begins after "from" or "between", and whether it was "between".
    pub(super) fn range_opening(&self, at: usize) -> (usize, bool) {
        match self.word(at, Word::Between) {
            Some(start) => (start, true),
            None => (self.word(at, Word::From).unwrap_or(at), false),
        }
    }

    /// "next week from Monday to Wednesday"
    fn weekdays_of_week(&self, at: usize) -> Option<(usize, Days)> {
        self.shift(at)?;
        let (end, week) = self.shifted_unit(at, Unit::Week)?;
        let (start, is_between) = self.range_opening(end);
        let (end, first) = self.weekday(start)?;
        let (end, last) = self.weekday(self.range_joint(end, is_between)?)?;
        let days =
            Days { start: calendar::in_week(week.start, first)?, end: calendar::in_week(week.start, last)? };
        (days.start < days.end).then_some((end, days))
    }

    /// "from March to May", "2014-2018", "between now and November 15th"
    fn two_ends(&self, at: usize) -> Option<(usize, Option<Choice<Days>>)> {
        let (start, is_between) = self.range_opening(at);
        // "in 2014 through 2018", which names no other time than the years
        let start =
            self.word(start, Word::In).filter(|start| !self.years(*start).is_empty()).unwrap_or(start);
        for first in self.limits(start) {
            let Some(joint) = self.range_joint(first.end, is_between) else { continue };
            let Some(second) = self.limits(joint).into_iter().next() else { continue };
            let led_by_in = self.word(at, Word::In) == Some(start);
            if led_by_in && !self.years(joint).iter().any(|(end, _)| *end == second.end) {
                continue;
            }
            let now_only = self.word(start, Word::Now).is_some() && self.word(joint, Word::Now).is_some();
            if now_only {
                continue;
            }
            return Some((second.end, self.joined(first.value, second.value)?));
        }
        None
    }

    /// Days and periods as ends of a range, the longest first. A period stands for its first day.
    fn limits(&self, at: usize) -> Vec<Reading<Limit>> {
        let mut out = Vec::new();
        for day in self.days(at) {
            let is_dated = day.value.yearly.is_none();
            let choice = day.value.choice;
            let tells_year = choice
                .filter(|choice| is_dated && choice.past == choice.future)
                .map(|choice| choice.past.year());
            let tells_year = tells_year.or_else(|| {
                choice.is_none().then(|| self.years(day.end - 1).first().map(|(_, year)| *year)).flatten()
            });
            out.push(Reading { end: day.end, value: Limit { choice, yearly: day.value.yearly, tells_year } });
        }
        let edge = self.edge(self.word(at, Word::The).unwrap_or(at));
        if let Some((start, side)) = edge
            && let Some(period) = self.whole_of_edge(start)
        {
            let date = |days: Days| match side {
                Side::Start => Some(days.start),
                Side::Middle => {
                    let length = days.start.until(days.end).ok()?.get_days();
                    calendar::plus_days(days.start, i64::from(length) / 2)
                }
                Side::End => Some(days.end),
            };
            let choice = period.value.choice.and_then(|choice| choice.try_map(date));
            out.push(Reading { end: period.end, value: Limit { choice, yearly: None, tells_year: None } });
        }
        for period in self.periods(at) {
            let Some(choice) = period.value.choice else { continue };
            let choice = choice.map(|days| days.start);
            let yearly = period.value.month.map(|month| (month, 1));
            let is_one = yearly.is_none() && choice.past == choice.future && !period.value.is_relative;
            let tells_year = is_one.then(|| choice.past.year());
            out.push(Reading { end: period.end, value: Limit { choice: Some(choice), yearly, tells_year } });
        }
        if let Some(end) = self.word(at, Word::Now)
            && let Some(today) = self.today()
        {
            out.push(Reading { end, value: Limit::known(today) });
        }
        out.sort_by_key(|limit| std::cmp::Reverse(limit.end));
        out
    }

    /// The ranges from `first` to `second`; `None` inside where one of them is no day.
    fn joined(&self, first: Limit, second: Limit) -> Option<Option<Choice<Days>>> {
        let in_year = |(month, day), year| Date::new(year, month, day).ok();
        let mut first_choice = first.choice;
        if let (Some(year), Some(open)) = (second.tells_year, first.yearly) {
            let end = second.choice.map(|choice| choice.future);
            let date = in_year(open, year);
            let before = date.zip(end).is_some_and(|(date, end)| date < end);
            first_choice = if before || end.is_none() { date } else { in_year(open, year.checked_sub(1)?) }
                .map(Choice::one);
        }
        let (Some(a), Some(mut b)) = (first_choice, second.choice) else { return Some(None) };
        if let (Some(_), Some(open)) = (first.yearly, second.yearly)
            && second.tells_year.is_none()
            && a.past != a.future
        {
            // The end is the first one after each beginning, but of beginnings that are not over only if it ends by then.
            let next = |date: Date| {
                in_year(open, date.year())
                    .filter(|end| *end > date)
                    .or_else(|| in_year(open, date.year() + 1))
            };
            if let (Some(past), Some(future)) = (next(a.past), next(a.future))
                && b.past != past
                && b.future == future
            {
                b.past = past;
            }
        }
        let mut future = Days { start: a.future, end: b.future };
        let mut past = Days { start: a.past, end: b.past };
        if future.start > future.end {
            future.start = a.past;
        }
        if past.end < past.start {
            past.end = b.future;
        }
        (past.start <= past.end && future.start <= future.end).then_some(Some(Choice { past, future }))
    }

    /// "between 3 and 12 of Sept", "from 4-23 in next month", "November 19-20", "April ninth through seventeenth"
    fn day_numbers(&self, at: usize) -> Option<(usize, Option<Choice<Days>>)> {
        let (start, is_between) = self.range_opening(at);
        let number = |at: usize| {
            let start = self.word(at, Word::The).unwrap_or(at);
            let small = self.small(start, 31).into_iter().next();
            self.ordinal(start).or(small).filter(|(_, day)| (1..=31).contains(day))
        };
        if let Some((end, month)) = self.month(start) {
            let (opened, inner) = self.range_opening(end);
            let (end, first) = number(opened)?;
            let (end, last) = number(self.range_joint(end, is_between || inner)?)?;
            (!self.is_clock_after(end) && !self.goes_on(end)).then_some(())?;
            let year = self.year_after(end);
            return Some((
                year.map_or(end, |(end, _)| end),
                self.days_of_month(month, first, last, year.map(|(_, year)| year)),
            ));
        }
        let (end, first) = number(start)?;
        let (end, last) = number(self.range_joint(end, is_between)?)?;
        let of = self.optional(end, &[Word::Of, Word::In]);
        if let Some((end, days)) = self.shifted_unit(of, Unit::Month) {
            let (year, month) = (days.start.year(), days.start.month());
            return Some((end, self.days_of_month(month, first, last, Some(year))));
        }
        let (end, month) = self.month(of)?;
        let year = self.year_after(end);
        Some((
            year.map_or(end, |(end, _)| end),
            self.days_of_month(month, first, last, year.map(|(_, year)| year)),
        ))
    }

    fn days_of_month(&self, month: i8, first: i8, last: i8, year: Option<i16>) -> Option<Choice<Days>> {
        let days = |year| {
            Some(Days { start: Date::new(year, month, first).ok()?, end: Date::new(year, month, last).ok()? })
        };
        match year {
            Some(year) => Some(Choice::one(days(year)?)),
            None => {
                let start = calendar::yearly(self.today()?, |year| Some(days(year)?.start))?;
                start.try_map(|start| days(start.year()))
            }
        }
    }

    /// "2 weeks starting May 20th", "for 3 days, from today"
    fn length_from_day(&self, at: usize) -> Option<(usize, Days)> {
        let for_start = self.word(at, Word::For);
        let length = self
            .lengths(for_start.unwrap_or(at))
            .into_iter()
            .next()
            .filter(|length| length.value.is_of_days())?;
        let starting = self.word(length.end, Word::Starting).filter(|_| for_start.is_none());
        let from = || self.word(self.skip(length.end, ','), Word::From).filter(|_| for_start.is_some());
        let start = starting.or_else(from)?;
        let day = self.plain_day(self.optional(start, &[Word::From, Word::On]))?;
        let date = match day.value.yearly {
            Some((month, day)) => Date::new(self.today()?.year(), month, day).ok()?,
            None => day.value.choice?.future,
        };
        Some((day.end, Days { start: date, end: length.value.added_to(date, 1)? }))
    }

    /// "less than 3 days after tomorrow"
    fn less_than_length(&self, at: usize) -> Option<(usize, Days)> {
        let start = self.word(at, Word::Less)?;
        let length = self.lengths(start).into_iter().next().filter(|length| length.value.is_of_days())?;
        let (anchor, sign) = match (
            self.word(length.end, Word::Bound(Bound::After)),
            self.word(length.end, Word::Bound(Bound::Before)),
        ) {
            (Some(anchor), _) => (anchor, 1),
            (None, Some(anchor)) => (anchor, -1),
            (None, None) => return self.less_than_from_now(&length),
        };
        let day = self.plain_day(anchor)?;
        let near = day.value.choice?.future;
        let far = length.value.added_to(near, sign)?;
        Some((day.end, Days { start: near.min(far), end: near.max(far) }))
    }

    fn less_than_from_now(&self, length: &Reading<super::length::Length>) -> Option<(usize, Days)> {
        let (end, sign) = self.direction(length.end)?;
        let near = self.today()?;
        let far = length.value.added_to(near, sign)?;
        Some((end, Days { start: near.min(far), end: near.max(far) }))
    }
}
