//! Finding words by their letters: binary search in folded order.

use super::fold::{fold, lower};
use super::{Lexicon, WordId};
use std::ops::Range;

impl Lexicon<'_> {
    /// The words whose folded form begins with the folded `prefix`.
    pub fn with_prefix(&self, prefix: &str) -> Range<WordId> {
        let mut wanted = String::new();
        fold(prefix, &mut wanted);
        let start = self.first_where(0, |folded| folded >= wanted.as_str());
        let end = self.first_where(start, |folded| folded > wanted.as_str() && !folded.starts_with(&wanted));
        start..end
    }

    /// The words that equal `text` but for case.
    pub fn same_letters(&self, text: &str) -> impl Iterator<Item = WordId> + '_ {
        let mut wanted = String::new();
        fold(text, &mut wanted);
        let start = self.first_where(0, |folded| folded >= wanted.as_str());
        let end = self.first_where(start, |folded| folded > wanted.as_str());
        let spelled = lower(text);
        let mut buffer = Vec::new();
        (start..end).filter(move |&word| lower(self.text(word, &mut buffer)) == spelled)
    }

    fn first_where(&self, from: WordId, reached: impl Fn(&str) -> bool) -> WordId {
        let (mut low, mut high) = (from, self.len());
        let (mut letters, mut folded) = (Vec::new(), String::new());
        while low < high {
            let middle = low + (high - low) / 2;
            folded.clear();
            fold(self.text(middle, &mut letters), &mut folded);
            if reached(&folded) { high = middle } else { low = middle + 1 }
        }
        low
    }
}
