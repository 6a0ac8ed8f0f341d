//! Periods of the calendar: `next week`, `March 2019`, `Q3`, `the last three days`, `end of month`, `week 23`, `the nineties`.

use jiff::civil::Date;

use super::calendar::{self, Choice, Days};
use super::lexicon::{Unit, Word};
use super::text::Grammar;
use crate::entity::Reading;

/// Days in a row, as far as the words say which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Period {
    /// `None` where nobody agrees on the days: "summer", "fiscal year 2008".
    pub(super) choice: Option<Choice<Days>>,
    /// What it is a period of.
    pub(super) unit: Unit,
    /// The month where the year is open, so that the end of a range may still tell it.
    pub(super) month: Option<i8>,
    /// Whether it was said from now ("this year", "the month"), so that its halves are those from now.
    pub(super) is_relative: bool,
}

impl Period {
    pub(super) fn known(days: Days, unit: Unit) -> Self {
        Self::of(Choice::one(days), unit)
    }

    pub(super) fn relative(days: Days, unit: Unit) -> Self {
        Self { is_relative: true, ..Self::known(days, unit) }
    }

    pub(super) fn of(choice: Choice<Days>, unit: Unit) -> Self {
        Self { choice: Some(choice), unit, month: None, is_relative: false }
    }

    fn unresolved(unit: Unit) -> Self {
        Self { choice: None, unit, month: None, is_relative: false }
    }
}

