//! Utterances to commands.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::automaton::{BlockInfo, List, Program};
use super::error::CommandError;
use super::filler::{without_fillers, without_hesitations};
use super::learned::{Guess, Learned};
use super::matcher::{Capture, Captured, Input, MAX_CHARS, Match};
use super::set::{CommandSet, Language, ListValue};
use super::source::{Requirement, language_code};
use super::value::SlotValue;
use crate::entity::text::Utterance;
use crate::model::Model;

/// Confidence where a name is only like what was said, at most.
const MOST_ALIKE: f32 = 0.99;

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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// The intent's name in the command set.
    pub intent: String,
    /// The language it was given in (ISO 639-1).
    pub language: String,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// The slot's name in the command set.
    pub name: String,
    /// The typed value.
    pub value: SlotValue,
    /// The words of the utterance it came from; empty if the template fixes it.
    pub text: String,
    /// Where these words are, in Unicode code points of the utterance, end exclusive; `None` if the template fixes them, or
    /// if they were said in an earlier utterance of a conversation.
    pub span: Option<(usize, usize)>,
    /// Other values that the words fit as well: two contacts called Anna. Most often empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<SlotValue>,
}

/// Turns utterances into commands. `Send + Sync`, immutable, cheap to clone.
#[derive(Clone, Debug)]
pub struct CommandParser {
    set: CommandSet,
    learned: Option<Learned>,
}

impl CommandParser {
    /// A parser that knows the templates of `set` and nothing else.
    pub fn new(set: CommandSet) -> Self {
        Self { set, learned: None }
    }

    /// A parser that also understands what is like the set's examples and templates. `encoder` is a sentence package, such
    /// as `models/spatz-sentence.gguf`; fitting takes about a second for fifty intents, and nothing where the package holds
    /// what `spatz tailor commands` fitted ahead to the same set.
    ///
    /// # Errors
    ///
    /// [`CommandError::Encoder`] if `encoder` is no sentence encoder.
    pub fn with_encoder(set: CommandSet, encoder: &Model) -> Result<Self, CommandError> {
        let learned = Learned::open(&set, encoder)?;
        Ok(Self { set, learned })
    }

    /// As [`with_encoder`](Self::with_encoder), without fitting: `saved` is what [`save`](Self::save) gave for the same set
    /// and encoder.
    ///
    /// # Errors
    ///
    /// [`CommandError::Saved`] if `saved` is damaged or of another set, encoder or version; [`CommandError::Encoder`] if
    /// `encoder` is no sentence encoder.
    pub fn with_saved(set: CommandSet, encoder: &Model, saved: &[u8]) -> Result<Self, CommandError> {
        let learned = Learned::load(&set, encoder, saved)?;
        Ok(Self { set, learned: Some(learned) })
    }

    /// What was learned, to be stored and opened in no time; `None` for a parser without an encoder.
    pub fn save(&self) -> Option<Vec<u8>> {
        self.learned.as_ref().map(Learned::save)
    }

    /// A parser as an app opens one at start: with an encoder if it ships one, and without fitting if `saved` is what
    /// [`save`](Self::save) gave earlier for the same set and encoder. What was saved for another set, encoder or version, or is
    /// damaged, is fitted anew.
    ///
    /// # Errors
    ///
    /// [`CommandError::Encoder`] if `encoder` is no sentence encoder.
    pub fn open(
        set: CommandSet,
        encoder: Option<&Model>,
        saved: Option<&[u8]>,
    ) -> Result<Self, CommandError> {
        let Some(encoder) = encoder else { return Ok(Self::new(set)) };
        let stored = saved.map(|saved| Self::with_saved(set.clone(), encoder, saved));
        match stored {
            None | Some(Err(CommandError::Saved { .. })) => Self::with_encoder(set, encoder),
            Some(outcome) => outcome,
        }
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
        Ok(Self { set: self.set.with_list(name, values)?, learned: self.learned.clone() })
    }

    /// What `utterance` means. Never fails: what is not understood is out of scope.
    ///
    /// A template that matches is certain. Where none does, words that say nothing ("äh", "please", a word begun twice) are
    /// left out and the templates tried again; then names that are only like those of a list; and then, with an encoder,
    /// what is like the set's sentences.
    pub fn parse(&self, utterance: &str, context: &ParseContext) -> Parse {
        match self.matched(utterance, context) {
            Some(command) => self.complete(command),
            None => self.learned(utterance, context),
        }
    }

    /// Up to `limit` commands that `utterance` may mean, the most probable first, even if it is probably out of scope: for
    /// an app that asks "did you mean …?".
    pub fn parse_alternatives(&self, utterance: &str, context: &ParseContext, limit: usize) -> Vec<Command> {
        let mut out: Vec<Command> = self.matched(utterance, context).into_iter().take(limit).collect();
        if let Some(learned) = &self.learned {
            let text = without_hesitations(utterance);
            let understood =
                learned.understand(text.as_deref().unwrap_or(utterance), limit).unwrap_or_default();
            let language = self.language(understood.language, context);
            for guess in understood.guesses {
                if out.len() < limit && !out.iter().any(|known| known.intent == guess.intent) {
                    out.push(self.guessed(guess, utterance, &language, context));
                }
            }
        }
        out
    }

