//! The text as the grammar reads it: pieces, what their words mean, and the numbers among them.

use std::cell::OnceCell;
use std::ops::Range;

use jiff::civil::{DateTime, Weekday};

use super::clock::Clock;
use super::day::Day;
use super::holiday::Holiday;
use super::length::Length;
use super::lexicon::{Bound, DateTimeTable, Shift, Side, Unit, Word};
use super::period::Period;
use crate::entity::tokens::{Token, TokenKind, Tokens};
use crate::entity::{Language, Reading, number};

/// A token, or a part of one where words have grown together ("Dienstag" and "abend").
struct Piece {
    text: String,
    kind: TokenKind,
    /// Whether white space or nothing stands before it.
    spaced: bool,
    /// The token it is, or the first part of.
    token: usize,
    /// Code points of the original, end exclusive.
    start: usize,
    end: usize,
    /// The phrases that begin here: one past their last piece, and their meaning, the longest first.
    words: Vec<(usize, Word)>,
    known: Known,
}

/// What was read at a position already; the rules ask for it again and again.
#[derive(Default)]
pub(super) struct Known {
    numbers: OnceCell<Vec<(usize, f64)>>,
    pub(super) lengths: OnceCell<Vec<Reading<Length>>>,
    pub(super) clocks: OnceCell<Vec<Reading<Clock>>>,
    pub(super) days: OnceCell<Vec<Reading<Day>>>,
    pub(super) periods: OnceCell<Vec<Reading<Period>>>,
}

/// A text under the grammar. Positions are numbers of pieces.
pub(super) struct Grammar<'a> {
    tokens: &'a Tokens,
    pieces: Vec<Piece>,
    pub(super) language: &'a Language,
    now: Option<DateTime>,
    /// Whether a command's slot says what kind is meant.
    pub(super) is_for_slot: bool,
}

impl<'a> Grammar<'a> {
    /// The tokens of `range` under the grammar.
    pub(super) fn new(
        tokens: &'a Tokens,
        range: Range<usize>,
        language: &'a Language,
        now: Option<DateTime>,
    ) -> Self {
        let table: &DateTimeTable = &language.datetime;
        let mut pieces = Vec::with_capacity(range.len());
        for (number, token) in tokens.iter().enumerate().take(range.end).skip(range.start) {
            let lengths = if language.datetime.words.compounds && token.kind == TokenKind::Word {
                split(table, &token.text)
            } else {
                Vec::new()
            };
            push(number, token, &lengths, &mut pieces);
        }
        let mut grammar = Self { tokens, pieces, language, now, is_for_slot: false };
        for at in 0..grammar.pieces.len() {
            let mut words: Vec<(usize, Word)> = table
                .starting_with(grammar.text(at))
                .iter()
                .filter_map(|(rest, word)| Some((grammar.phrase(at + 1, rest)?, *word)))
                .collect();
            words.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
            if let Some(piece) = grammar.pieces.get_mut(at) {
                piece.words = words;
            }
        }
        grammar
    }

    pub(super) fn for_slot(self) -> Self {
        Self { is_for_slot: true, ..self }
    }

    /// The piece that is the first of token `token`.
    pub(super) fn piece_of(&self, token: usize) -> Option<usize> {
        self.pieces.binary_search_by_key(&token, |piece| piece.token).ok().map(|_| self.piece_at(token))
    }

    fn piece_at(&self, token: usize) -> usize {
        self.pieces.partition_point(|piece| piece.token < token)
    }

    /// The token after those of the pieces up to `end`; `None` inside a token.
    pub(super) fn token_after(&self, end: usize) -> Option<usize> {
        let last = self.pieces.get(end.checked_sub(1)?)?.token;
        self.pieces.get(end).is_none_or(|piece| piece.token != last).then_some(last + 1)
    }

