//! What an open question hears: an answer, a yes, a no.

use super::answers::Answered;
use super::hearing::{Heard, Hearing, Piece, in_scope, with};
use super::joined::MAX_JOINED;
use super::pieces::{made_of, phrases};
use super::{Open, Question};
use crate::command::parser::{Command, Slot};
use crate::entity::boolean;
use crate::entity::text::Utterance;
use crate::entity::tokens::Tokens;

impl Hearing<'_> {
    /// What answers the open question and nothing else.
    pub(super) fn reply(&self, open: &Open, all: Piece) -> Option<Heard> {
        let declines = self.is_only(all, |words| [words.cancel, words.correct, words.polite].concat());
        match &open.question {
            Question::Confirmation => {
                let said = self.yes_or_no(all).or_else(|| self.agrees(&open.command, all).then_some(true));
                // "Wait" is no yes, and what is asked about cannot be undone.
                let waits = declines && self.contains(all, |words| words.correct);
                match said.or_else(|| waits.then_some(false)) {
                    Some(true) => return Some(Heard::Confirmed),
                    Some(false) => return Some(Heard::Cancelled),
                    None => {}
                }
            }
            Question::Value(slot) => {
                let pieces = [Some(all), self.repair_answer(all)].into_iter().flatten();
                let answers = pieces.filter_map(|piece| self.answer(&open.command, Some(slot), piece));
                let answer = answers.into_iter().find(|answer| !answer.open);
                // Of "the kitchen and the hall", one may pass for words that were said before.
                let row = self.row(&open.command, Some(slot), all, MAX_JOINED).filter(|row| {
                    let is_one = |answer: &Answered| {
                        row.iter().any(|command| command.slot(slot) == Some(&answer.slot.value))
                    };
                    answer.as_ref().is_none_or(is_one)
                });
                if let Some(commands) = row {
                    return Some(Heard::Commands(commands));
                }
                if let Some(answer) = answer {
                    return Some(Heard::Answered(with(open.command.clone(), answer.slot)));
                }
            }
        }
        (declines && self.contains(all, |words| words.cancel)).then_some(Heard::Cancelled)
    }

    /// "Go ahead", and "yes, delete it" of what was asked about.
    fn agrees(&self, asked: &Command, all: Piece) -> bool {
        if self.is_only(all, |words| [words.confirm, words.around].concat()) {
            return self.contains(all, |words| words.confirm);
        }
        let Some(rest) = self.behind_yes(all) else { return false };
        let is_asked = |command: &Command| {
            let is_known = |slot: &Slot| {
                asked.slot(&slot.name) == Some(&slot.value) || self.is_pronoun(&Utterance::new(&slot.text))
            };
            command.intent == asked.intent && command.slots.iter().all(is_known)
        };
        let (text, _) = self.text(rest);
        let chars = self.folded.chars().get(rest.start..rest.end).unwrap_or_default();
        let is_echo = self.tables.iter().any(|words| {
            let words = phrases(&[words.around, words.pronouns, words.confirm].concat());
            made_of(chars, &[words.as_slice(), &self.said_before].concat())
        });
        is_echo || in_scope(&self.parser.parse(&text, self.context)).is_some_and(is_asked)
    }

    /// What follows a yes at the beginning.
    fn behind_yes(&self, all: Piece) -> Option<Piece> {
        let tokens = Tokens::from_chars(self.folded.chars().to_vec());
        let readings = self.tables.iter().filter_map(|words| words.language());
        let readings = readings.flat_map(|language| boolean::readings(&tokens, 0, language));
        let yes =
            readings.filter(|reading| reading.value).map(|reading| tokens.span(0, reading.end).1).max()?;
        (yes < all.end).then_some(Piece { start: yes + 1, ..all })
    }

    pub(super) fn is_pronoun(&self, words: &Utterance) -> bool {
        let known = self.tables.iter().flat_map(|table| table.pronouns);
        known.into_iter().any(|word| word.chars().eq(words.chars().iter().copied()))
    }

    /// Free text for the slot that was asked for, or a value of another slot, be it said to correct one: "no, at four".
    pub(super) fn late_answer(&self, open: &Open, all: Piece) -> Option<Slot> {
        let Question::Value(slot) = &open.question else { return None };
        let sure = |piece| self.answer(&open.command, None, piece).filter(|answer| !answer.open);
        let other = sure(all).or_else(|| self.without_lead(all, |words| words.correct).and_then(sure));
        other.or_else(|| self.answer(&open.command, Some(slot), all)).map(|answer| answer.slot)
    }

    /// "Tomorrow" where a moment is asked for: the time of day is still open.
    pub(super) fn day_of(&self, open: &Open, all: Piece) -> Option<Heard> {
        let Question::Value(slot) = &open.question else { return None };
        Some(Heard::Partly(with(open.command.clone(), self.day(&open.command, slot, all)?)))
    }

    fn yes_or_no(&self, all: Piece) -> Option<bool> {
        let chars = self.folded.chars();
        let tokens = Tokens::from_chars(chars.to_vec());
        self.tables.iter().find_map(|words| {
            let language = words.language()?;
            let around = phrases(words.around);
            let is_around =
                |from: usize, to: usize| chars.get(from..to).is_some_and(|rest| made_of(rest, &around));
            (0..tokens.len()).find_map(|at| {
                let readings = boolean::readings(&tokens, at, language);
                let reading = readings.into_iter().max_by_key(|reading| reading.end)?;
                let (start, end) = tokens.span(at, reading.end);
                (is_around(0, start) && is_around(end, all.end)).then_some(reading.value)
            })
        })
    }
}
