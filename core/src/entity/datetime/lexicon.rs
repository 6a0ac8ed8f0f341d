//! What the words of a language mean to the grammar of dates and times.
//!
//! A language is a table of phrases, each with its [`Word`]: `(&["next", "following"], Word::Shift(Shift::Next))`. The
//! grammar knows only [`Word`]s, so that it is the same for every language. A phrase may mean several things ("second"
//! is a unit and an ordinal): it then stands in the table more than once.

use std::collections::HashMap;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use super::holiday::Holiday;
use crate::entity::tokens::Tokens;

/// A unit of the calendar or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// A sixtieth of a minute.
    Second,
    /// A sixtieth of an hour.
    Minute,
    /// A twenty-fourth of a day.
    Hour,
    /// A day.
    Day,
    /// As a length, a day: "two nights".
    Night,
    /// Monday to Friday, one of them.
    BusinessDay,
    /// Monday to Sunday.
    Week,
    /// Monday to Friday.
    WorkWeek,
    /// Saturday and Sunday.
    Weekend,
    /// Two weeks.
    Fortnight,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// January to December.
    Year,
    /// A year that begins when each school says.
    SchoolYear,
    /// A year that begins when each company says.
    FiscalYear,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

impl Unit {
    /// Whether it is shorter than a day.
    pub fn is_of_clock(self) -> bool {
        matches!(self, Self::Second | Self::Minute | Self::Hour)
    }
}

/// Which one, seen from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// "this"
    This,
    /// "same", "that": like "this", but what it points at is not known.
    Same,
    /// "next": the one after this.
    Next,
    /// "coming": the first from now on.
    Coming,
    /// "last": the one before this.
    Last,
    /// "past": the last up to now.
    Past,
    /// "the one after next"
    AfterNext,
    /// "the one before last"
    BeforeLast,
}

impl Shift {
    /// How many units away from this one.
    pub fn count(self) -> i64 {
        match self {
            Self::This | Self::Same => 0,
            Self::Next | Self::Coming => 1,
            Self::Last | Self::Past => -1,
            Self::AfterNext => 2,
            Self::BeforeLast => -2,
        }
    }
}

/// Which third or half of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// "early", "the beginning of"
    Start,
    /// "mid", "the middle of"
    Middle,
    /// "late", "the end of"
    End,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// 8 to 12.
    Morning,
    /// 11 to 13.
    Lunch,
    /// 12 to 16.
    Afternoon,
    /// 16 to 20.
    Evening,
    /// 20 to midnight.
    Night,
    /// 8 to 18.
    Daytime,
    /// 0 to 8.
    NightTime,
}

/// Where a range that has one end lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// "before", "by", "no later than"
    Before,
    /// "after"
    After,
    /// "since", "starting on"
    Since,
    /// "as late as"
    Until,
}

/// A row of units that a recurrence advances by, such as two weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// How many; 0.5 years are "semi-annual".
    pub count: f64,
    /// Of what.
    pub unit: Unit,
}

/// What a phrase means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Word {
    /// "January"
    Month(i8),
    /// "Monday"
    Weekday(Weekday),
    /// "Mondays"
    Weekdays(Weekday),
    /// "Christmas"
    Holiday(&'static Holiday),
    /// "summer": a period whose days nobody agrees on.
    Season,
    /// Days from today: "tomorrow".
    Day(i64),
    /// "first" to "thirty-first"
    Ordinal(i8),
    /// What makes digits an ordinal: "th".
    OrdinalMark,
    /// "hours"
    Unit(Unit),
    /// A unit that needs digits before it: "h".
    UnitLetter(Unit),
    /// A length in one word, in hours: "Viertelstunde".
    Hours(f64),
    /// "few", "a couple of"
    Amount(f64),
    /// "all", "the whole": all of a unit, as a length.
    Whole,
    /// "morning"
    Part(Part),
    /// "mornings"
    Parts(Part),
    /// "dinner": a part of the day only after "before", "around" and the like.
    Meal(Part),
    /// Days from today with a part: "tonight".
    DayPart(i64, Part),
    /// A time with a name: "noon" is 12.
    Hour(i8),
    /// "a.m."
    Am,
    /// "p.m."
    Pm,
    /// "a" for "am", glued to digits.
    AmLetter,
    /// "p" for "pm", glued to digits.
    PmLetter,
    /// "ish", glued to digits: about that hour.
    Ish,
    /// "ampm": either.
    AmPm,
    /// "o'clock"
    OClock,
    /// "half past" or "halb": with the minutes that it adds to the hour named after it.
    Minutes(i8),
    /// "past", "after" between minutes and an hour.
    MinutesPast,
    /// "to" between minutes and an hour.
    MinutesTo,
    /// "now"
    Now,
    /// "end of day"
    EndOfDay,
    /// "next", "last" and so on.
    Shift(Shift),
    /// "early", "late" as an adjective.
    Side(Side),
    /// "earlier", "later": up to now, or from now on.
    SideOfNow(Side),
    /// "end", "middle", "beginning" as a noun.
    Edge(Side),
    /// "rest of"
    Rest,
    /// "to date"
    ToDate,
    /// "year to date"
    UnitToDate(Unit),
    /// "eoy": the end of this unit, in one word.
    EndOfUnit(Unit),
    /// "s" after the digits of a decade: "90s", "90er Jahre".
    DecadeMark,
    /// "nineties": the tens of a year.
    Decade(i8),
    /// "noughties": a decade that begins with this year.
    DecadeFrom(i16),
    /// "half" of a year, after an ordinal.
    HalfYear,
    /// "Q" of "Q3".
    QuarterSign,
    /// "H" of "H2".
    HalfSign,
    /// "CY", "FY": a year in digits follows.
    YearSign(Unit),
    /// "week commencing", "the week of": a day follows.
    WeekOf,
    /// "ago"
    Ago,
    /// "ago" where it stands before the length: "vor zwei Tagen".
    AgoAhead,
    /// "after next": one more than next.
    AfterNext,
    /// "before last": one more than last.
    BeforeLast,
    /// The time before an hour in one word: "Vormittagszeit".
    BeforeHour(i8),
    /// "later", "from now"
    Later,
    /// "within"
    Within,
    /// "weekly": comes again every step.
    Often(Step),
    /// "every", "each"
    Every,
    /// "every other"
    EveryOther,
    /// "once a", "one a": a unit follows.
    OnceA,
    /// "more than"
    More,
    /// "less than"
    Less,
    /// "before", "since" and the like.
    Bound(Bound),
    /// "later than": a bound only before years and dates.
    YearBound(Bound),
    /// "or later": a bound after what it bounds.
    Trailing(Bound),
    /// "starting": a length before it or an open range.
    Starting,
    /// "around"
    Around,
    /// "the"
    The,
    /// "a", "an": one.
    A,
    /// "of"
    Of,
    /// "in"
    In,
    /// "im": "in the" in one word.
    InThe,
    /// "on"
    On,
    /// "at"
    At,
    /// "for"
    For,
    /// "from"
    From,
    /// "between"
    Between,
    /// "and"
    And,
    /// "or"
    Or,
    /// "to" between the ends of a range.
    To,
    /// "will", "can": a verb after which "last" is a verb too.
    Modal,
    /// "meeting", "call": what can be moved "to 3".
    Appointment,
    /// "'s time" after "in a week", read over.
    InTime,
    /// Looks like a time and is none: "good morning".
    Idiom,
}

