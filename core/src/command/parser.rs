//! Utterances to commands.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::automaton::{BlockInfo, Program};
use super::error::CommandError;
use super::matcher::{self, Captured, Match};
use super::set::{CommandSet, Language, ListValue};
use super::source::{Requirement, language_code};
use super::value::SlotValue;
use crate::entity::text::Utterance;

/// What is known around an utterance.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ParseContext {
    /// Language of the utterance (ISO 639-1, a region is ignored); `None` tries all the set has.
    pub language: Option<String>,
    /// What `requires_context` and `excludes_context` look at: the room the phone is in, what plays at the moment.
    pub context: BTreeMap<String, SlotValue>,
    /// Among several readings, prefer those that say most of this slot. Home Assistant prefers `name`.
    pub preferred_slot: Option<String>,
    /// The local time that dates and times are resolved against; the core reads no clock. Without it "tomorrow" fills no
    /// slot, only what needs no clock does: "at noon", "2026-11-25".
    pub reference: Option<DateTime>,
}

impl ParseContext {
    /// A context that knows the language only.
    pub fn in_language(language: impl Into<String>) -> Self {
        Self { language: Some(language.into()), ..Self::default() }
    }

    /// Sets the local time that dates and times are resolved against.
    pub fn at(mut self, reference: DateTime) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Adds something known.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<SlotValue>) -> Self {
        self.context.insert(key.into(), value.into());
        self
    }
}

/// What an utterance means to the command set.
#[derive(Clone, Debug, PartialEq)]
pub enum Parse {
    /// A call with all it needs.
    Command(Command),
    /// A call that lacks a required slot; `prompt` is the set's question for it.
    NeedsValue {
        /// What is understood so far.
        command: Command,
        /// The slot that is missing.
        slot: String,
        /// What to ask; empty if the set has no question for the slot in this language.
        prompt: String,
    },
    /// Not meant for this app.
    OutOfScope {
        /// How sure, 0 to 1.
        confidence: f32,
    },
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The intent's name in the command set.
    pub intent: String,
    /// Probability that this is what was meant, 0 to 1. An exact template is certain.
    pub confidence: f32,
    /// The values, in the order in which they were said; those that the template or the context fixes come last.
    pub slots: Vec<Slot>,
}

impl Command {
    /// The first value of a slot.
    pub fn slot(&self, name: &str) -> Option<&SlotValue> {
        self.slots.iter().find(|slot| slot.name == name).map(|slot| &slot.value)
    }
}

/// A named value of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The slot's name in the command set.
    pub name: String,
    /// The typed value.
    pub value: SlotValue,
    /// The words of the utterance it came from; empty if the template fixes it.
    pub text: String,
    /// Where these words are, in Unicode code points of the utterance, end exclusive.
    pub span: Option<(usize, usize)>,
}

/// Turns utterances into commands. `Send + Sync`, immutable, cheap to clone.
#[derive(Clone, Debug)]
pub struct CommandParser {
    set: CommandSet,
}

impl CommandParser {
    /// A parser for `set`.
    pub fn new(set: CommandSet) -> Self {
        Self { set }
    }

    /// The set that it parses for.
    pub fn set(&self) -> &CommandSet {
        &self.set
    }

    /// A parser that knows other entries of a list; see [`CommandSet::with_list`].
    ///
    /// # Errors
    ///
    /// [`CommandError::List`] if the set has no such list or a template among the values is not well formed.
    pub fn with_list<V: Into<ListValue>>(
        &self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Self, CommandError> {
        Ok(Self { set: self.set.with_list(name, values)? })
    }

    /// What `utterance` means. Never fails: what is not understood is out of scope.
    pub fn parse(&self, utterance: &str, context: &ParseContext) -> Parse {
        let wanted = context.language.as_deref().map(language_code);
        let folded = Utterance::new(utterance);
        let languages =
            self.set.languages.iter().filter(|(code, _)| wanted.as_ref().is_none_or(|w| w == *code));
        let mut best: Option<(i64, &str, Command)> = None;
        for (code, language) in languages {
            if let Some((score, command)) = understand(language, utterance, &folded, context)
                && best.as_ref().is_none_or(|(known, ..)| *known < score)
            {
                best = Some((score, code, command));
            }
        }
        let Some((_, code, command)) = best else { return Parse::OutOfScope { confidence: 1.0 } };
        let declared = self.set.intents.get(&command.intent).into_iter().flatten();
        let missing = declared.filter(|slot| slot.required).find(|slot| command.slot(&slot.name).is_none());
        match missing {
            None => Parse::Command(command),
            Some(slot) => {
                let prompt = slot.prompts.get(code).or_else(|| slot.prompts.get(""));
                let prompt = prompt.cloned().unwrap_or_default();
                Parse::NeedsValue { slot: slot.name.clone(), prompt, command }
            }
        }
    }
}

fn understand(
    language: &Language,
    original: &str,
    folded: &Utterance,
    context: &ParseContext,
) -> Option<(i64, Command)> {
    let program = &language.program;
    let spaceless = program.ignore_whitespace.then(|| folded.without_spaces());
    let folded = spaceless.as_ref().unwrap_or(folded);
    let matches = matcher::run(
        program,
        &language.lists,
        original,
        folded,
        context.preferred_slot.as_deref(),
        context.reference,
    );
    matches.into_iter().find_map(|found| {
        let block = program.blocks.get(*program.sentences.get(found.sentence as usize)? as usize)?;
        let from_context = admits(block, folded, &found, context)?;
        let mut slots: Vec<Slot> = Vec::with_capacity(found.captures.len());
        for capture in found.captures {
            let (mut start, mut end) = (capture.start, capture.end);
            if matches!(capture.value, Captured::Wildcard) {
                (start, end) = without_skip_words(program, folded.chars(), start, end);
            }
            let span = folded.span(start, end);
            let text: String = original.chars().skip(span.0).take(span.1 - span.0).collect();
            let value = match capture.value {
                Captured::Value(value) => value,
                Captured::Words | Captured::Wildcard => SlotValue::Text(text.clone()),
            };
            let name = program.slots.get(capture.slot as usize)?.clone();
            slots.push(Slot { name, value, text, span: Some(span) });
        }
        let fixed = block.slots.iter().cloned().chain(from_context);
        for (name, value) in fixed {
            if !slots.iter().any(|slot| slot.name == name) {
                slots.push(Slot { name, value, text: String::new(), span: None });
            }
        }
        Some((found.score, Command { intent: block.intent.clone(), confidence: 1.0, slots }))
    })
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
