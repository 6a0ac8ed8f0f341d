//! Runs an utterance through a [`Program`] and its lists in one pass from left to right.
//!
//! It is a chart over positions, as in Earley's parser: an [`Item`] is a state reached at a position inside a [`Frame`],
//! a frame is one call of a rule or list at a position, shared by all who call it there (a graph-structured stack, as
//! in generalised LL parsing: Scott and Johnstone 2010). An item that is reached twice keeps the better derivation, so
//! the work is bounded by states times positions for sets as people write them, and by [`MAX_STEPS`] for all. Derivations are chains
//! of captures in one arena.
//!
//! Better is: more of the preferred slot, then fewer characters left to wildcards and skip words, then fewer wildcards;
//! equals keep the order of the files, all sentences of an intent together. hassil's `recognize_best` puts the number of
//! wildcards first, and so takes "yesterday by the beatles" for a title where `play {title} by {artist}` is a sentence.
//!
//! Values with a context (`context: {domain: light}`) would be lost if only one derivation were kept: the same name may
//! stand in a list twice with different contexts, and only the sentence knows which it wants. So the context gathered so
//! far is part of an item's identity.
//!
//! `values.rs` reads what stands for a slot, `skips.rs` finds the words that may be left out, `derivation.rs` keeps what
//! was captured.

mod derivation;
mod skips;
mod values;

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::DateTime;
use rustc_hash::FxHashMap;

use super::automaton::{Entry, Fragment, List, Program, State, StateId, index};
use super::value::SlotValue;
use crate::entity::Reading;
use crate::entity::text::{Utterance, is_boundary};
use crate::entity::tokens::Tokens;
use derivation::Derivations;
use skips::{Skips, skips};

/// Longer utterances are not commands. The bound keeps a score inside 64 bits.
pub(super) const MAX_CHARS: usize = 1 << 15;

/// Work that no honest set needs: a sentence takes some thousands of steps, 10,000 characters some hundred thousand. A set
/// whose rules call each other to repeat the same words endlessly would take time in the cube of the length.
const MAX_STEPS: usize = 2_000_000;

const PREFERRED: i64 = 1 << 40;
/// A character matched by words, an entry or a number.
const CHARACTER: i64 = 1 << 12;
/// A character of a skip word: better than in a wildcard, worse than where a sentence has the word.
const SKIPPED: i64 = CHARACTER - (1 << 8);
/// A character of words that are only like an entry.
const LIKE: i64 = CHARACTER - (1 << 9);
const WILDCARD: i64 = -1;

/// A sentence that matches the utterance.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) sentence: u32,
    pub(super) score: i64,
    /// In the order in which they were said.
    pub(super) captures: Vec<Capture>,
    /// What the values bring along, in the same order.
    pub(super) context: Vec<(String, SlotValue)>,
}

/// Folded characters `start..end` for a slot.
#[derive(Clone, Debug)]
pub(super) struct Capture {
    pub(super) slot: u32,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Captured,
    /// The list of values it is from.
    pub(super) list: Option<u32>,
}

#[derive(Clone, Debug)]
pub(super) enum Captured {
    /// The words themselves.
    Words,
    /// The words themselves, from a wildcard.
    Wildcard,
    /// Words that may be like an entry of the list.
    Like,
    Value(SlotValue),
}

/// An utterance, and what it is matched with.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) program: &'a Program,
    pub(super) lists: &'a [Arc<List>],
    /// As it was written, for what folding loses: the dots of an address, the slash of `km/h`.
    pub(super) original: &'a str,
    pub(super) folded: &'a Utterance,
    /// What dates and times are resolved against.
    pub(super) reference: Option<DateTime>,
}

impl<'a> Input<'a> {
    /// All sentences that match, best first.
    pub(super) fn sentences(self, preferred_slot: Option<&str>) -> Vec<Match> {
        let slots = &self.program.slots;
        let preferred = preferred_slot.and_then(|name| slots.iter().position(|slot| slot == name)).map(index);
        let skips = self.skips(&[]);
        let starts = sentence_starts(self.program, self.folded.chars(), &skips);
        Matcher { preferred, takes_bare: true, ..Matcher::new(self, skips) }.matches(starts)
    }

