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

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::DateTime;

use super::automaton::{Entry, Fragment, List, Program, State, StateId, index};
use super::source::Range;
use super::value::SlotValue;
use crate::entity::duration::Duration;
use crate::entity::text::{Utterance, is_boundary};
use crate::entity::tokens::Tokens;
use crate::entity::{self, Reading, duration, number};

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
}

#[derive(Clone, Debug)]
pub(super) enum Captured {
    /// The words themselves.
    Words,
    /// The words themselves, from a wildcard.
    Wildcard,
    Value(SlotValue),
}

/// All sentences of `program` that match `original`, of which `folded` is the folded spelling, best first.
pub(super) fn run(
    program: &Program,
    lists: &[Arc<List>],
    original: &str,
    folded: &Utterance,
    preferred_slot: Option<&str>,
    reference: Option<DateTime>,
) -> Vec<Match> {
    let chars = folded.chars();
    if chars.is_empty() || chars.len() > MAX_CHARS {
        return Vec::new();
    }
    let preferred =
        preferred_slot.and_then(|name| program.slots.iter().position(|slot| slot == name)).map(index);
    let mut matcher = Matcher {
        program,
        lists,
        original,
        folded,
        chars,
        preferred,
        reference,
        skips: skips(program, chars),
        agenda: vec![Vec::new(); chars.len() + 1],
        frames: vec![Frame { of: Of::Root, start: 0, callers: Vec::new(), ends: Vec::new() }],
        calls: HashMap::default(),
        seen: HashMap::default(),
        open: Vec::new(),
        nodes: vec![Node::Nothing],
        contexts: vec![Context::Nothing],
        interned: HashMap::default(),
        tokens: OnceCell::new(),
        numbers: HashMap::default(),
        accepted: Vec::new(),
        steps: 0,
    };
    matcher.start();
    for position in 0..=chars.len() {
        matcher.step(position);
        if matcher.steps > MAX_STEPS {
            return Vec::new();
        }
    }
    matcher.matches()
}

/// Where one may go on from each word's start when skip words stand there.
struct Skips {
    from: Vec<Vec<usize>>,
    /// Whether nothing but skip words follows.
    rest: Vec<bool>,
}

fn skips(program: &Program, chars: &[char]) -> Skips {
    let length = chars.len();
    let mut from = vec![Vec::new(); length + 1];
    let mut rest = vec![false; length + 1];
    rest[length] = true;
    for at in (0..length).rev() {
        let starts_word = at == 0 || chars[at - 1] == ' ';
        if chars[at] == ' ' {
            rest[at] = rest[at + 1];
        }
        if !starts_word {
            continue;
        }
        for word in &program.skip_words {
            let end = at + word.len();
            if chars.get(at..end) == Some(word.as_slice()) && matches!(chars.get(end), None | Some(' ')) {
                let next = (end + 1).min(length);
                from[at].push(next);
                rest[at] |= rest[next];
            }
        }
    }
    Skips { from, rest }
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
}

enum Node {
    Nothing,
    Capture { before: u32, capture: Capture },
    Both { before: u32, inside: u32 },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Context {
    Nothing,
    /// Of an entry of a list.
    Entry(u32, u32),
    Both(u32, u32),
}

/// Firefox's hash: the keys are small numbers of our own making, and hashing is the inner loop.
#[derive(Default)]
struct FxHasher(u64);

impl Hasher for FxHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

type FxMap<K, V> = HashMap<K, V, BuildHasherDefault<FxHasher>>;

struct Matcher<'a> {
    program: &'a Program,
    lists: &'a [Arc<List>],
    original: &'a str,
    folded: &'a Utterance,
    chars: &'a [char],
    preferred: Option<u32>,
    /// What dates and times are resolved against.
    reference: Option<DateTime>,
    skips: Skips,
    agenda: Vec<Vec<Item>>,
    frames: Vec<Frame>,
    calls: FxMap<(Of, usize), u32>,
    /// The best score of each item at the position at hand.
    seen: FxMap<(u32, StateId, u32), i64>,
    open: Vec<Open>,
    nodes: Vec<Node>,
    contexts: Vec<Context>,
    interned: FxMap<Context, u32>,
    /// The utterance as entities read it.
    tokens: OnceCell<Tokens>,
    numbers: FxMap<usize, Rc<[Reading<f64>]>>,
    accepted: Vec<(u32, Item)>,
    steps: usize,
}

