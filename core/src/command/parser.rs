//! Utterances to commands.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::dialogue::{Conversation, Hearing};
use super::error::CommandError;
use super::filler::{without_fillers, without_hesitations};
use super::heard::{Heard, Likeness};
use super::homophones::respelled;
use super::learned::Learned;
use super::matcher::MAX_CHARS;
use super::set::{CommandSet, ListValue};
use super::source::language_code;
use super::value::SlotValue;
use crate::entity::text::Utterance;
use crate::model::Model;

/// Confidence where a word was taken for another that sounds the same, at most.
const MISHEARD: f32 = 0.95;

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
    /// A call that lacks a required slot, or one whose words are no value of it: "turn on the light in the *garage*" where no
    /// list has a garage. `prompt` is the set's question for it.
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
        self.slot_named(name).map(|slot| &slot.value)
    }

    pub(super) fn slot_named(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
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
    /// left out and the templates tried again; then words that sound the same ("ate" for "eight"), and names that are only like
    /// those of a list; and then, with an encoder, what is like the set's sentences.
    pub fn parse(&self, utterance: &str, context: &ParseContext) -> Parse {
        let repaired = Hearing::new(self, utterance, &Conversation::default(), context).repaired();
        match repaired {
            Some(command) => self.complete(command),
            None => self.parse_as_said(utterance, context),
        }
    }

    /// As [`parse`](Self::parse), where nothing is taken back.
    pub(super) fn parse_as_said(&self, utterance: &str, context: &ParseContext) -> Parse {
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
                    out.push(self.guessed(guess, utterance, &language, context).command);
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
        let exact = || tried().find_map(|text| heard(text, Likeness::Exact));
        let alike = || tried().find_map(|text| heard(text, Likeness::Alike));
        let misspelled = || {
            let codes = languages.iter().map(|(code, _)| code.as_str());
            let texts = codes.flat_map(|code| respelled(plain.as_deref().unwrap_or(utterance), code));
            texts.into_iter().find_map(|respelled| {
                let mut command = heard(&respelled.text, Likeness::Exact)?;
                command.confidence = command.confidence.min(MISHEARD);
                let language = self.set.languages.get(&command.language)?;
                let told = |slot: Slot| {
                    let is_open = language.is_open(&command.intent, &slot.name);
                    respelled.told_in(utterance, slot, is_open)
                };
                command.slots = command.slots.into_iter().map(told).collect();
                Some(command)
            })
        };
        exact().or_else(misspelled).or_else(alike)
    }

    /// What is likely from the set's sentences.
    fn learned(&self, utterance: &str, context: &ParseContext) -> Parse {
        let nothing = Parse::OutOfScope { confidence: 1.0 };
        let Some(learned) = &self.learned else { return nothing };
        let text = without_hesitations(utterance);
        let text = text.as_deref().unwrap_or(utterance);
        let Ok(mut understood) = learned.understand(text, 1) else { return nothing };
        match understood.guesses.pop() {
            Some(guess) if understood.in_scope => {
                let language = self.language(understood.language, context);
                let parse = self.guessed(guess, utterance, &language, context).into_parse(self);
                if self.is_about_others(&parse, text, learned) { nothing } else { parse }
            }
            _ => Parse::OutOfScope { confidence: understood.doubt },
        }
    }

    /// Whether `parse` was guessed of a `text` about things that the set does not know.
    fn is_about_others(&self, parse: &Parse, text: &str, learned: &Learned) -> bool {
        let (command, is_question) = match parse {
            Parse::Command(command) => (command, false),
            Parse::NeedsValue { command, .. } => (command, true),
            Parse::OutOfScope { .. } => return false,
        };
        let values: Vec<_> = command.slots.iter().filter_map(|slot| slot.span).collect();
        self.set.has_templates(&command.intent)
            && learned.names_others(text, &values, is_question).unwrap_or_default()
    }

    /// The language that the context says, or else the utterance, or else the set's first.
    fn language(&self, heard: Option<String>, context: &ParseContext) -> String {
        let wanted = context.language.as_deref().map(language_code);
        wanted.or(heard).or_else(|| self.set.languages.keys().next().cloned()).unwrap_or_default()
    }

    /// The command, or the question for what it lacks or has no possible value for.
    pub(super) fn complete(&self, mut command: Command) -> Parse {
        let impossible = command.slots.iter().position(|slot| !slot.value.is_possible());
        let impossible = impossible.map(|at| command.slots.remove(at).name);
        let declared = self.set.intents.get(&command.intent).into_iter().flat_map(|intent| &intent.slots);
        let required = declared.filter(|slot| slot.required).map(|slot| &slot.name);
        let missing = || required.into_iter().find(|name| command.slot(name).is_none()).cloned();
        match impossible.or_else(missing) {
            None => Parse::Command(command),
            Some(slot) => Parse::NeedsValue { prompt: self.prompt(&command, &slot), slot, command },
        }
    }

    /// The set's question for a slot; empty if it has none in the command's language.
    pub(super) fn prompt(&self, command: &Command, slot: &str) -> String {
        let declared = self.set.intents.get(&command.intent);
        let declared = declared.and_then(|intent| intent.slots.iter().find(|known| known.name == slot));
        declared.and_then(|slot| slot.prompt.get(&command.language)).unwrap_or_default().to_owned()
    }
}
