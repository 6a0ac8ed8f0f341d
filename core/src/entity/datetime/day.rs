//! Single days: `tomorrow`, `next Friday`, `the 3rd of May`, `22.04.`, `in two weeks`, `first Monday of next month`.

use jiff::civil::{Date, Weekday};

use super::calendar::{self, Choice};
use super::lexicon::{Shift, Unit, Word};
use super::text::Grammar;
use crate::entity::Reading;

/// A day, as far as the words say which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Day {
    /// `None` where there is no such day: February 30.
    pub(super) choice: Option<Choice<Date>>,
    /// Month and day where the year is open, so that the end of a range may still tell it.
    pub(super) yearly: Option<(i8, i8)>,
    pub(super) is_holiday: bool,
}

impl Day {
    pub(super) fn known(date: Date) -> Self {
        Self::of(Choice::one(date))
    }

    pub(super) fn of(choice: Choice<Date>) -> Self {
        Self { choice: Some(choice), yearly: None, is_holiday: false }
    }
}

/// A date as written, its year perhaps left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Written {
    pub(super) year: Option<Choice<i16>>,
    pub(super) month: i8,
    pub(super) day: i8,
}

impl Grammar<'_> {
    /// Days that begin at `at`, the longest first.
    pub(super) fn days(&self, at: usize) -> Vec<Reading<Day>> {
        self.once(at, |known| &known.days, || self.read_days(at))
    }

    fn read_days(&self, at: usize) -> Vec<Reading<Day>> {
        let mut out = Vec::new();
        for (end, written) in self.written_dates(at, false) {
            out.extend(self.resolved(written).map(|value| Reading { end, value }));
        }
        out.extend(self.named_day(at));
        out.extend(self.day_of_month(at));
        out.extend(self.last_day(at));
        out.extend(self.nth_weekday(at));
        out.extend(self.weekdays(at));
        out.extend(self.shifted_date(at));
        out.extend(self.holiday(at));
        out.extend(self.distant_day(at));
        out.extend(self.weekdays_from_now(at));
        out.sort_by_key(|reading| std::cmp::Reverse(reading.end));
        out
    }

    fn resolved(&self, written: Written) -> Option<Day> {
        let Written { year, month, day } = written;
        let leap = Date::new(2000, month, day);
        let choice = match year {
            _ if leap.is_err() => None,
            Some(year) => year.try_map(|year| Date::new(year, month, day).ok()),
            None => Some(calendar::yearly(self.today()?, |year| Date::new(year, month, day).ok())?),
        };
        let yearly = year.is_none().then_some((month, day));
        Some(Day { choice, yearly, is_holiday: false })
    }

    /// "today", "the day", "the next day", "previous day"
    pub(super) fn named_day(&self, at: usize) -> Option<Reading<Day>> {
        let by_name = self.pick(at, |word| if let Word::Day(days) = word { Some(days) } else { None });
        let by_shift = || {
            let start = self.word(at, Word::The).unwrap_or(at);
            let (shift_end, shift) = self.shift(start)?;
            Some((self.word(shift_end, Word::Unit(Unit::Day))?, shift.count()))
        };
        let (end, days) = by_name.or_else(by_shift)?;
        Some(Reading { end, value: Day::known(calendar::plus_days(self.today()?, days)?) })
    }

    /// "the 18th" after "on", "the 21st of this month", "the 15th day of next month"
    fn day_of_month(&self, at: usize) -> Option<Reading<Day>> {
        let start = self.word(at, Word::The).unwrap_or(at);
        let of_month = || {
            let (end, day) = self.ordinal(start)?;
            let of = self.optional(end, &[Word::Unit(Unit::Day), Word::Of, Word::In]);
            let (month_end, days) = self.shifted_unit(of, Unit::Month)?;
            let date = Date::new(days.start.year(), days.start.month(), day).ok();
            let choice = date.map(Choice::one);
            Some(Reading { end: month_end, value: Day { choice, yearly: None, is_holiday: false } })
        };
        of_month().or_else(|| {
            let reading = self.monthly(at)?;
            let in_digits = self.ordinal(start).is_some() && self.digits(start).is_some();
            let ends = reading.end >= self.len() || matches!(self.text(reading.end), "." | "," | "!" | "?");
            let bare = self.follows(at, |word| match word {
                Word::On => true,
                Word::At | Word::In => {
                    in_digits && !self.language.datetime.words.ordinal_dot && !self.is_word(reading.end)
                }
                Word::For => start > at && ends,
                _ => false,
            });
            let counts_something = self.digits(start).is_none() && self.is_noun(reading.end);
            (bare && !counts_something).then_some(reading)
        })
    }

    /// "the last day of the month"
    fn last_day(&self, at: usize) -> Option<Reading<Day>> {
        let start = self.optional(at, &[Word::The]);
        let day = self.word(self.word(start, Word::Shift(Shift::Last))?, Word::Unit(Unit::Day))?;
        let whole = self.whole_after_preposition(self.any(day, &[Word::Of, Word::In])?)?;
        let choice = whole.value.choice?.try_map(|days| calendar::plus_days(days.end, -1))?;
        Some(Reading { end: whole.end, value: Day::of(choice) })
    }

    /// "the 18th": of which month, nobody says.
    pub(super) fn monthly(&self, at: usize) -> Option<Reading<Day>> {
        let start = self.word(at, Word::The).unwrap_or(at);
        let plain = || {
            self.digits(start)
                .filter(|(length, _)| *length <= 2 && start > at)
                .map(|(_, day)| (start + 1, day as i8))
        };
        let (end, day) = self.ordinal(start).or_else(plain)?;
        (1..=31).contains(&day).then_some(())?;
        Some(Reading { end, value: Day::of(calendar::monthly(self.today()?, day)?) })
    }

    /// A month, week or year said as "this", "next", "the": its days.
    pub(super) fn shifted_unit(&self, at: usize, unit: Unit) -> Option<(usize, calendar::Days)> {
        let the = self.word(at, Word::The);
        let shifted = self.shift(the.unwrap_or(at)).map(|(end, shift)| (end, shift.count()));
        let (end, count) = shifted.or_else(|| the.map(|end| (end, 0)))?;
        let end = self.word(end, Word::Unit(unit))?;
        Some((end, calendar::shifted(self.today()?, unit, count)?))
    }

    /// "first Monday of next month", "last Friday in June 2019"
    fn nth_weekday(&self, at: usize) -> Option<Reading<Day>> {
        let (weekday_end, number, weekday) = self.numbered_weekday(at)?;
        let of = self.optional(weekday_end, &[Word::Of, Word::In, Word::On]);
        let in_month = |month: Date| month.nth_weekday_of_month(number, weekday).ok();
        let this_month = || {
            self.follows(of, |word| matches!(word, Word::The | Word::InThe)).then_some(())?;
            let end = self.word(of, Word::Unit(Unit::Month))?;
            Some((end, calendar::around(self.today()?, Unit::Month)?))
        };
        if let Some((end, days)) = self.shifted_unit(of, Unit::Month).or_else(this_month) {
            return Some(Reading { end, value: Day::known(in_month(days.start)?) });
        }
        let (month_end, month) = self.month(of)?;
        let nth = |year| in_month(Date::new(year, month, 1).ok()?);
        if let Some((end, year)) = self.year_after(month_end) {
            return Some(Reading { end, value: Day::known(nth(year)?) });
        }
        Some(Reading { end: month_end, value: Day::of(calendar::yearly(self.today()?, nth)?) })
    }

    /// "first Monday", "the last Friday": a number that may be -1.
    pub(super) fn numbered_weekday(&self, at: usize) -> Option<(usize, i8, Weekday)> {
        let start = self.word(at, Word::The).unwrap_or(at);
        let last = self.word(start, Word::Shift(Shift::Last)).map(|end| (end, -1));
        let (end, number) = self.ordinal(start).filter(|(_, number)| (1..=5).contains(number)).or(last)?;
        let (end, weekday) = self.weekday(end)?;
        Some((end, number, weekday))
    }

    /// A year after a date or a month: "2019", ", 2019", "of this year", "nineteen ninety six"
    pub(super) fn year_after(&self, at: usize) -> Option<(usize, i16)> {
        let start = self.optional(self.skip(at, ','), &[Word::Of, Word::In]);
        if let Some((end, days)) = self.shifted_unit(start, Unit::Year) {
            return Some((end, days.start.year()));
        }
        let start = self.optional(start, &[Word::The, Word::Unit(Unit::Year)]);
        let short = || {
            let (length, year) = self.digits(start)?;
            (length == 2 && start > at && self.word(start - 1, Word::Of).is_some()).then_some(())?;
            Some((start + 1, calendar::two_digit_year(year as i16).past))
        };
        self.years(start).first().copied().or_else(short)
    }

    fn weekdays(&self, at: usize) -> Vec<Reading<Day>> {
        let mut out = Vec::new();
        let Some(today) = self.today() else { return out };
        out.extend(self.week_then_weekday(at));
        let start = self.word(at, Word::The).unwrap_or(at);
        let shift = self.shift(start);
        let shift_end = shift.map_or(at, |(end, _)| end);
        let Some((end, weekday)) = self.weekday(shift_end) else { return out };
        if shift.is_none() && self.is_ambiguous(at) && !self.is_supported(at, end) {
            // "Mo. 3.10."
            return self.weekday_with_date(self.skip(end, '.'), weekday, None);
        }
        let alone = match shift {
            None => calendar::weekly(today, weekday),
            Some((_, shift)) => shifted_weekday(today, weekday, shift).map(Choice::one),
        };
        out.extend(alone.map(|choice| Reading { end, value: Day::of(choice) }));
        out.extend(self.weekday_with_date(end, weekday, shift.map(|(_, shift)| shift)));
        if shift.is_none() {
            out.extend(self.weekday_of_week(end, weekday));
        }
        out
    }

    /// Whether a preposition before or a number after tells that ambiguous words at `at..end` name a time.
    pub(super) fn is_supported(&self, at: usize, end: usize) -> bool {
        let is_preposition = |word| {
            matches!(
                word,
                Word::In
                    | Word::On
                    | Word::Bound(_)
                    | Word::From
                    | Word::Between
                    | Word::To
                    | Word::Shift(
                        Shift::Next
                            | Shift::Coming
                            | Shift::Last
                            | Shift::Past
                            | Shift::AfterNext
                            | Shift::BeforeLast
                    )
                    | Word::Side(_)
                    | Word::Edge(_)
                    | Word::Of
                    | Word::Within
                    | Word::Every
                    | Word::Starting
            )
        };
        self.follows(at, is_preposition) || self.digits(end).is_some()
    }

    /// "tuesday of next week", "Monday, next week"
    fn weekday_of_week(&self, at: usize, weekday: Weekday) -> Option<Reading<Day>> {
        let start = self.optional(self.skip(at, ','), &[Word::Of, Word::In]);
        let (end, days) = self.shifted_unit(start, Unit::Week)?;
        Some(Reading { end, value: Day::known(calendar::in_week(days.start, weekday)?) })
    }

    /// "next week on Tuesday", "previous week - Monday"
    fn week_then_weekday(&self, at: usize) -> Option<Reading<Day>> {
        self.shift(at)?;
        let (week_end, days) = self.shifted_unit(at, Unit::Week)?;
        let sign = if self.is_sign(week_end, '-') { week_end + 1 } else { self.skip(week_end, ',') };
        let (end, weekday) = self.weekday(self.optional(sign, &[Word::On, Word::The]))?;
        Some(Reading { end, value: Day::known(calendar::in_week(days.start, weekday)?) })
    }

    /// "Friday the 26th", "Friday 13", "Friday 7-6", "this Friday (Jun-15)"
    fn weekday_with_date(&self, at: usize, weekday: Weekday, shift: Option<Shift>) -> Vec<Reading<Day>> {
        let mut out = Vec::new();
        let Some(today) = self.today() else { return out };
        let comma = self.skip(at, ',');
        let start = if self.is_sign(comma, '(') { comma + 1 } else { comma };
        for (end, written) in self.written_dates(start, true) {
            let end = if start > comma { self.skip(end, ')') } else { end };
            // "Friday 7-6" is a date if that day is a Friday, "Monday 11-4" are times.
            let is_bare =
                self.digits(start).is_some() && self.is_sign(start + 1, '-') && written.year.is_none();
            if is_bare && !self.falls_on(written, weekday) {
                continue;
            }
            let year = written.year.or(shift.map(|_| Choice::one(today.year())));
            out.extend(self.resolved(Written { year, ..written }).map(|day| {
                let yearly = written.year.is_none().then_some((written.month, written.day));
                Reading { end, value: Day { yearly: yearly.filter(|_| shift.is_none()), ..day } }
            }));
        }
        let the = self.word(comma, Word::The);
        let start = the.unwrap_or(comma);
        let plain = || {
            let (length, day) = self.digits(start)?;
            // "Friday 9 to 5"
            let is_range =
                self.range_joint(start + 1, false).is_some_and(|joint| self.digits(joint).is_some());
            (length <= 2 && !self.goes_on(start + 1) && !self.is_clock(start) && !is_range).then_some(())?;
            Some((start + 1, day as i8))
        };
        if let Some((end, day)) = self.ordinal(start).or_else(plain)
            && (1..=31).contains(&day)
        {
            let this_month = Date::new(today.year(), today.month(), day);
            let this_month = this_month.ok().filter(|date| the.is_some() && date.weekday() == weekday);
            let choice = this_month.map(Choice::one).or_else(|| calendar::weekday_on(today, weekday, day));
            // The dot that ends a sentence is no part of the number.
            let ends_sentence = self.is_sign(end - 1, '.') && (end >= self.len() || self.is_sign(end, '.'));
            let end = if ends_sentence { end - 1 } else { end };
            out.extend(choice.map(|choice| Reading { end, value: Day::of(choice) }));
        }
        out
    }

    fn falls_on(&self, written: Written, weekday: Weekday) -> bool {
        let choice = self.resolved(written).and_then(|day| day.choice);
        choice.is_some_and(|choice| choice.past.weekday() == weekday || choice.future.weekday() == weekday)
    }

    /// "next 5/12", "this 6th of April"
    fn shifted_date(&self, at: usize) -> Option<Reading<Day>> {
        let (start, shift) = self.shift(at)?;
        let today = self.today()?;
        let (end, Written { month, day, .. }) =
            self.written_dates(start, true).into_iter().find(|(_, written)| written.year.is_none())?;
        let choice = calendar::yearly(today, |year| Date::new(year, month, day).ok())?;
        let date = match shift.count() {
            0 => Date::new(today.year(), month, day).ok()?,
            1.. => choice.future,
            _ => choice.past,
        };
        Some(Reading { end, value: Day::known(date) })
    }

    /// "Christmas", "last Easter", "Easter 2018", "independence day of this year"
    fn holiday(&self, at: usize) -> Option<Reading<Day>> {
        let shift = self.shift(at);
        let start = shift.map_or(at, |(end, _)| end);
        let (end, holiday) = self.holiday_name(start)?;
        if let Some((end, year)) = self.year_after(end).or_else(|| self.year_genitive(end)) {
            let day = Day::known(holiday.in_year(year)?);
            return Some(Reading { end, value: Day { is_holiday: true, ..day } });
        }
        let today = self.today()?;
        let choice = calendar::yearly(today, |year| holiday.in_year(year))?;
        let choice = match shift.map(|(_, shift)| shift.count()) {
            None => choice,
            Some(0) => Choice::one(holiday.in_year(today.year())?),
            Some(1..) => Choice::one(choice.future),
            Some(_) => Choice::one(choice.past),
        };
        Some(Reading { end, value: Day { is_holiday: true, ..Day::of(choice) } })
    }

    /// "letzten Jahres", "next year": a year said without a preposition.
    pub(super) fn year_genitive(&self, at: usize) -> Option<(usize, i16)> {
        let (end, days) = self.shifted_unit(at, Unit::Year)?;
        Some((end, days.start.year()))
    }

    /// A day that is not counted from another one.
    pub(super) fn plain_day(&self, at: usize) -> Option<Reading<Day>> {
        let mut out: Vec<Reading<Day>> = self
            .written_dates(at, false)
            .into_iter()
            .filter_map(|(end, written)| Some(Reading { end, value: self.resolved(written)? }))
            .collect();
        out.extend(self.named_day(at));
        out.extend(self.day_of_month(at));
        out.extend(self.weekdays(at));
        out.extend(self.holiday(at));
        out.into_iter().max_by_key(|reading| reading.end)
    }
}

fn shifted_weekday(today: Date, weekday: Weekday, shift: Shift) -> Option<Date> {
    match shift {
        Shift::Coming => calendar::weekday_after(today, weekday),
        Shift::Past => calendar::weekday_before(today, weekday),
        _ => calendar::in_week(calendar::step(today, Unit::Week, shift.count())?, weekday),
    }
}
