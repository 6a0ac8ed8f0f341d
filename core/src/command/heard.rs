//! What the words of an utterance say: a sentence of the set with its values, or a value alone.

use super::automaton::{BlockInfo, List, Names, Program};
use super::matcher::{Capture, Captured, Input, Match};
use super::parser::{Command, ParseContext, Slot};
use super::plausible::is_negation;
use super::set::Language;
use super::source::Requirement;
use super::value::SlotValue;
use crate::entity::text::Utterance;

/// Confidence where a name is only like what was said, at most.
const MOST_ALIKE: f32 = 0.99;

/// How close words must be to the names that an app gave.
#[derive(Clone, Copy)]
pub(super) enum Likeness {
    Exact,
    Alike,
}

/// An utterance in one of the set's languages.
pub(super) struct Heard<'a> {
    pub(super) code: &'a str,
    pub(super) language: &'a Language,
    pub(super) original: &'a str,
    pub(super) folded: &'a Utterance,
    pub(super) context: &'a ParseContext,
}

impl Heard<'_> {
    /// The best sentence that matches and whose context holds, with its score.
    pub(super) fn understand(&self, how: Likeness) -> Option<(i64, Command)> {
        let program = &self.language.program;
        let spaceless = program.ignore_whitespace.then(|| self.folded.without_spaces());
        let folded = spaceless.as_ref().unwrap_or(self.folded);
        let reference = self.context.reference;
        let input =
            Input { program, lists: &self.language.lists, original: self.original, folded, reference };
        let matches = match how {
            Likeness::Exact => input.sentences(self.context.preferred_slot.as_deref()),
            Likeness::Alike => input.alike(),
        };
        matches.into_iter().find_map(|found| self.command(folded, found))
    }

    fn command(&self, folded: &Utterance, mut found: Match) -> Option<(i64, Command)> {
        let program = &self.language.program;
        let block = program.block_of(found.sentence)?;
        let mut confidence: f32 = 1.0;
        let mut slots = Vec::with_capacity(found.captures.len());
        for capture in std::mem::take(&mut found.captures) {
            let said = said_slot(self.language, self.original, folded, capture)?;
            confidence = confidence.min(said.likeness);
            found.context.extend(said.context);
            slots.push(said.slot);
        }
        let from_context = admits(block, folded, &found, self.context)?;
        let fixed = block.slots.iter().cloned().chain(from_context);
        for (name, value) in fixed {
            if !slots.iter().any(|slot: &Slot| slot.name == name) {
                slots.push(Slot { name, value, text: String::new(), span: None, alternatives: Vec::new() });
            }
        }
        let (intent, language) = (block.intent.clone(), self.code.to_owned());
        Some((found.score, Command { intent, language, confidence, slots }))
    }
}

/// A capture in the words of the original text.
pub(super) struct Said {
    pub(super) slot: Slot,
    /// How like the name of a list the words are, 0 to 1; 1 for what is matched exactly.
    likeness: f32,
    /// What the name brings along.
    context: Vec<(String, SlotValue)>,
}

/// `None` if the words are like no name of the list they should be in.
pub(super) fn said_slot(
    language: &Language,
    original: &str,
    folded: &Utterance,
    capture: Capture,
) -> Option<Said> {
    let program = &language.program;
    let Capture { slot, mut start, mut end, value, list } = capture;
    if matches!(value, Captured::Wildcard | Captured::Like) {
        (start, end) = without_skip_words(program, folded.chars(), start, end);
    }
    let span = folded.span(start, end);
    let text: String = original.chars().skip(span.0).take(span.1 - span.0).collect();
    if matches!(value, Captured::Wildcard) && is_negation(&text) {
        return None;
    }
    let name = program.slots.get(slot as usize)?.clone();
    let words = SlotValue::Text(text.clone());
    let said = folded.chars().get(start..end).unwrap_or_default();
    let list = list.and_then(|list| language.lists.get(list as usize)).map(AsRef::as_ref);
    let alike = match (&value, list) {
        (Captured::Like, Some(list)) => list.vocabulary().map(|names| names.alike(said)),
        (_, Some(List::Values { names: Names::Given(names), .. })) => Some(names.same(said)),
        _ => None,
    };
    let alike = alike.unwrap_or_default();
    let entries = match list {
        Some(List::Values { entries, .. }) => entries.as_slice(),
        _ => &[],
    };
    let mut values: Vec<SlotValue> = Vec::new();
    for entry in alike.iter().filter_map(|alike| entries.get(alike.entry as usize)) {
        let value = entry.value.clone().unwrap_or_else(|| words.clone());
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let (mut likeness, mut context) = (1.0, Vec::new());
    let value = match value {
        Captured::Value(value) => value,
        Captured::Words | Captured::Wildcard => words,
        Captured::Like => {
            let best = alike.first()?;
            likeness = best.likeness.min(MOST_ALIKE);
            context = entries.get(best.entry as usize)?.context.clone();
            values.first()?.clone()
        }
    };
    values.retain(|other| *other != value);
    let slot = Slot { name, value, text, span: Some(span), alternatives: values };
    Some(Said { slot, likeness, context })
}

/// The slots that the context gives if the block's conditions hold.
fn admits(
    block: &BlockInfo,
    folded: &Utterance,
    found: &Match,
    context: &ParseContext,
) -> Option<Vec<(String, SlotValue)>> {
    let words = || folded.chars().split(|c| *c == ' ');
    if !block.required_keywords.is_empty() && !words().any(|w| block.required_keywords.iter().any(|k| k == w))
    {
        return None;
    }
    let known = |key: &str| {
        let said = found.context.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value);
        said.or_else(|| context.context.get(key))
    };
    let fits = |requirement: &Requirement, value: &SlotValue| {
        requirement.values.as_ref().is_none_or(|values| values.iter().any(|wanted| wanted.is_same(value)))
    };
    if block.excludes.iter().any(|excluded| known(&excluded.key).is_some_and(|value| fits(excluded, value))) {
        return None;
    }
    let mut slots = Vec::new();
    for required in &block.requires {
        let value = known(&required.key).filter(|value| fits(required, value))?;
        if let Some(slot) = &required.slot {
            slots.push((slot.clone(), value.clone()));
        }
    }
    Some(slots)
}

/// A wildcard takes all it can; the "please" at its ends is not meant.
fn without_skip_words(program: &Program, chars: &[char], mut start: usize, mut end: usize) -> (usize, usize) {
    loop {
        let text = chars.get(start..end).unwrap_or_default();
        let lead = program
            .skip_words
            .iter()
            .find(|word| text.starts_with(word) && text.get(word.len()) == Some(&' '));
        if let Some(word) = lead {
            start += word.len() + 1;
            continue;
        }
        let before =
            |word: &[char]| text.len().checked_sub(word.len() + 1).and_then(|at| text.get(at)).copied();
        let tail = program.skip_words.iter().find(|word| text.ends_with(word) && before(word) == Some(' '));
        match tail {
            Some(word) => end -= word.len() + 1,
            None => return (start, end),
        }
    }
}
