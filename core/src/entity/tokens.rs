//! A text as the tokens that entities are made of: words, runs of digits, and single signs.
//!
//! ```
//! use spatz::entity::tokens::Tokens;
//!
//! let tokens = Tokens::new("It's 3.5° in Gießen");
//! let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
//! assert_eq!(texts, ["its", "3", ".", "5", "°", "in", "giessen"]);
//! assert_eq!(tokens.span(5, 7), (10, 19));
//! ```
//!
//! A token's text is folded: lower case, `ß` as `ss`, marks composed, apostrophes inside words and invisible characters
//! left out. Digits never share a token with letters, so `5km` and `5 km` differ in [`Token::spaced`] only. Every
//! grammar reads tokens by number; [`Tokens::span`] leads back to the text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// ASCII digits.
    Digits,
    /// One character that is neither: punctuation, `%`, `$`, `½`, an emoji.
    Sign,
}

/// A word, a run of digits or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// In folded spelling.
    pub text: String,
    /// What it is made of.
    pub kind: TokenKind,
    /// Whether white space stands before it, or nothing.
    pub spaced: bool,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

impl Token {
    /// Whether it is this sign.
    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == TokenKind::Sign && self.text.starts_with(sign)
    }
}

/// The tokens of a text.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    chars: Vec<char>,
    tokens: Vec<Token>,
}

impl Tokens {
    /// Splits `text`.
    pub fn new(text: &str) -> Self {
        Self::from_chars(text.chars().collect())
    }

    /// Splits a text that is given as code points.
    pub fn from_chars(chars: Vec<char>) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        let mut spaced = true;
        for (at, c) in chars.iter().copied().enumerate() {
            let next = chars.get(at + 1).copied();
            let kind = match c {
                c if c.is_whitespace() || c.is_control() => {
                    spaced = true;
                    continue;
                }
                c if is_invisible(c) => continue,
                c if c.is_ascii_digit() => TokenKind::Digits,
                c if is_letter(c) => TokenKind::Word,
                _ => TokenKind::Sign,
            };
            let glued = tokens.last_mut().filter(|last| !spaced && last.kind == kind);
            match (glued, kind) {
                (Some(last), TokenKind::Word | TokenKind::Digits) => {
                    fold(c, &mut last.text);
                    last.end = at + 1;
                    continue;
                }
                (_, TokenKind::Sign) if is_apostrophe(c) && next.is_some_and(is_letter) => {
                    let inside = tokens.last().is_some_and(|last| !spaced && last.kind == TokenKind::Word);
                    if inside {
                        continue;
                    }
                }
                _ => {}
            }
            let mut text = String::new();
            fold(c, &mut text);
            tokens.push(Token { text, kind, spaced, start: at, end: at + 1 });
            spaced = false;
        }
        for token in tokens.iter_mut().filter(|token| token.kind == TokenKind::Word) {
            if token.text.chars().any(|c| canonical_combining_class(c) != 0) {
                token.text = token.text.nfc().collect();
            }
        }
        Self { chars, tokens }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// All in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Token> {
        self.tokens.iter()
    }

    /// Token number `at`.
    pub fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The folded text of token `at`; empty past the end.
    pub fn text(&self, at: usize) -> &str {
        self.get(at).map_or("", |token| token.text.as_str())
    }

    /// Whether token `at` is this sign.
    pub fn is_sign(&self, at: usize, sign: char) -> bool {
        self.get(at).is_some_and(|token| token.is_sign(sign))
    }

    /// Whether token `at` is a run of digits.
    pub fn is_digits(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.kind == TokenKind::Digits)
    }

    /// Whether token `at` is a word.
    pub fn is_word(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// Whether token `at` exists and nothing stands between it and the one before.
    pub fn is_glued(&self, at: usize) -> bool {
        at > 0 && self.get(at).is_some_and(|token| !token.spaced)
    }

    /// The token after `phrase`, words and signs with single spaces between, if it stands at token `at`. A hyphen in the
    /// text may join the words; digits are glued to what stands before (`m2`).
    pub fn after(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut end = at;
        for (number, word) in phrase.split(' ').enumerate() {
            end += usize::from(number > 0 && word != "-" && self.is_sign(end, '-'));
            let is_apart = number > 0 && self.is_digits(end) && !self.is_glued(end);
            if self.text(end) != word || is_apart {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// The characters of tokens `start..end` as written.
    pub fn written(&self, start: usize, end: usize) -> String {
        let (from, to) = self.span(start, end);
        self.chars.get(from..to).unwrap_or_default().iter().collect()
    }

    /// Code points `start..end` as written.
    pub fn written_between(&self, start: usize, end: usize) -> String {
        self.chars.get(start..end).unwrap_or_default().iter().collect()
    }

    /// The code points that tokens `start..end` span; end exclusive.
    pub fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.get(start).map_or(self.chars.len(), |token| token.start);
        let last = end.checked_sub(1).and_then(|last| self.get(last)).map_or(first, |token| token.end);
        (first, last.max(first))
    }

    /// The token that begins at code point `position`.
    pub fn starting_at(&self, position: usize) -> Option<usize> {
        self.tokens.binary_search_by_key(&position, |token| token.start).ok()
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || canonical_combining_class(c) != 0
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}')
}

fn fold(c: char, text: &mut String) {
    match c {
        'ß' | 'ẞ' => text.push_str("ss"),
        '−' | '–' | '—' | '‐' | '‑' => text.push('-'),
        '²' => text.push('2'),
        '³' => text.push('3'),
        'µ' => text.push('μ'),
        _ => text.extend(c.to_lowercase().filter(|l| *l == c || canonical_combining_class(*l) == 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let tokens = Tokens::new(text);
        let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(texts, expected, "{text:?}");
    }

    #[test]
    fn splits() {
        check("", &[]);
        check("  What's UP?  ", &["whats", "up", "?"]);
        check("24703m² at -5,5°C", &["24703", "m", "2", "at", "-", "5", ",", "5", "°", "c"]);
        check("Ku\u{308}che heiß HEISS", &["küche", "heiss", "heiss"]);
        check("5'10\" o’clock", &["5", "'", "10", "\"", "oclock"]);
        check("👌🏾", &["👌", "🏾"]);
        check("100 ரூ 100元", &["100", "ரூ", "100", "元"]);
    }

    #[test]
    fn spans_lead_back() {
        let tokens = Tokens::new(" Heiße  5km");
        assert_eq!(tokens.span(0, 1), (1, 6));
        assert_eq!(tokens.span(0, 3), (1, 11));
        assert_eq!(tokens.written(0, 3), "Heiße  5km");
        assert_eq!((tokens.is_glued(1), tokens.is_glued(2)), (false, true));
        assert_eq!(tokens.starting_at(8), Some(1));
        assert_eq!(tokens.span(3, 3), (11, 11));
    }
}
