//! Values in the utterance: entries of lists, numbers, durations, free text.

use std::rc::Rc;

use super::{CHARACTER, Caller, Capture, Captured, Item, LIKE, Matcher, Of, Open, WILDCARD};
use crate::command::automaton::{List, Names};
use crate::command::dialogue::DialogueWords;
use crate::command::source::Range;
use crate::command::value::SlotValue;
use crate::entity::duration::Duration;
use crate::entity::tokens::Tokens;
use crate::entity::{self, Kind, Reading, duration, number};

/// Likeness to an entry that a set declares from which a word is taken for it: one letter in five is another, or all sound the
/// same.
const LEAST_LIKE: f32 = 0.8;
/// Words of an entry that are compared at most.
const MOST_LIKE_WORDS: usize = 4;
/// Characters of an utterance in which entries are looked for by likeness.
const LONGEST_LIKE: usize = 256;

impl Matcher<'_> {
    pub(super) fn list(&mut self, at: usize, list: u32, slot: u32, item: Item, glued: bool) {
        let program = self.program;
        let Some(kind) = self.lists.get(list as usize) else { return };
        match kind.as_ref() {
            List::Values { names: Names::Given(_), .. } if self.alike => {
                self.open_wildcard(at, slot, item, glued, Some(list));
            }
            List::Values { .. } => {
                self.call(at, Of::List(list), Caller { item, slot });
                if self.alike {
                    self.like(at, list, slot, item);
                }
            }
            List::Wildcard => self.open_wildcard(at, slot, item, glued, None),
            List::Range(range) => {
                let start = at + usize::from(self.chars.get(at) == Some(&' '));
                let spoken = self.chars.get(start).is_none_or(|c| !c.is_ascii_digit() && *c != '-');
                if !(if spoken { range.words } else { range.digits }) {
                    return;
                }
                for reading in self.numbers(start).iter() {
                    if let Some(value) = range.value(reading.value) {
                        self.value(start, reading.end, slot, item, value);
                    }
                }
            }
            List::Duration => {
                let Some(language) = program.entities else { return };
                for (start, Reading { end, value: Duration { seconds } }) in
                    self.read(at, |tokens, token| duration::readings(tokens, token, language))
                {
                    self.value(start, end, slot, item, SlotValue::Duration { seconds });
                }
            }
            List::Entity(kind) => {
                let Some(language) = program.entities else { return };
                let reference = self.reference;
                let found = self
                    .read(at, |tokens, token| entity::readings(tokens, token, *kind, language, reference));
                for (start, Reading { end, value }) in found {
                    if value.has_amount() {
                        self.value(start, end, slot, item, value.into());
                    }
                }
                let words = DialogueWords::of(language).filter(|_| self.takes_bare);
                if let Some(words) = words.filter(|_| matches!(kind, Kind::Temperature | Kind::Percent)) {
                    let start = at + usize::from(self.chars.get(at) == Some(&' '));
                    for reading in self.numbers(start).iter() {
                        if let Some(value) = words.usual(reading.value, *kind) {
                            self.value(start, reading.end, slot, item, value.into());
                        }
                    }
                }
            }
        }
    }

    /// Words that are like an entry of a list that the set declares.
    fn like(&mut self, at: usize, list: u32, slot: u32, item: Item) {
        let start = at + usize::from(self.chars.get(at) == Some(&' '));
        for end in self.like_ends(list, start).iter().copied() {
            let capture = Capture { slot, start, end, value: Captured::Like, list: Some(list) };
            let mut item = self.capture(item, capture);
            item.score += LIKE * end.saturating_sub(start) as i64;
            self.agenda[end].push(item);
        }
    }

    fn like_ends(&mut self, list: u32, start: usize) -> Rc<[usize]> {
        if let Some(known) = self.like.get(&(list, start)) {
            return Rc::clone(known);
        }
        let begins_word = start == 0 || self.chars.get(start - 1) == Some(&' ');
        let is_short = self.chars.len() <= LONGEST_LIKE;
        let vocabulary = self.lists.get(list as usize).and_then(|list| list.vocabulary());
        let ends: Rc<[usize]> = match vocabulary.filter(|_| begins_word && is_short) {
            None => Rc::default(),
            Some(vocabulary) => {
                let ends = (start + 1..=self.chars.len())
                    .filter(|end| matches!(self.chars.get(*end), None | Some(' ')))
                    .take(MOST_LIKE_WORDS);
                let is_like = |end: &usize| {
                    let said = self.chars.get(start..*end).unwrap_or_default();
                    let found = vocabulary.alike(said);
                    found.first().is_some_and(|best| (LEAST_LIKE..1.0).contains(&best.likeness))
                };
                ends.filter(is_like).collect()
            }
        };
        self.like.insert((list, start), Rc::clone(&ends));
        ends
    }

    pub(super) fn numbers(&mut self, at: usize) -> Rc<[Reading<f64>]> {
        if let Some(known) = self.numbers.get(&at) {
            return Rc::clone(known);
        }
        let read = self.read(at, |tokens, token| match self.program.entities {
            Some(language) => number::readings(tokens, token, language),
            None => number::digit_readings(tokens, token),
        });
        let readings: Rc<[_]> = read.into_iter().map(|(_, reading)| reading).collect();
        self.numbers.insert(at, Rc::clone(&readings));
        readings
    }

    /// What a grammar of [`crate::entity`] finds at a character, a space before it allowed. It reads the utterance as it
    /// was written; the ends are folded again.
    pub(super) fn read<V>(
        &self,
        at: usize,
        grammar: impl FnOnce(&Tokens, usize) -> Vec<Reading<V>>,
    ) -> Vec<(usize, Reading<V>)> {
        let start = at + usize::from(self.chars.get(at) == Some(&' '));
        let tokens = self.tokens.get_or_init(|| Tokens::new(self.original));
        let Some(token) = tokens.starting_at(self.folded.span(start, start + 1).0) else { return Vec::new() };
        let found = grammar(tokens, token).into_iter().map(|Reading { end, value }| {
            let end = self.folded.position(tokens.span(token, end).1);
            (start, Reading { end, value })
        });
        found.filter(|(start, reading)| reading.end > *start).collect()
    }

    pub(super) fn value(&mut self, start: usize, end: usize, slot: u32, item: Item, value: SlotValue) {
        let capture = Capture { slot, start, end, value: Captured::Value(value), list: None };
        let mut item = self.capture(item, capture);
        item.score += CHARACTER * end.saturating_sub(start) as i64;
        self.agenda[end].push(item);
    }

    pub(super) fn open_wildcard(
        &mut self,
        at: usize,
        slot: u32,
        mut item: Item,
        glued: bool,
        list: Option<u32>,
    ) {
        let start = at + usize::from(self.chars.get(at) == Some(&' '));
        if start >= self.chars.len() {
            return;
        }
        item.score += WILDCARD;
        let same = |open: &Open| {
            (open.item.frame, open.item.state, open.item.context, open.slot)
                == (item.frame, item.state, item.context, slot)
        };
        match self.open.iter_mut().find(|open| same(open)) {
            Some(open) if open.item.score >= item.score => {}
            Some(open) => *open = Open { item, slot, start, glued, list },
            None => self.open.push(Open { item, slot, start, glued, list }),
        }
    }

    pub(super) fn close_wildcards(&mut self, at: usize) {
        let ends_word = matches!(self.chars.get(at), None | Some(' '));
        for number in 0..self.open.len() {
            let Open { item, slot, start, glued, list } = self.open[number];
            if start < at && (ends_word || glued) {
                let value = if list.is_some() { Captured::Like } else { Captured::Wildcard };
                let capture = Capture { slot, start, end: at, value, list };
                let node = self.derivations.capture(item.node, capture);
                self.agenda[at].push(Item { node, ..item });
            }
        }
    }
}

impl Range {
    /// The slot's value for a number that was said, if the range has it.
    fn value(&self, said: f64) -> Option<SlotValue> {
        let parts = self.fractions.map(f64::from);
        let is_part = parts.is_none_or(|parts| ((said * parts).round() - said * parts).abs() < 1e-9);
        let is_step = self.step == 1.0 || {
            let whole = if self.fractions == Some(1) { said } else { said.floor() };
            let steps = (whole - if self.from.is_finite() { self.from } else { 0.0 }) / self.step;
            (steps.round() - steps).abs() < 1e-9
        };
        if !(is_part && is_step && said >= self.from && said <= self.to) {
            return None;
        }
        let value = said * self.multiplier.unwrap_or(1.0);
        Some(if self.is_integer() && value.abs() < 9e15 {
            SlotValue::Integer(value as i64)
        } else {
            SlotValue::Number(value)
        })
    }
}
