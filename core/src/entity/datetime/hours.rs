//! From one time of day to another: `from 5 to 6 pm`, `between 9:30 and 3`, `1-3 pm`, `for two hours from 2 pm`, `before noon`, `3 pm
//! or later`.

use jiff::Span;
use jiff::civil::Time;

use super::clock::Clock;
use super::length::Length;
use super::lexicon::{Bound, Part, Word};
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

/// From one time of day to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ClockRange {
    pub(super) start: Clock,
    pub(super) end: Clock,
    /// Where a length tells the end.
    length: Option<Length>,
    /// Whether it can be nothing else, even with no day beside it.
    sure: bool,
}

/// A start and an end; it ends on the next day if `end` is not after `start`.
pub(super) type Times = (Time, Time);

impl ClockRange {
    pub(super) fn new(start: Clock, end: Clock, sure: bool) -> Self {
        Self { start, end, length: None, sure }
    }

    fn lasting(start: Clock, length: Length) -> Self {
        Self { start, end: start, length: Some(length), sure: true }
    }

    /// The same times in this part of the day; a half that was said stays ("from 8am-3 in the afternoon").
    pub(super) fn in_part(self, part: Part) -> Self {
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
    pub(super) fn times(self) -> Vec<Times> {
        let (start, end) = (self.start, self.end);
        if let Some(length) = self.length {
            let seconds = length.total_seconds().round() as i64;
            let until =
                |start: Time| start.wrapping_add(Span::new().try_seconds(seconds).unwrap_or_default());
            return vec![(start.time, until(start.time))];
        }
        let starts: Vec<Time> = start.times().collect();
        let ends: Vec<Time> = end.times().collect();
        if end.has_half && !end.either && start.either {
            // "9:30 to 3 pm", "5 to 6 pm": the latest beginning before the end.
            let latest = starts.iter().copied().filter(|start| *start < end.time).max();
            return latest.or(starts.first().copied()).map(|start| (start, end.time)).into_iter().collect();
        }
        // "9 to 17": hours that count to 24.
        if !end.either && start.either && start.time < end.time {
            return vec![(start.time, end.time)];
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

impl Grammar<'_> {
    /// Ranges of times without a day.
    pub(super) fn time_range_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = self.part_values(at);
        for range in self.clock_ranges(at).into_iter().filter(|range| range.value.sure) {
            out.push(Reading { end: range.end, value: range.value.value() });
        }
        out.extend(self.open_times(at));
        out
    }

    /// Ranges of times where nothing else can be meant, such as "9-5".
    pub(super) fn any_time_ranges(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let ranges = self.clock_ranges(at).into_iter();
        ranges.map(|range| Reading { end: range.end, value: range.value.value() }).collect()
    }

    /// Ranges of times that begin at `at`, the longest first, those of bare numbers too.
    pub(super) fn clock_ranges(&self, at: usize) -> Vec<Reading<ClockRange>> {
        let mut out = self.clock_ranges_without_part(at);
        if let Some(part) = self.part(at) {
            let inner = self.clock_ranges_without_part(part.end).into_iter();
            out.extend(inner.map(|range| Reading {
                end: range.end,
                value: ClockRange { sure: true, ..range.value.in_part(part.value.part) },
            }));
        }
        out.sort_by_key(|range| std::cmp::Reverse(range.end));
        out
    }

    /// "from 5 to 6pm", "between 4pm and 5pm", "1-3 pm"
    fn clock_ranges_without_part(&self, at: usize) -> Vec<Reading<ClockRange>> {
        let mut out = self.clocks_with_length(at);
        let (opened, is_between) = self.range_opening(at);
        let is_led = opened > at;
        let start = if is_led { opened } else { self.optional(at, &[Word::At]) };
        let start = self.optional(start, &[Word::Around]);
        for first in self.clocks(start) {
            let Some(joint) = self.range_joint(first.end, is_between) else { continue };
            let joint = self.optional(joint, &[Word::Around]);
            let mut lasts = self.clocks(joint).into_iter();
            let Some(last) = lasts.find(|last| !self.goes_on(last.end) || self.text(last.end) == "-") else {
                continue;
            };
            let is_marked = |clock: Clock| clock.has_half || clock.sure;
            let sure = is_marked(first.value)
                || is_marked(last.value)
                || (is_led && self.are_hours(start, first.value, joint, last));
            out.push(Reading { end: last.end, value: ClockRange::new(first.value, last.value, sure) });
        }
        out
    }

    /// Whether bare numbers after "from" or "between" can hardly be anything but times: "two thirty to two forty", "0730-0930",
    /// "5 to 7", but neither "2 to 4 people" nor "730-930".
    fn are_hours(&self, first_at: usize, first: Clock, last_at: usize, last: Reading<Clock>) -> bool {
        if !first.is_whole_hour && !last.value.is_whole_hour {
            let is_plain_number =
                |(length, value): (usize, i64)| length > 2 && value >= 1300 && value % 100 != 30;
            return !self.digits(first_at).is_some_and(is_plain_number);
        }
        let counts_something = self.is_noun(last.end) || self.text(last.end) == "%";
        let is_alike = self.digits(first_at).is_some() == self.digits(last_at).is_some();
        first.is_whole_hour && last.value.is_whole_hour && is_alike && !counts_something
    }

    /// "from 10 am for 3 hours", "for 2 hours from 2pm"
    fn clocks_with_length(&self, at: usize) -> Vec<Reading<ClockRange>> {
        let mut out = Vec::new();
        let is_short = |length: &Reading<Length>| !length.value.is_of_days();
        if let Some(start) = self.word(at, Word::From) {
            for first in self.clocks(start) {
                let Some(start) = self.word(first.end, Word::For) else { continue };
                let length = self.lengths(start).into_iter().find(is_short);
                out.extend(length.map(|length| Reading {
                    end: length.end,
                    value: ClockRange::lasting(first.value, length.value),
                }));
            }
        }
        if let Some(start) = self.word(at, Word::For) {
            for length in self.lengths(start).into_iter().filter(is_short) {
                let Some(from) = self.word(length.end, Word::From) else { continue };
                let first = self.clocks(from).into_iter().next();
                out.extend(first.map(|first| Reading {
                    end: first.end,
                    value: ClockRange::lasting(first.value, length.value),
                }));
            }
        }
        out
    }

    /// "3 pm or later", "before noon", "since 8:30", "after dinner"
    fn open_times(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        if let Some((start, bound)) = self.bound(at) {
            let start = self.optional(start, &[Word::Around]);
            let start = self.optional(start, &[Word::At]);
            for clock in self.clocks(start) {
                if clock.value.sure {
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
}

fn open_time(bound: Bound, start: Time, end: Time) -> When {
    match bound {
        Bound::Before | Bound::Until => When::Times { start: None, end: Some(start) },
        Bound::After => When::Times { start: Some(end), end: None },
        Bound::Since => When::Times { start: Some(start), end: None },
    }
}
