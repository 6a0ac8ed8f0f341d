//! Words that are known, but never offered unless they are typed in full.

use super::lexicon::{Lexicon, WordId};

/// A word a line; lines that begin with `#` are notes.
const SHIPPED: &str = include_str!("blocklist.txt");

/// The blocked words of a lexicon, in ascending order.
#[derive(Debug)]
pub(super) struct Blocklist(Vec<WordId>);

impl Blocklist {
    /// The shipped words of both languages, and `more`; case apart.
    pub(super) fn new(lexicon: &Lexicon<'_>, more: &[String]) -> Self {
        let shipped = SHIPPED.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let words = shipped.chain(more.iter().map(String::as_str));
        let mut ids: Vec<WordId> = words.flat_map(|word| lexicon.same_letters(word)).collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids)
    }

    /// Whether `word` is blocked.
    pub(super) fn has(&self, word: WordId) -> bool {
        self.0.binary_search(&word).is_ok()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.0.capacity() * size_of::<WordId>()
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
