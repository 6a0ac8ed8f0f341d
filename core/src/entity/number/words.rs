//! The words that numbers are made of, and how a word is taken apart: `zweihundertfünfzigste` is
//! `zwei` `hundert` `fünfzigst` `e`.

use std::collections::HashMap;

use super::digits::Literal;
use crate::entity::tokens::{TokenKind, Tokens};

/// The words that numbers are made of in a language, in folded spelling.
#[derive(Debug)]
pub struct NumberWords {
    /// 0 to 9 with all their forms.
    pub units: &'static [(&'static str, u32)],
    /// 10 to 19.
    pub teens: &'static [(&'static str, u32)],
    /// 20, 30 … 90.
    pub tens: &'static [(&'static str, u32)],
    /// Whether 25 is "five and twenty" (German) or "twenty five" (English).
    pub unit_before_tens: bool,
    /// Hundred, thousand and so on.
    pub scales: &'static [Scale],
    /// Scales in short behind digits, as written: `10k`, `3 Mio`. Case counts: a small `m` is a metre.
    pub short_scales: &'static [(&'static str, f64)],
    /// The dozen, in all forms.
    pub dozens: &'static [&'static str],
    /// Stems of ordinals: "third", "dritt", with their values.
    pub ordinals: &'static [(&'static str, f64)],
    /// What makes an ordinal of a stem: nothing in English, "er" in German.
    pub ordinal_endings: &'static [&'static str],
    /// What makes the name of a part of a stem: "s" in "three fifths", "el" in "drei Fünftel".
    pub part_endings: &'static [&'static str],
    /// Parts that may stand without a number: "half", "quarter", with what divides one.
    pub parts: &'static [(&'static str, f64)],
    /// Numbers with a fraction in one word: "anderthalb".
    pub mixed: &'static [(&'static str, f64)],
    /// "and".
    pub links: &'static [&'static str],
    /// What stands for one before a hundred or a fraction: "a".
    pub articles: &'static [&'static str],
    /// What opens the decimals: "point".
    pub points: &'static [&'static str],
    /// A half more than the number that it follows: "zwei *einhalb*".
    pub halves: &'static [&'static str],
    /// A zero that is one only among decimals: "oh".
    pub spoken_zeros: &'static [&'static str],
    /// What makes a number negative.
    pub minus: &'static [&'static str],
    /// "over" in "one over three".
    pub over: &'static [&'static str],
    /// The two words of "one out of three".
    pub out_of: Option<(&'static str, &'static str)>,
    /// "of" in "two thirds of a million".
    pub of: &'static [&'static str],
    /// The sign between digits that groups thousands; the other of `.` and `,` opens the decimals.
    pub thousands: char,
    /// What keeps a following "one" from being a number: "this one".
    pub pronouns: &'static [&'static str],
    /// Whether a capital letter makes a noun: "Tausend" may be a name where "tausend" is a number.
    pub nouns_have_capitals: bool,
}

/// Digits only.
pub(super) static NO_WORDS: NumberWords = NumberWords {
    units: &[],
    teens: &[],
    tens: &[],
    unit_before_tens: false,
    scales: &[],
    short_scales: &[],
    dozens: &[],
    ordinals: &[],
    ordinal_endings: &[],
    part_endings: &[],
    parts: &[],
    mixed: &[],
    links: &[],
    articles: &[],
    points: &[],
    halves: &[],
    spoken_zeros: &[],
    minus: &[],
    over: &[],
    out_of: None,
    of: &[],
    thousands: '\'',
    pronouns: &[],
    nouns_have_capitals: false,
};

/// A power of ten with a name.
#[derive(Debug)]
pub struct Scale {
    /// All forms.
    pub words: &'static [&'static str],
    /// Its value.
    pub value: f64,
    /// Whether it may stand without a number before it: "hundred and one".
    pub alone: bool,
}

/// What a part of a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Unit,
    Teen,
    Tens,
    Scale,
    Dozen,
    Part,
    Mixed,
    Link,
    Article,
    Point,
    Zero,
    Minus,
    Over,
    Out,
    Of,
    Digits,
}

/// What its ending makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// "three"
    Cardinal,
    /// "third"
    Ordinal,
    /// "thirds", "Drittel"
    Part,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Morph {
    pub(super) role: Role,
    pub(super) value: f64,
    pub(super) form: Form,
    /// Of a scale: whether it needs no number before it.
    pub(super) alone: bool,
}

/// [`NumberWords`], made ready for looking up.
#[derive(Debug)]
pub struct Lexicon {
    morphs: HashMap<String, Morph>,
    longest: usize,
    pub(crate) words: &'static NumberWords,
}

