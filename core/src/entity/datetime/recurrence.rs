//! What comes again: `every Monday at 4 pm`, `every other week`, `daily`, `montags`, `the 19th of every month`.

use std::fmt;

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

use super::lexicon::{Part, Step, Unit, Word};
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use super::weekdays::Weekdays;
use crate::entity::{Kind, Reading};

/// A rule by which days or times come again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recurrence {
    /// Comes every so many
    pub count: f64,
    /// of these units.
    pub unit: Unit,
    /// On these days of the week; empty where the unit says on which, or none matters.
    pub on: Weekdays,
    /// Of those in a month, only this one; -1 is the last.
    pub nth: Option<i8>,
    /// On this day of the month.
    pub day_of_month: Option<i8>,
    /// At this time of day; the earlier one, if the half of the day is open.
    pub time: Option<Time>,
    /// In this part of the day.
    pub part: Option<Part>,
}

impl Recurrence {
    fn every(count: f64, unit: Unit) -> Self {
        Self { count, unit, on: Weekdays::default(), nth: None, day_of_month: None, time: None, part: None }
    }

    fn weekly(count: f64, on: Weekdays) -> Self {
        Self { on, ..Self::every(count, Unit::Week) }
    }

    /// TIMEX3: `P2W`, `XXXX-WXX-1T16`, `TMO`. It has no word for several days of the week: their values stand in a row, commas
    /// between.
    pub fn to_timex(&self) -> String {
        let time = match (self.time, self.part) {
            (Some(time), _) if time.second() != 0 => {
                format!("T{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
            }
            (Some(time), _) if time.minute() != 0 => format!("T{:02}:{:02}", time.hour(), time.minute()),
            (Some(time), _) => format!("T{:02}", time.hour()),
            (None, Some(part)) => part_timex(part).to_owned(),
            (None, None) => String::new(),
        };
        if !self.on.is_empty() {
            let timex = |day: Weekday| match (day.to_monday_one_offset(), self.nth) {
                (day, Some(nth)) => format!("XXXX-XX-WXX-{day}-#{nth}{time}"),
                (day, None) => format!("XXXX-WXX-{day}{time}"),
            };
            return self.on.iter().map(timex).collect::<Vec<_>>().join(",");
        }
        if let Some(day) = self.day_of_month {
            return format!("XXXX-XX-{day:02}{time}");
        }
        if !time.is_empty() && self.count == 1.0 {
            return time;
        }
        let (count, letter) = match self.unit {
            Unit::Second => (self.count, "S"),
            Unit::Minute => (self.count, "M"),
            Unit::Hour => (self.count, "H"),
            Unit::Day | Unit::Night => (self.count, "D"),
            Unit::BusinessDay => (self.count, "BD"),
            Unit::Week | Unit::WorkWeek => (self.count, "W"),
            Unit::Fortnight => (self.count * 2.0, "W"),
            Unit::Weekend => (self.count, "WE"),
            Unit::Month => (self.count, "M"),
            Unit::Quarter => (self.count * 3.0, "M"),
            Unit::Half => (self.count * 6.0, "M"),
            Unit::Year | Unit::FiscalYear | Unit::SchoolYear => (self.count, "Y"),
            Unit::Decade => (self.count * 10.0, "Y"),
            Unit::Century => (self.count * 100.0, "Y"),
        };
        let clock = if self.unit.is_of_clock() { "T" } else { "" };
        format!("P{clock}{count}{letter}")
    }
}

fn part_timex(part: Part) -> &'static str {
    match part {
        Part::Morning => "TMO",
        Part::Lunch => "TMEL",
        Part::Afternoon => "TAF",
        Part::Evening => "TEV",
        Part::Night => "TNI",
        Part::Daytime => "TDT",
        Part::NightTime => "TNT",
    }
}

/// What a rule of RFC 5545 counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// Every so many seconds.
    Secondly,
    /// Minutes.
    Minutely,
    /// Hours.
    Hourly,
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

impl Frequency {
    fn name(self) -> &'static str {
        match self {
            Self::Secondly => "SECONDLY",
            Self::Minutely => "MINUTELY",
            Self::Hourly => "HOURLY",
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        }
    }
}

impl Recurrence {
    /// The unit as RFC 5545 counts, and every so many of it: every other quarter is every six months.
    pub fn frequency(&self) -> (Frequency, u32) {
        let (frequency, factor) = match self.unit {
            Unit::Second => (Frequency::Secondly, 1.0),
            Unit::Minute => (Frequency::Minutely, 1.0),
            Unit::Hour => (Frequency::Hourly, 1.0),
            Unit::Day | Unit::Night => (Frequency::Daily, 1.0),
            Unit::BusinessDay | Unit::WorkWeek | Unit::Week | Unit::Weekend => (Frequency::Weekly, 1.0),
            Unit::Fortnight => (Frequency::Weekly, 2.0),
            Unit::Month => (Frequency::Monthly, 1.0),
            Unit::Quarter => (Frequency::Monthly, 3.0),
            Unit::Half => (Frequency::Monthly, 6.0),
            Unit::Year | Unit::FiscalYear | Unit::SchoolYear => (Frequency::Yearly, 1.0),
            Unit::Decade => (Frequency::Yearly, 10.0),
            Unit::Century => (Frequency::Yearly, 100.0),
        };
        match self.count * factor {
            half if half < 1.0 && frequency == Frequency::Yearly => {
                (Frequency::Monthly, (half * 12.0).round().max(1.0) as u32)
            }
            count => (frequency, count.max(1.0).round() as u32),
        }
    }