    /// As [`sentences`](Self::sentences), words that are only like an entry for an entry of a list ([`Captured::Like`]).
    pub(super) fn alike(self) -> Vec<Match> {
        if !self.lists.iter().any(|list| matches!(list.as_ref(), List::Values { .. })) {
            return Vec::new();
        }
        let skips = self.skips(&[]);
        let starts = sentence_starts(self.program, self.folded.chars(), &skips);
        Matcher { alike: true, takes_bare: true, ..Matcher::new(self, skips) }.matches(starts)
    }

    /// Those of `answers` that the utterance is nothing but, words of `around` apart; a match's sentence is the number
    /// of an answer in [`Program::answers`].
    pub(super) fn answers(self, answers: impl Iterator<Item = StateId>, around: &[&[char]]) -> Vec<Match> {
        Matcher::new(self, self.skips(around)).matches(answers)
    }

    /// As [`answers`](Self::answers), words that are only like an entry for an entry of a list.
    pub(super) fn answers_alike(self, answers: impl Iterator<Item = StateId>) -> Vec<Match> {
        Matcher { alike: true, ..Matcher::new(self, self.skips(&[])) }.matches(answers)
    }

    fn skips(&self, more: &[&[char]]) -> Skips {
        let words = self.program.skip_words.iter().map(Vec::as_slice).chain(more.iter().copied());
        skips(words, self.folded.chars())
    }
}

/// Where sentences may begin that begin as `chars` do.
fn sentence_starts(program: &Program, chars: &[char], skips: &Skips) -> Vec<StateId> {
    let mut positions = vec![0];
    let mut first: Vec<char> = Vec::new();
    while let Some(at) = positions.pop() {
        positions.extend(&skips.from[at]);
        if let Some(c) = chars.get(at).filter(|c| !first.contains(*c)) {
            first.push(*c);
        }
    }
    let mut states = program.starts.any.clone();
    for c in first {
        states.extend(program.starts.by_char.get(&c).into_iter().flatten());
    }
    states.sort_unstable();
    states.dedup();
    states
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    Root,
    Rule(u32),
    List(u32),
}

#[derive(Clone, Copy)]
struct Item {
    frame: u32,
    state: StateId,
    context: u32,
    node: u32,
    score: i64,
}

struct Frame {
    of: Of,
    start: usize,
    callers: Vec<Caller>,
    ends: Vec<(usize, Item, u32)>,
}

/// Where to go on after a call; the item's state is the one after it.
#[derive(Clone, Copy)]
struct Caller {
    item: Item,
    /// The slot that receives the value; `u32::MAX` for a rule.
    slot: u32,
}

/// A wildcard that goes on.
struct Open {
    item: Item,
    slot: u32,
    start: usize,
    glued: bool,
    /// The vocabulary that its words are looked up in.
    list: Option<u32>,
}

struct Matcher<'a> {
    program: &'a Program,
    lists: &'a [Arc<List>],
    original: &'a str,
    folded: &'a Utterance,
    chars: &'a [char],
    /// What dates and times are resolved against.
    reference: Option<DateTime>,
    preferred: Option<u32>,
    /// Whether words need only be like an entry of a list.
    alike: bool,
    /// Whether amounts may lack their unit: in a sentence that leaves no other kind of value, "to ninety five".
    takes_bare: bool,
    skips: Skips,
    agenda: Vec<Vec<Item>>,
    frames: Vec<Frame>,
    calls: FxHashMap<(Of, usize), u32>,
    /// The best score of each item at the position at hand.
    seen: FxHashMap<(u32, StateId, u32), i64>,
    open: Vec<Open>,
    derivations: Derivations,
    /// The utterance as entities read it.
    tokens: OnceCell<Tokens>,
    numbers: FxHashMap<usize, Rc<[Reading<f64>]>>,
    /// Where words end that are like an entry of a list, by list and start.
    like: FxHashMap<(u32, usize), Rc<[usize]>>,
    accepted: Vec<(u32, Item)>,
    steps: usize,
}