    fn phrase(&self, at: usize, rest: &[String]) -> Option<usize> {
        let mut end = at;
        for text in rest {
            if self.text(end) != text && self.is_joint(end) {
                end += 1;
            }
            if self.text(end) != text {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// A hyphen inside a word, or an apostrophe after one.
    pub(super) fn is_joint(&self, at: usize) -> bool {
        let inside = self.glued(at) && self.glued(at + 1);
        (inside && self.text(at) == "-") || matches!(self.text(at), "'" | "’")
    }

    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Code points of the original, end exclusive.
    pub(super) fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.pieces.get(start).map_or(0, |piece| piece.start);
        let last = end.checked_sub(1).and_then(|last| self.pieces.get(last)).map_or(first, |piece| piece.end);
        (first, last.max(first))
    }

    /// The reference time; a rule that needs it fails without it.
    pub(super) fn now(&self) -> Option<DateTime> {
        self.now
    }

    /// The reference day.
    pub(super) fn today(&self) -> Option<jiff::civil::Date> {
        self.now.map(DateTime::date)
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.pieces.get(at).map_or("", |piece| piece.text.as_str())
    }

    /// Whether nothing stands between this piece and the one before.
    pub(super) fn glued(&self, at: usize) -> bool {
        at > 0 && self.pieces.get(at).is_some_and(|piece| !piece.spaced)
    }

    pub(super) fn is_sign(&self, at: usize, sign: char) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.kind == TokenKind::Sign && piece.text.starts_with(sign))
    }

    /// The position after an optional sign.
    pub(super) fn skip(&self, at: usize, sign: char) -> usize {
        at + usize::from(self.is_sign(at, sign))
    }

    /// What the phrases at `at` mean, the longest first.
    pub(super) fn words(&self, at: usize) -> impl Iterator<Item = (usize, Word)> + use<'_, 'a> {
        self.pieces.get(at).into_iter().flat_map(|piece| piece.words.iter().copied())
    }

    /// The end of the longest phrase at `at` that means `word`.
    pub(super) fn word(&self, at: usize, word: Word) -> Option<usize> {
        self.words(at).find(|(_, found)| *found == word).map(|(end, _)| end)
    }

    /// The end of the longest phrase at `at` that means one of `words`.
    pub(super) fn any(&self, at: usize, words: &[Word]) -> Option<usize> {
        self.words(at).find(|(_, found)| words.contains(found)).map(|(end, _)| end)
    }

    /// The position after each of `words` in turn, every one optional.
    pub(super) fn optional(&self, at: usize, words: &[Word]) -> usize {
        words.iter().fold(at, |at, word| self.word(at, *word).unwrap_or(at))
    }

    /// The longest phrase at `at` for which `pick` knows an answer.
    pub(super) fn pick<T>(&self, at: usize, pick: impl Fn(Word) -> Option<T>) -> Option<(usize, T)> {
        self.words(at).find_map(|(end, word)| Some((end, pick(word)?)))
    }

    /// "days"
    pub(super) fn unit(&self, at: usize) -> Option<(usize, Unit)> {
        self.pick(at, |word| if let Word::Unit(unit) = word { Some(unit) } else { None })
    }

    /// "Monday"
    pub(super) fn weekday(&self, at: usize) -> Option<(usize, Weekday)> {
        self.pick(at, |word| if let Word::Weekday(weekday) = word { Some(weekday) } else { None })
    }

    /// "next"
    pub(super) fn shift(&self, at: usize) -> Option<(usize, Shift)> {
        let (end, shift) =
            self.pick(at, |word| if let Word::Shift(shift) = word { Some(shift) } else { None })?;
        // "will last three weeks"
        let is_verb = shift == Shift::Last && self.follows(at, |word| word == Word::Modal);
        (!is_verb).then_some((end, shift))
    }

    /// "early", "later"
    pub(super) fn side(&self, at: usize) -> Option<(usize, Side)> {
        self.pick(at, |word| match word {
            Word::Side(side) | Word::SideOfNow(side) => Some(side),
            _ => None,
        })
    }

