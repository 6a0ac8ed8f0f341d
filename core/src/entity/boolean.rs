//! Yes and no.

use super::tokens::{TokenKind, Tokens};
use super::{Entity, Language, Reading, Scanned, scan};

/// The words for yes and no in a language, in folded spelling.
#[derive(Debug)]
pub struct BooleanWords {
    /// What answers yes.
    pub yes: &'static [&'static str],
    /// What answers no.
    pub no: &'static [&'static str],
    /// What means true in a slot, but means other things in a sentence: "on".
    pub on: &'static [&'static str],
    /// What means false in a slot: "off".
    pub off: &'static [&'static str],
}

/// Hands that say yes and no.
const YES: &[&str] = &["👍", "👌"];
const NO: &[&str] = &["👎", "✋", "🖐"];

/// All answers and states that begin at token `at`, for a slot of a command.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<bool>> {
    let states =
        words(tokens, at, language.boolean.on, true).chain(words(tokens, at, language.boolean.off, false));
    answers(tokens, at, language).chain(states).collect()
}

/// The answer in a text: the one of most words, and of those the first. A text has one answer.
pub(crate) fn find(tokens: &Tokens, language: &Language) -> Option<Entity<bool>> {
    let all = scan(tokens, |at| {
        let longest = answers(tokens, at, language).max_by_key(|reading| reading.end)?;
        Some(Scanned { end: longest.end, value: Some((longest.value, longest.end - at)) })
    });
    let best = all.iter().map(|entity| entity.value.1).max()?;
    all.into_iter().find(|entity| entity.value.1 == best).map(|entity| entity.map(|(value, _)| value))
}

fn answers(tokens: &Tokens, at: usize, language: &Language) -> impl Iterator<Item = Reading<bool>> {
    let spoken =
        words(tokens, at, language.boolean.yes, true).chain(words(tokens, at, language.boolean.no, false));
    let shown = words(tokens, at, YES, true).chain(words(tokens, at, NO, false));
    spoken.chain(shown)
}

fn words(
    tokens: &Tokens,
    at: usize,
    words: &'static [&'static str],
    value: bool,
) -> impl Iterator<Item = Reading<bool>> {
    let ends = words.iter().filter_map(move |word| tokens.after(at, word));
    ends.map(move |end| Reading { end: end + usize::from(is_skin(tokens, end)), value })
}

/// A sign that colours the hand before it.
fn is_skin(tokens: &Tokens, at: usize) -> bool {
    let sign = tokens.get(at).filter(|token| token.kind == TokenKind::Sign);
    sign.and_then(|token| token.text.chars().next()).is_some_and(|c| ('\u{1f3fb}'..='\u{1f3ff}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, text: &str, expected: Option<(&str, bool)>) {
        let found = find(&Tokens::new(text), Language::find(language).unwrap());
        assert_eq!(found.as_ref().map(|e| (e.text.as_str(), e.value)), expected, "{text:?}");
    }

    #[test]
    fn english() {
        check("en", "Yep, that's it", Some(("Yep", true)));
        check("en", "nope", Some(("nope", false)));
        check("en", "it's ok. No, it is not ok", Some(("not ok", false)));
        check("en", "no, yes", Some(("no", false)));
        check("en", "turn it on", None);
        check("en", "👍🏽 great", Some(("👍🏽", true)));
    }

    #[test]
    fn german() {
        check("de", "Jawohl!", Some(("Jawohl", true)));
        check("de", "ich weiß nicht", None);
        check("de", "nee ja", Some(("nee", false)));
        check("de", "mach es an", None);
    }

    #[test]
    fn slots_know_states() {
        let check = |language, text: &str, expected: &[bool]| {
            let found = readings(&Tokens::new(text), 0, Language::find(language).unwrap());
            assert_eq!(found.iter().map(|reading| reading.value).collect::<Vec<_>>(), expected, "{text:?}");
        };
        check("en", "on", &[true]);
        check("en", "disabled", &[false]);
        check("de", "aus", &[false]);
        check("de", "ja", &[true]);
    }
}
