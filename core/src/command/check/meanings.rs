//! Words that stand for two values of a list.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Oddity};
use crate::command::automaton::{Entry, List, Names};
use crate::command::error::Location;
use crate::command::set::{CommandSet, Language};
use crate::command::value::SlotValue;

/// Phrases of a list that are looked at.
const MOST_PHRASES: usize = 2000;

impl CommandSet {
    pub(super) fn two_meanings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for (code, language) in &self.languages {
            let mut seen = Vec::new();
            for (number, name, at) in self.declared_lists(language) {
                let Some(list) = language.lists.get(number as usize) else { continue };
                // a list is compiled again for each slot that takes another name for it
                for (words, first, second) in two_meanings(list) {
                    if seen.contains(&(words.clone(), first, second)) {
                        continue;
                    }
                    seen.push((words.clone(), first, second));
                    let (language, list) = (code.clone(), name.clone());
                    let (first, second) = (first.clone(), second.clone());
                    let what = Oddity::TwoMeanings { language, list, words, first, second };
                    findings.push(Finding { at: at.clone(), what });
                }
            }
        }
        findings
    }

    /// The number of each list, what to call it, and where it stands; lists with a name of their own come first.
    fn declared_lists(&self, language: &Language) -> Vec<(u32, String, Option<Location>)> {
        let program = &language.program;
        let named = program.named_lists.iter().map(|(name, number)| {
            (*number, format!("the list `{name}`"), language.places.get(name).cloned())
        });
        let of_slots = program.answers.iter().filter_map(|answer| {
            let slot = program.slots.get(answer.slot as usize)?;
            let name = format!("the slot `{slot}` of `{}`", answer.intent);
            Some((answer.list, name, self.place_of_slot(&answer.intent, slot)))
        });
        let mut seen = BTreeSet::new();
        named.chain(of_slots).filter(|(number, ..)| seen.insert(*number)).collect()
    }

    fn place_of_slot(&self, intent: &str, slot: &str) -> Option<Location> {
        let mut declared = self.intents.get(intent).into_iter().flat_map(|intent| &intent.slots);
        let declared = declared.find(|declared| declared.name == slot).map(|declared| &declared.at);
        declared.or_else(|| self.outline.intents.get(intent)).cloned()
    }
}

/// Words with two values that they may mean, the first of such words for each two values.
fn two_meanings(list: &List) -> Vec<(String, &SlotValue, &SlotValue)> {
    let List::Values { fragment, entries, names: Names::Declared { .. } } = list else { return Vec::new() };
    let mut said: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for (words, number) in fragment.phrases(MOST_PHRASES) {
        let words: Vec<_> = words.split_whitespace().collect();
        said.entry(words.join(" ")).or_default().insert(number);
    }
    let mut out: Vec<(String, &SlotValue, &SlotValue)> = Vec::new();
    for (words, numbers) in said {
        let mut meant = numbers.iter().filter_map(|number| entries.get(*number as usize));
        let Some(first) = meant.next() else { continue };
        for (first, second) in meant.filter_map(|second| differing(first, second)) {
            if !out.iter().any(|(_, one, other)| (*one, *other) == (first, second)) {
                out.push((words.clone(), first, second));
            }
        }
    }
    out
}

/// The values of two entries, if they differ and no context decides between them.
fn differing<'a>(one: &'a Entry, other: &'a Entry) -> Option<(&'a SlotValue, &'a SlotValue)> {
    let values = one.value.as_ref().zip(other.value.as_ref())?;
    (one.context == other.context && !values.0.is_same(values.1)).then_some(values)
}
