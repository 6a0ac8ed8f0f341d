//! Times on days: `tomorrow at 8`, `3 pm today`, `Friday evening`, `in 5 minutes`, `end of day`, `now`.

use jiff::civil::{Date, DateTime, Time};

use super::calendar::{self, Choice};
use super::clock::{Clock, DayPart, LAST_SECOND};
use super::lexicon::{Part, Side, Unit, Word};
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

/// A day, perhaps with a part of it, that a time can stand beside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// `None` where there is no such day.
    pub(super) days: Option<Choice<Date>>,
    pub(super) part: Option<DayPart>,
}

impl Frame {
    fn in_part(self, clock: Clock) -> Clock {
        self.part.map_or(clock, |part| clock.in_part(part.part))
    }
}

impl Grammar<'_> {
    /// Points in time that begin at `at`.
    pub(super) fn moment_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        out.extend(
            self.moments(at)
                .into_iter()
                .map(|moment| Reading { end: moment.end, value: moment.value.value() }),
        );
        if let Some(start) = self.around(at) {
            let moments = self.moments(start).into_iter();
            out.extend(
                moments.map(|moment| Reading { end: moment.end, value: moment.value.value().about() }),
            );
        }
        let point = |time: DateTime| DateTimeValue::new(Kind::DateTime, [When::DateTime(time)]);
        if let Some(end) = self.word(at, Word::Now)
            && let Some(now) = self.now()
        {
            out.push(Reading { end, value: point(now) });
        }
        out.extend(
            self.distant_time(at).map(|distant| Reading { end: distant.end, value: point(distant.value) }),
        );
        out.extend(self.end_of_day(at));
        out
    }

    /// A time without a day, where a point in time is wanted: when the clock shows it next.
    pub(super) fn next_times(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let Some(now) = self.now() else { return Vec::new() };
        let next = |when: When| match when {
            When::Time(time) => {
                let today = now.date().to_datetime(time);
                if today > now { Some(today) } else { today.tomorrow().ok() }.map(When::DateTime)
            }
            _ => None,
        };
        let times = self.time_values(at).into_iter();
        times
            .map(|Reading { end, value }| {
                let about = value.approximate;
                let mut value =
                    DateTimeValue::new(Kind::DateTime, value.candidates.into_iter().filter_map(next));
                value.approximate = about;
                Reading { end, value }
            })
            .filter(|reading| !reading.value.candidates.is_empty())
            .collect()
    }

    /// "end of day", "end of tomorrow"
    fn end_of_day(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        let value = |days: Choice<Date>| {
            DateTimeValue::new(
                Kind::DateTime,
                days.into_iter().map(|day| When::DateTime(day.to_datetime(LAST_SECOND))),
            )
        };
        if let Some(end) = self.word(at, Word::EndOfDay) {
            return Some(Reading { end, value: value(Choice::one(self.today()?)) });
        }
        let (start, side) = self.edge(self.word(at, Word::The).unwrap_or(at))?;
        (side == Side::End).then_some(())?;
        let bare =
            self.word(start, Word::Unit(Unit::Day)).and_then(|end| Some((end, Choice::one(self.today()?))));
        let day = || {
            let day = self.plain_day(start).or_else(|| self.plain_day(self.word(start, Word::The)?))?;
            Some((day.end, day.value.choice?))
        };
        let (end, days) = bare.or_else(day)?;
        Some(Reading { end, value: value(days) })
    }

    /// A day with a time, in either order.
    pub(super) fn moments(&self, at: usize) -> Vec<Reading<Moment>> {
        let mut out = Vec::new();
        for frame in self.frames(at, true) {
            out.extend(self.time_after(frame.end).map(|clock| Reading {
                end: clock.end,
                value: Moment { days: frame.value.days, clock: frame.value.in_part(clock.value) },
            }));
        }
        let with_at = self
            .word(at, Word::At)
            .filter(|start| self.digits(*start).is_some() && self.is_sign(start + 1, '.'));
        for clock in self.clocks(with_at.unwrap_or(at)) {
            let start = self.skip(clock.end, ',');
            let start = self.optional(self.skip(start, '-'), &[Word::On, Word::Of]);
            for frame in self.frames(start, true).into_iter().chain(self.frames(clock.end, true)) {
                let led =
                    with_at.is_some() || self.follows(at, |word| matches!(word, Word::At | Word::Around));
                if clock.value.sure || led || frame.value.part.is_some() {
                    let clock = frame.value.in_part(clock.value);
                    out.push(Reading { end: frame.end, value: Moment { days: frame.value.days, clock } });
                }
            }
        }
        out
    }

    /// The time after a day: "at 8", ", 7 pm", "nine thirty". A bare number needs a preposition.
    fn time_after(&self, at: usize) -> Option<Reading<Clock>> {
        let start = self.skip(at, ',');
        let start = self.skip(start, '-');
        let iso =
            (self.text(start) == "t" && self.glued(start) && self.glued(start + 1)).then_some(start + 1);
        let led = self
            .any(start, &[Word::At, Word::For])
            .or(iso)
            .or_else(|| self.is_sign(start, '@').then_some(start + 1));
        let around = self.word(led.unwrap_or(start), Word::Around);
        let first = around.or(led).unwrap_or(start);
        let is_spoken = |clock: &Reading<Clock>| self.digits(first).is_none() && !clock.value.is_whole_hour;
        let clocks = self.clocks(first).into_iter();
        // ISO 8601 counts to 24.
        let clocks = clocks.map(|clock| Reading {
            value: Clock { either: clock.value.either && iso.is_none(), ..clock.value },
            ..clock
        });
        clocks.into_iter().find(|clock| {
            clock.value.sure
                || around.is_some()
                || is_spoken(clock)
                || (led.is_some() && self.word(start, Word::For).is_none())
        })
    }

    /// Days and parts of days that begin at `at`. `for_time`: those that a time may stand beside.
    pub(super) fn frames(&self, at: usize, for_time: bool) -> Vec<Reading<Frame>> {
        let mut out = Vec::new();
        for day in self.days(at) {
            if for_time && day.value.is_holiday && !self.is_for_slot {
                continue;
            }
            let days = day.value.choice;
            out.push(Reading { end: day.end, value: Frame { days, part: None } });
            if !day.value.is_holiday || self.is_for_slot {
                out.extend(
                    self.part(day.end)
                        .map(|part| Reading { end: part.end, value: Frame { days, part: Some(part.value) } }),
                );
                // "today pm"
                let half = self.pick(day.end, |word| match word {
                    Word::Am => Some(Part::Morning),
                    Word::Pm => Some(Part::Afternoon),
                    _ => None,
                });
                out.extend(half.filter(|_| self.digits(day.end - 1).is_none()).map(|(end, part)| Reading {
                    end,
                    value: Frame { days, part: Some(DayPart { part, side: None }) },
                }));
            }
            // "tomorrow, 13/04/21": the exact date tells.
            let comma = self.skip(day.end, ',');
            if comma > day.end {
                let exact = self.days(comma).into_iter().find(|exact| {
                    exact
                        .value
                        .choice
                        .is_some_and(|choice| choice.past == choice.future && exact.value.yearly.is_none())
                });
                out.extend(exact.map(|exact| Reading {
                    end: exact.end,
                    value: Frame { days: exact.value.choice, part: None },
                }));
            }
        }
        out.extend(self.part_from_now(at));
        out.extend(self.part_of_day(at));
        out.extend(self.weekday_part_of_week(at));
        out.sort_by_key(|frame| std::cmp::Reverse(frame.end));
        out
    }

    /// "tonight", "this morning", "late last night"
    fn part_from_now(&self, at: usize) -> Option<Reading<Frame>> {
        let today = self.today()?;
        let outer = self.side(at);
        let start = outer.map_or(at, |(end, _)| end);
        let named = self
            .pick(start, |word| if let Word::DayPart(days, part) = word { Some((days, part)) } else { None });
        if let Some((end, (days, part))) = named {
            let part = DayPart { part, side: outer.map(|(_, side)| side) };
            let days = Some(Choice::one(calendar::plus_days(today, days)?));
            return Some(Reading { end, value: Frame { days, part: Some(part) } });
        }
        let (start, shift) = self.shift(start)?;
        let part = self
            .part(start)
            .filter(|part| self.any(start, &[Word::In, Word::The]).is_none() && part.end > start)?;
        let side = part.value.side.or(outer.map(|(_, side)| side));
        let days = Some(Choice::one(calendar::plus_days(today, shift.count())?));
        Some(Reading { end: part.end, value: Frame { days, part: Some(DayPart { side, ..part.value }) } })
    }

    /// "morning of May 5th", "am Abend des 3. Mai"
    fn part_of_day(&self, at: usize) -> Option<Reading<Frame>> {
        let part = self.part(at)?;
        let start = self.any(part.end, &[Word::Of, Word::On])?;
        let day = self.plain_day(start)?;
        Some(Reading { end: day.end, value: Frame { days: day.value.choice, part: Some(part.value) } })
    }

    /// "Wednesday evening next week"
    fn weekday_part_of_week(&self, at: usize) -> Option<Reading<Frame>> {
        let (end, weekday) = self.weekday(at)?;
        let part = self.part(end)?;
        let (end, days) = self.shifted_unit(self.optional(part.end, &[Word::Of, Word::In]), Unit::Week)?;
        let day = calendar::in_week(days.start, weekday)?;
        Some(Reading { end, value: Frame { days: Some(Choice::one(day)), part: Some(part.value) } })
    }
}

/// A time on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) days: Option<Choice<Date>>,
    pub(super) clock: Clock,
}

impl Moment {
    fn value(self) -> DateTimeValue {
        let days: Vec<Date> = self.days.into_iter().flat_map(Choice::into_iter).collect();
        let at = |time: Time| {
            days.iter().map(move |day| When::DateTime(day.to_datetime(time))).collect::<Vec<_>>()
        };
        DateTimeValue::new(Kind::DateTime, self.clock.times().flat_map(at))
    }
}
