//! What the templates of a language can fill, read from the automaton that they are compiled to: sentences that are drawn
//! from it may miss what stands in brackets.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::command::automaton::{Fragment, List, State, StateId};
use crate::command::set::Language;

/// The slots that stand in the sentences of each intent, and in the rules and lists of these: intent and slot.
pub(super) fn slots(language: &Language) -> BTreeSet<(&str, &str)> {
    let program = &language.program;
    let mut grammar = Grammar { language, known: HashMap::new() };
    let mut out = BTreeSet::new();
    for start in program.starts.by_char.values().flatten().chain(&program.starts.any) {
        let (slots, sentence) = grammar.sentence(*start);
        let Some(block) = sentence.and_then(|sentence| program.block_of(sentence)) else { continue };
        let names = slots.iter().filter_map(|slot| program.slots.get(*slot as usize));
        out.extend(names.map(|name| (block.intent.as_str(), name.as_str())));
    }
    out
}

/// An automaton that others call.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Rule(u32),
    List(u32),
}

struct Grammar<'a> {
    language: &'a Language,
    known: HashMap<Part, BTreeSet<u32>>,
}

impl<'a> Grammar<'a> {
    /// The slots of the sentence that begins at `start`, and its number.
    fn sentence(&mut self, start: StateId) -> (BTreeSet<u32>, Option<u32>) {
        let root = &self.language.program.root;
        let (mut slots, mut sentence) = (BTreeSet::new(), None);
        let mut seen = HashSet::new();
        let mut waiting = vec![start];
        while let Some(at) = waiting.pop() {
            if !seen.insert(at) {
                continue;
            }
            let Some(state) = root.states.get(at as usize) else { continue };
            if let State::End { number } = state {
                sentence = Some(*number);
            }
            slots.extend(self.filled_at(state));
            waiting.extend(after(root, state));
        }
        (slots, sentence)
    }

    fn filled_at(&mut self, state: &State) -> BTreeSet<u32> {
        match *state {
            State::Call { rule, .. } => self.inside(Part::Rule(rule)),
            State::List { list, slot, .. } => {
                let mut slots = self.inside(Part::List(list));
                slots.insert(slot);
                slots
            }
            _ => BTreeSet::new(),
        }
    }

    fn inside(&mut self, part: Part) -> BTreeSet<u32> {
        if let Some(known) = self.known.get(&part) {
            return known.clone();
        }
        let states = self.fragment(part).map_or(&[][..], |fragment| &fragment.states);
        let slots: BTreeSet<u32> = states.iter().flat_map(|state| self.filled_at(state)).collect();
        self.known.insert(part, slots.clone());
        slots
    }

    fn fragment(&self, part: Part) -> Option<&'a Fragment> {
        match part {
            Part::Rule(rule) => self.language.program.rules.get(rule as usize),
            Part::List(list) => match self.language.lists.get(list as usize)?.as_ref() {
                List::Values { fragment, .. } => Some(fragment),
                _ => None,
            },
        }
    }
}

/// The states that may follow.
fn after(fragment: &Fragment, state: &State) -> Vec<StateId> {
    match *state {
        State::Text { next, .. }
        | State::Space { next }
        | State::Call { next, .. }
        | State::List { next, .. } => vec![next],
        State::Split { start, end } => {
            fragment.targets.get(start as usize..end as usize).unwrap_or_default().to_vec()
        }
        State::Branch { start, end } => {
            let branches = fragment.branches.get(start as usize..end as usize).unwrap_or_default();
            branches.iter().map(|(_, next)| *next).collect()
        }
        State::End { .. } => Vec::new(),
    }
}
