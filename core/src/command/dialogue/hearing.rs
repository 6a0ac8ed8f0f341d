//! What an utterance means in a conversation.

use super::Conversation;
use super::answers::Answered;
use super::joined::MAX_JOINED;
use super::pieces::shift;
use super::words::DialogueWords;
use crate::command::automaton::List;
use crate::command::parser::{Command, CommandParser, Parse, ParseContext, Slot};
use crate::command::source::language_code;
use crate::command::value::SlotValue;
use crate::entity::text::Utterance;

/// A part that is less sure than this is no command by guess.
pub(super) const SURE: f32 = 0.8;

/// The meaning of an utterance.
#[derive(Debug)]
pub(super) enum Heard {
    Cancelled,
    Confirmed,
    /// The open command with the value that was asked for.
    Answered(Command),
    /// The open command with a part of the value that was asked for.
    Partly(Command),
    /// The last or the open command with another value.
    Corrected(Command),
    Commands(Vec<Command>),
    /// A command with words for a slot that are none of its values.
    Unclear {
        command: Command,
        slot: String,
        prompt: String,
    },
}

/// Folded characters `start..end` of the utterance.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
}

pub(in crate::command) struct Hearing<'a> {
    pub(super) parser: &'a CommandParser,
    pub(super) original: &'a str,
    pub(super) folded: Utterance,
    pub(super) context: &'a ParseContext,
    /// Codes of the languages that are heard.
    pub(super) languages: Vec<&'a str>,
    pub(super) tables: Vec<&'static DialogueWords>,
    /// Words that may stand around an answer because they were said before.
    pub(super) said_before: Vec<Vec<char>>,
}

impl<'a> Hearing<'a> {
    pub(in crate::command) fn new(
        parser: &'a CommandParser,
        original: &'a str,
        before: &Conversation,
        context: &'a ParseContext,
    ) -> Self {
        let wanted = context.language.as_deref().map(language_code);
        let known = parser.set().languages.keys().map(String::as_str);
        let languages: Vec<&str> =
            known.filter(|code| wanted.as_ref().is_none_or(|wanted| wanted == *code)).collect();
        let tables = languages.iter().filter_map(|code| DialogueWords::find(code)).collect();
        let said_before = before.words.iter().map(|word| word.chars().collect()).collect();
        Self { parser, original, folded: Utterance::new(original), context, languages, tables, said_before }
    }

    /// A sentence that a template has is what it says, whatever was asked; then comes what the conversation makes likely,
    /// and last what the whole means by guess.
    pub(super) fn understand(&self, conversation: &Conversation) -> Option<Heard> {
        let all = Piece { start: 0, end: self.folded.chars().len() };
        if all.end == 0 {
            return None;
        }
        if let Some(heard) = conversation.open.as_ref().and_then(|open| self.reply(open, all)) {
            return Some(heard);
        }
        let last = conversation.last.as_ref();
        let repaired = self.repaired();
        if let Some(command) = self.exact(all).filter(|_| repaired.is_none()) {
            let parts = self.swallowed(&command, all).unwrap_or_else(|| vec![command]);
            return Some(Heard::Commands(self.with_named(parts, last)));
        }
        if let Some(open) = &conversation.open
            && let Some(slot) = self.late_answer(open, all)
        {
            return Some(Heard::Answered(with(open.command.clone(), slot)));
        }
        let base = conversation.open.as_ref().map(|open| &open.command).or(last);
        if let Some(heard) = base.and_then(|base| self.correction(base, all)) {
            return Some(heard);
        }
        if let Some(heard) = base.and_then(|base| self.replacement(base, all)) {
            return Some(heard);
        }
        let more = last.filter(|_| conversation.open.is_none() && repaired.is_none());
        if let Some(heard) = more.and_then(|last| self.detail(last, all)) {
            return Some(heard);
        }
        if let Some(commands) = base.and_then(|base| self.repetition(base, all)) {
            return Some(Heard::Commands(self.with_named(commands, base)));
        }
        if let Some(heard) = conversation.open.as_ref().and_then(|open| self.day_of(open, all)) {
            return Some(heard);
        }
        let whole = match repaired {
            Some(command) => self.parser.complete(command),
            None => self.parser.parse_as_said(self.original, self.context),
        };
        if let Some(commands) = self.joined(all, &whole, MAX_JOINED) {
            return Some(Heard::Commands(self.with_named(commands, last)));
        }
        let is_of = |base: &Command| in_scope(&whole).is_none_or(|command| command.intent == base.intent);
        if let Some(command) = last.filter(|last| is_of(last)).and_then(|last| self.addition(last, all)) {
            return Some(Heard::Commands(vec![command]));
        }
        self.likely(whole, last)
    }

    /// What the learned parser says of the whole.
    fn likely(&self, whole: Parse, last: Option<&Command>) -> Option<Heard> {
        let named = |command| self.with_named(vec![command], last);
        match whole {
            Parse::Command(command) => Some(Heard::Commands(named(command))),
            Parse::NeedsValue { command, slot, prompt } => {
                let command = named(command).pop()?;
                // What is asked for may be a value that was not understood and that the command could do without.
                Some(match command.slot(&slot) {
                    None => Heard::Unclear { command, slot, prompt },
                    Some(_) => Heard::Commands(vec![command]),
                })
            }
            Parse::OutOfScope { .. } => None,
        }
    }

