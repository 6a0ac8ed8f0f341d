//! Ranges with times: `from 5 to 6 pm`, `Monday 11-4`, `Friday afternoon`, `tomorrow before 5`, `the next two hours`.

use jiff::civil::{Date, DateTime, Time};

use super::calendar::{self, Choice};
use super::clock::{Clock, LAST_SECOND};
use super::length::Length;
use super::lexicon::{Bound, Part, Shift, Side, Unit, Word};
use super::moment::Frame;
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

/// From one time of day to another.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ClockRange {
    start: Clock,
    end: Clock,
    /// Where a length tells the end.
    length: Option<Length>,
    /// Whether it can be nothing else, even with no day beside it.
    sure: bool,
}

/// A start and an end; it ends on the next day if `end` is not after `start`.
type Times = (Time, Time);

impl ClockRange {
    fn in_part(self, part: Part) -> Self {
        // "from 8am-3 yesterday afternoon": a half that was said stays.
        let end = if self.end.has_half { self.end } else { self.end.in_part(part) };
        let start = if self.start.has_half { self.start } else { self.start.in_part(part) };
        Self { start, end, ..self }
    }

    fn value(self) -> DateTimeValue {
        let times =
            self.times().into_iter().map(|(start, end)| When::Times { start: Some(start), end: Some(end) });
        DateTimeValue::new(Kind::TimeRange, times)
    }

    /// Every pair of times it can mean.
    fn times(self) -> Vec<Times> {
        let (start, end) = (self.start, self.end);
        if let Some(length) = self.length {
            let seconds = length.total_seconds().round() as i64;
            let until =
                |start: Time| start.wrapping_add(jiff::Span::new().try_seconds(seconds).unwrap_or_default());
            return vec![(start.time, until(start.time))];
        }
        let starts: Vec<Time> = start.times().collect();
        let ends: Vec<Time> = end.times().collect();
        if end.has_half && !end.either && start.either {
            // "9:30 to 3 pm", "5 to 6 pm": the latest beginning before the end.
            let latest = starts.iter().copied().filter(|start| *start < end.time).max();
            return latest.or(starts.first().copied()).map(|start| (start, end.time)).into_iter().collect();
        }
        starts
            .iter()
            .filter_map(|start| {
                let after = ends.iter().copied().filter(|end| end != start);
                after.min_by_key(|end| minutes_between(*start, *end)).map(|end| (*start, end))
            })
            .collect()
    }
}

fn minutes_between(from: Time, to: Time) -> i32 {
    let minutes = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    (minutes(to) - minutes(from)).rem_euclid(24 * 60)
}

fn date_times(start: Option<DateTime>, end: Option<DateTime>) -> When {
    When::DateTimes { start, end }
}

/// `times` on `day`; over midnight they end on the next.
fn on_day(day: Date, (start, end): Times) -> Option<When> {
    let end_day = if end <= start { calendar::plus_days(day, 1)? } else { day };
    Some(date_times(Some(day.to_datetime(start)), Some(end_day.to_datetime(end))))
}

