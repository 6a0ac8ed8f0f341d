//! Numbers of digits and words with what may follow them: decimals, fractions, scales.

use super::digits::{self, Literal};
use super::fraction::fractions;
use super::walk::{State, Step, walk};
use super::words::{Atoms, Form, Lexicon, Role};
use crate::entity::Reading;
use crate::entity::tokens::{TokenKind, Tokens};

/// Millions and above share a fraction that follows: "three million and a half" is 3,500,000.
const SHARED_SCALE: f64 = 1e5;
/// Words for single digits after "point".
const MAX_DECIMALS: usize = 15;

/// What is read at a token.
pub(super) struct Grammar<'a> {
    tokens: &'a Tokens,
    lexicon: &'a Lexicon,
    /// One reading an end: what is found later knows more.
    pub(super) out: Vec<Reading<f64>>,
}

impl<'a> Grammar<'a> {
    pub(super) fn new(tokens: &'a Tokens, lexicon: &'a Lexicon) -> Self {
        Self { tokens, lexicon, out: Vec::new() }
    }

    /// Reads a number without its sign.
    pub(super) fn unsigned(&mut self, at: usize) {
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
        for (next, fraction) in fractions(&mut atoms, 0) {
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
        if let Some(end) = whole.end.filter(|end| self.lexicon.words.halves.contains(&self.tokens.text(*end)))
        {
            self.emit(end + 1, whole.value + 0.5);
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
        for (next, fraction) in fractions(atoms, start) {
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

    /// A fraction that ends before atom `next`, and what it is a fraction of.
    pub(super) fn fraction_at(&mut self, atoms: &mut Atoms<'_>, next: usize, value: f64) {
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
