//! Conversations: a missing value is asked for, an answer fills it, "no, twenty" corrects, "and in the kitchen too"
//! repeats with a change, two commands in one sentence are two, and what cannot be undone is confirmed.
//!
//! The state between two utterances is a [`Conversation`], a plain value that the app keeps: it can be stored,
//! copied, thrown away.
//!
//! ```
//! use spatz::command::{CommandParser, CommandSet, Conversation, ParseContext, SlotValue, Turn};
//!
//! let set = CommandSet::from_yaml("light.yaml", r#"
//! language: en
//! intents:
//!   Dim:
//!     slots:
//!       level: { type: integer, from: 0, to: 100, required: true, prompt: "How bright?" }
//!       room: { type: list, values: [kitchen, hall] }
//!     sentences: ["dim [the] {room} [light] [to {level}] [percent]"]
//! "#)?;
//! let parser = CommandParser::new(set);
//! let (mut conversation, context) = (Conversation::default(), ParseContext::default());
//! let mut hear = |utterance: &str| parser.converse(utterance, &mut conversation, &context).remove(0);
//!
//! assert!(matches!(hear("dim the kitchen light"), Turn::Ask { prompt, .. } if prompt == "How bright?"));
//! assert!(matches!(hear("to thirty percent please"), Turn::Run { corrects: false, .. }));
//! let Turn::Run { command, corrects: true } = hear("no, make it twenty") else { panic!() };
//! assert_eq!(command.slot("level"), Some(&SlotValue::Integer(20)));
//! let Turn::Run { command, corrects: false } = hear("and the hall too") else { panic!() };
//! assert_eq!(command.slot("room"), Some(&SlotValue::Text("hall".into())));
//! # Ok::<(), spatz::command::CommandError>(())
//! ```
//!
//! `hearing.rs` finds out what an utterance means in a conversation, `reply.rs` what answers an open question, `answers.rs` what a
//! value that is said alone means, `joined.rs` which commands stand in one sentence, `repair.rs` what is taken back within one
//! utterance; `words.rs` has the words that they listen for, with a file a language.

mod answers;
mod de;
mod en;
mod hearing;
mod joined;
mod pieces;
mod repair;
mod reply;
mod words;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::error::CommandError;
use super::hypotheses::{Hypothesis, most_probable};
use super::parser::{Command, CommandParser, Parse, ParseContext};
use crate::entity::text::Utterance;
use hearing::Heard;
pub(super) use hearing::Hearing;
pub(super) use pieces::{begins_with, end_of, made_of, phrases};
pub(super) use words::DialogueWords;

/// Where a conversation stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// What the last turn left open.
    open: Option<Open>,
    /// Commands of the last utterance that wait until it is settled.
    queue: VecDeque<Command>,
    /// What a correction or "in the kitchen too" starts from.
    last: Option<Command>,
    /// The folded words of the last utterance that was understood: they may be said again around an answer, as in "no,
    /// the home *list*".
    words: Vec<String>,
}

impl Conversation {
    /// Whether the next utterance is expected to answer a question.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// After an utterance of which nothing is known but its words.
    fn heard(utterance: &str) -> Self {
        Self { words: words_of(&Utterance::new(utterance)), ..Self::default() }
    }

    /// All of it as text, to be stored; [`restore`](Self::restore) reads it.
    pub fn save(&self) -> String {
        #[expect(clippy::expect_used, reason = "plain data with names for keys has a JSON form")]
        serde_json::to_string(self).expect("a conversation has a JSON form")
    }

    /// The conversation that [`save`](Self::save) gave.
    ///
    /// # Errors
    ///
    /// [`CommandError::Conversation`] if the text is damaged or of another version.
    pub fn restore(saved: &str) -> Result<Self, CommandError> {
        serde_json::from_str(saved)
            .map_err(|error| CommandError::Conversation { line: error.line(), column: error.column() })
    }

