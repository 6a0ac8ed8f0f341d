//! "A small, no, a large coffee": whoever takes something back within an utterance says what takes its place.
//!
//! What is said behind "no", "sorry" or "I mean" is the *repair*, and some of the words before are what it replaces (the reparandum of
//! Shriberg 1994, *Preliminaries to a Theory of Speech Disfluencies*). Either the words before are a command and the
//! repair is another value of it, or the repair goes on where the words that it replaces began.

use std::iter;

use super::Conversation;
use super::hearing::{Hearing, Piece, SURE, in_scope, with};
use super::pieces::shift;
use crate::command::parser::{Command, Slot};

/// More words are not taken back by one repair.
const MOST_WORDS: usize = 6;
/// Longer utterances are not looked through.
const LONGEST: usize = 200;
/// Nor is more taken back in a breath: each try to leave words out tries those before, too.
const MOST_REPAIRS: usize = 2;

/// An utterance that takes something back.
struct Repair {
    before: Piece,
    after: Piece,
    /// Whether the words between can be nothing else, as "no" can: "with no milk".
    is_sure: bool,
}

impl Hearing<'_> {
    /// The command that is meant where something is taken back inside the utterance.
    pub(in crate::command) fn repaired(&self) -> Option<Command> {
        let all = Piece { start: 0, end: self.folded.chars().len() };
        if all.end > LONGEST || self.without_lead(all, |words| words.takes_back).is_some() {
            return None;
        }
        let repairs = self.repairs(all);
        // "With no milk" takes nothing back
        let is_said_so = |command: &Command| !command.slots.iter().any(|slot| self.is_open(command, slot));
        let is_plain = repairs.is_empty() || self.exact(all).as_ref().is_some_and(is_said_so);
        let repairs = repairs.iter().filter(|_| repairs.len() <= MOST_REPAIRS && !is_plain);
        repairs.into_iter().find_map(|repair| {
            let first = self.meant(repair.before);
            let replaced = first.as_ref().and_then(|first| self.replaced_value(repair, first));
            replaced.or_else(|| self.replaced_words(repair, first.as_ref()))
        })
    }

    /// The last repair in the piece.
    pub(super) fn repair_answer(&self, all: Piece) -> Option<Piece> {
        self.repair(all).filter(|_| all.end <= LONGEST).map(|repair| repair.after)
    }

    /// All that is taken back, the last first.
    fn repairs(&self, piece: Piece) -> Vec<Repair> {
        let all = iter::successors(self.repair(piece), |repair| self.repair(repair.before));
        let to_the_end =
            |repair: Repair| Repair { after: Piece { end: piece.end, ..repair.after }, ..repair };
        all.map(to_the_end).collect()
    }

    fn repair(&self, all: Piece) -> Option<Repair> {
        let starts: Vec<usize> = self.word_starts(all).skip(1).collect();
        starts.into_iter().rev().find_map(|start| {
            let after = self.without_lead(Piece { start, ..all }, |words| words.takes_back)?;
            // the words may be several, of which this is not the first
            let first = self.word_starts(all).skip(1).find(|first| {
                let rest = self.behind_leads(Piece { start: *first, ..all }, |words| words.takes_back);
                rest.into_iter().any(|rest| rest.start == after.start)
            })?;
            let between = Piece { start: first, end: after.start - 1 };
            let is_sure = !self.is_only(between, |words| words.takes_back_or_names.to_vec());
            let before = Piece { start: all.start, end: first - 1 };
            Some(Repair { before, after, is_sure })
        })
    }

    /// "A timer for ten minutes, no, for twenty".
    fn replaced_value(&self, repair: &Repair, first: &Command) -> Option<Command> {
        let (text, _) = self.text(repair.before);
        let before = Conversation::heard(&text);
        let hearing = Hearing::new(self.parser, self.original, &before, self.context);
        let answer = hearing.answer(first, None, repair.after).filter(|answer| !answer.open)?;
        let replaces = first.slot_named(&answer.slot.name).is_some();
        (replaces || repair.is_sure).then(|| with(first.clone(), answer.slot))
    }

    /// "Make me a latte, sorry, a tea with milk": as a template says it, or else by guess.
    fn replaced_words(&self, repair: &Repair, first: Option<&Command>) -> Option<Command> {
        let starts: Vec<usize> = self.word_starts(repair.before).collect();
        let replace = |start: &usize, said: &dyn Fn(&str) -> Option<Command>| {
            let replaced = Piece { start: *start, ..repair.before };
            let kept = Piece { end: start.saturating_sub(1).max(repair.before.start), ..repair.before };
            self.replace(repair, kept, replaced, first, said)
        };
        let starts = || starts.iter().rev().take(MOST_WORDS);
        let exactly =
            |text: &str| self.parser.matched(text, self.context).filter(|said| said.confidence >= 1.0);
        starts()
            .find_map(|start| replace(start, &exactly))
            .or_else(|| starts().find_map(|start| replace(start, &|text| self.said(text))))
    }

    /// What is said if the repair follows `kept`, in place of `replaced`; `first` is what the words before the repair mean.
    fn replace(
        &self,
        repair: &Repair,
        kept: Piece,
        replaced: Piece,
        first: Option<&Command>,
        said: &dyn Fn(&str) -> Option<Command>,
    ) -> Option<Command> {
        let (rest, offset) = self.text(repair.after);
        let mut text = if kept.end > kept.start { self.text(kept).0 + " " } else { String::new() };
        let joint = text.chars().count();
        text += &rest;
        let mut command = said(&text)?;
        let is_certain = command.confidence >= 1.0;
        let is_new = |slot: &&Slot| slot.span.is_some_and(|(start, _)| start >= joint);
        let is_value = command.slots.iter().filter(is_new).any(|slot| {
            if self.is_open(&command, slot) {
                let is_other = |first: &Command| first.intent != command.intent && first.confidence >= 1.0;
                return repair.is_sure && is_certain && !first.is_some_and(is_other);
            }
            self.answer(&command, Some(&slot.name), replaced).is_some_and(|answer| !answer.open)
        });
        let is_other_intent = || {
            let both_certain = is_certain && first.is_some_and(|first| first.confidence >= 1.0);
            repair.is_sure && both_certain && !command.slots.iter().any(|slot| self.is_open(&command, slot))
        };
        if !is_value && !is_other_intent() {
            return None;
        }
        for slot in &mut command.slots {
            match slot.span {
                Some((start, _)) if start >= joint => shift(slot, offset - joint),
                Some((_, end)) if end > joint => slot.span = None,
                _ => {}
            }
        }
        Some(command)
    }

    fn meant(&self, piece: Piece) -> Option<Command> {
        (piece.end > piece.start).then(|| self.text(piece)).and_then(|(text, _)| self.said(&text))
    }

    /// What `text` says by itself, for sure.
    fn said(&self, text: &str) -> Option<Command> {
        let parse = self.parser.parse(text, self.context);
        in_scope(&parse).filter(|command| command.confidence >= SURE).cloned()
    }
}
