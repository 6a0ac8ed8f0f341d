//! What an utterance means in a conversation.

use super::words::DialogueWords;
use super::{Conversation, Open, Question};
use crate::command::automaton::{Answer, List};
use crate::command::heard::said_slot;
use crate::command::matcher::Input;
use crate::command::parser::{Command, CommandParser, Parse, ParseContext, Slot};
use crate::command::source::language_code;
use crate::entity::boolean;
use crate::entity::text::Utterance;
use crate::entity::tokens::Tokens;

/// More joined commands than this are not said in a breath.
const MAX_JOINED: usize = 4;

/// The meaning of an utterance.
#[derive(Debug)]
pub(super) enum Heard {
    Cancelled,
    Confirmed,
    /// The open command with the value that was asked for.
    Answered(Command),
    /// The last or the open command with another value.
    Corrected(Command),
    Commands(Vec<Command>),
}

/// Folded characters `start..end` of the utterance.
#[derive(Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
}

pub(super) struct Hearing<'a> {
    parser: &'a CommandParser,
    original: &'a str,
    folded: Utterance,
    context: &'a ParseContext,
    tables: Vec<&'static DialogueWords>,
    /// Words that may stand around an answer because they were said before.
    said_before: Vec<Vec<char>>,
}

impl<'a> Hearing<'a> {
    pub(super) fn new(
        parser: &'a CommandParser,
        original: &'a str,
        before: &Conversation,
        context: &'a ParseContext,
    ) -> Self {
        let wanted = context.language.as_deref().map(language_code);
        let languages = parser.set().languages.keys();
        let languages = languages.filter(|code| wanted.as_ref().is_none_or(|wanted| wanted == *code));
        let tables = languages.filter_map(|code| DialogueWords::find(code)).collect();
        let said_before = before.words.iter().map(|word| word.chars().collect()).collect();
        Self { parser, original, folded: Utterance::new(original), context, tables, said_before }
    }

    /// The folded words of the utterance.
    pub(super) fn words(&self) -> Vec<String> {
        self.folded.chars().split(|c| *c == ' ').map(|word| word.iter().collect()).collect()
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
        if let Some(command) = self.exact(all) {
            return Some(Heard::Commands(vec![command]));
        }
        if let Some(open) = &conversation.open
            && let Some(slot) = self.late_answer(open, all)
        {
            return Some(Heard::Answered(with(open.command.clone(), slot)));
        }
        let base = conversation.open.as_ref().map(|open| &open.command).or(conversation.last.as_ref());
        if let Some(heard) = base.and_then(|base| self.correction(base, all)) {
            return Some(heard);
        }
        if let Some(command) = base.and_then(|base| self.repetition(base, all)) {
            return Some(Heard::Commands(vec![command]));
        }
        let likely = || in_scope(self.parser.parse(self.original, self.context)).map(|command| vec![command]);
        self.joined(all, MAX_JOINED).or_else(likely).map(Heard::Commands)
    }

    /// What answers the open question and nothing else.
    fn reply(&self, open: &Open, all: Piece) -> Option<Heard> {
        match &open.question {
            Question::Confirmation => match self.yes_or_no(all) {
                Some(true) => return Some(Heard::Confirmed),
                Some(false) => return Some(Heard::Cancelled),
                None => {}
            },
            Question::Value(slot) => {
                if let Some(answer) =
                    self.answer(&open.command, Some(slot), all).filter(|answer| !answer.open)
                {
                    return Some(Heard::Answered(with(open.command.clone(), answer.slot)));
                }
            }
        }
        self.is_only(all, |words| words.cancel).then_some(Heard::Cancelled)
    }

    /// Free text for the slot that was asked for, or a value of another slot.
    fn late_answer(&self, open: &Open, all: Piece) -> Option<Slot> {
        let Question::Value(slot) = &open.question else { return None };
        let other = self.answer(&open.command, None, all).filter(|answer| !answer.open);
        other.or_else(|| self.answer(&open.command, Some(slot), all)).map(|answer| answer.slot)
    }

    /// "No, the kitchen", "nicht um sieben sondern um acht".
    fn correction(&self, base: &Command, all: Piece) -> Option<Heard> {
        let rest = self.without_lead(all, |words| words.correct)?;
        let rest = self.after_last(rest, |words| words.instead).unwrap_or(rest);
        if let Some(command) = self.exact(rest) {
            return Some(Heard::Corrected(command));
        }
        let answer = self.answer(base, None, rest)?;
        Some(Heard::Corrected(with(base.clone(), answer.slot)))
    }