    /// The days of the week on which it comes; empty if they do not matter.
    pub fn weekdays(&self) -> Weekdays {
        match self.unit {
            _ if !self.on.is_empty() => self.on,
            Unit::BusinessDay | Unit::WorkWeek => Weekdays::range(Weekday::Monday, Weekday::Friday),
            Unit::Weekend => Weekdays::range(Weekday::Saturday, Weekday::Sunday),
            _ => Weekdays::default(),
        }
    }
}

/// A recurrence rule of RFC 5545: `FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=16;BYMINUTE=0`.
impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (frequency, interval) = self.frequency();
        write!(f, "FREQ={}", frequency.name())?;
        if interval > 1 {
            write!(f, ";INTERVAL={interval}")?;
        }
        let name = |weekday| match weekday {
            Weekday::Monday => "MO",
            Weekday::Tuesday => "TU",
            Weekday::Wednesday => "WE",
            Weekday::Thursday => "TH",
            Weekday::Friday => "FR",
            Weekday::Saturday => "SA",
            Weekday::Sunday => "SU",
        };
        let weekdays: Vec<_> = self.weekdays().iter().map(name).collect();
        if !weekdays.is_empty() {
            let nth = self.nth.map(|nth| nth.to_string()).unwrap_or_default();
            write!(f, ";BYDAY={nth}{}", weekdays.join(","))?;
        }
        if let Some(day) = self.day_of_month {
            write!(f, ";BYMONTHDAY={day}")?;
        }
        if let Some(time) = self.time {
            write!(f, ";BYHOUR={};BYMINUTE={}", time.hour(), time.minute())?;
        }
        Ok(())
    }
}