/// The words of a language.
#[derive(Debug)]
pub struct DateTimeWords {
    /// Phrases and what they mean, in folded spelling; a space also stands for a hyphen.
    pub phrases: &'static [(&'static [&'static str], Word)],
    /// Holidays and what they are called.
    pub holidays: &'static [(&'static [&'static str], Holiday)],
    /// Ordinals from 1 up to 20 or 30, without ending.
    pub ordinals: &'static [(&'static str, i8)],
    /// What stands before an ordinal and adds to it: "twenty" (first), "einund" (zwanzigste).
    pub ordinal_heads: &'static [(&'static str, i8)],
    /// Endings of ordinals.
    pub ordinal_endings: &'static [&'static str],
    /// Whether a dot after digits makes an ordinal.
    pub ordinal_dot: bool,
    /// Whether the day stands before the month in digits.
    pub day_first: bool,
    /// Whether words grow together: "Dienstagabend".
    pub compounds: bool,
    /// Words that name a time only with a preposition or a number beside them: "may", "sun".
    pub ambiguous: &'static [&'static str],
}

/// The words of a language with its phrases by their first word.
#[derive(Debug)]
pub struct DateTimeTable {
    /// What it is made of.
    pub words: &'static DateTimeWords,
    phrases: HashMap<String, Vec<(Vec<String>, Word)>>,
}

impl DateTimeTable {
    pub(crate) fn new(words: &'static DateTimeWords) -> Self {
        let mut table = Self { words, phrases: HashMap::new() };
        for (phrases, word) in words.phrases {
            for phrase in *phrases {
                table.insert(phrase, *word);
            }
        }
        for (names, holiday) in words.holidays {
            for name in *names {
                table.insert(name, Word::Holiday(holiday));
            }
        }
        for ending in words.ordinal_endings {
            for (stem, value) in words.ordinals {
                table.insert(&format!("{stem}{ending}"), Word::Ordinal(*value));
                for (head, added) in words.ordinal_heads {
                    if (*value < 10) == (*added >= 10)
                        && value.max(added) % 10 == 0
                        && value.max(added) >= &20
                    {
                        table.insert(&format!("{head}{stem}{ending}"), Word::Ordinal(value + added));
                    }
                }
            }
        }
        table
    }

    fn insert(&mut self, phrase: &str, word: Word) {
        let mut texts =
            Tokens::new(phrase).iter().map(|token| token.text.clone()).collect::<Vec<_>>().into_iter();
        if let Some(first) = texts.next() {
            self.phrases.entry(first).or_default().push((texts.collect(), word));
        }
    }

    /// What phrases that begin with `first` go on with, and what they mean.
    pub(super) fn starting_with(&self, first: &str) -> &[(Vec<String>, Word)] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    /// What a single word means.
    pub(super) fn single(&self, word: &str) -> impl Iterator<Item = Word> {
        self.starting_with(word).iter().filter(|(rest, _)| rest.is_empty()).map(|(_, word)| *word)
    }
}
