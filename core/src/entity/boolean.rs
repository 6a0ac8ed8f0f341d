//! Yes and no.

use super::{Reading, after, ends_word};

/// The words for yes and no in a language, in folded spelling.
#[derive(Debug)]
pub struct BooleanWords {
    /// What means true.
    pub yes: &'static [&'static str],
    /// What means false.
    pub no: &'static [&'static str],
}

/// All answers that begin at folded character `at` and end at a word's end.
pub fn readings(chars: &[char], at: usize, words: &BooleanWords) -> Vec<Reading<bool>> {
    let yes = words.yes.iter().map(|word| (word, true));
    let all = yes.chain(words.no.iter().map(|word| (word, false)));
    let found = all.filter_map(|(word, value)| after(chars, at, word).map(|end| Reading { end, value }));
    found.filter(|reading| ends_word(chars, reading.end)).collect()
}