    /// What was said before has no place in the utterance that comes.
    fn forget_places(&mut self) {
        let open = self.open.as_mut().map(|open| &mut open.command);
        for command in open.into_iter().chain(&mut self.queue).chain(&mut self.last) {
            command.slots.iter_mut().for_each(|slot| slot.span = None);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    question: Question,
    command: Command,
    corrects: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Question {
    /// The value of this slot.
    Value(String),
    Confirmation,
}

/// What the app does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Run this command.
    Run {
        /// The call, with all it needs.
        command: Command,
        /// Whether it replaces the one that ran before, which the app undoes if it can.
        corrects: bool,
    },
    /// Ask for a value.
    Ask {
        /// What is understood so far.
        command: Command,
        /// The slot that is missing, or whose words are no value that it can have.
        slot: String,
        /// The set's question; empty if it has none in this language.
        prompt: String,
    },
    /// Ask whether the command is meant: its intent is marked `destructive`.
    Confirm {
        /// The call.
        command: Command,
        /// The set's question, the values filled in; empty if it has none in this language.
        prompt: String,
    },
    /// The person no longer wants what was asked about.
    Cancelled,
    /// Not meant for this app, or no answer to what was asked; an open question stays open.
    NotUnderstood,
}

impl Turn {
    /// Probability that it is what was meant, 0 to 1.
    fn confidence(&self) -> f32 {
        match self {
            Self::Run { command, .. } | Self::Ask { command, .. } | Self::Confirm { command, .. } => {
                command.confidence
            }
            Self::Cancelled => 1.0,
            Self::NotUnderstood => 0.0,
        }
    }
}

impl CommandParser {
    /// What `utterance` means after what was said before. One turn, or one for each command that was joined by "and";
    /// never none. `conversation` moves on.
    pub fn converse(
        &self,
        utterance: &str,
        conversation: &mut Conversation,
        context: &ParseContext,
    ) -> Vec<Turn> {
        conversation.forget_places();
        let hearing = Hearing::new(self, utterance, conversation, context);
        let Some(heard) = hearing.understand(conversation) else { return vec![Turn::NotUnderstood] };
        if let Heard::Commands(_) | Heard::Unclear { .. } = heard {
            conversation.words = words_of(&hearing.folded);
        }
        let open = conversation.open.take();
        let corrects = open.as_ref().is_some_and(|open| open.corrects);
        match heard {
            Heard::Cancelled => self.go_on(conversation, Turn::Cancelled),
            Heard::Confirmed => match open {
                Some(Open { command, corrects, .. }) => {
                    conversation.last = Some(command.clone());
                    self.go_on(conversation, Turn::Run { command, corrects })
                }
                None => vec![Turn::NotUnderstood],
            },
            Heard::Answered(command) => {
                let turn = self.turn(command, corrects, conversation);
                self.go_on(conversation, turn)
            }
            Heard::Partly(command) => {
                let Some(Open { question: Question::Value(slot), corrects, .. }) = open else {
                    return vec![Turn::NotUnderstood];
                };
                let prompt = self.prompt(&command, &slot);
                let question = Question::Value(slot.clone());
                conversation.open = Some(Open { question, command: command.clone(), corrects });
                vec![Turn::Ask { command, slot, prompt }]
            }
            Heard::Corrected(command) => {
                let turn = self.turn(command, open.is_none() || corrects, conversation);
                self.go_on(conversation, turn)
            }
            Heard::Commands(commands) => {
                conversation.queue = commands.into();
                self.go_on(conversation, None)
            }
            Heard::Unclear { command, slot, prompt } => {
                let question = Question::Value(slot.clone());
                conversation.open = Some(Open { question, command: command.clone(), corrects: false });
                vec![Turn::Ask { command, slot, prompt }]
            }
        }
    }

    /// As [`converse`](Self::converse), if a recogniser is not sure what was said: takes the hypothesis that was most
    /// probably said at this place of the conversation, as [`best_hypothesis`](Self::best_hypothesis) does, and says
    /// which. If there are none, nothing moves on.
    pub fn converse_n_best(
        &self,
        hypotheses: &[Hypothesis<'_>],
        conversation: &mut Conversation,
        context: &ParseContext,
    ) -> (Option<usize>, Vec<Turn>) {
        let best = most_probable(hypotheses, |text| {
            let mut after = conversation.clone();
            let turns = self.converse(text, &mut after, context);
            let understood = turns.iter().map(Turn::confidence).fold(1.0, f32::min);
            (understood, (turns, after))
        });
        let Some((index, (turns, after))) = best else { return (None, vec![Turn::NotUnderstood]) };
        *conversation = after;
        (Some(index), turns)
    }

    /// What was filled into the set's `response:` for a command that was carried out; `None` if the intent has none in
    /// the command's language. `{slot}` stands for the words of a slot.
    pub fn response(&self, command: &Command) -> Option<String> {
        let declared = self.set().intents.get(&command.intent)?;
        Some(filled(declared.response.get(&command.language)?, command))
    }

    /// After `turn`, the commands that waited for it, up to the next question.
    fn go_on(&self, conversation: &mut Conversation, turn: impl Into<Option<Turn>>) -> Vec<Turn> {
        let mut turns: Vec<Turn> = turn.into().into_iter().collect();
        while conversation.open.is_none()
            && let Some(command) = conversation.queue.pop_front()
        {
            turns.push(self.turn(command, false, conversation));
        }
        turns
    }

    fn turn(&self, command: Command, corrects: bool, conversation: &mut Conversation) -> Turn {
        let command = match self.complete(command) {
            Parse::NeedsValue { command, slot, prompt } => {
                let question = Question::Value(slot.clone());
                conversation.open = Some(Open { question, command: command.clone(), corrects });
                return Turn::Ask { command, slot, prompt };
            }
            Parse::Command(command) => command,
            Parse::OutOfScope { .. } => return Turn::NotUnderstood,
        };
        let declared = self.set().intents.get(&command.intent);
        if let Some(declared) = declared.filter(|declared| declared.destructive) {
            let prompt = declared.confirm.get(&command.language);
            let prompt = prompt.map_or_else(String::new, |prompt| filled(prompt, &command));
            let question = Question::Confirmation;
            conversation.open = Some(Open { question, command: command.clone(), corrects });
            return Turn::Confirm { command, prompt };
        }
        conversation.last = Some(command.clone());
        Turn::Run { command, corrects }
    }
}

/// The words of a folded utterance.
fn words_of(utterance: &Utterance) -> Vec<String> {
    utterance.chars().split(|c| *c == ' ').map(|word| word.iter().collect()).collect()
}

/// A text of the set with the words of the slots in place of their names in braces.
fn filled(text: &str, command: &Command) -> String {
    let mut out = text.to_owned();
    for slot in &command.slots {
        let words = if slot.text.is_empty() { slot.value.to_string() } else { slot.text.clone() };
        out = out.replace(&format!("{{{}}}", slot.name), &words);
    }
    out
}