    /// "And in the bedroom too": the last command with another value.
    fn repetition(&self, base: &Command, all: Piece) -> Option<Command> {
        let led = self.without_lead(all, |words| words.again);
        let rest = self.without_tail(led.unwrap_or(all), |words| words.too);
        if led.is_none() && rest.end == all.end {
            return None;
        }
        if let Some(command) = self.exact(rest) {
            return Some(command);
        }
        let answer = self.answer(base, None, rest).filter(|answer| !answer.open)?;
        Some(with(base.clone(), answer.slot))
    }

    /// Several commands: every part must be one, or change one thing of the part before it.
    fn joined(&self, piece: Piece, most: usize) -> Option<Vec<Command>> {
        if most < 2 {
            return None;
        }
        for split in self.word_starts(piece).skip(1) {
            let before = Piece { start: piece.start, end: split - 1 };
            let Some(after) = self.without_lead(Piece { start: split, ..piece }, |words| words.join) else {
                continue;
            };
            let Some(first) = self.exact(before) else {
                continue;
            };
            let rest = self.joined(after, most - 1).or_else(|| {
                let exact = self.exact(after);
                let changed = || {
                    let answer = self.answer(&first, None, self.without_tail(after, |words| words.too));
                    answer.filter(|answer| !answer.open).map(|answer| with(first.clone(), answer.slot))
                };
                exact.or_else(changed).map(|second| vec![second])
            });
            if let Some(rest) = rest {
                return Some([vec![first], rest].concat());
            }
        }
        None
    }

    fn yes_or_no(&self, all: Piece) -> Option<bool> {
        let chars = self.folded.chars();
        let tokens = Tokens::from_chars(chars.to_vec());
        self.tables.iter().find_map(|words| {
            let language = words.language()?;
            let around = phrases(words.around);
            let is_around =
                |from: usize, to: usize| chars.get(from..to).is_some_and(|rest| made_of(rest, &around));
            (0..tokens.len()).find_map(|at| {
                let readings = boolean::readings(&tokens, at, language);
                let reading = readings.into_iter().max_by_key(|reading| reading.end)?;
                let (start, end) = tokens.span(at, reading.end);
                (is_around(0, start) && is_around(end, all.end)).then_some(reading.value)
            })
        })
    }

    /// The best value for one slot of `command`, if the piece is nothing but that.
    fn answer(&self, command: &Command, slot: Option<&str>, piece: Piece) -> Option<Answered> {
        let language = self.parser.set().languages.get(&command.language)?;
        let program = &language.program;
        let words = DialogueWords::find(&command.language);
        let around = phrases(words.map_or(&[], |words| words.around));
        let around: Vec<&[char]> = around.iter().chain(&self.said_before).map(Vec::as_slice).collect();
        let name = |answer: &Answer| program.slots.get(answer.slot as usize).map(String::as_str);
        let wanted = program
            .answers
            .iter()
            .filter(|answer| answer.intent == command.intent && (slot.is_none() || name(answer) == slot));
        let (text, offset) = self.text(piece);
        let folded = Utterance::new(&text);
        let starts = wanted.map(|answer| answer.start);
        let (lists, reference) = (&language.lists, self.context.reference);
        let input = Input { program, lists, original: &text, folded: &folded, reference };
        let found = input.answers(starts, &around);
        let answers = found.into_iter().filter_map(|found| {
            let list = program.answers.get(found.sentence as usize)?.list;
            let open = matches!(language.lists.get(list as usize)?.as_ref(), List::Wildcard);
            let capture = found.captures.into_iter().next()?;
            let mut slot = said_slot(language, &text, &folded, capture)?.slot;
            shift(&mut slot, offset);
            Some(Answered { slot, open })
        });
        // A value that fits a type says more than free text, and one that replaces another more than one that adds.
        answers.min_by_key(|answer| (answer.open, command.slot(&answer.slot.name).is_none()))
    }

    /// What a template says of the piece, word for word.
    fn exact(&self, piece: Piece) -> Option<Command> {
        let (text, offset) = self.text(piece);
        let mut command = self.parser.matched(&text, self.context).filter(|found| found.confidence >= 1.0)?;
        command.slots.iter_mut().for_each(|slot| shift(slot, offset));
        Some(command)
    }

