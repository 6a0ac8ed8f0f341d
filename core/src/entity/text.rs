//! One spelling for what people write and what a recogniser writes, with the way back to the original.
//!
//! Templates, list values, number words and utterances all pass through [`fold`], so that case, punctuation,
//! apostrophes, hyphens, `ß`, composed and decomposed umlauts and runs of white space never decide whether they meet.

use unicode_normalization::char::{canonical_combining_class, compose};

/// A folded character and the code points of the original it stands for (end exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The character to compare.
    pub char: char,
    /// First code point of the original.
    pub start: u32,
    /// One past the last code point of the original.
    pub end: u32,
}

/// An utterance in the spelling that everything is compared in. Words are separated by one space; none leads or ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Utterance {
    chars: Vec<char>,
    spans: Vec<(u32, u32)>,
}

impl Utterance {
    /// Folds `text`.
    pub fn new(text: &str) -> Self {
        let mut folded = fold(text);
        if folded.last().is_some_and(|f| f.char == ' ') {
            folded.pop();
        }
        let skip = usize::from(folded.first().is_some_and(|f| f.char == ' '));
        let kept = folded.iter().skip(skip);
        Self {
            chars: kept.clone().map(|f| f.char).collect(),
            spans: kept.map(|f| (f.start, f.end)).collect(),
        }
    }

    /// The same without any space, for languages that write none.
    pub fn without_spaces(&self) -> Self {
        let kept = self.chars.iter().zip(&self.spans).filter(|(c, _)| **c != ' ');
        Self { chars: kept.clone().map(|(c, _)| *c).collect(), spans: kept.map(|(_, s)| *s).collect() }
    }

    /// The folded characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The folded character at or after code point `position` of the original.
    pub fn position(&self, position: usize) -> usize {
        self.spans.partition_point(|(start, _)| (*start as usize) < position)
    }

    /// The code points of the original that folded characters `start..end` stand for; end exclusive.
    pub fn span(&self, start: usize, end: usize) -> (usize, usize) {
        match (self.spans.get(start), end.checked_sub(1).and_then(|last| self.spans.get(last))) {
            (Some(first), Some(last)) if start < end => (first.0 as usize, last.1 as usize),
            (Some(at), _) => (at.0 as usize, at.0 as usize),
            (None, _) => self.spans.last().map_or((0, 0), |last| (last.1 as usize, last.1 as usize)),
        }
    }
}

/// Whether a word can begin or end between these neighbours.
pub(crate) fn is_boundary(left: Option<char>, right: Option<char>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => class(left) != class(right) || class(left) == Class::Symbol,
        _ => true,
    }
}

#[derive(PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Symbol,
}

fn class(c: char) -> Class {
    if c.is_ascii_digit() {
        Class::Digit
    } else if c.is_alphanumeric() {
        Class::Letter
    } else {
        Class::Symbol
    }
}

