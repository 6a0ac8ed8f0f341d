//! A set of days of the week: Mondays and Wednesdays.

use jiff::civil::Weekday;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Days of the week, each at most once. Stored as ISO 8601 numbers them: Monday is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays {
    /// A bit a day, Monday's the lowest.
    days: u8,
}

impl Weekdays {
    /// The days from `first` to `last`, across Sunday if need be.
    pub fn range(first: Weekday, last: Weekday) -> Self {
        first.cycle_forward().take(usize::from(first.until(last).unsigned_abs()) + 1).collect()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.days == 0
    }

    /// Whether `day` is one of them.
    pub fn contains(self, day: Weekday) -> bool {
        self.days & Self::from(day).days != 0
    }

    /// These and those of `others`.
    #[must_use]
    pub fn union(self, others: Self) -> Self {
        Self { days: self.days | others.days }
    }

    /// From Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::Monday.cycle_forward().take(7).filter(move |day| self.contains(*day))
    }
}

impl From<Weekday> for Weekdays {
    fn from(day: Weekday) -> Self {
        Self { days: 1 << day.to_monday_zero_offset() }
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().map(Self::from).fold(Self::default(), Self::union)
    }
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        into.collect_seq(self.iter().map(Weekday::to_monday_one_offset))
    }
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let numbers = Vec::<i8>::deserialize(from)?.into_iter();
        numbers.map(Weekday::from_monday_one_offset).collect::<Result<_, _>>().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Wednesday};

    use super::*;

    #[test]
    fn a_range_may_cross_sunday() {
        assert_eq!(Weekdays::range(Monday, Wednesday).iter().count(), 3);
        let days: Vec<_> = Weekdays::range(Friday, Monday).iter().collect();
        assert_eq!(days, [Monday, Friday, Saturday, Sunday]);
        assert_eq!(Weekdays::range(Sunday, Sunday), Weekdays::from(Sunday));
    }

    #[test]
    fn stored_as_iso_numbers_them() {
        let days: Weekdays = [Sunday, Monday].into_iter().collect();
        let stored = serde_json::to_string(&days).unwrap();
        assert_eq!(stored, "[1,7]");
        assert_eq!(serde_json::from_str::<Weekdays>(&stored).unwrap(), days);
        assert!(serde_json::from_str::<Weekdays>("[8]").is_err());
    }
}
