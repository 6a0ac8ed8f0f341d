//! Reckoning with days: periods of the calendar, and which day an incomplete date names.
//!
//! Nothing here panics: what falls outside the years −9999 to 9999 is `None`.

use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};

use super::lexicon::Unit;

/// What an incomplete date can mean: the last one before now and the next one. Both are the same where there is no doubt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Choice<T> {
    pub(super) past: T,
    pub(super) future: T,
}

impl<T: Copy + PartialEq> Choice<T> {
    pub(super) fn one(value: T) -> Self {
        Self { past: value, future: value }
    }

    pub(super) fn try_map<U>(self, f: impl Fn(T) -> Option<U>) -> Option<Choice<U>> {
        Some(Choice { past: f(self.past)?, future: f(self.future)? })
    }

    pub(super) fn map<U>(self, f: impl Fn(T) -> U) -> Choice<U> {
        Choice { past: f(self.past), future: f(self.future) }
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = T> {
        [self.past, self.future].into_iter().take(if self.past == self.future { 1 } else { 2 })
    }
}

/// Days in a row; `end` is the day after the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Days {
    pub(super) start: Date,
    pub(super) end: Date,
}

impl Days {
    pub(super) fn of_month(year: i16, month: i8) -> Option<Self> {
        around(Date::new(year, month, 1).ok()?, Unit::Month)
    }

    pub(super) fn of_year(year: i16) -> Option<Self> {
        around(Date::new(year, 1, 1).ok()?, Unit::Year)
    }
}

pub(super) fn plus_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

pub(super) fn plus_months(date: Date, months: i64) -> Option<Date> {
    date.checked_add(Span::new().try_months(months).ok()?).ok()
}

pub(super) fn plus_seconds(time: DateTime, seconds: i64) -> Option<DateTime> {
    time.checked_add(Span::new().try_seconds(seconds).ok()?).ok()
}

/// `weekday` in the week (from Monday) of `date`.
pub(super) fn in_week(date: Date, weekday: Weekday) -> Option<Date> {
    plus_days(date, i64::from(weekday.to_monday_zero_offset() - date.weekday().to_monday_zero_offset()))
}

/// The first `weekday` after `date`.
pub(super) fn weekday_after(date: Date, weekday: Weekday) -> Option<Date> {
    date.nth_weekday(1, weekday).ok()
}

/// The last `weekday` before `date`.
pub(super) fn weekday_before(date: Date, weekday: Weekday) -> Option<Date> {
    date.nth_weekday(-1, weekday).ok()
}

/// The `unit` of the calendar that `date` lies in; of a weekend, the one of its week.
pub(super) fn around(date: Date, unit: Unit) -> Option<Days> {
    let monday = in_week(date, Weekday::Monday)?;
    let months = |first: i8, count: i64| {
        let start = Date::new(date.year(), first, 1).ok()?;
        Some(Days { start, end: plus_months(start, count)? })
    };
    let years = |length: i16| {
        let start = Date::new(date.year() - date.year().rem_euclid(length), 1, 1).ok()?;
        Some(Days { start, end: plus_months(start, 12 * i64::from(length))? })
    };
    let from_monday =
        |first, days| Some(Days { start: plus_days(monday, first)?, end: plus_days(monday, days)? });
    match unit {
        Unit::Day | Unit::BusinessDay => Some(Days { start: date, end: plus_days(date, 1)? }),
        Unit::Week => from_monday(0, 7),
        Unit::WorkWeek => from_monday(0, 5),
        Unit::Weekend => from_monday(5, 7),
        Unit::Fortnight => from_monday(0, 14),
        Unit::Month => months(date.month(), 1),
        Unit::Quarter => months((date.month() - 1) / 3 * 3 + 1, 3),
        Unit::Half => months((date.month() - 1) / 6 * 6 + 1, 6),
        Unit::Year | Unit::FiscalYear | Unit::SchoolYear => months(1, 12),
        Unit::Decade => years(10),
        Unit::Century => years(100),
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Night => None,
    }
}

/// The calendar's `unit` that is `count` units away from the one around `date`.
pub(super) fn shifted(date: Date, unit: Unit, count: i64) -> Option<Days> {
    around(step(around(date, unit)?.start, unit, count)?, unit)
}

/// `date` moved by `count` units.
pub(super) fn step(date: Date, unit: Unit, count: i64) -> Option<Date> {
    match unit {
        Unit::Day | Unit::Night => plus_days(date, count),
        Unit::BusinessDay => plus_business_days(date, count),
        Unit::Week | Unit::WorkWeek | Unit::Weekend => plus_days(date, count.checked_mul(7)?),
        Unit::Fortnight => plus_days(date, count.checked_mul(14)?),
        Unit::Month => plus_months(date, count),
        Unit::Quarter => plus_months(date, count.checked_mul(3)?),
        Unit::Half => plus_months(date, count.checked_mul(6)?),
        Unit::Year | Unit::FiscalYear | Unit::SchoolYear => plus_months(date, count.checked_mul(12)?),
        Unit::Decade => plus_months(date, count.checked_mul(120)?),
        Unit::Century => plus_months(date, count.checked_mul(1200)?),
        Unit::Second | Unit::Minute | Unit::Hour => None,
    }
}