impl<'a> Matcher<'a> {
    fn new(Input { program, lists, original, folded, reference }: Input<'a>, skips: Skips) -> Self {
        let chars = folded.chars();
        Self {
            program,
            lists,
            original,
            folded,
            chars,
            reference,
            preferred: None,
            alike: false,
            takes_bare: false,
            skips,
            agenda: vec![Vec::new(); chars.len() + 1],
            frames: vec![Frame { of: Of::Root, start: 0, callers: Vec::new(), ends: Vec::new() }],
            calls: FxHashMap::default(),
            seen: FxHashMap::default(),
            open: Vec::new(),
            derivations: Derivations::default(),
            tokens: OnceCell::new(),
            numbers: FxHashMap::default(),
            like: FxHashMap::default(),
            accepted: Vec::new(),
            steps: 0,
        }
    }

    fn matches(mut self, starts: impl IntoIterator<Item = StateId>) -> Vec<Match> {
        if self.chars.is_empty() || self.chars.len() > MAX_CHARS {
            return Vec::new();
        }
        let item = |state| Item { frame: 0, state, context: 0, node: 0, score: 0 };
        self.agenda[0].extend(starts.into_iter().map(item));
        for position in 0..=self.chars.len() {
            self.step(position);
            if self.steps > MAX_STEPS {
                return Vec::new();
            }
        }
        self.accepted()
    }

    fn step(&mut self, at: usize) {
        self.seen.clear();
        if at > 0 && self.chars[at - 1] != ' ' && !self.open.is_empty() {
            self.close_wildcards(at);
        }
        let mut next = 0;
        while let Some(&item) = self.agenda[at].get(next).filter(|_| self.steps <= MAX_STEPS) {
            next += 1;
            self.steps += 1;
            let known = self.seen.entry((item.frame, item.state, item.context)).or_insert(i64::MIN);
            if *known < item.score {
                *known = item.score;
                self.follow(at, item);
            }
        }
        self.agenda[at] = Vec::new();
    }