/// Folds `text`: lower case, `ß` to `ss`, composed marks, no apostrophes or dots inside words, one space for white
/// space and for punctuation that separates. Signs between digits (`1.5`, `1,5`, `12:30`, `1/2`), a minus before a
/// number, `%` and `°` stay. A space at the start or end is kept, because a template's text may begin or end there.
pub fn fold(text: &str) -> Vec<Folded> {
    let mut out: Vec<Folded> = Vec::with_capacity(text.len());
    let mut space: Option<u32> = None;
    let mut previous: Option<char> = None;
    let mut rest = text.chars().enumerate().peekable();
    while let Some((index, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        let start = u32::try_from(index).unwrap_or(u32::MAX);
        let end = start.saturating_add(1);
        let digit_after = next.is_some_and(|n| n.is_ascii_digit());
        let inside_number = digit_after && previous.is_some_and(|p| p.is_ascii_digit());
        let kind = match c {
            '\''
            | '’'
            | '‘'
            | '`'
            | '´'
            | 'ʼ'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{feff}'
            | '\u{fe0f}' => Kind::Nothing,
            '.' if inside_number => Kind::Letter,
            '.' => Kind::Nothing,
            ',' | ':' | '/' if inside_number => Kind::Letter,
            '-' | '−' | '–' if digit_after && previous.is_none_or(char::is_whitespace) => Kind::Minus,
            '%' | '°' | '‰' => Kind::Unit,
            c if c.is_whitespace() || c.is_control() || separates(c) => Kind::Space,
            _ => Kind::Letter,
        };
        previous = Some(c);
        match kind {
            Kind::Nothing => continue,
            Kind::Space => {
                space.get_or_insert(start);
                continue;
            }
            Kind::Letter if canonical_combining_class(c) != 0 && space.is_none() => {
                if let Some(last) = out.last_mut()
                    && let Some(composed) = compose(last.char, c)
                {
                    last.char = composed;
                    last.end = end;
                    continue;
                }
            }
            Kind::Unit if out.last().is_some_and(|f| f.char.is_ascii_digit()) => space = None,
            Kind::Letter | Kind::Minus | Kind::Unit => {}
        }
        if let Some(at) = space.take() {
            out.push(Folded { char: ' ', start: at, end: start });
        }
        match (kind, c) {
            (Kind::Minus, _) => out.push(Folded { char: '-', start, end }),
            (_, 'ß' | 'ẞ') => out.extend([Folded { char: 's', start, end }; 2]),
            _ => {
                let lower = c.to_lowercase().filter(|l| *l == c || canonical_combining_class(*l) == 0);
                out.extend(lower.map(|char| Folded { char, start, end }));
            }
        }
    }
    if let Some(at) = space {
        let end = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        out.push(Folded { char: ' ', start: at, end });
    }
    out
}

/// [`fold`] without the way back.
pub(crate) fn fold_chars(text: &str) -> Vec<char> {
    fold(text).into_iter().map(|f| f.char).collect()
}

#[derive(Clone, Copy)]
enum Kind {
    Nothing,
    Space,
    Letter,
    Minus,
    Unit,
}

fn separates(c: char) -> bool {
    matches!(
        c,
        ',' | ';'
            | ':'
            | '!'
            | '?'
            | '¿'
            | '¡'
            | '"'
            | '„'
            | '“'
            | '”'
            | '«'
            | '»'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '<'
            | '>'
            | '…'
            | '*'
            | '~'
            | '|'
            | '\\'
            | '/'
            | '_'
            | '-'
            | '‐'
            | '‑'
            | '–'
            | '—'
            | '−'
            | '。'
            | '，'
            | '、'
            | '؟'
            | '！'
            | '？'
            | '；'
            | '：'
            | '·'
            | '•'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let folded: String = Utterance::new(text).chars().iter().collect();
        assert_eq!(folded, expected, "{text:?}");
    }

    #[test]
    fn folds_what_never_matters() {
        check("  Schalte das  LICHT an! ", "schalte das licht an");
        check("What's the time?", "whats the time");
        check("what’s up", "whats up");
        check("turn on the A.C.", "turn on the ac");
        check("heiß HEISS", "heiss heiss");
        check("Ku\u{308}che", "küche");
        check("up-to-date", "up to date");
        check("Licht,bitte", "licht bitte");
        check("", "");
        check(" ?! ", "");
    }

    #[test]
    fn keeps_what_belongs_to_numbers() {
        check("auf 22,5 °C", "auf 22,5°c");
        check("50 % bitte", "50% bitte");
        check("at 12:30, now", "at 12:30 now");
        check("set -5 degrees", "set -5 degrees");
        check("5-10", "5 10");
        check("1/2 or on/off", "1/2 or on off");
    }

    #[test]
    fn spans_lead_back_to_the_original() {
        let utterance = Utterance::new("  Straße: 50 %!");
        let chars: String = utterance.chars().iter().collect();
        assert_eq!(chars, "strasse 50%");
        assert_eq!(utterance.span(0, 7), (2, 8));
        assert_eq!(utterance.span(8, 10), (10, 12));
        assert_eq!(utterance.span(8, 11), (10, 14));
        assert_eq!(utterance.span(11, 11), (14, 14));
        assert_eq!(Utterance::new("").span(0, 0), (0, 0));
    }
}
