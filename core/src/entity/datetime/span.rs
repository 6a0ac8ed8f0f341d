//! Ranges with times: `from 5 to 6 pm`, `Monday 11-4`, `Friday afternoon`, `tomorrow before 5`, `the next two hours`.

use jiff::civil::{Date, DateTime, Time};

use super::calendar::{self, Choice};
use super::clock::Clock;
use super::hours::{ClockRange, Times};
use super::lexicon::{Bound, Side, Unit, Word};
use super::moment::Frame;
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

pub(super) fn date_times(start: Option<DateTime>, end: Option<DateTime>) -> When {
    When::DateTimes { start, end }
}

/// `times` on `day`; over midnight they end on the next.
fn on_day(day: Date, (start, end): Times) -> Option<When> {
    let end_day = if end <= start { calendar::plus_days(day, 1)? } else { day };
    Some(date_times(Some(day.to_datetime(start)), Some(end_day.to_datetime(end))))
}

impl Grammar<'_> {
    /// Ranges of times on days.
    pub(super) fn moment_range_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        for frame in self.frames(at, false) {
            if let Some(value) = part_of_day_value(frame.value) {
                out.push(Reading { end: frame.end, value });
            }
        }
        out.extend(self.half_of_named_day(at));
        out.extend(self.day_and_times(at));
        out.extend(self.numbered_weekday_and_times(at));
        out.extend(self.around_now(at));
        out.extend(self.between_moments(at));
        out.extend(self.open_moments(at));
        out.extend(self.length_from_moment(at));
        out
    }

    /// "early in the day Wednesday", "later in today"
    fn half_of_named_day(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        let (start, side) = self.side(at)?;
        let in_the_day = self.optional(start, &[Word::In, Word::The, Word::Unit(Unit::Day)]);
        let named = in_the_day > start && self.word(in_the_day - 1, Word::Unit(Unit::Day)).is_some();
        let day = if named { self.plain_day(self.optional(in_the_day, &[Word::Of, Word::On])) } else { None };
        let (end, day) = match day {
            Some(day) => (day.end, day.value.choice?.future),
            None if named => (in_the_day, self.today()?),
            None => {
                let start = self.word(start, Word::In).unwrap_or(start);
                // "am frühen Morgen" is no "early tomorrow".
                self.part(start).is_none().then_some(())?;
                let (end, days) =
                    self.pick(start, |word| if let Word::Day(days) = word { Some(days) } else { None })?;
                (end, calendar::plus_days(self.today()?, days)?)
            }
        };
        let noon = day.to_datetime(Time::constant(12, 0, 0, 0));
        let value = match side {
            Side::Start => date_times(Some(day.to_datetime(Time::midnight())), Some(noon)),
            Side::Middle => return None,
            Side::End => {
                date_times(Some(noon), Some(calendar::plus_days(day, 1)?.to_datetime(Time::midnight())))
            }
        };
        Some(Reading { end, value: DateTimeValue::new(Kind::DateTimeRange, [value]) })
    }

    /// "Tuesday from 2:00 to 2:30 pm", "5 to 6pm of April 22", "tonight from 7 to 7:30"
    fn day_and_times(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        for frame in self.frames(at, true) {
            let start = self.skip(frame.end, ',');
            for range in self.clock_ranges(start) {
                out.push(Reading { end: range.end, value: on_frame(frame.value, range.value) });
            }
        }
        for range in self.clock_ranges(at) {
            let start = self.optional(self.skip(range.end, ','), &[Word::On, Word::Of]);
            for frame in self.frames(start, true) {
                out.push(Reading { end: frame.end, value: on_frame(frame.value, range.value) });
            }
        }
        out
    }

    /// "first Monday 1pm to 3pm of next month"
    fn numbered_weekday_and_times(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        self.word(at, Word::The).is_none().then_some(())?;
        let (end, number, weekday) = self.numbered_weekday(at)?;
        let range = self.clock_ranges(end).into_iter().next()?;
        let of = self.any(range.end, &[Word::Of, Word::In])?;
        let (end, days) = self.shifted_unit(of, Unit::Month)?;
        let day = days.start.nth_weekday_of_month(number, weekday).ok()?;
        Some(Reading {
            end,
            value: on_frame(Frame { days: Some(Choice::one(day)), part: None }, range.value),
        })
    }

    /// "between now and eight o'clock", "2:00 tomorrow and 4:00", "from 8am today to 5pm tomorrow"
    fn between_moments(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        let (start, is_between) = self.range_opening(at);
        let one = |end, from: DateTime, until: DateTime| {
            let value = DateTimeValue::new(Kind::DateTimeRange, [date_times(Some(from), Some(until))]);
            (from < until).then_some(Reading { end, value })
        };
        if let Some(end) = self.word(start, Word::Now) {
            let now = self.now()?;
            let joint = self.range_joint(end, is_between)?;
            if let Some(distant) = self.distant_time(joint) {
                return one(distant.end, now, distant.value);
            }
            if let Some(moment) = self.moments(joint).into_iter().next() {
                let day = moment.value.days?.future;
                return one(moment.end, now, day.to_datetime(moment.value.clock.times().last()?));
            }
            let clock = self.clocks(joint).into_iter().find(|clock| clock.value.sure)?;
            let times = clock.value.times().filter_map(|time| next_at(now, time));
            return one(clock.end, now, times.min()?);
        }
        if let Some(moment) = self.moments(start).into_iter().next() {
            let joint = self.range_joint(moment.end, is_between)?;
            let first = moment.value;
            let end_moment = self.moments(joint).into_iter().next();
            let end_clock = self.clocks(joint).into_iter().next();
            if let Some(second) =
                end_moment.filter(|second| end_clock.as_ref().is_none_or(|clock| second.end > clock.end))
            {
                let (a, b) = (first.days?, second.value.days?);
                let from = a.future.to_datetime(first.clock.time);
                let until = b.future.to_datetime(second.value.clock.time);
                let from = if from < until { from } else { a.past.to_datetime(first.clock.time) };
                return one(second.end, from, until);
            }
            let clock = end_clock?;
            let range = ClockRange::new(first.clock, clock.value, true);
            return Some(Reading {
                end: clock.end,
                value: on_frame(Frame { days: first.days, part: None }, range),
            });
        }
        let clock = self.clocks(start).into_iter().find(|clock| clock.value.sure)?;
        let end = self.word(self.range_joint(clock.end, is_between)?, Word::Now)?;
        let now = self.now()?;
        let times = clock.value.times().filter_map(|time| last_at(now, time));
        one(end, times.max()?, now)
    }

    /// "tomorrow before 5pm", "3 pm or later on Monday", "since yesterday at 8"
    fn open_moments(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        let value = |days: Option<Choice<Date>>, clock: Clock, bound: Bound| {
            let days: Vec<Date> = days.into_iter().flat_map(Choice::into_iter).collect();
            let ranges = clock.times().flat_map(|time| {
                days.iter()
                    .map(|day| {
                        let time = day.to_datetime(time);
                        match bound {
                            Bound::Before | Bound::Until => date_times(None, Some(time)),
                            Bound::After | Bound::Since => date_times(Some(time), None),
                        }
                    })
                    .collect::<Vec<_>>()
            });
            DateTimeValue::new(Kind::DateTimeRange, ranges)
        };
        for frame in self.frames(at, true) {
            let Some((start, bound)) = self.bound(self.skip(frame.end, ',')) else { continue };
            let start = self.optional(start, &[Word::Around]);
            out.extend(self.clocks(start).into_iter().map(|clock| {
                let clock_value = frame.value.part.map_or(clock.value, |part| clock.value.in_part(part.part));
                Reading { end: clock.end, value: value(frame.value.days, clock_value, bound) }
            }));
        }
        for clock in self.clocks(at).into_iter().filter(|clock| clock.value.sure) {
            let Some((end, bound)) = self.trailing(clock.end) else { continue };
            let start = self.optional(end, &[Word::On]);
            out.extend(
                self.frames(start, true).into_iter().map(|frame| Reading {
                    end: frame.end,
                    value: value(frame.value.days, clock.value, bound),
                }),
            );
        }
        if let Some((start, bound)) = self.bound(at) {
            let moments = self.moments(start).into_iter();
            out.extend(moments.map(|moment| Reading {
                end: moment.end,
                value: value(moment.value.days, moment.value.clock, bound),
            }));
        }
        out
    }

    /// "a day starting this Friday at 5 pm", "14th Feb from 9:30am for 7 hours"
    fn length_from_moment(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        let length = self.lengths(at).into_iter().next()?;
        let start = self.word(length.end, Word::Starting)?;
        let moment = self.moments(self.optional(start, &[Word::From, Word::On])).into_iter().next()?;
        let from = moment.value.days?.future.to_datetime(moment.value.clock.time);
        let range = date_times(Some(from), Some(length.value.added_to_time(from, 1)?));
        Some(Reading { end: moment.end, value: DateTimeValue::new(Kind::DateTimeRange, [range]) })
    }
}