impl Lexicon {
    pub(crate) fn new(words: &'static NumberWords) -> Self {
        let mut morphs = HashMap::new();
        let mut add = |text: &str, role, value: f64, form, alone| {
            morphs.entry(text.to_owned()).or_insert(Morph { role, value, form, alone });
        };
        let tables = [(Role::Unit, words.units), (Role::Teen, words.teens), (Role::Tens, words.tens)];
        for (role, table) in tables {
            for (text, value) in table {
                add(text, role, f64::from(*value), Form::Cardinal, false);
            }
        }
        for scale in words.scales {
            for text in scale.words {
                add(text, Role::Scale, scale.value, Form::Cardinal, scale.alone);
            }
        }
        for (role, table) in [(Role::Part, words.parts), (Role::Mixed, words.mixed)] {
            for (text, value) in table {
                add(text, role, *value, Form::Cardinal, true);
            }
        }
        for (stem, value) in words.ordinals {
            let role = match *value {
                value if value < 10.0 => Role::Unit,
                value if value < 20.0 => Role::Teen,
                value if value < 100.0 => Role::Tens,
                _ => Role::Scale,
            };
            for ending in words.ordinal_endings {
                add(&format!("{stem}{ending}"), role, *value, Form::Ordinal, true);
            }
            for ending in words.part_endings {
                add(&format!("{stem}{ending}"), role, *value, Form::Part, true);
            }
        }
        let out = words.out_of.map_or([""; 1], |(out, _)| [out]);
        let others: [(Role, &[&str]); 8] = [
            (Role::Dozen, words.dozens),
            (Role::Link, words.links),
            (Role::Article, words.articles),
            (Role::Point, words.points),
            (Role::Zero, words.spoken_zeros),
            (Role::Minus, words.minus),
            (Role::Over, words.over),
            (Role::Of, words.of),
        ];
        for (role, table) in others.into_iter().chain([(Role::Out, out.as_slice())]) {
            for text in table.iter().filter(|text| !text.is_empty()) {
                add(text, role, 12.0, Form::Cardinal, true);
            }
        }
        let longest = morphs.keys().map(String::len).max().unwrap_or(0);
        Self { morphs, longest, words }
    }

    /// Takes `word` apart; `None` if it is no number word. The longest parts are tried first: "dreizehn" is no "drei".
    fn split(&self, word: &str) -> Option<Vec<Morph>> {
        if let Some(morph) = self.morphs.get(word) {
            return Some(vec![*morph]);
        }
        let mut parts = Vec::new();
        // Each end is tried once: a position that failed fails again.
        let mut failed = vec![false; word.len() + 1];
        self.split_from(word, 0, &mut parts, &mut failed).then_some(parts)
    }

    fn split_from(&self, word: &str, at: usize, parts: &mut Vec<Morph>, failed: &mut [bool]) -> bool {
        if at == word.len() {
            return true;
        }
        if failed.get(at).copied().unwrap_or(true) || parts.len() >= MAX_PARTS {
            return false;
        }
        for end in (at + 1..=word.len().min(at + self.longest)).rev() {
            let Some(morph) = word.get(at..end).and_then(|part| self.morphs.get(part)) else { continue };
            let inner = matches!(
                morph.role,
                Role::Unit | Role::Teen | Role::Tens | Role::Scale | Role::Link | Role::Part
            ) || morph.role == Role::Mixed;
            if !inner || (morph.form != Form::Cardinal && end != word.len()) {
                continue;
            }
            parts.push(*morph);
            if self.split_from(word, end, parts, failed) {
                return true;
            }
            parts.pop();
        }
        if let Some(failed) = failed.get_mut(at) {
            *failed = true;
        }
        false
    }
}

/// No number word has more parts; longer ones are nonsense such as "hunderthunderthundert…".
const MAX_PARTS: usize = 40;

/// A part of a word, or digits, in the row that a number may be read from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) morph: Morph,
    /// The token after it, if it ends a token.
    pub(super) end: Option<usize>,
    pub(super) literal: Option<Literal>,
}

/// The atoms from a token on, found as they are asked for.
pub(super) struct Atoms<'a> {
    pub(super) tokens: &'a Tokens,
    pub(super) lexicon: &'a Lexicon,
    atoms: Vec<Atom>,
    next: usize,
    is_over: bool,
}

impl<'a> Atoms<'a> {
    pub(super) fn new(tokens: &'a Tokens, start: usize, lexicon: &'a Lexicon) -> Self {
        Self { tokens, lexicon, atoms: Vec::new(), next: start, is_over: false }
    }

    pub(super) fn get(&mut self, index: usize) -> Option<Atom> {
        while index >= self.atoms.len() && !self.is_over {
            self.read();
        }
        self.atoms.get(index).copied()
    }

    pub(super) fn role(&mut self, index: usize) -> Option<Role> {
        self.get(index).map(|atom| atom.morph.role)
    }

    fn read(&mut self) {
        let tokens = self.tokens;
        let follows_word = self.next.checked_sub(1).and_then(|left| tokens.get(left));
        let follows_word = follows_word.is_some_and(|token| token.kind == TokenKind::Word);
        // "fifty-two", "fifty - two"
        if !self.atoms.is_empty()
            && tokens.is_sign(self.next, '-')
            && follows_word
            && tokens.is_word(self.next + 1)
        {
            self.next += 1;
        }
        self.is_over = true;
        let Some(token) = tokens.get(self.next) else { return };
        match token.kind {
            TokenKind::Word => {
                // "5eins" is no number, whatever stands before it.
                if tokens.is_glued(self.next)
                    && !follows_word
                    && !tokens.is_sign(self.next - 1, '-')
                    && !self.atoms.is_empty()
                {
                    return;
                }
                let Some(parts) = self.lexicon.split(&token.text) else { return };
                self.next += 1;
                let last = parts.len().saturating_sub(1);
                self.atoms.extend(parts.into_iter().enumerate().map(|(part, morph)| Atom {
                    morph,
                    end: (part == last).then_some(self.next),
                    literal: None,
                }));
                self.is_over = false;
            }
            TokenKind::Digits => {
                let literals = super::digits::literals(tokens, self.next, self.lexicon.words.thousands);
                let Some(literal) = literals.first().copied() else { return };
                self.next = literal.end;
                let morph =
                    Morph { role: Role::Digits, value: literal.value, form: Form::Cardinal, alone: true };
                self.atoms.push(Atom { morph, end: Some(literal.end), literal: Some(literal) });
                self.is_over = false;
            }
            TokenKind::Sign => {}
        }
    }
}
