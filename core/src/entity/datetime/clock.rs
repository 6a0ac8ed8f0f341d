//! Times of day: `7:30 pm`, `half past seven`, `Viertel vor sieben`, `18 Uhr 12`, `noon`, `in the morning at 7`.

use jiff::civil::Time;

use super::lexicon::{Part, Side, Unit, Word};
use super::text::Grammar;
use super::value::{DateTimeValue, When};
use crate::entity::{Kind, Reading};

/// A time of day, as far as the words say which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    /// As said; where the half of the day is open, the earlier one.
    pub(super) time: Time,
    /// Whether it can also be twelve hours later.
    pub(super) either: bool,
    /// Whether "pm" or "in the evening" was said, so that it also tells of the other end of a range.
    pub(super) has_half: bool,
    /// Whether no minutes were said.
    pub(super) is_whole_hour: bool,
    /// Whether it can be nothing but a time: a bare number needs an "at" or a day beside it.
    pub(super) sure: bool,
}

impl Clock {
    fn new(hour: i64, minute: i64, second: i64) -> Option<Self> {
        let hour_of_day = if hour == 24 { 0 } else { hour };
        let time = Time::new(
            i8::try_from(hour_of_day).ok()?,
            i8::try_from(minute).ok()?,
            i8::try_from(second).ok()?,
            0,
        )
        .ok()?;
        let either = (1..=12).contains(&hour);
        Some(Self { time, either, has_half: false, is_whole_hour: false, sure: true })
    }

    fn hour(hour: i8) -> Option<Self> {
        Some(Self { is_whole_hour: true, sure: false, ..Self::new(hour.into(), 0, 0)? })
    }

    /// At this hour of the day, whatever half.
    fn at_hour(self, hour: i8) -> Self {
        let time = self.time.with().hour(hour).build().unwrap_or(self.time);
        Self { time, either: false, ..self }
    }

    fn in_first_half(self) -> Self {
        let half = Self { has_half: true, sure: true, ..self };
        if self.either { half.at_hour(self.time.hour() % 12) } else { half }
    }

    fn in_second_half(self) -> Self {
        let half = Self { has_half: true, sure: true, ..self };
        if self.either { half.at_hour(self.time.hour() % 12 + 12) } else { half }
    }

    /// The same time in this part of the day.
    pub(super) fn in_part(self, part: Part) -> Self {
        match part {
            Part::Morning | Part::NightTime => Self { either: false, has_half: true, sure: true, ..self },
            Part::Night | Part::Evening if self.either && self.time.hour() == 12 => self.in_first_half(),
            Part::Night if self.either && self.time.hour() < 6 => self.in_first_half(),
            Part::Lunch | Part::Daytime if self.either && self.time.hour() >= 8 => {
                Self { either: false, ..self }
            }
            _ if self.either => self.in_second_half(),
            _ => Self { has_half: true, sure: true, ..self },
        }
    }

    fn value(self) -> DateTimeValue {
        DateTimeValue::new(Kind::Time, self.times().map(When::Time))
    }

    /// Every time that it can be: the one said, and the one twelve hours later.
    pub(super) fn times(self) -> impl Iterator<Item = Time> {
        let later = self.at_hour((self.time.hour() + 12) % 24).time;
        [self.time, later].into_iter().take(if self.either { 2 } else { 1 })
    }
}

/// A part of the day, perhaps the early or late half of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DayPart {
    pub(super) part: Part,
    pub(super) side: Option<Side>,
}

impl DayPart {
    /// From when to when; the night ends with the last second of its day.
    pub(super) fn times(self) -> (Time, Time) {
        let (start, end) = match self.part {
            Part::Morning => (8, 12),
            Part::Lunch => (11, 13),
            Part::Afternoon => (12, 16),
            Part::Evening => (16, 20),
            Part::Night => (20, 24),
            Part::Daytime => (8, 18),
            Part::NightTime => (0, 8),
        };
        let half = (start + end) / 2;
        let (start, end) = match self.side {
            Some(Side::Start) => (start, half),
            Some(Side::End) => (half, end),
            Some(Side::Middle) | None => (start, end),
        };
        let time = |hour| Time::new(hour, 0, 0, 0).unwrap_or(LAST_SECOND);
        (time(start), time(end))
    }
}