impl Grammar<'_> {
    /// Periods that begin at `at`, the longest first.
    pub(super) fn periods(&self, at: usize) -> Vec<Reading<Period>> {
        self.once(at, |known| &known.periods, || self.read_periods(at))
    }

    fn read_periods(&self, at: usize) -> Vec<Reading<Period>> {
        let mut out = self.plain_periods(at);
        out.extend(self.part_of_period(at));
        out.extend(self.count_of_period(at));
        out.extend(self.rest_of_period(at));
        out.extend(self.year_to_date(at));
        out.extend(self.counted_from_now(at));
        out.extend(self.within(at));
        out.extend(self.week_of_day(at));
        out.extend(self.holiday_weekend(at));
        out.sort_by_key(|reading| std::cmp::Reverse(reading.end));
        out
    }

    fn plain_periods(&self, at: usize) -> Vec<Reading<Period>> {
        let mut out = Vec::new();
        out.extend(self.month_period(at));
        out.extend(self.month_in_digits(at));
        out.extend(self.year_period(at));
        out.extend(self.unit_period(at));
        out.extend(self.quarter(at));
        out.extend(self.numbered_week(at));
        out.extend(self.numbered_in_period(at));
        out.extend(self.season(at));
        out.extend(self.decade(at));
        out.extend(self.century(at));
        out.sort_by_key(|reading| std::cmp::Reverse(reading.end));
        out
    }

    /// "March", "March 2019", "2019 March", "this May", "April of this year"
    pub(super) fn month_period(&self, at: usize) -> Vec<Reading<Period>> {
        let mut out = Vec::new();
        let month_of = |year, month| Days::of_month(year, month);
        if let Some((end, year)) = self.years(at).first().copied()
            && let Some((end, month)) = self.month(self.optional(self.skip_separator(end), &[Word::Of]))
        {
            out.extend(
                month_of(year, month).map(|days| Reading { end, value: Period::known(days, Unit::Month) }),
            );
        }
        let shift = self.shift(at);
        // "the month of May"
        let prefix = || {
            let unit = self.word(self.word(at, Word::The).unwrap_or(at), Word::Unit(Unit::Month))?;
            self.word(unit, Word::Of)
        };
        let start = shift.map_or_else(|| prefix().unwrap_or(at), |(end, _)| end);
        let Some((end, month)) = self.month(start) else { return out };
        let Some(year) = self.today().map(Date::year) else {
            return self.month_of_year(end, month).into_iter().collect();
        };
        if let Some((_, shift)) = shift {
            // "that may result"
            if self.is_ambiguous(start) && shift.count() == 0 && !self.is_supported(at, at) {
                return out;
            }
            let days =
                i16::try_from(shift.count()).ok().and_then(|count| month_of(year.checked_add(count)?, month));
            out.extend(days.map(|days| Reading { end, value: Period::known(days, Unit::Month) }));
            return out;
        }
        out.extend(self.month_of_year(end, month));
        if self.is_ambiguous(at) && !self.is_supported(at, at) {
            return out;
        }
        let choice =
            self.today().and_then(|today| calendar::yearly_days(today, |year| Days::of_month(year, month)));
        out.extend(choice.map(|choice| Reading {
            end,
            value: Period { month: Some(month), ..Period::of(choice, Unit::Month) },
        }));
        out
    }

    fn month_of_year(&self, at: usize, month: i8) -> Option<Reading<Period>> {
        let start = self.skip_separator(at);
        let (end, year) = self.year_after(start)?;
        Some(Reading { end, value: Period::known(Days::of_month(year, month)?, Unit::Month) })
    }

    pub(super) fn skip_separator(&self, at: usize) -> usize {
        at + usize::from(matches!(self.text(at), "-" | "/" | "," | "."))
    }

    /// "12-2015", "2015-12"
    fn month_in_digits(&self, at: usize) -> Option<Reading<Period>> {
        let joined = matches!(self.text(at + 1), "-" | "/") && self.glued(at + 1) && self.glued(at + 2);
        (joined && !self.goes_on(at + 3)).then_some(())?;
        let (year, month) = match (self.digits(at)?, self.digits(at + 2)?) {
            ((4, year), (2, month)) | ((1 | 2, month), (4, year)) => (year, month),
            _ => return None,
        };
        (1500..2200).contains(&year).then_some(())?;
        let days = Days::of_month(year as i16, i8::try_from(month).ok()?)?;
        Some(Reading { end: at + 3, value: Period::known(days, Unit::Month) })
    }

    /// "2019", "the year 2019", "fiscal year 2008", "cy18"
    pub(super) fn year_period(&self, at: usize) -> Option<Reading<Period>> {
        if let Some((end, unit)) =
            self.pick(at, |word| if let Word::YearSign(unit) = word { Some(unit) } else { None })
        {
            let (length, year) = self.digits(end)?;
            let year = year as i16;
            let year = if length == 2 { calendar::two_digit_year(year).past } else { year };
            return Some(Reading { end: end + 1, value: period_of_year(year, unit)? });
        }
        let the = self.word(at, Word::The).unwrap_or(at);
        let unit = self.pick(the, |word| match word {
            Word::Unit(unit @ (Unit::Year | Unit::FiscalYear | Unit::SchoolYear)) => Some(unit),
            _ => None,
        });
        if let Some((end, unit)) = unit {
            if let Some((end, year)) = self.years(end).first().copied() {
                let start_allowed = the == at || self.follows(at, |word| matches!(word, Word::Bound(_)));
                return start_allowed.then_some(Reading { end, value: period_of_year(year, unit)? });
            }
            let special = unit != Unit::Year && the == at;
            return special.then_some(Reading { end, value: Period::unresolved(unit) });
        }
        let (end, year) = self.years(at).first().copied()?;
        let in_digits = self.digits(at).is_some();
        let led = || {
            self.follows(at, |word| {
                matches!(
                    word,
                    Word::In | Word::Bound(_) | Word::From | Word::To | Word::Between | Word::And | Word::Of
                )
            })
        };
        let alone = in_digits && !self.is_in_row_of_digits(at);
        (alone || (!in_digits && led())).then_some(())?;
        Some(Reading { end, value: period_of_year(year, Unit::Year)? })
    }

    /// `000 111 2100`, `32 - 2015`, `2010-2015-86`: no year.
    fn is_in_row_of_digits(&self, at: usize) -> bool {
        let is_year = |at: usize| self.digits(at).is_some_and(|(length, _)| length == 4);
        let before = at >= 2 && self.text(at - 1) == "-" && self.digits(at - 2).is_some() && !is_year(at - 2);
        let joined = self.goes_on(at + 1) || (self.text(at + 1) == "-" && self.digits(at + 2).is_some());
        let after = joined && !(self.text(at + 1) == "-" && is_year(at + 2) && !self.goes_on(at + 3));
        before || after
    }

    /// "this week", "the year", "next quarter", "the week after next", "weekend"
    pub(super) fn unit_period(&self, at: usize) -> Option<Reading<Period>> {
        let the = self.word(at, Word::The);
        let shifted = self.shift(the.unwrap_or(at));
        let (start, count) = match (the, shifted) {
            (_, Some((end, shift))) => (end, Some(shift.count())),
            (Some(end), None) => (end, Some(0)),
            (None, None) => (at, None),
        };
        let (end, unit) = self.unit(start)?;
        let is_span = !unit.is_of_clock() && !matches!(unit, Unit::Day | Unit::Night | Unit::BusinessDay);
        is_span.then_some(())?;
        // "the week 23", "the year of 2008", "the year to date"
        let names_another =
            self.digits(end).is_some() || !self.years(self.optional(end, &[Word::Of])).is_empty();
        if shifted.is_none()
            && (names_another
                || self.pick(start, |word| matches!(word, Word::UnitToDate(_)).then_some(())).is_some())
        {
            return None;
        }
        if count.is_none() {
            matches!(unit, Unit::Weekend | Unit::WorkWeek).then_some(())?;
        }
        // "the" goes with the words it stands before, but not with "the next week".
        let keeps_the =
            the.is_none() || shifted.is_none() || matches!(unit, Unit::Decade | Unit::Century | Unit::Day);
        keeps_the.then_some(())?;
        if matches!(unit, Unit::SchoolYear | Unit::FiscalYear) {
            return Some(Reading { end, value: Period::unresolved(unit) });
        }
        let mut count = count.unwrap_or(0);
        let mut end = end;
        for (word, further) in [(Word::AfterNext, 2), (Word::BeforeLast, -2)] {
            if let Some(after) = self.word(end, word) {
                (end, count) = (after, count + further);
            }
        }
        let mut days = calendar::shifted(self.today()?, unit, count)?;
        // The next fortnight begins after this one, which began this week.
        if unit == Unit::Fortnight {
            let first = calendar::around(self.today()?, Unit::Fortnight)?;
            days = calendar::around(calendar::step(first.start, Unit::Fortnight, count)?, Unit::Fortnight)?;
        }
        Some(Reading { end, value: Period::relative(days, unit) })
    }

    /// "Q3", "Q3 2019", "2019-H2", "first quarter of 2013", "next year's first quarter"
    pub(super) fn quarter(&self, at: usize) -> Option<Reading<Period>> {
        let year_first = self.years(at).first().copied().or_else(|| self.year_genitive(at));
        if let Some((end, year)) = year_first {
            let end = if matches!(self.text(end), "'" | "’") && self.text(end + 1) == "s" {
                end + 2
            } else {
                end
            };
            let (end, number, unit) = self.numbered_quarter(self.skip_separator(end))?;
            return Some(Reading { end, value: Period::known(quarter_days(year, number, unit)?, unit) });
        }
        let (end, number, unit) = self.numbered_quarter(at)?;
        let separator = end + usize::from(matches!(self.text(end), "-" | "/" | ","));
        let the_year = self.optional(end, &[Word::Of]);
        let open = self.word(the_year, Word::The).and_then(|start| self.word(start, Word::Unit(Unit::Year)));
        if open.is_none()
            && let Some((end, year)) = self.year_after(separator)
        {
            return Some(Reading { end, value: Period::known(quarter_days(year, number, unit)?, unit) });
        }
        // "the first half" of anything, but "the first half of the year"
        (unit == Unit::Quarter || open.is_some() || self.word(at, Word::HalfSign).is_some()).then_some(())?;
        let choice = calendar::yearly_days(self.today()?, |year| quarter_days(year, number, unit))?;
        Some(Reading { end: open.unwrap_or(end), value: Period::of(choice, unit) })
    }

    fn numbered_quarter(&self, at: usize) -> Option<(usize, i8, Unit)> {
        // "Quartal 3"
        if let Some(end) = self.word(at, Word::Unit(Unit::Quarter))
            && let Some((1, number @ 1..=4)) = self.digits(end)
        {
            return Some((end + 1, number as i8, Unit::Quarter));
        }
        for (sign, unit, count) in [(Word::QuarterSign, Unit::Quarter, 4), (Word::HalfSign, Unit::Half, 2)] {
            if let Some(end) = self.word(at, sign)
                && self.glued(end)
                && let Some((1, number)) = self.digits(end)
                && (1..=count).contains(&number)
            {
                return Some((end + 1, number as i8, unit));
            }
            let start = self.word(at, Word::The).unwrap_or(at);
            if let Some((end, number)) = self.ordinal(start)
                && let joint = self.skip(end, '-')
                && let Some(end) = self
                    .word(joint, Word::Unit(unit))
                    .or_else(|| self.word(joint, Word::HalfYear).filter(|_| unit == Unit::Half))
                && (1..=count as i8).contains(&number)
            {
                return Some((end, number, unit));
            }
        }
        None
    }

    /// "week 23", "week 3 of 2027"
    fn numbered_week(&self, at: usize) -> Option<Reading<Period>> {
        let start = self.word(at, Word::Unit(Unit::Week))?;
        let (length, number) = self.digits(start)?;
        (length <= 2 && !self.goes_on(start + 1) && !self.is_clock(start)).then_some(())?;
        let (end, year) = match self.year_after(start + 1) {
            Some(found) => found,
            None => (start + 1, self.today()?.year()),
        };
        Some(Reading { end, value: Period::known(calendar::week_of_year(year, number)?, Unit::Week) })
    }

    /// "this summer", "winter 2019": a season begins on other days for everyone.
    fn season(&self, at: usize) -> Option<Reading<Period>> {
        let side = self.side(at).or_else(|| self.edge(at)).map_or(at, |(end, _)| end);
        let start = self.shift(side).map_or(side, |(end, _)| end);
        let the = if start > at { self.optional(start, &[Word::The]) } else { start };
        let end = self.word(the, Word::Season)?;
        let end = self.year_after(end).map_or(end, |(end, _)| end);
        Some(Reading { end, value: Period::unresolved(Unit::Quarter) })
    }

    /// "1990s", "1990 s", "the 80's", "the nineties", "nineteen eighties"
    fn decade(&self, at: usize) -> Option<Reading<Period>> {
        let days = |year: i16| calendar::around(Date::new(year, 1, 1).ok()?, Unit::Decade);
        let start = self.word(at, Word::The).unwrap_or(at);
        if let Some((length, year)) = self.digits(start) {
            let apostrophe = usize::from(matches!(self.text(start + 1), "'" | "’"));
            let end = self.word(start + 1 + apostrophe, Word::DecadeMark)?;
            (year % 10 == 0).then_some(())?;
            if length == 4 && (1000..2200).contains(&year) {
                return Some(Reading { end, value: Period::known(days(year as i16)?, Unit::Decade) });
            }
            // "90s" alone are seconds.
            (length == 2 && start > at).then_some(())?;
            return Some(Reading { end, value: self.open_decade(year as i16)? });
        }
        if let Some((end, year)) =
            self.pick(start, |word| if let Word::DecadeFrom(year) = word { Some(year) } else { None })
        {
            return Some(Reading { end, value: Period::known(days(year)?, Unit::Decade) });
        }
        let tens = |at| {
            self.pick(at, |word| if let Word::Decade(tens) = word { Some(i16::from(tens)) } else { None })
        };
        for (end, century) in self.small(start, 21).into_iter().filter(|(_, century)| *century >= 10) {
            if let Some((end, tens)) = tens(self.skip(end, '-')) {
                let days = days(i16::from(century) * 100 + tens)?;
                return Some(Reading { end, value: Period::known(days, Unit::Decade) });
            }
        }
        let (end, tens) = tens(start)?;
        Some(Reading { end, value: self.open_decade(tens)? })
    }

    fn open_decade(&self, tens: i16) -> Option<Period> {
        let days = |year: i16| calendar::around(Date::new(year, 1, 1).ok()?, Unit::Decade);
        let year = self.today()?.year();
        let this = year.div_euclid(100) * 100 + tens;
        let (past, future) = if this <= year { (this, this + 100) } else { (this - 100, this) };
        Some(Period::of(Choice { past: days(past)?, future: days(future)? }, Unit::Decade))
    }

    /// "21st century"
    fn century(&self, at: usize) -> Option<Reading<Period>> {
        let (end, number) = self.ordinal(at)?;
        let end = self.word(end, Word::Unit(Unit::Century))?;
        let days = calendar::around(Date::new((i16::from(number) - 1) * 100, 1, 1).ok()?, Unit::Century)?;
        Some(Reading { end, value: Period::known(days, Unit::Century) })
    }

    /// "the week of the 18th", "w/c Feb 4"
    fn week_of_day(&self, at: usize) -> Option<Reading<Period>> {
        let the = self.word(at, Word::The).unwrap_or(at);
        let of = self.word(the, Word::WeekOf)?;
        let start = self.optional(of, &[Word::On]);
        let day = self.monthly(start).into_iter().chain(self.plain_day(start)).max_by_key(|day| day.end)?;
        let choice = day.value.choice?.try_map(|date| calendar::around(date, Unit::Week))?;
        Some(Reading { end: day.end, value: Period::of(choice, Unit::Week) })
    }

    /// "Labor Day weekend 2021": the weekend with the holiday in it or beside it.
    fn holiday_weekend(&self, at: usize) -> Option<Reading<Period>> {
        let named = |at| self.holiday_name(at);
        let the = self.word(at, Word::The).unwrap_or(at);
        let weekend_of = self.word(the, Word::Unit(Unit::Weekend)).and_then(|end| self.word(end, Word::Of));
        let (end, holiday) = named(weekend_of.unwrap_or(at))?;
        let before = self.year_after(end);
        let end = if weekend_of.is_some() {
            end
        } else {
            self.word(before.map_or(end, |(end, _)| end), Word::Unit(Unit::Weekend))?
        };
        let year = before.or_else(|| self.year_after(end));
        let end = year.map_or(end, |(year_end, _)| end.max(year_end));
        let choice = match year {
            Some((_, year)) => Choice::one(holiday.in_year(year)?),
            None => calendar::yearly(self.today()?, |year| holiday.in_year(year))?,
        };
        let days = |date: Date| {
            // Nearer to the weekend behind it from Monday to Wednesday.
            let anchor = if date.weekday().to_monday_one_offset() <= 3 {
                calendar::plus_days(date, -7)?
            } else {
                date
            };
            let weekend = calendar::around(anchor, Unit::Weekend)?;
            Some(Days { start: weekend.start.min(date), end: weekend.end.max(calendar::plus_days(date, 1)?) })
        };
        Some(Reading { end, value: Period::of(choice.try_map(days)?, Unit::Weekend) })
    }
}

fn period_of_year(year: i16, unit: Unit) -> Option<Period> {
    match unit {
        Unit::Year => Some(Period::known(Days::of_year(year)?, Unit::Year)),
        _ => Some(Period::unresolved(unit)),
    }
}

fn quarter_days(year: i16, number: i8, unit: Unit) -> Option<Days> {
    let length = if unit == Unit::Half { 6 } else { 3 };
    calendar::around(Date::new(year, (number - 1) * length + 1, 1).ok()?, unit)
}