impl Grammar<'_> {
    /// Ranges of times without a day.
    pub fn time_range_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = self.part_values(at);
        for range in self.clock_ranges(at).into_iter().filter(|range| range.value.sure) {
            out.push(Reading { end: range.end, value: range.value.value() });
        }
        out.extend(self.open_times(at));
        out
    }

    /// Ranges of times where nothing else can be meant, such as "9-5".
    pub fn any_time_ranges(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let ranges = self.clock_ranges(at).into_iter();
        ranges.map(|range| Reading { end: range.end, value: range.value.value() }).collect()
    }

    /// Ranges of times on days.
    pub fn moment_range_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
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

    /// "from 5 to 6pm", "between 4pm and 5pm", "1-3 pm", "from 10 am for 3 hours", "for 2 hours from 2pm"
    fn clock_ranges(&self, at: usize) -> Vec<Reading<ClockRange>> {
        let mut out = Vec::new();
        let (opened, is_between) = self.range_opening(at);
        let led = opened > at;
        let part = self.part(at).filter(|_| !led);
        if let Some(part) = part {
            let inner = self.clock_ranges_plain(part.end);
            out.extend(inner.into_iter().map(|range| Reading {
                end: range.end,
                value: ClockRange { sure: true, ..range.value.in_part(part.value.part) },
            }));
        }
        let start = if led { opened } else { self.word(at, Word::At).unwrap_or(at) };
        let around = self.word(start, Word::Around).unwrap_or(start);
        for first in self.clocks(around) {
            if led && let Some(length_start) = self.word(first.end, Word::For) {
                let length = self.lengths(length_start).into_iter().find(|length| !length.value.is_of_days());
                out.extend(length.map(|length| Reading {
                    end: length.end,
                    value: with_length(first.value, length.value),
                }));
            }
            let Some(joint) = self.range_joint(first.end, is_between) else { continue };
            let joint = self.word(joint, Word::Around).unwrap_or(joint);
            let last = self.clocks(joint).into_iter().find(|last| !self.is_fraction_after(last.end));
            let Some(last) = last else { continue };
            let marked = |clock: Clock| clock.has_half || clock.sure;
            let in_words = !first.value.is_whole_hour && !last.value.is_whole_hour && led;
            let stops = !(self.is_word(last.end) && self.words(last.end).next().is_none())
                && self.text(last.end) != "%";
            let whole = first.value.is_whole_hour
                && last.value.is_whole_hour
                && led
                && stops
                && self.digits(joint).is_none() == self.digits(around).is_none();
            let sure =
                marked(first.value) || marked(last.value) || (in_words && self.is_time_like(around)) || whole;
            out.push(Reading {
                end: last.end,
                value: ClockRange { start: first.value, end: last.value, length: None, sure },
            });
        }
        if let Some(start) = self.word(at, Word::For) {
            for length in self.lengths(start) {
                let Some(from) = self.word(length.end, Word::From).filter(|_| !length.value.is_of_days())
                else {
                    continue;
                };
                let first = self.clocks(from).into_iter().next();
                out.extend(
                    first.map(|first| Reading {
                        end: first.end,
                        value: with_length(first.value, length.value),
                    }),
                );
            }
        }
        out.sort_by_key(|range| std::cmp::Reverse(range.end));
        out
    }

    fn clock_ranges_plain(&self, at: usize) -> Vec<Reading<ClockRange>> {
        self.clock_ranges(at)
    }

    fn is_fraction_after(&self, at: usize) -> bool {
        self.goes_on(at) && self.text(at) != "-"
    }

    /// Four digits with a leading zero or so, words, or a dot: no year, no plain number.
    fn is_time_like(&self, at: usize) -> bool {
        self.digits(at)
            .is_none_or(|(length, value)| length == 4 && (value < 1300 || value % 100 == 30) || length <= 2)
    }

    /// "3 pm or later", "before noon", "since 8:30", "after dinner"
    fn open_times(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        if let Some((start, bound)) = self.bound(at) {
            let start = self.optional(start, &[Word::Around]);
            let start = self.optional(start, &[Word::At]);
            for clock in self.clocks(start) {
                if clock.value.sure || (self.language.datetime.words.compounds && false) {
                    let times = clock.value.times().map(|time| open_time(bound, time, time));
                    out.push(Reading { end: clock.end, value: DateTimeValue::new(Kind::TimeRange, times) });
                }
            }
            if let Some(part) = self.part_or_meal(start) {
                let (from, until) = part.value.times();
                out.push(Reading {
                    end: part.end,
                    value: DateTimeValue::new(Kind::TimeRange, [open_time(bound, from, until)]),
                });
            }
        }
        for clock in self.clocks(at).into_iter().filter(|clock| clock.value.sure) {
            let Some((end, bound)) = self.trailing(clock.end) else { continue };
            let times = clock.value.times().map(|time| open_time(bound, time, time));
            out.push(Reading { end, value: DateTimeValue::new(Kind::TimeRange, times) });
        }
        if let Some((end, hour)) =
            self.pick(at, |word| if let Word::BeforeHour(hour) = word { Some(hour) } else { None })
            && let Ok(time) = Time::new(hour, 0, 0, 0)
        {
            out.push(Reading {
                end,
                value: DateTimeValue::new(Kind::TimeRange, [open_time(Bound::Before, time, time)]),
            });
        }
        out
    }

    fn trailing(&self, at: usize) -> Option<(usize, Bound)> {
        self.pick(at, |word| if let Word::Trailing(bound) = word { Some(bound) } else { None })
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

    /// "the next hour", "13 last minutes", "within 5 minutes"
    fn around_now(&self, at: usize) -> Option<Reading<DateTimeValue>> {
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
                1.. => (now, length.from_time(now, 1)?),
                0 => return None,
                _ => (length.from_time(now, -1)?, now),
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
            let (end, unit) =
                self.pick(end, |word| if let Word::Unit(unit) = word { Some(unit) } else { None })?;
            unit.is_of_clock().then_some(())?;
            Some((end, shift, Length::new(*count, unit)?))
        })?;
        Some(Reading { end, value: value(shift, length)? })
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
            let range = ClockRange { start: first.clock, end: clock.value, length: None, sure: true };
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
        let range = date_times(Some(from), Some(length.value.from_time(from, 1)?));
        Some(Reading { end: moment.end, value: DateTimeValue::new(Kind::DateTimeRange, [range]) })
    }
}

fn with_length(start: Clock, length: Length) -> ClockRange {
    ClockRange { start, end: start, length: Some(length), sure: true }
}

fn open_time(bound: Bound, start: Time, end: Time) -> When {
    match bound {
        Bound::Before | Bound::Until => When::Times { start: None, end: Some(start) },
        Bound::After => When::Times { start: Some(end), end: None },
        Bound::Since => When::Times { start: Some(start), end: None },
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