    /// "end of", "the middle of"
    pub(super) fn edge(&self, at: usize) -> Option<(usize, Side)> {
        let (end, side) =
            self.pick(at, |word| if let Word::Edge(side) = word { Some(side) } else { None })?;
        Some((self.word(end, Word::Of).unwrap_or(end), side))
    }

    /// "before", "since", "starting"
    pub(super) fn bound(&self, at: usize) -> Option<(usize, Bound)> {
        self.pick(at, |word| match word {
            Word::Bound(bound) => Some(bound),
            Word::Starting => Some(Bound::Since),
            _ => None,
        })
    }

    /// "or later"
    pub(super) fn trailing(&self, at: usize) -> Option<(usize, Bound)> {
        self.pick(at, |word| if let Word::Trailing(bound) = word { Some(bound) } else { None })
    }

    /// "Christmas"
    pub(super) fn holiday_name(&self, at: usize) -> Option<(usize, Holiday)> {
        self.pick(at, |word| if let Word::Holiday(holiday) = word { Some(*holiday) } else { None })
    }

    /// "few"
    pub(super) fn vague_count(&self, at: usize) -> Option<(usize, f64)> {
        self.pick(at, |word| if let Word::Amount(count) = word { Some(count) } else { None })
    }

    /// Whether the words at `at` mean something else when nothing tells that they name a time.
    pub(super) fn is_ambiguous(&self, at: usize) -> bool {
        self.language.datetime.words.ambiguous.contains(&self.text(at))
    }

    /// Whether a phrase for which `fits` holds ends right before `at`.
    pub(super) fn follows(&self, at: usize, fits: impl Fn(Word) -> bool) -> bool {
        (1..=4).any(|back| {
            at.checked_sub(back)
                .is_some_and(|start| self.words(start).any(|(end, word)| end == at && fits(word)))
        })
    }

    /// A run of digits: its length and value.
    pub(super) fn digits(&self, at: usize) -> Option<(usize, i64)> {
        let piece = self.pieces.get(at).filter(|piece| piece.kind == TokenKind::Digits)?;
        (piece.text.len() <= 8).then_some(())?;
        Some((piece.text.len(), piece.text.parse().ok()?))
    }