    /// "With milk", said of the coffee just ordered: a value that the last command could have had and had not.
    fn detail(&self, last: &Command, all: Piece) -> Option<Heard> {
        let answer = self.answer(last, None, all).filter(|answer| !answer.open)?;
        let is_number = matches!(answer.slot.value, SlotValue::Integer(_) | SlotValue::Number(_));
        let is_new = last.slot_named(&answer.slot.name).is_none() && !is_number;
        is_new.then(|| Heard::Corrected(with(last.clone(), answer.slot)))
    }

    /// "No, the kitchen", "nicht um sieben sondern um acht".
    fn correction(&self, base: &Command, all: Piece) -> Option<Heard> {
        if self.is_only(all, |words| [words.cancel, words.correct].concat()) {
            return None;
        }
        let leads: Vec<Piece> = self.behind_leads(all, |words| words.correct).collect();
        let led = leads.last().copied();
        let denied = self.without_lead(led.unwrap_or(all), |words| words.not);
        let right = led.or(denied).and_then(|rest| self.after_last(rest, |words| words.instead));
        let right = right.or_else(|| denied.and_then(|rest| self.behind_denied(base, rest)));
        // "Not the kitchen" alone does not say what is right.
        let rest = right.or(led.filter(|_| denied.is_none()))?;
        let answer = self.answer(base, None, rest);
        // "A latte" is a command by itself, but of "a large coffee" it changes the drink and leaves the size.
        let says_more = |command: &Command| {
            let is_all = |answer: &Answered| {
                let is_said = |slot: &Slot| slot.name == answer.slot.name;
                !answer.open && command.intent == base.intent && command.slots.iter().all(is_said)
            };
            !answer.as_ref().is_some_and(is_all)
        };
        if let Some(mut command) = self.exact(rest).filter(says_more) {
            if self.is_short(rest) || self.contains(rest, |words| words.pronouns) {
                self.name_it(&mut command, base);
            }
            return Some(Heard::Corrected(command));
        }
        // "Actually, no milk": a value may begin as a correction does.
        let mut longer = leads.iter().rev().skip(1).copied().chain([all]);
        let answer = match answer {
            Some(answer) if !answer.open => Some(answer),
            open => {
                let sure = |rest| self.answer(base, None, rest).filter(|answer| !answer.open);
                longer.find_map(sure).or(open)
            }
        };
        let corrected = match answer {
            Some(answer) => with(base.clone(), answer.slot),
            None => self.opposite(base, rest)?,
        };
        Some(Heard::Corrected(corrected))
    }

    /// "*Off*" of what was turned on: another intent by guess, about the same.
    fn opposite(&self, base: &Command, piece: Piece) -> Option<Command> {
        let (text, _) = self.text(piece);
        let Parse::Command(mut command) = self.parser.parse(&text, self.context) else { return None };
        let is_other =
            command.slots.is_empty() && command.intent != base.intent && command.confidence >= SURE;
        if !is_other || !self.is_short(piece) {
            return None;
        }
        self.name_it(&mut command, base);
        Some(command)
    }

    /// Whether so little is said that it is about what was said before.
    fn is_short(&self, piece: Piece) -> bool {
        self.word_starts(piece).count() <= 2 && !self.contains(piece, |words| words.everything)
    }

    /// "Warm white instead".
    fn replacement(&self, base: &Command, all: Piece) -> Option<Heard> {
        let rest = self.without_tail(all, |words| words.instead);
        let answer = self.answer(base, None, rest).filter(|answer| rest.end < all.end && !answer.open)?;
        Some(Heard::Corrected(with(base.clone(), answer.slot)))
    }

    /// "Not *the kitchen the hall*": what follows the value that `base` has.
    fn behind_denied(&self, base: &Command, piece: Piece) -> Option<Piece> {
        let starts: Vec<usize> = self.word_starts(piece).skip(1).collect();
        starts.into_iter().find_map(|start| {
            let wrong = self.answer(base, None, Piece { end: start - 1, ..piece })?;
            let rest = Piece { start, ..piece };
            let right = self.answer(base, Some(&wrong.slot.name), rest)?;
            let is_said = base.slot(&wrong.slot.name) == Some(&wrong.slot.value);
            (is_said && !wrong.open && !right.open).then_some(rest)
        })
    }

    /// "And in the bedroom too": the last command with another value, or with each of several. "One more": the last command.
    fn repetition(&self, base: &Command, all: Piece) -> Option<Vec<Command>> {
        if self.is_only(all, |words| [words.repeat, words.again].concat())
            && self.contains(all, |words| words.repeat)
        {
            return Some(vec![base.clone()]);
        }
        let led = self.without_lead(all, |words| words.again);
        let rest = self.without_tail(led.unwrap_or(all), |words| words.too);
        if led.is_none() && rest.end == all.end {
            return None;
        }
        if let Some(command) = self.exact(rest) {
            return Some(vec![command]);
        }
        let answer = self.answer(base, None, rest).filter(|answer| !answer.open);
        let other = answer.map(|answer| vec![with(base.clone(), answer.slot)]);
        other.or_else(|| self.row(base, None, rest, MAX_JOINED))
    }