fn part_of_day_value(frame: Frame) -> Option<DateTimeValue> {
    let (start, end) = frame.part?.times();
    let ranges = frame.days.into_iter().flat_map(Choice::into_iter);
    let range = |day: Date| date_times(Some(day.to_datetime(start)), Some(day.to_datetime(end)));
    Some(DateTimeValue::new(Kind::DateTimeRange, ranges.map(range)))
}

/// The times of `range` on the days of `frame`. Past midnight, only whole hours are still meant as a range of a shift or
/// a night ("11-4"); with minutes it is the daytime reading that counts.
fn on_frame(frame: Frame, range: ClockRange) -> DateTimeValue {
    let range = frame.part.map_or(range, |part| range.in_part(part.part));
    let times = range.times();
    let are_whole = range.start.is_whole_hour && range.end.is_whole_hour;
    let several = times.len() > 1;
    let times = times.into_iter().filter(|(start, end)| !several || are_whole || start < end);
    let days: Vec<Date> = frame.days.into_iter().flat_map(Choice::into_iter).collect();
    let ranges =
        times.flat_map(|times| days.iter().filter_map(move |day| on_day(*day, times)).collect::<Vec<_>>());
    DateTimeValue::new(Kind::DateTimeRange, ranges)
}

fn next_at(now: DateTime, time: Time) -> Option<DateTime> {
    let today = now.date().to_datetime(time);
    if today > now { Some(today) } else { Some(calendar::plus_days(now.date(), 1)?.to_datetime(time)) }
}

fn last_at(now: DateTime, time: Time) -> Option<DateTime> {
    let today = now.date().to_datetime(time);
    if today <= now { Some(today) } else { Some(calendar::plus_days(now.date(), -1)?.to_datetime(time)) }
}
