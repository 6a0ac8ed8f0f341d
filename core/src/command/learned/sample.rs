//! Sentences drawn from a set's templates, so that the learned parser knows what is like them.
//!
//! A walk through the compiled automaton chooses at each fork; the choices are hashes of a counter, so a set gives the same
//! sentences every time. A few walks a sentence are enough: what counts is which words and values occur, not that every
//! combination does.

use crate::command::automaton::{Fragment, List, Program, State, StateId};
use crate::command::example::{Example, ExampleSlot};
use crate::command::set::Language;
use crate::entity::Kind;

/// Sentences of an intent in a language, about.
const PER_INTENT: usize = 24;
/// Walks of one template.
const PER_TEMPLATE: usize = 4;
/// Longer walks are given up: a rule that repeats itself.
const MAX_STEPS: usize = 2000;
const MAX_DEPTH: usize = 32;

/// Sentences of all intents of a language.
pub(in crate::command) fn sentences(code: &str, language: &Language) -> Vec<Example> {
    drawn(code, language).into_iter().map(|(_, example)| example).collect()
}

/// The same, each with the number of the sentence whose template it is drawn from.
pub(in crate::command) fn drawn(code: &str, language: &Language) -> Vec<(u32, Example)> {
    let program = &language.program;
    let mut starts: Vec<StateId> =
        program.starts.by_char.values().flatten().chain(&program.starts.any).copied().collect();
    starts.sort_unstable();
    starts.dedup();
    // What each template means is known where a walk through it ends.
    let mut by_intent: Vec<(&str, Vec<StateId>)> = Vec::new();
    for start in starts {
        let Some((_, sentence)) = Walk::through(code, language, start, 0) else { continue };
        let Some(intent) = program.block_of(sentence).map(|block| block.intent.as_str()) else { continue };
        match by_intent.iter_mut().find(|(other, _)| *other == intent) {
            Some((_, templates)) => templates.push(start),
            None => by_intent.push((intent, vec![start])),
        }
    }
    let mut out: Vec<(u32, Example)> = Vec::new();
    for (intent, templates) in by_intent {
        let walks = PER_INTENT.div_ceil(templates.len()).min(PER_TEMPLATE);
        let step = templates.len().div_ceil(PER_INTENT).max(1);
        for start in templates.into_iter().step_by(step) {
            for walk in 0..walks as u32 {
                let Some((walk, sentence)) = Walk::through(code, language, start, walk) else { continue };
                let example = Example {
                    text: walk.text.iter().collect(),
                    intent: intent.to_owned(),
                    language: Some(code.to_owned()),
                    slots: walk.slots,
                };
                if !out.iter().any(|(_, known)| *known == example) {
                    out.push((sentence, example));
                }
            }
        }
    }
    out
}

struct Walk<'a> {
    code: &'a str,
    language: &'a Language,
    text: Vec<char>,
    slots: Vec<ExampleSlot>,
    seed: u32,
    steps: usize,
}

impl<'a> Walk<'a> {
    /// A walk from `start`, and the sentence it ends in; `None` if it leads nowhere.
    fn through(code: &'a str, language: &'a Language, start: StateId, number: u32) -> Option<(Self, u32)> {
        let seed = crc32fast::hash(&[start.to_le_bytes(), number.to_le_bytes()].concat());
        let mut walk = Self { code, language, text: Vec::new(), slots: Vec::new(), seed, steps: 0 };
        let program = &language.program;
        let sentence = walk.run(&program.root, start, 0)?;
        let is_empty = walk.text.iter().all(|c| *c == ' ');
        (!is_empty).then_some((walk, sentence))
    }