    /// The piece as it was written, and the code point where it begins.
    fn text(&self, piece: Piece) -> (String, usize) {
        let (start, end) = self.folded.span(piece.start, piece.end);
        (self.original.chars().skip(start).take(end - start).collect(), start)
    }

    fn word_starts(&self, piece: Piece) -> impl Iterator<Item = usize> {
        let chars = self.folded.chars();
        let is_start = move |at: &usize| *at == piece.start || chars.get(at - 1) == Some(&' ');
        (piece.start..piece.end).filter(is_start)
    }

    fn is_only(&self, piece: Piece, phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str]) -> bool {
        let chars = self.folded.chars().get(piece.start..piece.end).unwrap_or_default();
        self.tables.iter().any(|words| made_of(chars, &phrases(phrases_of(words))))
    }

    /// What follows a phrase, or several of them; `None` if there is none or nothing follows.
    fn without_lead(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> Option<Piece> {
        let chars = self.folded.chars();
        let mut rest = piece;
        loop {
            let known = self.tables.iter().flat_map(|words| phrases_of(words));
            let longest = known.filter_map(|phrase| end_of(chars, rest.start, phrase)).max();
            match longest {
                Some(end) if end < rest.end => rest.start = end + 1,
                _ => return (rest.start > piece.start).then_some(rest),
            }
        }
    }

    /// The piece without a phrase at its end.
    fn without_tail(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> Piece {
        let chars = self.folded.chars();
        let starts: Vec<usize> = self.word_starts(piece).skip(1).collect();
        let known = || self.tables.iter().flat_map(|words| phrases_of(words));
        let tail =
            starts.into_iter().find(|at| known().any(|phrase| end_of(chars, *at, phrase) == Some(piece.end)));
        tail.map_or(piece, |at| Piece { end: at - 1, ..piece })
    }

    /// What follows the last of the phrases inside the piece.
    fn after_last(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> Option<Piece> {
        let starts: Vec<usize> = self.word_starts(piece).collect();
        starts.into_iter().rev().find_map(|at| self.without_lead(Piece { start: at, ..piece }, &phrases_of))
    }
}

/// A value that was said alone.
struct Answered {
    slot: Slot,
    /// Whether any words would have done.
    open: bool,
}

fn in_scope(parse: Parse) -> Option<Command> {
    match parse {
        Parse::Command(command) | Parse::NeedsValue { command, .. } => Some(command),
        Parse::OutOfScope { .. } => None,
    }
}

/// `command` with `slot` in place of what it had under that name.
fn with(mut command: Command, slot: Slot) -> Command {
    let place = command.slots.iter().position(|known| known.name == slot.name);
    command.slots.retain(|known| known.name != slot.name);
    command.slots.insert(place.unwrap_or(command.slots.len()).min(command.slots.len()), slot);
    command
}

fn shift(slot: &mut Slot, offset: usize) {
    if let Some((start, end)) = &mut slot.span {
        *start += offset;
        *end += offset;
    }
}

fn phrases(words: &[&str]) -> Vec<Vec<char>> {
    words.iter().map(|phrase| phrase.chars().collect()).collect()
}

/// Where `phrase` ends if it begins at `at` and ends with a word.
fn end_of(chars: &[char], at: usize, phrase: &str) -> Option<usize> {
    let mut end = at;
    for expected in phrase.chars() {
        if chars.get(end) != Some(&expected) {
            return None;
        }
        end += 1;
    }
    matches!(chars.get(end), None | Some(' ')).then_some(end)
}

/// Whether the words of `chars` are phrases and nothing else.
fn made_of(chars: &[char], phrases: &[Vec<char>]) -> bool {
    let mut reachable = vec![false; chars.len() + 2];
    reachable[0] = true;
    for at in 0..chars.len() {
        if !reachable[at] {
            continue;
        }
        if chars[at] == ' ' {
            reachable[at + 1] = true;
        }
        for phrase in phrases {
            let end = at + phrase.len();
            if chars.get(at..end) == Some(phrase) && matches!(chars.get(end), None | Some(' ')) {
                reachable[end] = true;
            }
        }
    }
    reachable[chars.len()]
}