    fn fragment(&self, frame: u32) -> Option<&'a Fragment> {
        match self.frames.get(frame as usize)?.of {
            Of::Root => Some(&self.program.root),
            Of::Rule(rule) => self.program.rules.get(rule as usize),
            Of::List(list) => match self.lists.get(list as usize)?.as_ref() {
                List::Values { fragment, .. } => Some(fragment),
                _ => None,
            },
        }
    }

    fn follow(&mut self, at: usize, item: Item) {
        let Some(fragment) = self.fragment(item.frame) else { return };
        let Some(state) = fragment.states.get(item.state as usize) else { return };
        match *state {
            State::Text { start, end, next } => {
                // In front of a value words were left out before it began; they are no part of it.
                if !self.begins_value(at, item) {
                    self.skip(at, item);
                }
                let text = fragment.chars.get(start as usize..end as usize).unwrap_or_default();
                if self.chars.get(at..at + text.len()) == Some(text) {
                    self.advance(at, text.len(), Item { state: next, ..item });
                }
            }
            State::Branch { start, end } => {
                let branches = fragment.branches.get(start as usize..end as usize).unwrap_or_default();
                if let Some(c) = self.chars.get(at)
                    && let Ok(found) = branches.binary_search_by_key(c, |(c, _)| *c)
                    && let Some((_, next)) = branches.get(found)
                {
                    self.advance(at, 1, Item { state: *next, ..item });
                }
            }
            State::Space { next } => {
                let item = Item { state: next, ..item };
                let left = at.checked_sub(1).and_then(|left| self.chars.get(left)).copied();
                match self.chars.get(at) {
                    Some(' ') => self.agenda[at + 1].push(item),
                    right if left == Some(' ') || is_boundary(left, right.copied()) => {
                        self.agenda[at].push(item);
                    }
                    _ => {}
                }
            }
            State::Split { start, end } => {
                let targets = fragment.targets.get(start as usize..end as usize).unwrap_or_default();
                self.agenda[at].extend(targets.iter().map(|state| Item { state: *state, ..item }));
            }
            State::Call { rule, next } => {
                self.call(at, Of::Rule(rule), Caller { item: Item { state: next, ..item }, slot: u32::MAX });
            }
            State::List { list, slot, next, glued } => {
                self.skip(at, item);
                self.list(at, list, slot, Item { state: next, ..item }, glued);
            }
            State::End { number } if item.frame == 0 => {
                if self.skips.rest[at] {
                    self.accepted.push((number, item));
                }
            }
            State::End { number } => self.finish(at, item, number),
        }
    }

    /// Whether an entry of a list begins at `at`.
    fn begins_value(&self, at: usize, item: Item) -> bool {
        self.frames
            .get(item.frame as usize)
            .is_some_and(|frame| matches!(frame.of, Of::List(_)) && frame.start == at)
    }

    /// Goes on behind skip words as if they were not there.
    fn skip(&mut self, at: usize, item: Item) {
        for next in &self.skips.from[at] {
            let skipped = next.saturating_sub(at) as i64;
            self.agenda[*next].push(Item { score: item.score + SKIPPED * skipped, ..item });
        }
    }

    fn advance(&mut self, at: usize, length: usize, item: Item) {
        self.agenda[at + length].push(Item { score: item.score + CHARACTER * length as i64, ..item });
    }

    fn call(&mut self, at: usize, of: Of, caller: Caller) {
        let fresh = index(self.frames.len());
        let frame = *self.calls.entry((of, at)).or_insert(fresh);
        if frame == fresh {
            self.frames.push(Frame { of, start: at, callers: vec![caller], ends: Vec::new() });
            let Some(fragment) = self.fragment(frame) else { return };
            self.agenda[at].push(Item { frame, state: fragment.start, context: 0, node: 0, score: 0 });
            return;
        }
        // Who calls late gets what the others already have; that is at this position, since calls are made at theirs.
        let known = &mut self.frames[frame as usize];
        known.callers.push(caller);
        for (end, item, number) in known.ends.clone() {
            self.resume(at, end, caller, item, number, of);
        }
    }

    fn finish(&mut self, at: usize, item: Item, number: u32) {
        let frame = &mut self.frames[item.frame as usize];
        frame.ends.push((at, item, number));
        let (of, start) = (frame.of, frame.start);
        for caller in frame.callers.clone() {
            self.resume(start, at, caller, item, number, of);
        }
    }

    /// Takes up `caller` at `end` with what was found from `start` on.
    fn resume(&mut self, start: usize, end: usize, caller: Caller, inside: Item, number: u32, of: Of) {
        let mut item = caller.item;
        item.score += inside.score;
        item.context = self.derivations.both_contexts(item.context, inside.context);
        item.node = self.derivations.both(item.node, inside.node);
        if let Of::List(list) = of {
            let Some(entry) = self.entry(list, number) else { return };
            let value = entry.value.clone().map_or(Captured::Words, Captured::Value);
            if let Some(class) = entry.class {
                let context = self.derivations.entry(list, class);
                item.context = self.derivations.both_contexts(item.context, context);
            }
            item = self.capture(item, Capture { slot: caller.slot, start, end, value, list: Some(list) });
        }
        self.agenda[end].push(item);
    }

    fn entry(&self, list: u32, number: u32) -> Option<&'a Entry> {
        match self.lists.get(list as usize)?.as_ref() {
            List::Values { entries, .. } => entries.get(number as usize),
            _ => None,
        }
    }

    fn capture(&mut self, mut item: Item, capture: Capture) -> Item {
        if self.preferred == Some(capture.slot) {
            item.score += PREFERRED * capture.end.saturating_sub(capture.start) as i64;
        }
        item.node = self.derivations.capture(item.node, capture);
        item
    }

    fn accepted(self) -> Vec<Match> {
        let mut accepted = self.accepted.clone();
        accepted.sort_by_key(|(sentence, item)| (std::cmp::Reverse(item.score), *sentence));
        let matches = accepted.iter().map(|(sentence, item)| Match {
            sentence: *sentence,
            score: item.score,
            captures: self.derivations.captures(item.node),
            context: self.gathered(item.context),
        });
        matches.collect()
    }

    /// What the entries of lists in a derivation bring along.
    fn gathered(&self, context: u32) -> Vec<(String, SlotValue)> {
        let entries = self.derivations.entries(context).into_iter();
        let entries = entries.filter_map(|(list, number)| self.entry(list, number));
        entries.flat_map(|entry| entry.context.clone()).collect()
    }
}
