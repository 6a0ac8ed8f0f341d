//! What words about time mean: typed candidates, because "Friday" may be the last one or the next.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};

use super::length::Length;
use super::recurrence::Recurrence;
use crate::entity::Kind;

/// What a date, a time, a range, a duration or a recurrence can mean.
#[derive(Clone, Debug, PartialEq)]
pub struct DateTimeValue {
    /// Which of the eight kinds about time it is.
    pub kind: Kind,
    /// Everything the words can mean: the past before the future, the morning before the evening. Empty where the words
    /// are understood but name no day of the calendar: "February 30", "summer", "fiscal year 2008".
    pub candidates: Vec<When>,
    /// Whether the words say that they are not exact: "around noon".
    pub approximate: bool,
}

/// One thing that words about time can mean. Ranges end before `end`; a side that is `None` is open.
#[derive(Clone, Debug, PartialEq)]
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
    /// Whether it is over at `now`; a time of day comes again every day and never is.
    fn is_over(&self, now: DateTime) -> bool {
        match self {
            Self::Date(date) => *date < now.date(),
            Self::DateTime(time) => *time < now,
            Self::Dates { end, .. } => end.is_some_and(|end| end <= now.date()),
            Self::DateTimes { end, .. } => end.is_some_and(|end| end <= now),
            Self::Time(_) | Self::Times { .. } | Self::Duration(_) | Self::Set(_) => false,
        }
    }
}

impl DateTimeValue {
    pub(super) fn new(kind: Kind, candidates: impl IntoIterator<Item = When>) -> Self {
        let mut distinct: Vec<When> = Vec::new();
        for candidate in candidates {
            if !distinct.contains(&candidate) {
                distinct.push(candidate);
            }
        }
        Self { kind, candidates: distinct, approximate: false }
    }

    pub(super) fn about(mut self) -> Self {
        self.approximate = true;
        self
    }

    /// What a command means by it: the first candidate that is not over at `now`, or the last one if all are.
    pub fn preferred(&self, now: DateTime) -> Option<&When> {
        self.candidates.iter().find(|candidate| !candidate.is_over(now)).or(self.candidates.last())
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

impl fmt::Display for DateTimeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, candidate) in self.candidates.iter().enumerate() {
            if index > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{candidate}")?;
        }
        Ok(())
    }
}
