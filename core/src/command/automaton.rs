//! What templates are compiled to: a recursive transition network over folded characters.
//!
//! A [`Fragment`] is a small automaton: one for all sentences of a language, one for each expansion rule and each list
//! of values. Fragments call each other instead of being copied, so a rule is there once, however many sentences use it,
//! and a list can be exchanged at run time. Only rules that hold a wildcard are copied into their callers, because an
//! open wildcard in a called fragment would run once for every place of the call (see `matcher.rs`).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::error::Location;
use super::source::{Range, Requirement};
use super::value::SlotValue;
use super::vocabulary::Vocabulary;
use crate::entity::{Kind, Language};

pub(super) type StateId = u32;

/// A step of an automaton.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// These characters.
    Text { start: u32, end: u32, next: StateId },
    /// One of these characters, each with a state of its own; sorted.
    Branch { start: u32, end: u32 },
    /// A space, or nothing where a word begins or ends anyway.
    Space { next: StateId },
    /// Any of these states.
    Split { start: u32, end: u32 },
    /// A rule.
    Call { rule: u32, next: StateId },
    /// A value for a slot. `glued`: what follows may go on inside the word where a wildcard ends.
    List { list: u32, slot: u32, next: StateId, glued: bool },
    /// The end: of a rule (0), of a list's entry, of a sentence.
    End { number: u32 },
}

/// An automaton with one entrance.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragment {
    pub(super) states: Vec<State>,
    pub(super) chars: Vec<char>,
    pub(super) targets: Vec<StateId>,
    pub(super) branches: Vec<(char, StateId)>,
    pub(super) start: StateId,
}

impl Fragment {
    pub(super) fn add(&mut self, state: State) -> StateId {
        self.states.push(state);
        index(self.states.len() - 1)
    }

    /// A state for any of `targets`.
    pub(super) fn split(&mut self, mut targets: Vec<StateId>) -> StateId {
        targets.dedup();
        match targets.as_slice() {
            [only] => *only,
            _ => {
                let start = index(self.targets.len());
                self.targets.append(&mut targets);
                self.add(State::Split { start, end: index(self.targets.len()) })
            }
        }
    }

    /// What it accepts with the number of the end, `most` at most; what lies behind rules and lists stays out.
    pub(super) fn phrases(&self, most: usize) -> Vec<(String, u32)> {
        let mut out = Vec::new();
        let mut waiting = vec![(self.start, String::new())];
        let mut steps = 0;
        while let Some((at, mut text)) = waiting.pop() {
            steps += 1;
            if out.len() == most || steps > 100 * most {
                break;
            }
            let range = |start: u32, end: u32| start as usize..end as usize;
            match self.states.get(at as usize) {
                Some(State::End { number }) => out.push((text, *number)),
                Some(State::Text { start, end, next }) => {
                    text.extend(self.chars.get(range(*start, *end)).unwrap_or_default());
                    waiting.push((*next, text));
                }
                Some(State::Branch { start, end }) => {
                    for (c, next) in self.branches.get(range(*start, *end)).unwrap_or_default() {
                        waiting.push((*next, format!("{text}{c}")));
                    }
                }
                Some(State::Split { start, end }) => {
                    let targets = self.targets.get(range(*start, *end)).unwrap_or_default();
                    waiting.extend(targets.iter().map(|next| (*next, text.clone())));
                }
                Some(State::Space { next }) => waiting.push((*next, text + " ")),
                Some(State::Call { .. } | State::List { .. }) | None => {}
            }
        }
        out
    }

    /// States for folded characters, spaces apart.
    pub(super) fn text(&mut self, chars: &[char], spaces: bool, mut next: StateId) -> StateId {
        for (number, word) in chars.split(|c| *c == ' ').rev().enumerate() {
            if number > 0 && spaces {
                next = self.add(State::Space { next });
            }
            if !word.is_empty() {
                let start = index(self.chars.len());
                self.chars.extend(word);
                next = self.add(State::Text { start, end: index(self.chars.len()), next });
            }
        }
        next
    }
}

/// Sizes are bounded far below `u32` when templates are compiled.
pub(in crate::command) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A list of a language.
#[derive(Debug)]
pub(super) enum List {
    Values { fragment: Fragment, entries: Vec<Entry>, names: Names },
    Range(Range),
    Duration,
    Entity(Kind),
    Wildcard,
}

/// The names of a list's entries, for what is only like one of them.
#[derive(Debug)]
pub(super) enum Names {
    /// An app gave them at run time. There may be thousands, of people and songs, and a part of a name will do.
    Given(Vocabulary),
    /// The set declares them. They are collected from the automaton when an utterance first asks.
    Declared { language: Box<str>, collected: OnceCell<Vocabulary> },
}

/// Names that are collected of a list.
const MOST_NAMES: usize = 512;