impl Grammar<'_> {
    /// Recurrences that begin at `at`.
    pub(super) fn set_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let value = |recurrence| DateTimeValue::new(Kind::Set, [When::Set(recurrence)]);
        let mut out = Vec::new();
        for set in self.plain_sets(at) {
            out.push(Reading { end: set.end, value: value(set.value) });
            if let Some((end, timed)) = self.set_with_time(set) {
                out.push(Reading { end, value: value(timed) });
            }
        }
        // "3pm each day", "6am everyday"
        for clock in self.clocks(at).into_iter().filter(|clock| clock.value.sure) {
            for set in self.plain_sets(clock.end) {
                let clock = set.value.part.map_or(clock.value, |part| clock.value.in_part(part));
                out.push(Reading {
                    end: set.end,
                    value: value(Recurrence { time: Some(clock.time), ..set.value }),
                });
            }
        }
        out
    }

    fn set_with_time(&self, set: Reading<Recurrence>) -> Option<(usize, Recurrence)> {
        let led = self.any(self.skip(set.end, ','), &[Word::At, Word::Around]);
        let start = led.unwrap_or(set.end);
        // "every Monday 19:00 - 21:00" is a recurrence and a range.
        if !self.clock_ranges(start).is_empty() {
            return None;
        }
        let clock = self.clocks(start).into_iter().find(|clock| clock.value.sure || led.is_some())?;
        let time = set.value.part.map_or(clock.value, |part| clock.value.in_part(part)).time;
        Some((clock.end, Recurrence { time: Some(time), ..set.value }))
    }

    fn plain_sets(&self, at: usize) -> Vec<Reading<Recurrence>> {
        let mut out = Vec::new();
        let often = self.pick(at, |word| if let Word::Often(step) = word { Some(step) } else { None });
        out.extend(
            often.map(|(end, Step { count, unit })| Reading { end, value: Recurrence::every(count, unit) }),
        );
        out.extend(self.every(at));
        out.extend(self.plural(at));
        out.extend(self.once_a(at));
        out.extend(self.day_of_every_month(at));
        out.extend(self.nth_weekday_of_month(at));
        out
    }

    /// "every day", "each two days", "every other Friday", "jeden zweiten Dienstag", "every morning"
    fn every(&self, at: usize) -> Vec<Reading<Recurrence>> {
        let mut out = Vec::new();
        let mut starts: Vec<(usize, f64)> = Vec::new();
        starts.extend(self.word(at, Word::EveryOther).map(|end| (end, 2.0)));
        if let Some(end) = self.word(at, Word::Every) {
            starts.push((end, 1.0));
            starts.extend(
                self.ordinal(end)
                    .filter(|(_, number)| *number > 1)
                    .map(|(end, number)| (end, f64::from(number))),
            );
            starts
                .extend(self.numbers(end).iter().copied().filter(|(_, count)| (1.0..1000.0).contains(count)));
        }
        for (start, count) in starts {
            if let Some((end, unit)) = self.unit(start) {
                out.push(Reading { end, value: Recurrence::every(count, unit) });
            }
            for (end, on) in self.weekday_rows(start) {
                out.push(Reading { end, value: Recurrence::weekly(count, on) });
                let part = self.part(end);
                out.extend(part.map(|part| Reading {
                    end: part.end,
                    value: Recurrence { part: Some(part.value.part), ..Recurrence::weekly(count, on) },
                }));
            }
            if let Some(part) = self.part(start).filter(|part| part.value.side.is_none()) {
                let value = Recurrence { part: Some(part.value.part), ..Recurrence::every(count, Unit::Day) };
                out.push(Reading { end: part.end, value });
            }
        }
        out
    }

    /// "Mondays"
    fn weekdays_word(&self, at: usize) -> Option<(usize, Weekday)> {
        self.pick(at, |word| if let Word::Weekdays(weekday) = word { Some(weekday) } else { None })
    }

    /// "Monday", "Mondays and Fridays", "Monday, Wednesday and every Friday", "Monday to Thursday": the row, and each beginning
    /// of it.
    fn weekday_rows(&self, at: usize) -> Vec<(usize, Weekdays)> {
        let day = |at| self.weekday(at).or_else(|| self.weekdays_word(at));
        let mut rows: Vec<(usize, Weekdays)> = Vec::new();
        let (mut start, mut before) = (at, Weekdays::default());
        for _ in 0..7 {
            let Some((mut end, first)) = day(start) else { break };
            before = before.union(first.into());
            rows.push((end, before));
            if let Some((last_end, last)) = self.word(end, Word::To).and_then(day) {
                before = before.union(Weekdays::range(first, last));
                rows.push((last_end, before));
                end = last_end;
            }
            start = self.optional(self.skip(end, ','), &[Word::And, Word::On, Word::Every]);
            if start == end {
                break;
            }
        }
        rows
    }

    /// "Mondays", "Friday mornings", "mornings"
    fn plural(&self, at: usize) -> Vec<Reading<Recurrence>> {
        let mut out = Vec::new();
        let parts = |at| self.pick(at, |word| if let Word::Parts(part) = word { Some(part) } else { None });
        let start = self.word(at, Word::Every).unwrap_or(at);
        if self.weekdays_word(start).is_some() {
            let rows = self.weekday_rows(start).into_iter();
            out.extend(rows.map(|(end, on)| Reading { end, value: Recurrence::weekly(1.0, on) }));
        }
        if let Some((end, weekday)) = self.weekday(start)
            && !self.language.datetime.words.compounds
            && let Some((end, part)) = parts(end)
        {
            out.push(Reading {
                end,
                value: Recurrence { part: Some(part), ..Recurrence::weekly(1.0, weekday.into()) },
            });
        }
        if !self.language.datetime.words.compounds
            && let Some((end, part)) = parts(start)
        {
            out.push(Reading {
                end,
                value: Recurrence { part: Some(part), ..Recurrence::every(1.0, Unit::Day) },
            });
        }
        out
    }

    /// "every first Monday of the month", "the last Friday of every month"
    fn nth_weekday_of_month(&self, at: usize) -> Option<Reading<Recurrence>> {
        let every = self.word(at, Word::Every);
        let (end, nth, weekday) = self.numbered_weekday(every.unwrap_or(at))?;
        let of = self.any(end, &[Word::Of, Word::In])?;
        let month = match every {
            Some(_) => self.optional(of, &[Word::The]),
            None => self.word(of, Word::Every)?,
        };
        let end = self.word(month, Word::Unit(Unit::Month))?;
        let value = Recurrence { nth: Some(nth), on: weekday.into(), ..Recurrence::every(1.0, Unit::Month) };
        Some(Reading { end, value })
    }

    /// "once a week", "one a day"
    fn once_a(&self, at: usize) -> Option<Reading<Recurrence>> {
        let start = self.word(at, Word::OnceA)?;
        let (end, unit) = self.unit(start)?;
        Some(Reading { end, value: Recurrence::every(1.0, unit) })
    }

    /// "the 19th of every month"
    fn day_of_every_month(&self, at: usize) -> Option<Reading<Recurrence>> {
        let (end, day) =
            self.ordinal(self.optional(at, &[Word::The])).filter(|(_, day)| (1..=31).contains(day))?;
        let every =
            self.word(self.optional(end, &[Word::Unit(Unit::Day), Word::Of, Word::In]), Word::Every)?;
        let end = self.word(every, Word::Unit(Unit::Month))?;
        Some(Reading {
            end,
            value: Recurrence { day_of_month: Some(day), ..Recurrence::every(1.0, Unit::Month) },
        })
    }
}
