//! Words that are known, but never offered unless they are typed in full.

use super::lexicon::fold::lower;
use super::lexicon::{Lexicon, WordId};

/// A word a line; lines that begin with `#` are notes.
const SHIPPED: &str = include_str!("blocklist.txt");

/// The blocked words.
#[derive(Debug)]
pub(super) struct Blocklist {
    /// Those of the lexicon, in ascending order.
    listed: Vec<WordId>,
    /// The letters of all, in order: a word that the person brought may be in no lexicon.
    letters: Vec<String>,
}

impl Blocklist {
    /// The shipped words of both languages, and `more`; case apart.
    pub(super) fn new(lexicon: &Lexicon<'_>, more: &[String]) -> Self {
        let shipped = SHIPPED.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let words: Vec<&str> = shipped.chain(more.iter().map(String::as_str)).collect();
        let mut listed: Vec<WordId> = words.iter().flat_map(|word| lexicon.same_letters(word)).collect();
        listed.sort_unstable();
        listed.dedup();
        let mut letters: Vec<String> = words.into_iter().map(lower).collect();
        letters.sort_unstable();
        Self { listed, letters }
    }

    /// Whether `word` is blocked.
    pub(super) fn has(&self, word: WordId) -> bool {
        self.listed.binary_search(&word).is_ok()
    }

    /// Whether a word of these letters (in lower case) is blocked, be it listed or not.
    pub(super) fn has_letters(&self, letters: &str) -> bool {
        self.letters.binary_search_by(|blocked| blocked.as_str().cmp(letters)).is_ok()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.listed.capacity() * size_of::<WordId>()
            + self.letters.iter().map(|word| word.capacity() + size_of::<String>()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::lexicon::fixture::with_lexicon;

    #[test]
    fn a_host_can_add_words() {
        with_lexicon(|lexicon, _| {
            let blocked = Blocklist::new(lexicon, &["MORGEN".into(), "unlisted".into()]);
            let words = (0..lexicon.len()).filter(|&word| blocked.has(word));
            let words: Vec<String> =
                words.map(|word| lexicon.text(word, &mut Vec::new()).to_owned()).collect();
            assert_eq!(words, ["Morgen", "morgen"]);
            assert!(
                blocked.has_letters("unlisted")
                    && blocked.has_letters("morgen")
                    && !blocked.has_letters("the")
            );
        });
    }

    #[test]
    fn shipped_words_are_there_once() {
        let mut words: Vec<&str> = SHIPPED.lines().filter(|line| !line.starts_with('#')).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
        assert!(words.iter().all(|word| !word.is_empty() && word.chars().all(char::is_lowercase)));
    }
}
