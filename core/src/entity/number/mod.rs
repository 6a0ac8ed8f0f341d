//! Numbers in digits and words, with fractions: `25`, `1.000`, `22,5`, "twenty five", "fünfundzwanzig", "hundred and
//! one", "two and a half", "zweiundzwanzig komma fünf", "anderthalb", "minus three", "two thirds of a million".
//!
//! The grammar is one for all languages; [`NumberWords`] says what the words are and whether units go before tens. Every
//! position gives all its readings, longest or not, because only the sentence around them can choose: "twenty" and "twenty five"
//! both begin at the same place.
//!
//! `digits.rs` reads digits, `words.rs` takes words apart, `walk.rs` makes whole numbers and ordinals of them; here
//! stand signs, decimals and fractions.

mod digits;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use std::sync::LazyLock;

use digits::Literal;
use walk::{State, Step, walk};
pub(crate) use words::Form;
use words::{Atoms, Role};
pub use words::{Lexicon, NumberWords, Scale};

use super::tokens::{TokenKind, Tokens};
use super::{Entity, Language, Reading};

/// Millions and above share a fraction that follows: "three million and a half" is 3,500,000.
const SHARED_SCALE: f64 = 1e5;
/// Words for single digits after "point".
const MAX_DECIMALS: usize = 15;

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
    let mut grammar = Grammar { tokens, lexicon, out: Vec::new() };
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
    let mut grammar = Grammar { tokens, lexicon: &language.number, out: Vec::new() };
    for (next, value) in grammar.fractions(&mut atoms, 1).into_iter().filter(|(_, value)| *value < 1.0) {
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
    let is_word = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word);
    let is_digits = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Digits);
    let glued_left = tokens.is_glued(at)
        && at.checked_sub(1).is_some_and(|left| is_word(left) || (is_digits(left) && is_word(at)));
    let glued_right = tokens.is_glued(end) && is_word(end);
    let is_time = |sign: usize| {
        let inner =
            sign > 0 && tokens.is_glued(sign) && tokens.is_glued(sign + 1) && tokens.is_sign(sign, ':');
        inner && is_digits(sign - 1) && is_digits(sign + 1)
    };
    if glued_left || glued_right || is_time(end) || at.checked_sub(1).is_some_and(is_time) {
        return false;
    }
    let words = language.number.words;
    if end == at + 1 && is_word(at) {
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

struct Grammar<'a> {
    tokens: &'a Tokens,
    lexicon: &'a Lexicon,
    out: Vec<Reading<f64>>,
}

