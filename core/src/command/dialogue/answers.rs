//! Values that are said alone: "at seven", "the kitchen", and what needs the value before it: "no, twenty".

use std::iter;

use super::hearing::{Hearing, Piece};
use super::pieces::{made_of, phrases, shift};
use super::words::DialogueWords;
use crate::command::automaton::{Answer, List};
use crate::command::heard::said_slot;
use crate::command::matcher::Input;
use crate::command::parser::{Command, Slot};
use crate::command::set::Language;
use crate::command::value::SlotValue;
use crate::entity::datetime::{DateTimeValue, When};
use crate::entity::text::Utterance;
use crate::entity::tokens::Tokens;
use crate::entity::{Kind, Reading, Value, number, readings};

/// A value that was said alone.
pub(super) struct Answered {
    pub(super) slot: Slot,
    /// Whether any words would have done.
    pub(super) open: bool,
}

/// What is said of a value that needs the one before it.
#[derive(Clone, Copy)]
enum Partial {
    /// A time, or a day.
    Moment,
    /// How much.
    Number,
}

impl Hearing<'_> {
    /// The best value for one slot of `command`, or for any, if the piece is nothing but that: in the command's language,
    /// or in another that is heard, since who speaks two corrects in either.
    pub(super) fn answer(&self, command: &Command, slot: Option<&str>, piece: Piece) -> Option<Answered> {
        let others = self.languages.iter().copied().filter(|code| *code != command.language);
        let codes = iter::once(command.language.as_str()).chain(others);
        let mut open = None;
        for answer in codes.filter_map(|code| self.answer_in(code, command, slot, piece)) {
            if !answer.open {
                return Some(answer);
            }
            open.get_or_insert(answer);
        }
        open
    }

    fn answer_in(&self, code: &str, command: &Command, slot: Option<&str>, piece: Piece) -> Option<Answered> {
        let (language, words) = (self.parser.set().languages.get(code)?, DialogueWords::find(code));
        let program = &language.program;
        let name = |answer: &Answer| program.slots.get(answer.slot as usize).map(String::as_str);
        let wanted: Vec<&Answer> = program
            .answers
            .iter()
            .filter(|answer| answer.intent == command.intent && (slot.is_none() || name(answer) == slot))
            .collect();
        let around = phrases(words.map_or(&[], |words| words.around));
        // the words of a value may be said again in another: "oat *milk*"
        let values: Vec<Utterance> = command.slots.iter().map(|slot| Utterance::new(&slot.text)).collect();
        let is_value = |word: &[char]| {
            values.iter().any(|value| value.chars().split(|c| *c == ' ').any(|known| known == word))
        };
        let said_before = self.said_before.iter().filter(|word| !is_value(word));
        let around: Vec<&[char]> = around.iter().chain(said_before).map(Vec::as_slice).collect();
        let partial = |kind| {
            let slot = self.partial(kind, (language, words?), command, slot, &wanted, piece)?;
            Some(Answered { slot, open: false })
        };
        if let Some(moment) = partial(Partial::Moment) {
            return Some(moment);
        }
        let answers = self.values(language, &wanted, &around, piece);
        // A value that fits a type says more than free text, one that is said as it was before ("by …") more than another,
        // and one that replaces another more than one that adds.
        let best = answers.into_iter().min_by_key(|answer| {
            let before = command.slot_named(&answer.slot.name);
            (answer.open, !before.is_some_and(|before| self.is_led_as(before, piece)), before.is_none())
        });
        match best {
            Some(mut best) if !best.open => {
                self.trim(&mut best.slot, language, &wanted, &around);
                Some(best)
            }
            best => partial(Partial::Number).or(best),
        }
    }

    /// What the whole piece says for `wanted`.
    fn values(
        &self,
        language: &Language,
        wanted: &[&Answer],
        around: &[&[char]],
        piece: Piece,
    ) -> Vec<Answered> {
        let program = &language.program;
        let (text, offset) = self.text(piece);
        let folded = Utterance::new(&text);
        let starts = wanted.iter().map(|answer| answer.start);
        let (lists, reference) = (&language.lists, self.context.reference);
        let input = Input { program, lists, original: &text, folded: &folded, reference };
        let answers = input.answers(starts, around).into_iter().filter_map(|found| {
            let list = program.answers.get(found.sentence as usize)?.list;
            let open = matches!(language.lists.get(list as usize)?.as_ref(), List::Wildcard);
            let capture = found.captures.into_iter().next()?;
            let said = said_slot(language, &text, &folded, capture)?;
            let mut slot = Some(said.slot).filter(|slot| slot.value.is_possible())?;
            shift(&mut slot, offset);
            Some(Answered { slot, open })
        });
        answers.collect()
    }

    /// Takes words off the front of a value that say nothing of it: "um sieben" is "sieben".
    fn trim(&self, slot: &mut Slot, language: &Language, wanted: &[&Answer], around: &[&[char]]) {
        let around: Vec<Vec<char>> = around.iter().map(|phrase| phrase.to_vec()).collect();
        let Some(span) = slot.span else { return };
        let all = Piece { start: self.folded.position(span.0), end: self.folded.position(span.1) };
        let chars = self.folded.chars();
        let starts: Vec<usize> = self.word_starts(all).skip(1).collect();
        for start in starts {
            if !made_of(chars.get(all.start..start - 1).unwrap_or_default(), &around) {
                return;
            }
            let rest = self.values(language, wanted, &[], Piece { start, ..all });
            let same =
                rest.into_iter().find(|rest| rest.slot.name == slot.name && rest.slot.value == slot.value);
            if let Some(same) = same {
                *slot = same.slot;
            }
        }
    }

    /// Whether the piece begins with the word that stood before the value of `before` in the utterance before.
    fn is_led_as(&self, before: &Slot, piece: Piece) -> bool {
        let chars = self.folded.chars().get(piece.start..piece.end).unwrap_or_default();
        let lead = chars.split(|c| *c == ' ').next();
        let value = Utterance::new(&before.text);
        let value = value.chars().split(|c| *c == ' ').next();
        self.said_before
            .array_windows()
            .any(|[word, next]| Some(word.as_slice()) == lead && Some(next.as_slice()) == value)
    }

    /// A value that only has a part of what its slot takes; the rest is as it was, or as is usual: "no, twenty" of ten
    /// minutes, "no, at four" of tomorrow at three.
    fn partial(
        &self,
        kind: Partial,
        (language, words): (&Language, &DialogueWords),
        command: &Command,
        slot: Option<&str>,
        wanted: &[&Answer],
        piece: Piece,
    ) -> Option<Slot> {
        wanted.iter().find_map(|answer| {
            let name = language.program.slots.get(answer.slot as usize)?;
            let before = command.slot_named(name);
            if before.is_none() && slot != Some(name) {
                return None;
            }
            let before = before.map(|slot| &slot.value);
            let (span, value) = match (kind, language.lists.get(answer.list as usize)?.as_ref()) {
                (Partial::Number, List::Duration) => {
                    let (span, number) = self.number(words, piece)?;
                    let unit = match before {
                        Some(SlotValue::Duration { seconds }) => unit_of(*seconds),
                        _ => 60,
                    };
                    let seconds = (number * unit as f64).round();
                    (span, SlotValue::Duration { seconds: (seconds.abs() < 1e15).then_some(seconds as i64)? })
                }
                (Partial::Moment, List::Entity(Kind::DateTime)) => {
                    let Some(SlotValue::Entity(Value::DateTime(before))) = before else { return None };
                    self.moment(before, words, piece)?
                }
                (Partial::Number, List::Entity(Kind::DateTime)) => {
                    let Some(SlotValue::Entity(Value::DateTime(before))) = before else { return None };
                    let (span, number) = self.number(words, piece)?;
                    let Value::DateTime(hour) = amount(number, Kind::Time, None, words)? else { return None };
                    (span, SlotValue::from(Value::DateTime(moved(before, hour)?)))
                }
                (Partial::Number, List::Entity(kind)) => {
                    let (span, number) = self.number(words, piece)?;
                    (span, SlotValue::from(amount(number, *kind, before, words)?))
                }
                _ => return None,
            };
            let text = self.original.chars().skip(span.0).take(span.1 - span.0).collect();
            Some(Slot { name: name.clone(), value, text, span: Some(span), alternatives: Vec::new() })
        })
    }

    /// The number that the piece is but for words around it.
    fn number(&self, words: &DialogueWords, piece: Piece) -> Option<((usize, usize), f64)> {
        let language = words.language()?;
        self.only(words, piece, |tokens, at| number::readings(tokens, at, language))
    }

    /// A time on the day of `before`, or a day at its time.
    fn moment(
        &self,
        before: &DateTimeValue,
        words: &DialogueWords,
        piece: Piece,
    ) -> Option<((usize, usize), SlotValue)> {
        let language = words.language()?;
        let of_kind = |kind| {
            let found = self.only(words, piece, |tokens, at| {
                readings(tokens, at, kind, language, self.context.reference)
            });
            match found {
                Some((span, Value::DateTime(value))) => Some((span, value)),
                _ => None,
            }
        };
        let (span, value) = of_kind(Kind::Time).or_else(|| of_kind(Kind::Date))?;
        Some((span, SlotValue::Entity(Value::DateTime(moved(before, value)?))))
    }

    /// The beginning of the day that the piece is, if `slot` of `command` takes a moment.
    pub(super) fn day(&self, command: &Command, slot: &str, piece: Piece) -> Option<Slot> {
        let language = self.parser.set().languages.get(&command.language)?;
        let mut lists = language.lists_of(&command.intent, slot);
        let takes_moment = lists.any(|list| matches!(list, List::Entity(Kind::DateTime)));
        let words = self.tables.iter().filter(|_| takes_moment);
        let (span, value) = words.into_iter().find_map(|words| {
            let language = words.language()?;
            self.only(words, piece, |tokens, at| {
                readings(tokens, at, Kind::Date, language, self.context.reference)
            })
        })?;
        let Value::DateTime(day) = value else { return None };
        let Some(When::Date(date)) = day.meant() else { return None };
        let value = DateTimeValue::new(Kind::DateTime, [When::DateTime(date.at(0, 0, 0, 0))]);
        let text = self.original.chars().skip(span.0).take(span.1 - span.0).collect();
        let value = SlotValue::Entity(Value::DateTime(value));
        Some(Slot { name: slot.to_owned(), value, text, span: Some(span), alternatives: Vec::new() })
    }

    /// The longest value that the piece is but for words around it; its code points in the utterance.
    fn only<V: PartialEq>(
        &self,
        words: &DialogueWords,
        piece: Piece,
        read: impl Fn(&Tokens, usize) -> Vec<Reading<V>>,
    ) -> Option<((usize, usize), V)> {
        /// Longer pieces are no value alone.
        const LONGEST: usize = 80;
        let chars = self.folded.chars().get(piece.start..piece.end).filter(|chars| chars.len() <= LONGEST)?;
        let tokens = Tokens::from_chars(chars.to_vec());
        let around: Vec<Vec<char>> =
            phrases(words.around).into_iter().chain(self.said_before.clone()).collect();
        let is_around =
            |from: usize, to: usize| chars.get(from..to).is_some_and(|rest| made_of(trimmed(rest), &around));
        let found = (0..tokens.len()).flat_map(|at| {
            read(&tokens, at).into_iter().map(move |reading| (at, reading)).collect::<Vec<_>>()
        });
        let found = found.filter_map(|(at, Reading { end, value })| {
            let (start, end) = tokens.span(at, end);
            (is_around(0, start) && is_around(end, chars.len())).then_some((start, end, value))
        });
        let mut found: Vec<(usize, usize, V)> = found.collect();
        found.sort_by_key(|(start, end, _)| end - start);
        let (mut start, end, value) = found.pop()?;
        // "At four" says no more than "four".
        let same = found.iter().filter(|other| other.1 == end && other.2 == value);
        start = same.map(|other| other.0).fold(start, usize::max);
        Some((self.folded.span(piece.start + start, piece.start + end), value))
    }
}