    /// What the templates say.
    pub(super) fn matched(&self, utterance: &str, context: &ParseContext) -> Option<Command> {
        let wanted = context.language.as_deref().map(language_code);
        let languages =
            self.set.languages.iter().filter(|(code, _)| wanted.as_ref().is_none_or(|w| w == *code));
        let languages: Vec<_> = languages.collect();
        let heard = |text: &str, how| {
            let folded = Utterance::new(text);
            let found = languages.iter().filter_map(|(code, language)| {
                Heard { code, language, original: text, folded: &folded, context }.understand(how)
            });
            // Of equals the first counts.
            found.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, command)| command)
        };
        if languages.is_empty() || utterance.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        let plain = without_fillers(utterance);
        let tried = || [Some(utterance), plain.as_deref()].into_iter().flatten();
        [Likeness::Exact, Likeness::Alike]
            .into_iter()
            .find_map(|how| tried().find_map(|text| heard(text, how)))
    }

    /// What is likely from the set's sentences.
    fn learned(&self, utterance: &str, context: &ParseContext) -> Parse {
        let nothing = Parse::OutOfScope { confidence: 1.0 };
        let Some(learned) = &self.learned else { return nothing };
        let text = without_hesitations(utterance);
        let Ok(mut understood) = learned.understand(text.as_deref().unwrap_or(utterance), 1) else {
            return nothing;
        };
        match understood.guesses.pop() {
            Some(guess) if understood.in_scope => {
                let language = self.language(understood.language, context);
                self.complete(self.guessed(guess, utterance, &language, context))
            }
            _ => Parse::OutOfScope { confidence: understood.doubt },
        }
    }

    /// The language that the context says, or else the utterance, or else the set's first.
    fn language(&self, heard: Option<String>, context: &ParseContext) -> String {
        let wanted = context.language.as_deref().map(language_code);
        wanted.or(heard).or_else(|| self.set.languages.keys().next().cloned()).unwrap_or_default()
    }

    /// A guess as a command, its values typed as `code`'s words.
    fn guessed(&self, guess: Guess, utterance: &str, code: &str, context: &ParseContext) -> Command {
        let language = self.set.languages.get(code);
        let slots = guess.slots.into_iter().map(|found| {
            let text: String = utterance.chars().skip(found.start).take(found.end - found.start).collect();
            let value = language.and_then(|language| {
                value_of(language, &guess.intent, &found.slot, &text, context.reference)
            });
            let (value, alternatives) = value.unwrap_or_else(|| (SlotValue::Text(text.clone()), Vec::new()));
            Slot { name: found.slot, value, text, span: Some((found.start, found.end)), alternatives }
        });
        Command {
            slots: slots.collect(),
            intent: guess.intent,
            language: code.to_owned(),
            confidence: guess.probability,
        }
    }

    /// The command, or the question for what it lacks.
    pub(super) fn complete(&self, command: Command) -> Parse {
        let declared = self.set.intents.get(&command.intent).into_iter().flat_map(|intent| &intent.slots);
        let missing = declared.filter(|slot| slot.required).find(|slot| command.slot(&slot.name).is_none());
        match missing {
            None => Parse::Command(command),
            Some(slot) => {
                let prompt = slot.prompt.get(&command.language).unwrap_or_default().to_owned();
                Parse::NeedsValue { slot: slot.name.clone(), prompt, command }
            }
        }
    }
}

/// How close words must be to the names that an app gave.
#[derive(Clone, Copy)]
enum Likeness {
    Exact,
    Alike,
}

/// An utterance in one of the set's languages.
struct Heard<'a> {
    code: &'a str,
    language: &'a Language,
    original: &'a str,
    folded: &'a Utterance,
    context: &'a ParseContext,
}

impl Heard<'_> {
    /// The best sentence that matches and whose context holds, with its score.
    fn understand(&self, how: Likeness) -> Option<(i64, Command)> {
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
        let block = program.blocks.get(*program.sentences.get(found.sentence as usize)? as usize)?;
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

/// The value that `text` says for a slot, and others that it fits; `None` if it is no value of the slot's kind.
fn value_of(
    language: &Language,
    intent: &str,
    slot: &str,
    text: &str,
    reference: Option<DateTime>,
) -> Option<(SlotValue, Vec<SlotValue>)> {
    let program = &language.program;
    let wanted = program.answers.iter().filter(|answer| {
        answer.intent == intent && program.slots.get(answer.slot as usize).is_some_and(|name| name == slot)
    });
    let folded = Utterance::new(text);
    let input = Input { program, lists: &language.lists, original: text, folded: &folded, reference };
    let found = input.answers(wanted.map(|answer| answer.start), &[]).into_iter().next()?;
    let said = said_slot(language, text, &folded, found.captures.into_iter().next()?)?.slot;
    Some((said.value, said.alternatives))
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
    let name = program.slots.get(slot as usize)?.clone();
    let words = SlotValue::Text(text.clone());
    let said = folded.chars().get(start..end).unwrap_or_default();
    let found = list.and_then(|list| match language.lists.get(list as usize)?.as_ref() {
        List::Values { entries, vocabulary: Some(vocabulary), .. } => Some((entries, vocabulary)),
        _ => None,
    });
    let alike = match (&value, found) {
        (Captured::Like, Some((_, vocabulary))) => vocabulary.alike(said),
        (_, Some((_, vocabulary))) => vocabulary.same(said),
        (_, None) => Vec::new(),
    };
    let entries = found.map_or(&[][..], |(entries, _)| entries.as_slice());
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
