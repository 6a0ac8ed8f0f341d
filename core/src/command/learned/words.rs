//! An utterance's words, with the way back to the original.

/// A word as the tagger sees it: letters and digits, an apostrophe with what follows (`'s`), or a sign by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case, with `ss` for `ß` and a plain apostrophe.
    pub(super) folded: String,
    /// How it was written.
    pub(super) case: Case,
    /// First code point of the original.
    pub(super) start: usize,
    /// One past the last.
    pub(super) end: usize,
}

/// How a word's letters are written; where an utterance has capitals at all, they tell names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    /// No letters that could be capitals.
    None,
    Lower,
    /// A capital, then others or nothing.
    Title,
    /// More capitals than one.
    Upper,
}

/// Longer utterances are cut: no command has so many words.
const MAX_WORDS: usize = 256;

/// The words of `text`. Both a slot's ends lie at the ends of words, or it cannot be found.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut rest = text.chars().enumerate().peekable();
    while let Some((at, c)) = rest.next() {
        if c.is_whitespace() || c.is_control() {
            continue;
        }
        if out.len() == MAX_WORDS {
            break;
        }
        let mut word = Word { folded: String::new(), case: Case::None, start: at, end: at + 1 };
        word.case = word.case.and(c);
        let apostrophe = is_apostrophe(c);
        word.folded.extend(fold(c));
        if is_letter(c) || (apostrophe && rest.peek().is_some_and(|(_, next)| is_letter(*next))) {
            while let Some((at, c)) = rest.next_if(|(_, next)| is_letter(*next)) {
                word.folded.extend(fold(c));
                word.case = word.case.and(c);
                word.end = at + 1;
            }
        }
        out.push(word);
    }
    out
}

/// Whether the case of `words` says anything: a recogniser writes none, and a capital at the start is no sign of one.
pub(super) fn has_case(words: &[Word]) -> bool {
    words.iter().skip(1).any(|word| word.case >= Case::Title && word.folded != "i")
}

impl Case {
    fn and(self, c: char) -> Self {
        match (self, c.is_uppercase()) {
            (Self::None, true) => Self::Title,
            (Self::None, false) if c.is_lowercase() => Self::Lower,
            (Self::Title | Self::Upper, true) => Self::Upper,
            (case, _) => case,
        }
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

/// Letters, digits, and the marks that belong to the letter before them.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::canonical_combining_class(c) != 0
}

fn fold(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' | 'ẞ' => (Some('s'), Some('s')),
        c if is_apostrophe(c) => (Some('\''), None),
        _ => (None, None),
    };
    let lower = first.is_none().then(|| c.to_lowercase());
    first.into_iter().chain(second).chain(lower.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let words = words(text);
        let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        assert_eq!(folded, expected, "{text:?}");
        for word in words {
            assert!(word.start < word.end && word.end <= text.chars().count(), "{word:?}");
        }
    }

    #[test]
    fn words_and_signs() {
        check("Play Baker's song!", &["play", "baker", "'s", "song", "!"]);
        check("Straße 7.30 Uhr", &["strasse", "7", ".", "30", "uhr"]);
        check("  ' a'  ", &["'", "a", "'"]);
        check("", &[]);
    }
}