    /// Whether there are letters at `at`, and not a phrase of ours.
    pub(super) fn is_word(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.kind == TokenKind::Word)
    }

    /// Whether a word stands at `at` that the grammar knows nothing of: what is counted or described before it.
    pub(super) fn is_noun(&self, at: usize) -> bool {
        self.is_word(at) && self.words(at).next().is_none()
    }

    /// Whether a number in digits goes on after `at` (`.5`, `-7`, `:30`), or stands right before `at`.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.glued(at)
            && self.glued(at + 1)
            && matches!(self.text(at), "." | "," | ":" | "/" | "-")
            && self.digits(at + 1).is_some()
    }

    /// Whether what follows a number tells that it is a time: `:30`, "pm", "o'clock".
    pub(super) fn is_clock_after(&self, at: usize) -> bool {
        let minutes = matches!(self.text(at), ":") && self.glued(at) && self.digits(at + 1).is_some();
        let letter = self.glued(at) && self.any(at, &[Word::AmLetter, Word::PmLetter]).is_some();
        minutes || letter || self.any(at, &[Word::Am, Word::Pm, Word::OClock]).is_some()
    }

    /// Whether the number at `at` begins a time.
    pub(super) fn is_clock(&self, at: usize) -> bool {
        self.is_clock_after(at + 1)
    }

    /// What `read` gives for position `at`, read once only.
    pub(super) fn once<V: Clone>(
        &self,
        at: usize,
        place: impl Fn(&Known) -> &OnceCell<Vec<V>>,
        read: impl FnOnce() -> Vec<V>,
    ) -> Vec<V> {
        self.pieces.get(at).map_or_else(Vec::new, |piece| place(&piece.known).get_or_init(read).clone())
    }

    /// Numbers that begin at `at`: one past their last piece, and their value.
    pub(super) fn numbers(&self, at: usize) -> &[(usize, f64)] {
        self.pieces.get(at).map_or(&[], |piece| piece.known.numbers.get_or_init(|| self.read_numbers(at)))
    }

    fn read_numbers(&self, at: usize) -> Vec<(usize, f64)> {
        let Some(token) = self.pieces.get(at).map(|piece| piece.token) else { return Vec::new() };
        if self.piece_at(token) != at {
            return Vec::new();
        }
        let readings = number::readings(self.tokens, token, self.language).into_iter();
        let mut found: Vec<(usize, f64)> =
            readings.map(|reading| (self.piece_at(reading.end), reading.value)).collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
        found.dedup();
        found
    }

    /// Whole numbers up to `max` in digits (at most two) or words, the longest first.
    pub(super) fn small(&self, at: usize, max: i8) -> Vec<(usize, i8)> {
        if let Some((length, value)) = self.digits(at) {
            let value = i8::try_from(value).ok().filter(|value| *value <= max && length <= 2);
            return value.map(|value| (at + 1, value)).into_iter().collect();
        }
        if !self.is_word(at) {
            return Vec::new();
        }
        let whole = |value: f64| {
            (value.fract() == 0.0 && (0.0..=f64::from(max)).contains(&value)).then_some(value as i8)
        };
        self.numbers(at).iter().filter_map(|(end, value)| Some((*end, whole(*value)?))).collect()
    }

    /// An ordinal of a day or a period: "third", "3rd", "3.".
    pub(super) fn ordinal(&self, at: usize) -> Option<(usize, i8)> {
        if let Some((length, value)) = self.digits(at) {
            let value = i8::try_from(value).ok().filter(|_| length <= 2)?;
            if self.glued(at + 1)
                && let Some(end) = self.word(at + 1, Word::OrdinalMark)
            {
                return Some((end, value));
            }
            let dot =
                self.language.datetime.words.ordinal_dot && self.is_sign(at + 1, '.') && self.glued(at + 1);
            return dot.then_some((at + 2, value));
        }
        self.pick(at, |word| if let Word::Ordinal(value) = word { Some(value) } else { None })
    }
}

fn push(number: usize, token: &Token, lengths: &[usize], pieces: &mut Vec<Piece>) {
    let piece = |text: &str, spaced, start, end| Piece {
        text: text.to_owned(),
        kind: token.kind,
        spaced,
        token: number,
        start,
        end,
        words: Vec::new(),
        known: Known::default(),
    };
    let mut rest = token.text.as_str();
    let mut start = token.start;
    for length in lengths {
        let Some((head, tail)) = rest.split_at_checked(*length) else { break };
        let end = (start + head.chars().count()).min(token.end);
        pieces.push(piece(head, start == token.start && token.spaced, start, end));
        (rest, start) = (tail, end);
    }
    pieces.push(piece(rest, start == token.start && token.spaced, start, token.end));
}

/// Longer words are not taken apart.
const MAX_COMPOUND: usize = 40;

/// The lengths of all words but the last that `word` is grown together from; empty if it is one word.
fn split(table: &DateTimeTable, word: &str) -> Vec<usize> {
    if word.len() > MAX_COMPOUND || table.single(word).next().is_some() {
        return Vec::new();
    }
    let is_head = |word| matches!(word, Word::Weekday(_) | Word::Side(_));
    let is_tail = |word| matches!(word, Word::Part(_) | Word::Parts(_) | Word::Side(_) | Word::Hour(_));
    for (length, _) in word.char_indices().skip(2) {
        let Some((head, tail)) = word.split_at_checked(length) else { continue };
        let bare = head.strip_suffix('s').unwrap_or(head);
        if !table.single(head).chain(table.single(bare)).any(is_head) {
            continue;
        }
        if table.single(tail).any(is_tail) {
            return vec![length];
        }
        let deeper = split(table, tail);
        if !deeper.is_empty() {
            return [vec![length], deeper].concat();
        }
    }
    Vec::new()
}
