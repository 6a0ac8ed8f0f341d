//! Several commands in one sentence: "turn on the light and play jazz", "in the hall and in the bath".

use super::hearing::{Hearing, Piece, SURE, in_scope, is_same, with};
use super::pieces::shift;
use crate::command::parser::{Command, Parse, Slot};

/// More joined commands than this are not said in a breath.
pub(super) const MAX_JOINED: usize = 4;
/// Nor so many characters: each "and" in them would be tried.
const LONGEST_JOINED: usize = 400;

impl Hearing<'_> {
    /// Several commands: every part must be one, or change one thing of the part before it. Where no template has a part, it
    /// must be `whole`'s words that are no value, and mean a command for sure.
    pub(super) fn joined(&self, piece: Piece, whole: &Parse, most: usize) -> Option<Vec<Command>> {
        if most < 2 || piece.end > LONGEST_JOINED {
            return None;
        }
        for split in self.word_starts(piece).skip(1) {
            let before = Piece { start: piece.start, end: split - 1 };
            let Some(after) = self.without_lead(Piece { start: split, ..piece }, |words| words.join) else {
                continue;
            };
            let is_inside = |open: bool| {
                let is_kind = |command: &Command| {
                    self.is_in_value(command, split, |slot| self.is_open(command, slot) == open)
                };
                in_scope(whole).is_some_and(is_kind)
            };
            // "An hour and thirty minutes" is one value.
            if is_inside(false) {
                continue;
            }
            // Nor is half of "the light in the kitchen and in the hall off" what it sounds like.
            let is_row = in_scope(whole).is_some_and(|command| self.is_in_row(command, split));
            let guess = |part| if is_inside(true) { None } else { self.sure(part) };
            let first = self.exact(before);
            let Some(first) = first.or_else(|| guess(before).filter(|_| !is_row)) else {
                continue;
            };
            let rest = self.joined(after, whole, most - 1).or_else(|| {
                let answer = self.answer(&first, None, self.without_tail(after, |words| words.too));
                let answer = answer.filter(|answer| !answer.open);
                // "The hall" may be another command by itself, but behind one it changes only the room.
                let is_other = |command: &Command| {
                    let name = answer.as_ref().map(|answer| &answer.slot.name);
                    let is_value = !command.slots.is_empty()
                        && command.slots.iter().all(|slot| Some(&slot.name) == name);
                    is_value && command.intent != first.intent
                };
                let exact = self.exact(after).filter(|command| !is_other(command));
                let changed = || answer.as_ref().map(|answer| with(first.clone(), answer.slot.clone()));
                let other = || guess(after).filter(|second| !is_same(second, &first));
                let one = exact.or_else(changed).map(|second| vec![second]);
                one.or_else(|| self.row(&first, None, after, most - 1))
                    .or_else(|| other().map(|second| vec![second]))
            });
            if let Some(rest) = rest {
                return Some([vec![first], rest].concat());
            }
        }
        None
    }

    /// "The hall and the bath": `first` with each of them, which are values of `slot` if one was asked for.
    pub(super) fn row(
        &self,
        first: &Command,
        slot: Option<&str>,
        piece: Piece,
        most: usize,
    ) -> Option<Vec<Command>> {
        let changed = |piece| {
            let answer = self.answer(first, slot, piece).filter(|answer| !answer.open)?;
            Some(with(first.clone(), answer.slot))
        };
        let starts: Vec<usize> = self.word_starts(piece).skip(1).collect();
        starts.into_iter().filter(|_| most > 1).find_map(|split| {
            let after = self.without_lead(Piece { start: split, ..piece }, |words| words.join)?;
            let next = changed(Piece { end: split - 1, ..piece })?;
            let rest =
                changed(after).map(|last| vec![last]).or_else(|| self.row(first, slot, after, most - 1))?;
            Some([vec![next], rest].concat())
        })
    }

    /// The two commands of which `command`'s free text took one for its own: "play jazz and set the volume to ten".
    pub(super) fn swallowed(&self, command: &Command, all: Piece) -> Option<Vec<Command>> {
        let splits: Vec<usize> = self.word_starts(all).skip(1).collect();
        let splits = splits.into_iter().filter(|_| all.end <= LONGEST_JOINED);
        let is_open = |slot: &Slot| self.is_open(command, slot);
        splits.filter(|split| self.is_in_value(command, *split, is_open)).find_map(|split| {
            let after = self.without_lead(Piece { start: split, ..all }, |words| words.join)?;
            let first = self.exact(Piece { start: all.start, end: split - 1 })?;
            let second = self.exact(after).filter(|_| self.word_starts(after).count() > 1)?;
            Some(vec![first, second])
        })
    }

    /// Whether the folded character `at` is inside a value of `command` of which `of` holds.
    fn is_in_value(&self, command: &Command, at: usize, of: impl Fn(&Slot) -> bool) -> bool {
        let at = self.folded.span(at, at + 1).0;
        let is_inside = |(start, end): (usize, usize)| start < at && at < end;
        command.slots.iter().any(|slot| of(slot) && slot.span.is_some_and(is_inside))
    }

    /// Whether a slot of `command` has values on both sides of the folded character `at`.
    fn is_in_row(&self, command: &Command, at: usize) -> bool {
        let at = self.folded.span(at, at + 1).0;
        let sides = |slot: &Slot| slot.span.map(|(start, end)| (end <= at, start >= at));
        let has = |name: &str, is_side: fn((bool, bool)) -> bool| {
            let named = command.slots.iter().filter(|slot| slot.name == name && !self.is_open(command, slot));
            named.filter_map(sides).any(is_side)
        };
        command.slots.iter().any(|slot| has(&slot.name, |side| side.0) && has(&slot.name, |side| side.1))
    }

    /// What the learned parser says of a part of the utterance, if it is sure.
    fn sure(&self, piece: Piece) -> Option<Command> {
        if self.word_starts(piece).count() < 2 {
            return None;
        }
        let (text, offset) = self.text(piece);
        let parse = self.parser.parse(&text, self.context);
        let mut command = in_scope(&parse).filter(|command| command.confidence >= SURE)?.clone();
        // "The light in the *garage*" is not every light.
        let is_clear = |slot: &String| match self.parser.complete(command.clone()) {
            Parse::NeedsValue { slot: missing, .. } => missing == *slot,
            _ => false,
        };
        if let Parse::NeedsValue { slot, .. } = &parse
            && !is_clear(slot)
        {
            return None;
        }
        command.slots.iter_mut().for_each(|slot| shift(slot, offset));
        Some(command)
    }
}