/// The last second of a day.
pub(super) const LAST_SECOND: Time = Time::constant(23, 59, 59, 0);

impl Grammar<'_> {
    /// Times of day that stand alone.
    pub(super) fn time_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        for Reading { end, value } in self.clocks(at) {
            if value.sure || self.is_led_number(at, end) {
                out.push(Reading { end, value: value.value() });
            }
        }
        out.extend(self.dotted_time(at));
        if let Some(start) = self.around(at) {
            let clocks = self.clocks(start).into_iter();
            out.extend(clocks.map(|clock| Reading { end: clock.end, value: clock.value.value().about() }));
        }
        out
    }

    /// Whether a number that could be anything is a time because of what stands before it: "at 7", "move the meeting to 3".
    fn is_led_number(&self, at: usize, end: usize) -> bool {
        let ends_sentence = end >= self.len() || matches!(self.text(end), "." | "," | "!" | "?");
        let is_moved = self.follows(at, |word| word == Word::To)
            && at.checked_sub(1).is_some_and(|to| self.follows(to, |word| word == Word::Appointment));
        let is_counted = |word| matches!(word, Word::Unit(_) | Word::UnitLetter(_) | Word::Part(_));
        let counts_something = self.words(end).any(|(_, word)| is_counted(word))
            || matches!(self.text(end), "%" | "°" | "€" | "$");
        let is_dotted = self.is_sign(at + 1, '.') && self.digits(at + 2).is_some() && end == at + 3;
        let is_at = self.follows(at, |word| word == Word::At) && !counts_something && !is_dotted;
        is_at || (is_moved && ends_sentence)
    }

    /// "at 6.45": the preposition alone tells it from a number, and so belongs to it.
    fn dotted_time(&self, at: usize) -> Option<Reading<DateTimeValue>> {
        let start = self.word(at, Word::At)?;
        let clock = self.digital(start).filter(|clock| self.is_sign(start + 1, '.') && !clock.value.sure)?;
        Some(Reading { end: clock.end, value: clock.value.value() })
    }

    /// Times of day where nothing else can be meant, bare numbers too.
    pub(super) fn any_times(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let clocks = self.clocks(at).into_iter();
        clocks.map(|clock| Reading { end: clock.end, value: clock.value.value() }).collect()
    }

    /// "around", "at about"
    pub(super) fn around(&self, at: usize) -> Option<usize> {
        let start = self.word(at, Word::At).unwrap_or(at);
        self.word(start, Word::Around)
    }

    /// Times that begin at `at`, the longest first, bare numbers among them.
    pub(super) fn clocks(&self, at: usize) -> Vec<Reading<Clock>> {
        self.once(at, |known| &known.clocks, || self.read_clocks(at))
    }

    fn read_clocks(&self, at: usize) -> Vec<Reading<Clock>> {
        let mut out = self.clocks_with_half(at);
        if let Some(part) = self.part(at) {
            let start = self.optional(self.skip(part.end, ','), &[Word::At]);
            let clocks = self.clocks_with_half(start).into_iter();
            let said = clocks.filter(|clock| start > part.end || clock.value.sure);
            out.extend(
                said.map(|clock| Reading { end: clock.end, value: clock.value.in_part(part.value.part) }),
            );
        }
        out.sort_by_key(|clock| std::cmp::Reverse(clock.end));
        out
    }

    /// A face of the clock with "am", "pm" or a part of the day after it.
    fn clocks_with_half(&self, at: usize) -> Vec<Reading<Clock>> {
        let mut out = Vec::new();
        for Reading { end, value } in self.faces(at) {
            if let Some((half_end, clock)) = self.half_of_day(end, value) {
                out.push(Reading { end: half_end, value: clock });
            }
            // "at 7 in the morning", "12 nachts", but not "one morning"
            let is_led = self.language.datetime.words.compounds
                || value.sure
                || self.any(end, &[Word::In, Word::At]).is_some();
            if let Some(part) = self.part(end).filter(|_| is_led) {
                out.push(Reading { end: part.end, value: value.in_part(part.value.part) });
            }
            out.push(Reading { end, value });
        }
        out
    }

    fn half_of_day(&self, at: usize, clock: Clock) -> Option<(usize, Clock)> {
        let letter = |word| self.word(at, word).filter(|_| self.glued(at));
        if let Some(end) = letter(Word::Ish).or_else(|| self.word(at, Word::AmPm)) {
            return Some((end, Clock { sure: true, ..clock }));
        }
        if let Some(end) = self.word(at, Word::Am).or_else(|| letter(Word::AmLetter)) {
            return Some((end, clock.in_first_half()));
        }
        let end = self.word(at, Word::Pm).or_else(|| letter(Word::PmLetter))?;
        Some((end, clock.in_second_half()))
    }

    /// Hours and minutes without their half of the day.
    fn faces(&self, at: usize) -> Vec<Reading<Clock>> {
        let mut out = Vec::new();
        out.extend(self.digital(at));
        out.extend(self.hour_and_minutes(at));
        out.extend(self.hour_letter(at));
        out.extend(self.minutes_and_hour(at));
        out.extend(self.named_hour(at));
        out
    }

    /// "7:30", "7:30:15", "8.45", "0730", and "1140" before "am"
    fn digital(&self, at: usize) -> Option<Reading<Clock>> {
        let (length, hour) = self.digits(at)?;
        let reading = |end, clock: Clock| {
            let marked = self.word(end, Word::OClock);
            Some(Reading {
                end: marked.unwrap_or(end),
                value: Clock { sure: clock.sure || marked.is_some(), ..clock },
            })
        };
        if length == 4 || (length == 3 && self.half_of_day(at + 1, Clock::hour(1)?).is_some()) {
            let sure = Clock::new(hour / 100, hour % 100, 0)?;
            let alone = !self.goes_on(at + 1) || self.text(at + 1) == "-";
            return alone.then(|| reading(at + 1, Clock { sure: false, ..sure })).flatten();
        }
        let is_minute = |sign: usize| {
            let (length, minute) = self.digits(sign + 1)?;
            (self.glued(sign) && self.glued(sign + 1) && length == 2 && minute < 60).then_some(minute)
        };
        (length <= 2).then_some(())?;
        match self.text(at + 1) {
            ":" => {
                let minute = is_minute(at + 1)?;
                if self.is_sign(at + 3, ':')
                    && let Some(second) = is_minute(at + 3)
                {
                    return reading(at + 5, Clock::new(hour, minute, second)?);
                }
                (!self.goes_on(at + 3) || self.text(at + 3) == "-").then_some(())?;
                reading(at + 3, Clock::new(hour, minute, 0)?)
            }
            "." => {
                let minute = is_minute(at + 1)?;
                (!self.goes_on(at + 3) || self.text(at + 3) == "-").then_some(())?;
                reading(at + 3, Clock { sure: false, ..Clock::new(hour, minute, 0)? })
            }
            _ => None,
        }
    }

    /// "9h30"
    fn hour_letter(&self, at: usize) -> Option<Reading<Clock>> {
        let (length, hour) = self.digits(at)?;
        let joined = self.text(at + 1) == "h" && self.glued(at + 1) && self.glued(at + 2);
        let (2, minute) = self.digits(at + 2).filter(|_| joined && length <= 2)? else { return None };
        Some(Reading { end: at + 3, value: Clock::new(hour, minute, 0)? })
    }

    /// "seven", "7 o'clock", "18 Uhr 12", "seven thirty", "seven oh five", "six forty-three minutes"
    fn hour_and_minutes(&self, at: usize) -> Vec<Reading<Clock>> {
        let mut out = Vec::new();
        for (end, hour) in self.small(at, 24) {
            let Some(clock) = Clock::hour(hour) else { continue };
            let marked = self.word(end, Word::OClock);
            if self.digits(at).is_some() && self.goes_on(end) && self.text(end) != "-" {
                continue;
            }
            if let Some(marked) = marked {
                out.push(Reading { end: marked, value: Clock { sure: true, ..clock } });
            }
            let in_words = self.digits(at).is_none();
            let zeros = self.language.number.words.spoken_zeros;
            if in_words && zeros.contains(&self.text(end)) {
                let minutes = self.small(end + 1, 9).into_iter().filter(|(_, minute)| *minute > 0);
                let minutes = minutes
                    .filter_map(|(end, minute)| Some((end, Clock::new(hour.into(), minute.into(), 0)?)));
                out.extend(minutes.map(|(end, value)| Reading { end, value }));
            }
            if marked.is_some() || in_words {
                let start = marked.unwrap_or(end);
                let joint = start + usize::from(self.text(start) == "-" && self.glued(start));
                for (end, minute) in self.small(joint, 59).into_iter().filter(|(_, minute)| {
                    *minute >= 10 || (marked.is_some() && (!self.is_word(joint) || *minute > 1))
                }) {
                    if marked.is_some() && (self.word(end, Word::OClock).is_some() || self.goes_on(end)) {
                        continue;
                    }
                    let end = self.word(end, Word::Unit(Unit::Minute)).unwrap_or(end);
                    let minutes = Clock::new(hour.into(), minute.into(), 0);
                    out.extend(
                        minutes
                            .map(|value| Reading { end, value: Clock { sure: marked.is_some(), ..value } }),
                    );
                }
            }
            out.push(Reading { end, value: clock });
        }
        out
    }

    /// "half past seven", "20 min past eight", "Viertel vor sieben", "halb acht", "fünf vor halb acht"
    fn minutes_and_hour(&self, at: usize) -> Vec<Reading<Clock>> {
        let mut out = Vec::new();
        let mut starts = Vec::new();
        starts.extend(self.minutes_word(at));
        for (end, minutes) in self.small(at, 59) {
            let named = self.word(end, Word::Unit(Unit::Minute));
            if named.is_none() && minutes < 5 {
                continue;
            }
            let end = named.unwrap_or(end);
            let past = self.word(end, Word::MinutesPast).map(|end| (end, i64::from(minutes)));
            let Some((end, minutes)) =
                past.or_else(|| self.word(end, Word::MinutesTo).map(|end| (end, -i64::from(minutes))))
            else {
                continue;
            };
            starts.push((end, minutes));
            starts.extend(self.minutes_word(end).map(|(end, more)| (end, minutes + more)));
        }
        for (start, minutes) in starts {
            let named = self.pick(start, |word| if let Word::Hour(hour) = word { Some(hour) } else { None });
            let hours = self
                .small(start, 24)
                .into_iter()
                .filter(|(_, hour)| *hour >= 1)
                .map(|(end, hour)| (end, hour, false));
            for (end, hour, named) in named.map(|(end, hour)| (end, hour, true)).into_iter().chain(hours) {
                let total = (i64::from(hour) * 60 + minutes).rem_euclid(24 * 60);
                let Some(clock) = Clock::new(total / 60, total % 60, 0) else { continue };
                // Half past twelve can be either; a quarter to one is as open as one o'clock is.
                let either = hour <= 12 && !named;
                let clock = if either && total / 60 == 0 {
                    Clock::new(12, total % 60, 0).unwrap_or(clock)
                } else {
                    clock
                };
                let end = self.word(end, Word::OClock).unwrap_or(end);
                out.push(Reading { end, value: Clock { either: either && clock.either, ..clock } });
            }
        }
        out
    }

    fn minutes_word(&self, at: usize) -> Option<(usize, i64)> {
        self.pick(at, |word| if let Word::Minutes(minutes) = word { Some(i64::from(minutes)) } else { None })
    }

    /// "noon", "12 noon"
    fn named_hour(&self, at: usize) -> Option<Reading<Clock>> {
        let on = if self.language.datetime.words.compounds { self.word(at, Word::On) } else { None };
        let twelve = self
            .small(at, 12)
            .into_iter()
            .find(|(_, hour)| *hour == 12)
            .map(|(end, _)| end)
            .or(on)
            .unwrap_or(at);
        let (end, hour) =
            self.pick(twelve, |word| if let Word::Hour(hour) = word { Some(hour) } else { None })?;
        let clock = Clock::new(hour.into(), 0, 0)?;
        Some(Reading { end, value: Clock { either: false, has_half: true, ..clock } })
    }

    /// A part of the day that may stand beside a time or a day: "in the morning", "late afternoon", "early in the morning".
    pub(super) fn part(&self, at: usize) -> Option<Reading<DayPart>> {
        self.part_with_side(at).or_else(|| self.part_after(at, at, None))
    }

    fn part_with_side(&self, at: usize) -> Option<Reading<DayPart>> {
        if let Some((start, side)) = self.side(at) {
            let start = self.optional(start, &[Word::In, Word::On, Word::The]);
            return self.part_after(at, start, Some(side));
        }
        // "am frühen Morgen"
        if self.language.datetime.words.compounds
            && let Some(start) = self.word(at, Word::On)
            && let Some((start, side)) = self.side(start)
        {
            return self.part_after(at, start, Some(side));
        }
        // "in the late afternoon"
        let start = self.word(self.any(at, &[Word::In, Word::On])?, Word::The)?;
        let (start, side) = self.side(start)?;
        self.part_after(at, start, Some(side))
    }

    fn part_after(&self, at: usize, start: usize, side: Option<Side>) -> Option<Reading<DayPart>> {
        (side != Some(Side::Middle)).then_some(())?;
        let start = if side.is_some() {
            start
        } else {
            self.optional(start, &[Word::In, Word::On, Word::At, Word::The])
        };
        let joint = self.skip(start, '-');
        let (end, part) = self.pick(joint, |word| match word {
            Word::Part(part) => Some(part),
            Word::Parts(part) if start > at => Some(part),
            Word::Meal(part) if self.word(at, Word::At) == Some(start) => Some(part),
            _ => None,
        })?;
        Some(Reading { end, value: DayPart { part, side } })
    }

    /// Parts of the day that stand alone.
    pub(super) fn part_values(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        let mut out = Vec::new();
        let value = |part: DayPart| {
            let (start, end) = part.times();
            DateTimeValue::new(Kind::TimeRange, [When::Times { start: Some(start), end: Some(end) }])
        };
        let part = self.part(at).filter(|_| self.named_hour(at).is_none());
        out.extend(part.map(|part| Reading { end: part.end, value: value(part.value) }));
        if let Some(start) = self.around(at) {
            let meal = self.part_or_meal(start);
            out.extend(meal.map(|part| Reading { end: part.end, value: value(part.value).about() }));
        }
        out
    }

    /// Also "dinner", which alone is a meal and no time.
    pub(super) fn part_or_meal(&self, at: usize) -> Option<Reading<DayPart>> {
        let start = self.optional(at, &[Word::The]);
        let meal = self.pick(start, |word| if let Word::Meal(part) = word { Some(part) } else { None });
        self.part(at).or(meal.map(|(end, part)| Reading { end, value: DayPart { part, side: None } }))
    }
}