impl<'a> Matcher<'a> {
    fn start(&mut self) {
        let mut positions = vec![0];
        let mut first = Vec::new();
        while let Some(at) = positions.pop() {
            positions.extend(&self.skips.from[at]);
            first.extend(
                self.chars.get(at).filter(|c| !first.contains(*c)).copied().into_iter().collect::<Vec<_>>(),
            );
        }
        let mut states: Vec<_> = self.program.starts.any.clone();
        for c in first {
            states.extend(self.program.starts.by_char.get(&c).into_iter().flatten());
        }
        states.sort_unstable();
        states.dedup();
        for state in states {
            self.agenda[0].push(Item { frame: 0, state, context: 0, node: 0, score: 0 });
        }
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

    fn close_wildcards(&mut self, at: usize) {
        let ends_word = matches!(self.chars.get(at), None | Some(' '));
        for number in 0..self.open.len() {
            let Open { item, slot, start, glued } = self.open[number];
            if start < at && (ends_word || glued) {
                let capture = Capture { slot, start, end: at, value: Captured::Wildcard };
                let node = self.node(Node::Capture { before: item.node, capture });
                self.agenda[at].push(Item { node, ..item });
            }
        }
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
                self.skip(at, item);
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
        item.context = self.both_contexts(item.context, inside.context);
        item.node = match (item.node, inside.node) {
            (before, 0) => before,
            (0, inside) => inside,
            (before, inside) => self.node(Node::Both { before, inside }),
        };
        if let Of::List(list) = of {
            let Some(entry) = self.entry(list, number) else { return };
            let value = entry.value.clone().map_or(Captured::Words, Captured::Value);
            if let Some(class) = entry.class {
                let context = self.context(Context::Entry(list, class));
                item.context = self.both_contexts(item.context, context);
            }
            item = self.capture(item, caller.slot, start, end, value);
        }
        self.agenda[end].push(item);
    }

    fn entry(&self, list: u32, number: u32) -> Option<&'a Entry> {
        match self.lists.get(list as usize)?.as_ref() {
            List::Values { entries, .. } => entries.get(number as usize),
            _ => None,
        }
    }

    fn capture(&mut self, mut item: Item, slot: u32, start: usize, end: usize, value: Captured) -> Item {
        if self.preferred == Some(slot) {
            item.score += PREFERRED * end.saturating_sub(start) as i64;
        }
        item.node =
            self.node(Node::Capture { before: item.node, capture: Capture { slot, start, end, value } });
        item
    }

    fn list(&mut self, at: usize, list: u32, slot: u32, item: Item, glued: bool) {
        let program = self.program;
        let Some(kind) = self.lists.get(list as usize) else { return };
        match kind.as_ref() {
            List::Values { .. } => self.call(at, Of::List(list), Caller { item, slot }),
            List::Wildcard => self.open_wildcard(at, slot, item, glued),
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
            }
        }
    }

    fn numbers(&mut self, at: usize) -> Rc<[Reading<f64>]> {
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
    /// was written, because folding loses the dots of an address and the slash of `km/h`; the ends are folded again.
    fn read<V>(
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

    fn value(&mut self, start: usize, end: usize, slot: u32, item: Item, value: SlotValue) {
        let mut item = self.capture(item, slot, start, end, Captured::Value(value));
        item.score += CHARACTER * end.saturating_sub(start) as i64;
        self.agenda[end].push(item);
    }

    fn open_wildcard(&mut self, at: usize, slot: u32, mut item: Item, glued: bool) {
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
            Some(open) => *open = Open { item, slot, start, glued },
            None => self.open.push(Open { item, slot, start, glued }),
        }
    }

    fn node(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        index(self.nodes.len() - 1)
    }

    fn context(&mut self, context: Context) -> u32 {
        let fresh = index(self.contexts.len());
        let known = *self.interned.entry(context).or_insert(fresh);
        if known == fresh {
            self.contexts.push(context);
        }
        known
    }

    fn both_contexts(&mut self, first: u32, second: u32) -> u32 {
        match (first, second) {
            (first, 0) => first,
            (0, second) => second,
            (first, second) if first == second => first,
            (first, second) => self.context(Context::Both(first, second)),
        }
    }

    fn matches(self) -> Vec<Match> {
        let mut accepted = self.accepted.clone();
        accepted.sort_by_key(|(sentence, item)| (std::cmp::Reverse(item.score), *sentence));
        let matches = accepted.iter().map(|(sentence, item)| Match {
            sentence: *sentence,
            score: item.score,
            captures: self.captures(item.node),
            context: self.gathered(item.context),
        });
        matches.collect()
    }

    fn captures(&self, node: u32) -> Vec<Capture> {
        let mut captures = Vec::new();
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match &self.nodes[node as usize] {
                Node::Nothing => {}
                Node::Capture { before, capture } => {
                    captures.push(capture.clone());
                    waiting.push(*before);
                }
                Node::Both { before, inside } => waiting.extend([*before, *inside]),
            }
        }
        captures.sort_by_key(|capture| (capture.start, capture.end));
        captures
    }

    fn gathered(&self, context: u32) -> Vec<(String, SlotValue)> {
        let mut gathered = Vec::new();
        let mut waiting = vec![context];
        while let Some(context) = waiting.pop() {
            match self.contexts[context as usize] {
                Context::Nothing => {}
                Context::Entry(list, number) => {
                    gathered
                        .extend(self.entry(list, number).into_iter().flat_map(|entry| entry.context.clone()));
                }
                Context::Both(first, second) => waiting.extend([second, first]),
            }
        }
        gathered
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