/// `value`, a time, on the day of `before`, or a day at its time.
fn moved(before: &DateTimeValue, value: DateTimeValue) -> Option<DateTimeValue> {
    let When::DateTime(known) = before.meant()? else { return None };
    let candidates: Vec<When> = value
        .candidates
        .iter()
        .filter_map(|when| match when {
            When::Time(time) => Some(When::DateTime(known.date().to_datetime(*time))),
            When::Date(date) => Some(When::DateTime(date.to_datetime(known.time()))),
            _ => None,
        })
        .collect();
    // Of two halves of the day, the one that was meant before; but twelve is noon for all who are awake.
    let is_night = |hour| hour < 6;
    let same_half = |when: &When| match when {
        When::DateTime(time) if time.hour() % 12 == 0 => is_night(time.hour()) == is_night(known.hour()),
        When::DateTime(time) => (time.hour() < 12) == (known.hour() < 12),
        _ => false,
    };
    let is_time = matches!(value.meant(), Some(When::Time(_)));
    let preferred = candidates.iter().position(same_half).filter(|_| is_time).unwrap_or(value.preferred);
    candidates.get(preferred)?;
    let approximate = value.approximate;
    Some(DateTimeValue { kind: Kind::DateTime, candidates, preferred, looks_back: false, approximate })
}

fn trimmed(chars: &[char]) -> &[char] {
    let start = chars.iter().take_while(|c| **c == ' ').count();
    let end = chars.iter().rev().take_while(|c| **c == ' ').count();
    chars.get(start..chars.len().saturating_sub(end)).unwrap_or_default()
}

/// Seconds of the unit in which a person said that many seconds.
fn unit_of(seconds: i64) -> i64 {
    [86_400, 3600, 60].into_iter().find(|unit| seconds != 0 && seconds % unit == 0).unwrap_or(1)
}

/// `number` of what `before` was of, or of the usual unit of its kind.
fn amount(number: f64, kind: Kind, before: Option<&SlotValue>, words: &DialogueWords) -> Option<Value> {
    match before {
        Some(SlotValue::Entity(before)) if before.kind() == kind && kind != Kind::Time => {
            let mut value = before.clone();
            match &mut value {
                Value::Temperature(quantity) | Value::Dimension(quantity) | Value::Age(quantity) => {
                    quantity.amount = Some(number);
                }
                Value::Currency(money) => money.amount = Some(number),
                Value::Percent(share) => *share = Some(number),
                _ => return None,
            }
            Some(value)
        }
        _ => words.usual(number, kind),
    }
}
