//! Parts of an utterance, and the phrases at their ends.

use std::iter;

use super::hearing::{Hearing, Piece};
use super::words::DialogueWords;
use crate::command::parser::Slot;

impl Hearing<'_> {
    /// The piece as it was written, and the code point where it begins.
    pub(super) fn text(&self, piece: Piece) -> (String, usize) {
        let (start, end) = self.folded.span(piece.start, piece.end);
        (self.original.chars().skip(start).take(end - start).collect(), start)
    }

    pub(super) fn word_starts(&self, piece: Piece) -> impl Iterator<Item = usize> {
        let chars = self.folded.chars();
        let is_start = move |at: &usize| *at == piece.start || chars.get(at - 1) == Some(&' ');
        (piece.start..piece.end).filter(is_start)
    }

    /// Whether the piece is phrases of one language and nothing else.
    pub(super) fn is_only(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> Vec<&'static str>,
    ) -> bool {
        let chars = self.folded.chars().get(piece.start..piece.end).unwrap_or_default();
        self.tables.iter().any(|words| made_of(chars, &phrases(&phrases_of(words))))
    }

    /// Whether one of the phrases stands somewhere in the piece.
    pub(super) fn contains(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> bool {
        let chars = self.folded.chars();
        let stands = |at: usize, phrase: &str| end_of(chars, at, phrase).is_some_and(|end| end <= piece.end);
        let known = || self.tables.iter().flat_map(|words| phrases_of(words));
        self.word_starts(piece).any(|at| known().any(|phrase| stands(at, phrase)))
    }

    /// What follows a phrase, or several of them; `None` if there is none or nothing follows.
    pub(super) fn without_lead(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> Option<Piece> {
        self.behind_leads(piece, phrases_of).last()
    }

    /// What follows the first phrase, the first two, and so on.
    pub(super) fn behind_leads(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> impl Iterator<Item = Piece> {
        let behind = move |rest: &Piece| {
            let known = self.tables.iter().flat_map(|words| phrases_of(words));
            let longest = known.filter_map(|phrase| end_of(self.folded.chars(), rest.start, phrase)).max();
            longest.filter(|end| *end < rest.end).map(|end| Piece { start: end + 1, ..*rest })
        };
        iter::successors(Some(piece), behind).skip(1)
    }

    /// The piece without a phrase at its end.
    pub(super) fn without_tail(
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
    pub(super) fn after_last(
        &self,
        piece: Piece,
        phrases_of: impl Fn(&DialogueWords) -> &'static [&'static str],
    ) -> Option<Piece> {
        let starts: Vec<usize> = self.word_starts(piece).collect();
        starts.into_iter().rev().find_map(|at| self.without_lead(Piece { start: at, ..piece }, &phrases_of))
    }
}

pub(in crate::command) fn phrases(words: &[&str]) -> Vec<Vec<char>> {
    words.iter().map(|phrase| phrase.chars().collect()).collect()
}

/// Whether `chars` begins with one of the phrases.
pub(in crate::command) fn begins_with(chars: &[char], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| end_of(chars, 0, phrase).is_some())
}

/// Where `phrase` ends if it begins at `at` and ends with a word.
pub(in crate::command) fn end_of(chars: &[char], at: usize, phrase: &str) -> Option<usize> {
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
pub(in crate::command) fn made_of(chars: &[char], phrases: &[Vec<char>]) -> bool {
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

pub(super) fn shift(slot: &mut Slot, offset: usize) {
    if let Some((start, end)) = &mut slot.span {
        *start += offset;
        *end += offset;
    }
}
