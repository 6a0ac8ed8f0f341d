//! How much a string of letters looks like a word that no list has: a letter trigram over the lexicon's words.
//!
//! Names and new words look like words; most slips do not. That is what keeps `Kowalski` and lets `tge` go.

use super::spelling::Spelling;

/// `a` to `z`, any other byte, and the edge of a word.
const SYMBOLS: usize = 28;
const EDGE: usize = 27;
/// How much the shorter context counts beside what was seen, in letters.
const SMOOTHING: f32 = 4.0;

/// Letter trigrams.
#[derive(Debug)]
pub(crate) struct Wordlike {
    /// By the two letters before, and the letter; counted up to the largest.
    triples: Vec<u16>,
    pairs: Vec<u32>,
    singles: Vec<u32>,
}

impl Wordlike {
    pub(crate) fn new(spelling: &Spelling) -> Self {
        let mut counts = vec![0_u32; SYMBOLS * SYMBOLS * SYMBOLS];
        spelling.each(|letters| {
            let mut before = [EDGE, EDGE];
            for symbol in letters.iter().map(|letter| symbol(*letter)).chain([EDGE]) {
                counts[triple(before, symbol)] += 1;
                before = [before[1], symbol];
            }
        });
        let mut pairs = vec![0; SYMBOLS * SYMBOLS];
        let mut singles = vec![0; SYMBOLS];
        for (place, count) in counts.iter().enumerate() {
            pairs[place % (SYMBOLS * SYMBOLS)] += count;
            singles[place % SYMBOLS] += count;
        }
        let triples = counts.into_iter().map(|count| u16::try_from(count).unwrap_or(u16::MAX)).collect();
        Self { triples, pairs, singles }
    }

    /// Natural logarithm of the probability of the folded `letters`, their end included.
    pub(super) fn log_probability(&self, letters: &str) -> f32 {
        let total: u32 = self.singles.iter().sum();
        let mut before = [EDGE, EDGE];
        let mut sum = 0.0;
        for symbol in letters.bytes().map(symbol).chain([EDGE]) {
            let single = (self.singles[symbol] as f32 + 1.0) / (total as f32 + SYMBOLS as f32);
            let row = before[1] * SYMBOLS;
            let after_one: u32 = self.pairs[row..row + SYMBOLS].iter().sum();
            let pair =
                (self.pairs[row + symbol] as f32 + SMOOTHING * single) / (after_one as f32 + SMOOTHING);
            let row = triple(before, 0);
            let after_two: u32 = self.triples[row..row + SYMBOLS].iter().map(|count| u32::from(*count)).sum();
            let triple =
                (f32::from(self.triples[row + symbol]) + SMOOTHING * pair) / (after_two as f32 + SMOOTHING);
            sum += triple.ln();
            before = [before[1], symbol];
        }
        sum
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.triples.capacity() * size_of::<u16>()
            + (self.pairs.capacity() + self.singles.capacity()) * size_of::<u32>()
    }
}

fn symbol(letter: u8) -> usize {
    usize::from(letter.wrapping_sub(b'a')).min(EDGE - 1)
}

fn triple(before: [usize; 2], symbol: usize) -> usize {
    (before[0] * SYMBOLS + before[1]) * SYMBOLS + symbol
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::lexicon::fixture::with_lexicon;

    #[test]
    fn words_look_more_like_words_than_slips() {
        with_lexicon(|lexicon, _| {
            let wordlike = Wordlike::new(&Spelling::new(lexicon));
            let check = |more: &str, less: &str| {
                let [more, less] = [more, less].map(|word| wordlike.log_probability(word));
                assert!(more > less, "{more} {less}");
            };
            check("haus", "huas");
            check("hausgehen", "hsuagehen");
            check("morgens", "mrogens");
        });
    }

    #[test]
    fn probabilities_sum_to_one() {
        with_lexicon(|lexicon, _| {
            let wordlike = Wordlike::new(&Spelling::new(lexicon));
            // All strings that end within two letters, and all that go on: nothing is above 1.
            let letters: Vec<char> = ('a'..='z').collect();
            let one: f32 = letters.iter().map(|a| wordlike.log_probability(&a.to_string()).exp()).sum();
            assert!(one < 1.0, "{one}");
            assert!(wordlike.log_probability("") < 0.0);
        });
    }
}