impl List {
    /// The names of a list of values.
    pub(super) fn vocabulary(&self) -> Option<&Vocabulary> {
        match self {
            Self::Values { names: Names::Given(vocabulary), .. } => Some(vocabulary),
            Self::Values { fragment, names: Names::Declared { language, collected }, .. } => {
                Some(collected.get_or_init(|| {
                    let phrases = fragment.phrases(MOST_NAMES).into_iter();
                    let names = phrases.map(|(text, number)| (text.trim().chars().collect(), number));
                    Vocabulary::new(names, language).of_whole_names()
                }))
            }
            Self::Range(_) | Self::Duration | Self::Entity(_) | Self::Wildcard => None,
        }
    }
}

/// What an entry of a list stands for.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// `None`: the words as they were said.
    pub(super) value: Option<SlotValue>,
    pub(super) context: Vec<(String, SlotValue)>,
    /// The first entry of the list with the same context; `None` without context.
    pub(super) class: Option<u32>,
}

/// A block of sentences, as far as the answer needs it.
#[derive(Debug)]
pub(super) struct BlockInfo {
    pub(super) intent: String,
    pub(super) slots: Vec<(String, SlotValue)>,
    pub(super) requires: Vec<Requirement>,
    pub(super) excludes: Vec<Requirement>,
    /// Folded; one of them must be among the words, if there are any.
    pub(super) required_keywords: Vec<Vec<char>>,
    /// The file of its sentences; empty without any.
    pub(super) file: String,
}

/// A sentence's block, and where it stands in the block's file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    pub(super) block: u32,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A slot of an intent alone: what answers "for how long?".
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) intent: String,
    pub(super) slot: u32,
    pub(super) list: u32,
    /// Where it begins in [`Program::root`]; its end carries its number among the answers.
    pub(super) start: StateId,
}

/// Where sentences begin, by their first character.
#[derive(Debug, Default)]
pub(super) struct Starts {
    pub(super) by_char: HashMap<char, Vec<StateId>>,
    /// Those that may begin with anything.
    pub(super) any: Vec<StateId>,
}

/// One language of a command set, compiled.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) root: Fragment,
    pub(super) starts: Starts,
    pub(super) rules: Vec<Fragment>,
    pub(super) lists: Vec<Arc<List>>,
    /// The lists that may be exchanged, by name.
    pub(super) named_lists: BTreeMap<String, u32>,
    pub(super) slots: Vec<String>,
    pub(super) sentences: Vec<Sentence>,
    pub(super) answers: Vec<Answer>,
    pub(super) blocks: Vec<BlockInfo>,
    pub(super) skip_words: Vec<Vec<char>>,
    pub(super) ignore_whitespace: bool,
    pub(super) entities: Option<&'static Language>,
}

impl Program {
    /// The block of a sentence.
    pub(super) fn block_of(&self, sentence: u32) -> Option<&BlockInfo> {
        self.blocks.get(self.sentences.get(sentence as usize)?.block as usize)
    }

    /// Where a sentence stands.
    pub(super) fn place_of(&self, sentence: u32) -> Option<Location> {
        let Sentence { line, column, .. } = *self.sentences.get(sentence as usize)?;
        let file = self.block_of(sentence)?.file.clone();
        Some(Location { file, line: line as usize, column: column as usize })
    }
}

/// Builds the automaton of a list's plain entries: a trie, so that ten thousand names cost no more than their letters.
#[derive(Default)]
pub(super) struct Trie {
    nodes: Vec<TrieNode>,
}

#[derive(Default)]
struct TrieNode {
    children: BTreeMap<char, usize>,
    ends: Vec<u32>,
}

impl Trie {
    pub(super) fn insert(&mut self, chars: &[char], number: u32) {
        if self.nodes.is_empty() {
            self.nodes.push(TrieNode::default());
        }
        let mut at = 0;
        for c in chars {
            let fresh = self.nodes.len();
            at = *self.nodes[at].children.entry(*c).or_insert(fresh);
            if at == fresh {
                self.nodes.push(TrieNode::default());
            }
        }
        self.nodes[at].ends.push(number);
    }

    /// The trie's states; `None` if it is empty.
    pub(super) fn build(&self, fragment: &mut Fragment) -> Option<StateId> {
        let mut states = vec![0; self.nodes.len()];
        for (node, trie_node) in self.nodes.iter().enumerate().rev() {
            let mut targets: Vec<_> =
                trie_node.ends.iter().map(|number| State::End { number: *number }).collect();
            let start = index(fragment.branches.len());
            for (c, child) in &trie_node.children {
                match c {
                    ' ' => targets.push(State::Space { next: states[*child] }),
                    c => fragment.branches.push((*c, states[*child])),
                }
            }
            let end = index(fragment.branches.len());
            if end > start {
                targets.push(State::Branch { start, end });
            }
            let targets = targets.into_iter().map(|state| fragment.add(state)).collect();
            states[node] = fragment.split(targets);
        }
        states.first().copied()
    }
}