impl Grammar<'_> {
    fn unsigned(&mut self, at: usize) {
        let literals = digits::literals(self.tokens, at, self.lexicon.words.thousands);
        if literals.is_empty() {
            self.words(at);
        }
        for literal in literals {
            self.digits(literal);
        }
        if let Some(fraction) = digits::fraction(self.tokens, at) {
            self.emit(fraction.end, fraction.value);
            let mut atoms = Atoms::new(self.tokens, fraction.end, self.lexicon);
            self.scaled(&mut atoms, 0, fraction.value);
        }
    }

    fn emit(&mut self, end: usize, value: f64) {
        match self.out.iter_mut().find(|reading| reading.end == end) {
            Some(known) => known.value = value,
            None => self.out.push(Reading { end, value }),
        }
    }

    fn digits(&mut self, literal: Literal) {
        self.emit(literal.end, literal.value);
        if let Some(power) = digits::power(self.tokens, literal) {
            return self.emit(power.end, power.value);
        }
        if let Some((end, scale)) = self.short_scale(literal.end, literal.is_integer) {
            return self.emit(end, literal.value * scale);
        }
        let mut atoms = Atoms::new(self.tokens, literal.end, self.lexicon);
        let whole =
            Step { next: 0, end: Some(literal.end), value: literal.value, form: Form::Cardinal, scale: None };
        let mut steps = vec![whole];
        steps.extend(walk(&mut atoms, 0, State::after_digits(literal.value)));
        for step in steps.iter().filter(|step| step.form == Form::Cardinal) {
            if let Some(end) = step.end {
                self.emit(end, step.value);
            }
            self.after_whole(&mut atoms, step, literal.is_integer || step.next > 0);
        }
    }

    /// `k`, `M`, `Mio.` behind digits.
    fn short_scale(&self, at: usize, is_integer: bool) -> Option<(usize, f64)> {
        let written = self.tokens.written(at, at + 1);
        let (_, scale) = self.lexicon.words.short_scales.iter().find(|(word, _)| *word == written)?;
        // "221b" is a house.
        if written.eq_ignore_ascii_case("b") && is_integer {
            return None;
        }
        let goes_on = self.tokens.is_glued(at + 1)
            && self.tokens.get(at + 1).is_some_and(|token| token.kind != TokenKind::Sign);
        (!goes_on).then_some((at + 1, *scale))
    }

    fn words(&mut self, at: usize) {
        let mut atoms = Atoms::new(self.tokens, at, self.lexicon);
        let Some(first) = atoms.get(0) else { return };
        let article = first.morph.role == Role::Article;
        let (start, state) = if article { (1, State::ARTICLE) } else { (0, State::START) };
        let steps = walk(&mut atoms, start, state);
        let whole: Vec<Step> = steps.into_iter().filter(|step| step.form == Form::Cardinal).collect();
        for step in &whole {
            if let Some(end) = step.end {
                self.emit(end, step.value);
            }
        }
        for (next, fraction) in self.fractions(&mut atoms, 0) {
            self.fraction_at(&mut atoms, next, fraction);
        }
        for step in &whole {
            self.after_whole(&mut atoms, step, true);
        }
        if let Some(atom) = atoms.get(start).filter(|atom| atom.morph.role == Role::Mixed) {
            self.fraction_at(&mut atoms, start + 1, atom.morph.value);
        }
    }

    /// What may follow a whole number: decimals, a fraction, what it is divided by.
    fn after_whole(&mut self, atoms: &mut Atoms<'_>, whole: &Step, is_integer: bool) {
        if !is_integer {
            return;
        }
        match atoms.role(whole.next) {
            Some(Role::Point) => self.decimals(atoms, whole),
            Some(Role::Over) => self.divided(atoms, whole.value, whole.next + 1, false),
            Some(Role::Out) if atoms.role(whole.next + 1) == Some(Role::Of) => {
                self.divided(atoms, whole.value, whole.next + 2, true);
            }
            _ => {}
        }
        self.mixed(atoms, whole);
    }

    /// "point two five", "point seventy-one", "komma 25".
    fn decimals(&mut self, atoms: &mut Atoms<'_>, whole: &Step) {
        let start = whole.next + 1;
        if let Some(literal) = atoms.get(start).and_then(|atom| atom.literal) {
            if literal.is_integer {
                let value = whole.value + literal.value / 10f64.powi(literal.places);
                self.fraction_at(atoms, start + 1, value);
            }
            return;
        }
        let mut value = 0.0;
        let mut place = 1.0;
        for index in start..start + MAX_DECIMALS {
            let Some(atom) = atoms.get(index) else { break };
            let digit = match atom.morph.role {
                Role::Unit if atom.morph.form == Form::Cardinal => atom.morph.value,
                Role::Zero => 0.0,
                Role::Digits if atom.literal.is_some_and(|literal| literal.places == 1) => atom.morph.value,
                _ => break,
            };
            place *= 10.0;
            value = value * 10.0 + digit;
            self.fraction_at(atoms, index + 1, whole.value + value / place);
        }
        let pairs = walk(atoms, start, State::START);
        for pair in
            pairs.iter().filter(|pair| pair.form == Form::Cardinal && (10.0..100.0).contains(&pair.value))
        {
            self.fraction_at(atoms, pair.next, whole.value + pair.value / 100.0);
        }
    }

    /// "one over three", "two out of five hundred".
    fn divided(&mut self, atoms: &mut Atoms<'_>, above: f64, start: usize, is_share: bool) {
        let mut below: Vec<(Option<usize>, f64)> = walk(atoms, start, State::START)
            .iter()
            .filter(|s| s.form == Form::Cardinal)
            .map(|s| (s.end, s.value))
            .collect();
        if let Some(atom) = atoms.get(start).filter(|atom| atom.morph.role == Role::Digits) {
            below.push((atom.end, atom.morph.value));
        }
        for (end, below) in below {
            if let Some(end) = end.filter(|_| below > 0.0 && (!is_share || above < below)) {
                self.emit(end, above / below);
            }
        }
    }

    /// "and a half", "1/2" behind a whole number.
    fn mixed(&mut self, atoms: &mut Atoms<'_>, whole: &Step) {
        if let Some(end) = whole.end
            && let Some(fraction) = digits::fraction(self.tokens, end)
            && fraction.value < 1.0
            && (self.tokens.get(end).is_some_and(|token| token.spaced) || fraction.end == end + 1)
        {
            self.emit(fraction.end, whole.value + fraction.value);
            let mut rest = Atoms::new(self.tokens, fraction.end, self.lexicon);
            self.scaled(&mut rest, 0, whole.value + fraction.value);
        }
        let linked = atoms.role(whole.next) == Some(Role::Link);
        // "5 and 3/4"
        if let Some(fraction) =
            whole.end.filter(|_| linked).and_then(|end| digits::fraction(self.tokens, end + 1))
            && fraction.value < 1.0
        {
            self.emit(fraction.end, whole.value + fraction.value);
        }
        let inside_word = whole.end.is_none() && atoms.role(whole.next) != Some(Role::Part);
        if !linked && !inside_word {
            return;
        }
        let start = whole.next + usize::from(linked);
        for (next, fraction) in self.fractions(atoms, start) {
            if fraction >= 1.0 {
                continue;
            }
            match whole.scale.filter(|scale| *scale > SHARED_SCALE) {
                Some(scale) => {
                    self.fraction_at(atoms, next, whole.value + fraction * scale);
                    self.add_scaled(atoms, next, whole.value, fraction, scale);
                }
                None => self.fraction_at(atoms, next, whole.value + fraction),
            }
        }
    }

    /// "one billion and three quarters million"
    fn add_scaled(&mut self, atoms: &mut Atoms<'_>, next: usize, whole: f64, fraction: f64, below: f64) {
        if let Some(atom) = atoms.get(next).filter(|atom| atom.morph.role == Role::Scale)
            && atom.morph.form == Form::Cardinal
            && atom.morph.value < below
            && let Some(end) = atom.end
        {
            self.emit(end, whole + fraction * atom.morph.value);
        }
    }

    /// Fractions from atom `index` on, with the atom after each: "half", "a quarter", "two thirds", "one twenty-fifth".
    fn fractions(&mut self, atoms: &mut Atoms<'_>, index: usize) -> Vec<(usize, f64)> {
        let mut found: Vec<(usize, f64)> = Vec::new();
        let article = atoms.role(index) == Some(Role::Article);
        let start = index + usize::from(article);
        if let Some(atom) = atoms.get(start).filter(|atom| atom.morph.role == Role::Part) {
            found.push((start + 1, 1.0 / atom.morph.value));
        }
        let state = if article { State::ARTICLE } else { State::START };
        let mut counts: Vec<(usize, f64, bool)> = walk(atoms, start, state)
            .iter()
            .filter(|step| step.form == Form::Cardinal && step.value >= 1.0)
            .map(|step| (step.next, step.value, step.scale.is_some()))
            .collect();
        if article {
            counts.insert(0, (start, 1.0, false));
        }
        // The number before the part and the part itself may be cut apart in several places.
        let mut cuts: Vec<Cut> = Vec::new();
        for (next, count, is_scale) in counts {
            if let Some(atom) = atoms.get(next).filter(|atom| atom.morph.role == Role::Part) {
                found.push((next + 1, count / atom.morph.value));
            }
            let opens_small = atoms.role(next).is_some_and(|role| role != Role::Scale);
            // "one hundred fifth" is the 105th; "one hundredth" is a part.
            let is_cut = count > 1.0
                || atoms
                    .get(next)
                    .is_some_and(|a| a.morph.role != Role::Scale || a.morph.form != Form::Cardinal);
            for part in walk(atoms, next, State::START) {
                let is_part =
                    is_cut && (part.form == Form::Part || (part.form == Form::Ordinal && count == 1.0));
                if is_part && part.value > 2.0 {
                    let value = count / part.value;
                    cuts.push(Cut { next: part.next, value, is_sure: is_scale && opens_small });
                }
            }
        }
        cuts.sort_by_key(|cut| cut.next);
        for same in cuts.chunk_by(|a, b| a.next == b.next) {
            let chosen = same.iter().find(|cut| cut.is_sure).or(same.last());
            found.extend(chosen.map(|cut| (cut.next, cut.value)));
        }
        found
    }

    /// A fraction that ends before atom `next`, and what it is a fraction of.
    fn fraction_at(&mut self, atoms: &mut Atoms<'_>, next: usize, value: f64) {
        if let Some(end) = next.checked_sub(1).and_then(|last| atoms.get(last)).and_then(|atom| atom.end) {
            self.emit(end, value);
        }
        self.scaled(atoms, next, value);
    }

    /// "half a dozen", "two thirds of a million", "anderthalb Millionen".
    fn scaled(&mut self, atoms: &mut Atoms<'_>, mut next: usize, value: f64) {
        next += usize::from(atoms.role(next) == Some(Role::Of));
        next += usize::from(atoms.role(next) == Some(Role::Article));
        let Some(atom) = atoms.get(next) else { return };
        if matches!(atom.morph.role, Role::Scale | Role::Dozen)
            && atom.morph.form == Form::Cardinal
            && let Some(end) = atom.end
        {
            self.emit(end, value * atom.morph.value);
        }
    }
}

/// A place where "one hundred thirty fifths" may be cut into a number and the name of a part.
struct Cut {
    next: usize,
    value: f64,
    is_sure: bool,
}
