//! Dates and times in text, by rules, resolved against a local reference time.
//!
//! Eight kinds: a date, a time of day, a time on a day, ranges of each, a length of time, and what comes again. Words about
//! time are often open: "Friday" may be the last one or the next, "at 7" in the morning or in the evening. So a
//! [`DateTimeValue`] carries every candidate, and [`DateTimeValue::meant`] says which a command means.
//!
//! The grammar is the same for every language and lives in a file a subject, each a block of `impl Grammar`:
//!
//! | file | what it reads |
//! |---|---|
//! | `text.rs` | the text as pieces with the meaning of their words, and the numbers among them |
//! | `digits.rs`, `written.rs`, `day.rs`, `holiday.rs` | single days |
//! | `clock.rs` | times of day and parts of the day |
//! | `length.rs` | lengths of time |
//! | `distance.rs` | how far from now or from a day |
//! | `period.rs`, `side.rs` | weeks, months, years: days in a row with a name; their parts |
//! | `range.rs`, `open.rs` | days from one to another, or open on one side |
//! | `hours.rs` | from one time of day to another |
//! | `moment.rs`, `span.rs` | times on days, and ranges of them |
//! | `recurrence.rs`, `weekdays.rs` | what comes again, and on which days of the week |
//! | `calendar.rs` | reckoning; no words |
//!
//! A language is a table of phrases and their [`lexicon::Word`]s (`entity/en/datetime.rs`, `entity/de/datetime.rs`).
//! Every rule reads a bounded number of words from where it begins, so that the time is linear in the text.
//!
//! Without a reference time only what needs none is found: "2026-11-25" and "at noon", but not "tomorrow" or "Friday".

mod calendar;
mod clock;
mod day;
mod digits;
mod distance;
pub mod holiday;
mod hours;
pub mod length;
pub mod lexicon;
mod moment;
mod open;
mod period;
pub mod protocol;
mod range;
pub mod recurrence;
mod side;
mod span;
#[cfg(test)]
mod tests;
mod text;
mod value;
pub mod weekdays;
mod written;

use jiff::civil::DateTime;

use super::tokens::Tokens;
use super::{Entity, Kind, Language, Reading};
use text::Grammar;

pub use value::{DateTimeValue, When};

/// All dates and times in a text, left to right, none overlapping another. At each place the longest wins.
pub fn find(tokens: &Tokens, language: &Language, reference: Option<DateTime>) -> Vec<Entity<DateTimeValue>> {
    let grammar = Grammar::new(tokens, 0..tokens.len(), language, reference);
    let mut found = Vec::new();
    let mut at = 0;
    while at < grammar.len() {
        if let Some(end) = grammar.word(at, lexicon::Word::Idiom) {
            at = end;
            continue;
        }
        match grammar
            .readings(at)
            .into_iter()
            .rev()
            .max_by_key(|reading| (reading.end, rank(reading.value.kind)))
        {
            Some(Reading { end, value }) if end > at => {
                let (start, until) = grammar.span(at, end);
                found.push(Entity {
                    start,
                    end: until,
                    text: tokens.written_between(start, until),
                    value: value.prefer(reference),
                });
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// Phrases are shorter than this; so a slot looks no further.
const MAX_TOKENS: usize = 48;
/// What stands before a phrase tells what it can be: "at 7", "on the 3rd".
const TOKENS_BEFORE: usize = 4;

/// All ways to read a `kind` at token `at`, for the slots of commands. The slot says what is meant, so a bare number is a
/// time of day, a holiday with a time is a point in time, and a preposition may stand before it. Ends are token numbers.
pub(crate) fn readings(
    tokens: &Tokens,
    at: usize,
    kind: Kind,
    language: &Language,
    reference: Option<DateTime>,
) -> Vec<Reading<DateTimeValue>> {
    let first = at.saturating_sub(TOKENS_BEFORE);
    let last = tokens.len().min(at.saturating_add(MAX_TOKENS));
    let grammar = Grammar::new(tokens, first..last, language, reference).for_slot();
    let Some(start) = grammar.piece_of(at) else { return Vec::new() };
    let preposition = [lexicon::Word::At, lexicon::Word::On, lexicon::Word::In, lexicon::Word::For];
    let starts = [Some(start), grammar.any(start, &preposition)];
    let found = starts.into_iter().flatten().flat_map(|start| grammar.slot_readings(start, kind));
    let to_token = |reading: Reading<DateTimeValue>| {
        let end = grammar.token_after(reading.end)?;
        Some(Reading { end, value: reading.value.prefer(reference) })
    };
    found.filter_map(to_token).collect()
}

/// Which of several kinds wins over the same words.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Set => 7,
        Kind::Date => 6,
        Kind::DateTimeRange => 5,
        Kind::DateTime => 4,
        Kind::DateRange => 3,
        Kind::TimeRange => 2,
        Kind::Time => 1,
        _ => 0,
    }
}

impl Grammar<'_> {
    fn slot_readings(&self, at: usize, kind: Kind) -> Vec<Reading<DateTimeValue>> {
        let mut out = self.readings(at);
        match kind {
            Kind::Time => out.extend(self.any_times(at)),
            Kind::DateTime => out.extend(self.next_times(at)),
            Kind::TimeRange => out.extend(self.any_time_ranges(at)),
            _ => {}
        }
        out.retain(|reading| reading.value.kind == kind);
        out
    }

    /// Everything about time that begins at `at`.
    fn readings(&self, at: usize) -> Vec<Reading<DateTimeValue>> {
        if self.text(at).is_empty() || self.is_inside_number(at) {
            return Vec::new();
        }
        let mut out = Vec::new();
        for day in self.days(at) {
            let dates = day.value.choice.into_iter().flat_map(calendar::Choice::into_iter);
            out.push(Reading { end: day.end, value: DateTimeValue::new(Kind::Date, dates.map(When::Date)) });
        }
        if let Some(start) = self.around(at) {
            for day in self.days(start) {
                let dates = day.value.choice.into_iter().flat_map(calendar::Choice::into_iter);
                out.push(Reading {
                    end: day.end,
                    value: DateTimeValue::new(Kind::Date, dates.map(When::Date)).about(),
                });
            }
        }
        out.extend(self.time_values(at));
        out.extend(self.moment_values(at));
        out.extend(self.date_range_values(at));
        out.extend(self.time_range_values(at));
        out.extend(self.moment_range_values(at));
        out.extend(self.set_values(at));
        out.extend(self.length_values(at));
        out
    }
}