    /// "And eggs", "and the dentist on Friday": the last command with other free text, if it had some, and perhaps another value.
    /// Questions are not things.
    fn addition(&self, last: &Command, all: Piece) -> Option<Command> {
        /// Things have no longer names.
        const MOST_WORDS: usize = 4;
        let led = self.without_lead(all, |words| words.again)?;
        let rest = self.without_tail(led, |words| words.too);
        let is_question = self.contains(rest, |words| words.questions);
        if is_question || self.word_starts(rest).count() > MOST_WORDS {
            return None;
        }
        let added = |command: Command, piece| {
            let answer = self.answer(last, None, piece)?;
            let is_open = |slot| self.is_open(last, slot);
            last.slot_named(&answer.slot.name).is_some_and(is_open).then(|| with(command, answer.slot))
        };
        let starts: Vec<usize> = self.word_starts(rest).skip(1).collect();
        let with_value = starts.into_iter().find_map(|start| {
            let answer = self.answer(last, None, Piece { start, ..rest }).filter(|answer| !answer.open)?;
            added(with(last.clone(), answer.slot), Piece { end: start - 1, ..rest })
        });
        with_value.or_else(|| added(last.clone(), rest))
    }

    /// `commands`, in which "it" is what the command before each was about, at first `last`.
    fn with_named(&self, mut commands: Vec<Command>, last: Option<&Command>) -> Vec<Command> {
        let all = Piece { start: 0, end: self.folded.chars().len() };
        if !self.contains(all, |words| words.pronouns) {
            return commands;
        }
        let mut before = last.cloned();
        for command in &mut commands {
            if let Some(before) = before {
                self.name_it(command, &before);
            }
            before = Some(command.clone());
        }
        commands
    }

    /// Gives `command` what `before` was about: names, which both can have, but no amounts, and no choice that is its point.
    fn name_it(&self, command: &mut Command, before: &Command) {
        let Some(language) = self.parser.set().languages.get(&command.language) else { return };
        let program = &language.program;
        let declared = self.parser.set().intents.get(&command.intent);
        for slot in &before.slots {
            let is_pronoun = |said: &Slot| self.is_pronoun(&Utterance::new(&said.text));
            if command.slots.iter().any(|said| said.name == slot.name && !is_pronoun(said)) {
                continue;
            }
            let is_required = declared.is_some_and(|intent| {
                intent.slots.iter().any(|declared| declared.required && declared.name == slot.name)
            });
            let takes = program.answers.iter().any(|answer| {
                let is_slot = program.slots.get(answer.slot as usize) == Some(&slot.name);
                let list = language.lists.get(answer.list as usize).map(AsRef::as_ref);
                let is_name = match list {
                    Some(List::Wildcard) => true,
                    Some(List::Values { .. }) => !is_required,
                    _ => false,
                };
                answer.intent == command.intent && is_slot && is_name
            });
            if takes {
                *command = with(command.clone(), Slot { span: None, ..slot.clone() });
            }
        }
    }

    /// Whether any words could fill the slot.
    pub(super) fn is_open(&self, command: &Command, slot: &Slot) -> bool {
        match self.parser.set().languages.get(&command.language) {
            Some(language) => language.is_open(&command.intent, &slot.name),
            None => matches!(&slot.value, SlotValue::Text(text) if *text == slot.text),
        }
    }

    /// What a template says of the piece, word for word.
    pub(super) fn exact(&self, piece: Piece) -> Option<Command> {
        let (text, offset) = self.text(piece);
        let mut command = self.parser.matched(&text, self.context).filter(|found| found.confidence >= 1.0)?;
        command.slots.iter_mut().for_each(|slot| shift(slot, offset));
        Some(command)
    }
}

pub(super) fn in_scope(parse: &Parse) -> Option<&Command> {
    match parse {
        Parse::Command(command) | Parse::NeedsValue { command, .. } => Some(command),
        Parse::OutOfScope { .. } => None,
    }
}

/// Whether two commands say the same.
pub(super) fn is_same(a: &Command, b: &Command) -> bool {
    let values = |command: &Command| -> Vec<(String, SlotValue)> {
        command.slots.iter().map(|slot| (slot.name.clone(), slot.value.clone())).collect()
    };
    a.intent == b.intent && values(a) == values(b)
}

/// `command` with `slot` in place of what it had under that name.
pub(super) fn with(mut command: Command, slot: Slot) -> Command {
    let place = command.slots.iter().position(|known| known.name == slot.name);
    command.slots.retain(|known| known.name != slot.name);
    command.slots.insert(place.unwrap_or(command.slots.len()).min(command.slots.len()), slot);
    command
}