    /// Follows a fragment to its end; gives the end's number.
    fn run(&mut self, fragment: &Fragment, start: StateId, depth: usize) -> Option<u32> {
        if depth > MAX_DEPTH {
            return None;
        }
        let program: &Program = &self.language.program;
        let mut at = start;
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            at = match *fragment.states.get(at as usize)? {
                State::End { number } => return Some(number),
                State::Text { start, end, next } => {
                    self.text.extend(fragment.chars.get(start as usize..end as usize)?);
                    next
                }
                State::Branch { start, end } => {
                    let (c, next) = *self.choose(fragment.branches.get(start as usize..end as usize)?)?;
                    self.text.push(c);
                    next
                }
                State::Split { start, end } => {
                    *self.choose(fragment.targets.get(start as usize..end as usize)?)?
                }
                State::Space { next } => {
                    if self.text.last().is_some_and(|c| *c != ' ') {
                        self.text.push(' ');
                    }
                    next
                }
                State::Call { rule, next } => {
                    let rule = program.rules.get(rule as usize)?;
                    self.run(rule, rule.start, depth + 1)?;
                    next
                }
                State::List { list, slot, next, .. } => {
                    let name = program.slots.get(slot as usize)?;
                    let start = self.text.len();
                    self.value(list, name, depth)?;
                    let end = self.text.len();
                    if start < end {
                        self.slots.push(ExampleSlot { name: name.clone(), start, end });
                    }
                    next
                }
            };
        }
    }

    /// Says a value of a list.
    fn value(&mut self, list: u32, name: &str, depth: usize) -> Option<()> {
        match self.language.lists.get(list as usize)?.as_ref() {
            List::Values { fragment, entries, .. } if !entries.is_empty() => {
                self.run(fragment, fragment.start, depth + 1)?;
            }
            List::Range(range) => {
                let from = if range.from.is_finite() { range.from } else { 1.0 };
                let to = if range.to.is_finite() { range.to } else { from + 99.0 };
                let steps = ((to - from) / range.step.max(1e-6)).clamp(0.0, 1e6) as u32;
                let value = from + range.step * f64::from(self.draw() % (steps + 1));
                self.say(&value.to_string());
            }
            List::Duration => {
                let unit = if self.code == "de" { "minuten" } else { "minutes" };
                let count = 2 + self.draw() % 58;
                self.say(&format!("{count} {unit}"));
            }
            List::Entity(kind) => self.say(example_of(*kind, self.code)),
            // Free text, or a list that the app fills later: the slot's name stands for what will be said.
            _ => self.say(&name.replace('_', " ")),
        }
        Some(())
    }

    fn say(&mut self, words: &str) {
        self.text.extend(words.chars());
    }

    fn choose<'b, T>(&mut self, from: &'b [T]) -> Option<&'b T> {
        let count = u32::try_from(from.len()).ok().filter(|count| *count > 0)?;
        from.get((self.draw() % count) as usize)
    }

    fn draw(&mut self) -> u32 {
        self.seed = crc32fast::hash(&self.seed.wrapping_add(0x9e37_79b9).to_le_bytes());
        self.seed >> 4
    }
}

/// How a value of a kind may be said; English stands in for other languages.
fn example_of(kind: Kind, code: &str) -> &'static str {
    let (english, german) = match kind {
        Kind::Boolean => ("yes", "ja"),
        Kind::Ordinal => ("third", "dritten"),
        Kind::Percent => ("50 percent", "50 prozent"),
        Kind::Temperature => ("20 degrees", "20 grad"),
        Kind::Dimension => ("5 kilometers", "5 kilometer"),
        Kind::Currency => ("20 dollars", "20 euro"),
        Kind::Age => ("30 years old", "30 jahre alt"),
        Kind::Phone => ("555 0134", "030 123456"),
        Kind::Email => ("anna@example.com", "anna@example.com"),
        Kind::Url => ("example.com", "example.com"),
        Kind::Colour => ("red", "rot"),
        Kind::Date => ("tomorrow", "morgen"),
        Kind::Time => ("at 7 pm", "um 19 uhr"),
        Kind::DateTime => ("tomorrow at 7 pm", "morgen um 19 uhr"),
        Kind::DateRange => ("next week", "nächste woche"),
        Kind::TimeRange => ("in the morning", "vormittags"),
        Kind::DateTimeRange => ("tomorrow morning", "morgen früh"),
        Kind::Duration => ("10 minutes", "10 minuten"),
        Kind::Set => ("every day", "jeden tag"),
        Kind::Number => ("5", "5"),
    };
    if code == "de" { german } else { english }
}

/// Values of a language's lists that are looked at, a list.
const MOST_VALUES: usize = 2000;

/// The slots' values from lists: slot and words.
pub(super) fn values(language: &Language) -> Vec<(String, String)> {
    let program = &language.program;
    let mut lists: Vec<(u32, u32)> =
        program.answers.iter().map(|answer| (answer.slot, answer.list)).collect();
    lists.sort_unstable();
    lists.dedup();
    let mut out = Vec::new();
    for (slot, list) in lists {
        let (Some(name), Some(list)) = (program.slots.get(slot as usize), language.lists.get(list as usize))
        else {
            continue;
        };
        if let List::Values { fragment, .. } = list.as_ref() {
            out.extend(fragment.phrases(MOST_VALUES).into_iter().map(|(phrase, _)| (name.clone(), phrase)));
        }
    }
    out
}
