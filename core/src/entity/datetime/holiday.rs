//! Holidays: the rule that says on which day of a year each falls. Their names are words of a language.

use jiff::civil::{Date, Weekday};

use super::calendar::{easter, plus_days};

/// When a holiday is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holiday {
    /// The same month and day every year.
    Fixed(i8, i8),
    /// Days after Easter Sunday.
    Easter(i64),
    /// In this month, its weekday of this number (from the end if negative), and days after it.
    Nth(i8, i8, Weekday, i64),
    /// The last Sunday before Christmas, the fourth of Advent, and days after it.
    Advent(i64),
    /// The first day of this weekday from a month and day on.
    From(i8, i8, Weekday),
    /// Month and day of the Islamic calendar as computed (astronomical epoch, leap years of the 30-year cycle by Kūshyār ibn
    /// Labbān); the sighting of the moon may move it by a day.
    Islamic(i32, i32),
}

impl Holiday {
    /// The day it falls on in `year`.
    pub fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(days) => plus_days(easter(year)?, days),
            Self::Nth(month, number, weekday, days) => {
                let first = Date::new(year, month, 1).ok()?;
                plus_days(first.nth_weekday_of_month(number, weekday).ok()?, days)
            }
            Self::Advent(days) => {
                let christmas = Date::new(year, 12, 25).ok()?;
                plus_days(christmas.nth_weekday(-1, Weekday::Sunday).ok()?, days)
            }
            Self::From(month, day, weekday) => {
                plus_days(Date::new(year, month, day).ok()?, -1)?.nth_weekday(1, weekday).ok()
            }
            Self::Islamic(month, day) => islamic(year, month, day),
        }
    }
}

/// The first time in the Gregorian `year` that the Islamic calendar has this day.
fn islamic(year: i16, month: i32, day: i32) -> Option<Date> {
    let epoch = Date::new(622, 7, 18).ok()?;
    let first = (i32::from(year) - 622) * 33 / 32;
    (first - 1..=first + 2).find_map(|hijri| {
        let years = i64::from(hijri - 1) * 354 + i64::from((3 + 11 * hijri).div_euclid(30));
        let months = i64::from(29 * (month - 1) + month / 2);
        let date = plus_days(epoch, years + months + i64::from(day - 1))?;
        (date.year() == year).then_some(date)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn falls_on() {
        let check = |holiday: Holiday, day| assert_eq!(holiday.in_year(day_year(day)), Some(day));
        fn day_year(date: Date) -> i16 {
            date.year()
        }
        check(Holiday::Easter(50), date(2026, 5, 25));
        check(Holiday::Nth(11, 4, Weekday::Thursday, 1), date(2026, 11, 27));
        check(Holiday::Nth(5, -1, Weekday::Monday, 0), date(2026, 5, 25));
        check(Holiday::Advent(-21), date(2026, 11, 29));
        check(Holiday::From(11, 1, Weekday::Tuesday), date(2026, 11, 3));
        check(Holiday::Islamic(10, 1), date(2022, 5, 2));
        check(Holiday::Islamic(10, 1), date(2023, 4, 21));
    }
}
