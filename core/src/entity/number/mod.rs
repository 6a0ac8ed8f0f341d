//! Numbers in digits and words, with fractions: `25`, `1.000`, `22,5`, "twenty five", "fünfundzwanzig", "hundred and
//! one", "two and a half", "zweiundzwanzig komma fünf", "anderthalb", "minus three", "two thirds of a million".
//!
//! The grammar is one for all languages; [`NumberWords`] says what the words are and whether units go before tens. Every
//! position gives all its readings, longest or not, because only the sentence around them can choose: "twenty" and "twenty five"
//! both begin at the same place.
//!
//! `digits.rs` reads digits, `words.rs` takes words apart, `walk.rs` makes whole numbers and ordinals of them,
//! `fraction.rs` parts of one, and `grammar.rs` puts these together.

mod digits;
mod fraction;
mod grammar;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use std::sync::LazyLock;

use grammar::Grammar;
use walk::{State, walk};
pub(crate) use words::Form;
use words::{Atoms, Role};
pub use words::{Lexicon, NumberWords, Scale};

use super::tokens::{TokenKind, Tokens};
use super::{Entity, Language, Reading};

/// All numbers that begin at token `at`, shortest first. What follows may be glued to it, as the unit of `5km`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<f64>> {
    readings_in(tokens, at, &language.number)
}

/// Numbers in digits, for languages without words; `.` and `,` both open decimals.
pub fn digit_readings(tokens: &Tokens, at: usize) -> Vec<Reading<f64>> {
    static DIGITS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&words::NO_WORDS));
    readings_in(tokens, at, &DIGITS)
}

fn readings_in(tokens: &Tokens, at: usize, lexicon: &Lexicon) -> Vec<Reading<f64>> {
    let mut grammar = Grammar::new(tokens, lexicon);
    let word = tokens.get(at).filter(|token| token.kind == TokenKind::Word).map(|token| token.text.as_str());
    if word.is_some_and(|word| lexicon.words.minus.contains(&word)) || is_minus_sign(tokens, at) {
        grammar.unsigned(at + 1);
        grammar.out.iter_mut().for_each(|reading| reading.value = -reading.value);
    } else {
        grammar.unsigned(at);
    }
    grammar.out.sort_by_key(|reading| reading.end);
    grammar.out
}

/// Whole numbers from token `at` on with the form of their last word, shortest first; for ordinals.
pub(crate) fn steps(tokens: &Tokens, at: usize, language: &Language) -> Vec<(Reading<f64>, Form)> {
    let mut atoms = Atoms::new(tokens, at, &language.number);
    let mut steps = walk(&mut atoms, 0, State::START);
    if atoms.role(0) == Some(Role::Article) {
        steps.extend(walk(&mut atoms, 1, State::ARTICLE));
    }
    steps.iter().filter_map(|step| Some((Reading { end: step.end?, value: step.value }, step.form))).collect()
}

/// The whole number in digits at token `at`, with the token after it: the longest, `1,000` and not `1`.
pub(crate) fn whole_digits(tokens: &Tokens, at: usize, language: &Language) -> Option<(usize, f64)> {
    let literals = digits::literals(tokens, at, language.number.words.thousands);
    let longest = literals.last().filter(|literal| literal.is_integer)?;
    Some((longest.end, longest.value))
}

/// "and a half" from token `at` on, as after the unit in "an hour and a half".
pub(crate) fn linked_fractions(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<f64>> {
    let mut atoms = Atoms::new(tokens, at, &language.number);
    if atoms.role(0) != Some(Role::Link) {
        return Vec::new();
    }
    let mut grammar = Grammar::new(tokens, &language.number);
    for (next, value) in fraction::fractions(&mut atoms, 1).into_iter().filter(|(_, value)| *value < 1.0) {
        grammar.fraction_at(&mut atoms, next, value);
    }
    grammar.out
}

/// The number that `word` is as a whole: "dreiviertel".
pub(crate) fn of_word(word: &str, language: &Language) -> Option<f64> {
    let tokens = Tokens::new(word);
    readings(&tokens, 0, language)
        .into_iter()
        .find(|reading| reading.end == tokens.len())
        .map(|reading| reading.value)
}

/// All numbers in a text, the longest reading of each, left to right.
pub(crate) fn find(tokens: &Tokens, language: &Language) -> Vec<Entity<f64>> {
    super::scan(tokens, |at| {
        let longest = readings(tokens, at, language).into_iter().max_by_key(|reading| reading.end)?;
        // "thirty" is no number in "thirty first".
        let places = steps(tokens, at, language).into_iter().filter(|(_, form)| *form != Form::Cardinal);
        let place = places.map(|(step, _)| step.end).max().filter(|end| *end > longest.end);
        let is_number = place.is_none() && stands_alone(tokens, at, longest.end, language);
        Some(super::Scanned {
            end: place.unwrap_or(longest.end),
            value: Some(longest.value).filter(|_| is_number),
        })
    })
}

/// Whether tokens `at..end` are a number and no part of a word, a time or a name.
fn stands_alone(tokens: &Tokens, at: usize, end: usize, language: &Language) -> bool {
    let glued_left = tokens.is_glued(at)
        && at
            .checked_sub(1)
            .is_some_and(|left| tokens.is_word(left) || (tokens.is_digits(left) && tokens.is_word(at)));
    let glued_right = tokens.is_glued(end) && tokens.is_word(end);
    let is_time = |sign: usize| {
        let inner =
            sign > 0 && tokens.is_glued(sign) && tokens.is_glued(sign + 1) && tokens.is_sign(sign, ':');
        inner && tokens.is_digits(sign - 1) && tokens.is_digits(sign + 1)
    };
    if glued_left || glued_right || is_time(end) || at.checked_sub(1).is_some_and(is_time) {
        return false;
    }
    let words = language.number.words;
    if end == at + 1 && tokens.is_word(at) {
        let before = at.checked_sub(1).map(|left| tokens.text(left)).unwrap_or_default();
        let is_one = words.units.iter().any(|(word, value)| *value == 1 && *word == tokens.text(at));
        if is_one && words.pronouns.contains(&before) {
            return false;
        }
        if words.nouns_have_capitals && is_scale(words, tokens.text(at)) {
            return !(is_capital(tokens, at)
                && at.checked_sub(1).is_some_and(|left| is_capital(tokens, left)));
        }
    }
    true
}

fn is_scale(words: &NumberWords, text: &str) -> bool {
    words.scales.iter().any(|scale| scale.words.contains(&text))
}

fn is_capital(tokens: &Tokens, at: usize) -> bool {
    tokens.written(at, at + 1).chars().next().is_some_and(char::is_uppercase)
}

/// A minus before digits, and no hyphen or range: `-5`, `- 5` at the beginning.
fn is_minus_sign(tokens: &Tokens, at: usize) -> bool {
    let Some(left) = at.checked_sub(1).and_then(|left| tokens.get(left)) else {
        return tokens.is_sign(at, '-');
    };
    let is_open = tokens.get(at).is_some_and(|token| token.spaced) || left.kind == TokenKind::Sign;
    let is_bound =
        tokens.is_glued(at + 1) || (left.kind == TokenKind::Sign && !left.is_sign('-') && !left.is_sign('.'));
    tokens.is_sign(at, '-') && is_open && is_bound
}
