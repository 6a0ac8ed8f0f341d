//! What words about time mean: typed candidates, because "Friday" may be the last one or the next.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::length::Length;
use super::recurrence::Recurrence;
use crate::entity::Kind;

/// What a date, a time, a range, a duration or a recurrence can mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateTimeValue {
    /// Which of the eight kinds about time it is.
    pub kind: Kind,
    /// Everything the words can mean: the past before the future, the morning before the evening. Empty where the words
    /// are understood but name no day of the calendar: "February 30", "summer", "fiscal year 2008".
    pub candidates: Vec<When>,
    /// Which candidate a command means: the one that comes next.
    pub preferred: usize,
    /// Whether the words look back: "since Monday", "the 80s". Then the last one is meant and not the next.
    pub looks_back: bool,
    /// Whether the words say that they are not exact: "around noon".
    pub approximate: bool,
}

/// One thing that words about time can mean. Ranges end before `end`; a side that is `None` is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum When {
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A time on a day.
    DateTime(DateTime),
    /// Days.
    Dates {
        /// The first day.
        start: Option<Date>,
        /// The day after the last.
        end: Option<Date>,
    },
    /// Part of a day. It ends on the next day if `end` is not after `start`.
    Times {
        /// From this time on.
        start: Option<Time>,
        /// Until this time.
        end: Option<Time>,
    },
    /// From one point in time to another.
    DateTimes {
        /// From this time on.
        start: Option<DateTime>,
        /// Until this time.
        end: Option<DateTime>,
    },
    /// A length of time.
    Duration(Length),
    /// What comes again.
    Set(Recurrence),
}

impl When {
    /// Where it stands in the order in which things come: what has not begun at `now`, soonest first, then what has.
    fn order(&self, now: DateTime) -> (bool, Option<DateTime>) {
        let at = |date: &Date| date.to_datetime(Time::midnight());
        // A time of day comes again every day.
        let next = |time: &Time| {
            let today = now.date().to_datetime(*time);
            if today > now { Some(today) } else { today.tomorrow().ok() }
        };
        match self {
            Self::Date(date) => (*date < now.date(), Some(at(date))),
            Self::DateTime(time) => (*time < now, Some(*time)),
            Self::Dates { start, end } => {
                let first = start.or(*end);
                (first.is_some_and(|first| first < now.date()), first.as_ref().map(at))
            }
            Self::DateTimes { start, end } => {
                let first = start.or(*end);
                (first.is_some_and(|first| first < now), first)
            }
            Self::Time(time) => (false, next(time)),
            Self::Times { start, end } => (false, start.or(*end).as_ref().and_then(next)),
            Self::Duration(_) | Self::Set(_) => (false, None),
        }
    }

    /// Whether it is a point in time at which people sleep.
    fn is_at_night(&self) -> bool {
        matches!(self, Self::DateTime(time) if time.hour() < FIRST_WAKING_HOUR)
    }
}

/// Before this hour nobody makes an appointment, but some set an alarm for it.
const FIRST_WAKING_HOUR: i8 = 5;

impl DateTimeValue {
    pub(crate) fn new(kind: Kind, candidates: impl IntoIterator<Item = When>) -> Self {
        let mut distinct: Vec<When> = Vec::new();
        for candidate in candidates {
            if !distinct.contains(&candidate) {
                distinct.push(candidate);
            }
        }
        Self { kind, candidates: distinct, preferred: 0, looks_back: false, approximate: false }
    }

    pub(super) fn about(mut self) -> Self {
        self.approximate = true;
        self
    }

    pub(super) fn looking_back(mut self) -> Self {
        self.looks_back = true;
        self
    }

    /// Prefers what comes next at `now`, or the first where the words look back. "Tomorrow at three" is in the afternoon.
    pub(super) fn prefer(mut self, now: Option<DateTime>) -> Self {
        if let Some(now) = now.filter(|_| !self.looks_back) {
            let order = |(_, when): &(usize, &When)| {
                let (is_past, at) = when.order(now);
                (is_past, when.is_at_night() && self.candidates.len() > 1, at)
            };
            let soonest = self.candidates.iter().enumerate().min_by_key(order);
            self.preferred = soonest.map_or(0, |(index, _)| index);
        }
        self
    }

    /// What a command means by it: the candidate that comes next. `None` where the words name no day.
    pub fn meant(&self) -> Option<&When> {
        self.candidates.get(self.preferred)
    }
}

/// ISO 8601: `2016-11-07`, `19:30:00`, `2016-11-07T19:30:00/2016-11-07T20:00:00`, `PT90M`; `..` is an open side.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn side<T: fmt::Display>(side: Option<&T>) -> String {
            side.map_or_else(|| "..".to_owned(), T::to_string)
        }
        match self {
            Self::Date(date) => write!(f, "{date}"),
            Self::Time(time) => write!(f, "{time}"),
            Self::DateTime(time) => write!(f, "{time}"),
            Self::Dates { start, end } => write!(f, "{}/{}", side(start.as_ref()), side(end.as_ref())),
            Self::Times { start, end } => write!(f, "{}/{}", side(start.as_ref()), side(end.as_ref())),
            Self::DateTimes { start, end } => write!(f, "{}/{}", side(start.as_ref()), side(end.as_ref())),
            Self::Duration(length) => write!(f, "{length}"),
            Self::Set(recurrence) => write!(f, "{recurrence}"),
        }
    }
}

/// What is meant; nothing where the words name no day.
impl fmt::Display for DateTimeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meant().map_or(Ok(()), |when| write!(f, "{when}"))
    }
}