fn plus_business_days(date: Date, count: i64) -> Option<Date> {
    let step = count.signum();
    let mut date = date;
    // Weeks first, so that hostile counts cost nothing.
    date = plus_days(date, (count / 5).checked_mul(7)?)?;
    let mut left = (count % 5).abs();
    while left > 0 {
        date = plus_days(date, step)?;
        if !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    Some(date)
}

/// The weeks (from Monday) of which the most days lie in `days`, as ISO 8601 counts the weeks of a year.
pub(super) fn weeks_of(days: Days) -> Option<Days> {
    let owned = |date| in_week(plus_days(date, 3)?, Weekday::Monday);
    Some(Days { start: owned(days.start)?, end: owned(days.end)? })
}

/// Week `number` of a year (ISO 8601).
pub(super) fn week_of_year(year: i16, number: i64) -> Option<Days> {
    let weeks = weeks_of(Days::of_year(year)?)?;
    let start = plus_days(weeks.start, (number - 1).checked_mul(7)?)?;
    (number >= 1 && start < weeks.end).then_some(())?;
    around(start, Unit::Week)
}

/// More than eight years lie between two leap days at the turn of most centuries.
const YEARS_BETWEEN_LEAP_DAYS: i16 = 8;

/// What comes once a year: the last one up to `today` and the next one.
pub(super) fn yearly(today: Date, in_year: impl Fn(i16) -> Option<Date>) -> Option<Choice<Date>> {
    let years = |direction: i16| {
        (0..=YEARS_BETWEEN_LEAP_DAYS).filter_map(move |i| today.year().checked_add(direction * i))
    };
    let past = years(-1).filter_map(&in_year).find(|date| *date <= today)?;
    let future = years(1).filter_map(&in_year).find(|date| *date > today)?;
    Some(Choice { past, future })
}

/// A day of the week: the last one before `today` and the next one, today included.
pub(super) fn weekly(today: Date, weekday: Weekday) -> Option<Choice<Date>> {
    let past = weekday_before(today, weekday)?;
    Some(Choice { past, future: weekday_after(plus_days(today, -1)?, weekday)? })
}

/// A day of the month: the last one before `today` and the next one, today included.
pub(super) fn monthly(today: Date, day: i8) -> Option<Choice<Date>> {
    in_months(today, |date| date.day() == day, day)
}

/// A weekday with a day of the month ("Friday 13th"): the last one before `today` and the next one, today included.
pub(super) fn weekday_on(today: Date, weekday: Weekday, day: i8) -> Option<Choice<Date>> {
    in_months(today, |date| date.weekday() == weekday, day)
}

/// Every weekday meets every day of the month within this many months, the 31st in leap years being the rarest.
const MONTHS_TO_SEARCH: i64 = 60;

fn in_months(today: Date, fits: impl Fn(Date) -> bool, day: i8) -> Option<Choice<Date>> {
    let months = |direction: i64| {
        (0..MONTHS_TO_SEARCH).filter_map(move |i| {
            let month = plus_months(today.first_of_month(), direction * i)?;
            Date::new(month.year(), month.month(), day).ok()
        })
    };
    let past = months(-1).find(|date| *date < today && fits(*date))?;
    let future = months(1).find(|date| *date >= today && fits(*date))?;
    Some(Choice { past, future })
}

/// What comes once a year and lasts for days: `today` inside it counts as its future.
pub(super) fn yearly_days(today: Date, in_year: impl Fn(i16) -> Option<Days>) -> Option<Choice<Days>> {
    let year = today.year();
    let this = in_year(year)?;
    if this.end <= today {
        Some(Choice { past: this, future: in_year(year + 1)? })
    } else {
        Some(Choice { past: in_year(year - 1)?, future: this })
    }
}

/// A year written with two digits: 40 to 99 are of the last century, 00 to 29 of this one, the others may be either.
pub(super) fn two_digit_year(year: i16) -> Choice<i16> {
    match year {
        40.. => Choice::one(1900 + year),
        30..40 => Choice { past: 1900 + year, future: 2000 + year },
        _ => Choice::one(2000 + year),
    }
}

/// Easter Sunday in the Gregorian calendar (Meeus, "Astronomical Algorithms", chapter 8).
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l).div_euclid(451);
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn easter_sundays() {
        for (year, month, day) in [(1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2016, 3, 27), (2038, 4, 25)]
        {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn incomplete_dates_have_a_past_and_a_future() {
        let today = date(2024, 3, 1);
        let leap = yearly(today, |year| Date::new(year, 2, 29).ok()).unwrap();
        assert_eq!((leap.past, leap.future), (date(2024, 2, 29), date(2028, 2, 29)));
        let friday = weekly(today, Weekday::Friday).unwrap();
        assert_eq!((friday.past, friday.future), (date(2024, 2, 23), date(2024, 3, 1)));
        let unlucky = weekday_on(today, Weekday::Friday, 13).unwrap();
        assert_eq!((unlucky.past, unlucky.future), (date(2023, 10, 13), date(2024, 9, 13)));
    }

    #[test]
    fn weeks_belong_where_most_of_their_days_lie() {
        assert_eq!(week_of_year(2026, 1).unwrap().start, date(2025, 12, 29));
        assert_eq!(week_of_year(2026, 53).unwrap().start, date(2026, 12, 28));
        assert_eq!(week_of_year(2027, 53), None);
        let weeks = weeks_of(Days::of_month(2026, 8).unwrap()).unwrap();
        assert_eq!((weeks.start, weeks.end), (date(2026, 8, 3), date(2026, 8, 31)));
    }

    #[test]
    fn business_days_skip_weekends() {
        assert_eq!(step(date(2026, 11, 25), Unit::BusinessDay, 4), Some(date(2026, 12, 1)));
        assert_eq!(step(date(2026, 11, 25), Unit::BusinessDay, -3), Some(date(2026, 11, 20)));
        assert_eq!(step(date(2026, 11, 25), Unit::BusinessDay, i64::MAX), None);
    }
}
