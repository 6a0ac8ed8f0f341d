//! The letters of all words, ready to be walked along typing errors.
//!
//! A lexicon spells words in pieces, which no walk by letters can share. So their folded letters are laid out once,
//! each word as what it does not share with the word before (front coding): a trie in preorder, without nodes. A walk
//! carries one row of the edit distance per letter; where a row is beyond the bound, all words that share those letters
//! are skipped by looking at one byte of each (Wagner and Fischer 1974, on a sorted list).

use super::channel::{Slips, nats, parts};
use crate::predict::lexicon::fold::fold;
use crate::predict::lexicon::{Lexicon, WordId};
use std::ops::Range;

/// Folded letters of a word at most; what is longer is never walked to.
const LONGEST: usize = 63;
/// Words that a walk looks at, at most.
const MOST_VISITED: usize = 60_000;

/// All words' folded letters.
#[derive(Debug)]
pub(crate) struct Spelling {
    /// Letters that a word shares with the one before it.
    shared: Vec<u8>,
    /// Where the letters of a word end that it does not share.
    ends: Vec<u32>,
    letters: Vec<u8>,
}

/// Words that begin with what the letters typed may have been meant to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Beginning {
    pub(super) words: Range<WordId>,
    pub(super) cost: f32,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Words as a whole, with a lower bound of what their slips cost.
    pub(super) words: Vec<(WordId, f32)>,
    /// Ranges of words of which only the beginning is typed, if those were asked for.
    pub(super) beginnings: Vec<Beginning>,
}

impl Spelling {
    pub(crate) fn new(lexicon: &Lexicon<'_>) -> Self {
        let count = lexicon.len() as usize;
        let (mut shared, mut ends) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut letters = Vec::with_capacity(4 * count);
        let (mut buffer, mut before, mut folded) = (Vec::new(), String::new(), String::new());
        for word in 0..lexicon.len() {
            folded.clear();
            fold(lexicon.text(word, &mut buffer), &mut folded);
            let common = before.bytes().zip(folded.bytes()).take_while(|(a, b)| a == b).count();
            let common = common.min(LONGEST);
            shared.push(common as u8);
            letters.extend(folded.bytes().take(LONGEST).skip(common));
            ends.push(letters.len() as u32);
            std::mem::swap(&mut before, &mut folded);
        }
        letters.shrink_to_fit();
        Self { shared, ends, letters }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.shared.capacity() + self.ends.capacity() * size_of::<u32>() + self.letters.capacity()
    }

    /// The folded letters of every word, in order.
    pub(super) fn each(&self, mut see: impl FnMut(&[u8])) {
        let mut stack = Vec::with_capacity(LONGEST);
        for word in 0..self.shared.len() {
            stack.truncate(usize::from(self.shared[word]));
            stack.extend_from_slice(self.own_letters(word));
            see(&stack);
        }
    }

    /// Words that `slips` make the letters typed of, each at a cost of at most `bound`; with `beginnings`, also ranges of
    /// words that go on behind them.
    pub(super) fn walk(&self, slips: &Slips, bound: f32, beginnings: bool) -> Walked {
        let mut walked = Walked::default();
        let mut rows = Rows::new(slips);
        let mut stack = [0_u8; LONGEST + 1];
        // The cheapest beginning that the letters so far are inside of.
        let mut inside = [u16::MAX; LONGEST + 2];
        let bound = parts(bound);
        let mut word = 0;
        let mut visited = 0;
        while word < self.shared.len() && visited < MOST_VISITED {
            visited += 1;
            let mut depth = usize::from(self.shared[word]);
            let mut dead = false;
            for &letter in self.own_letters(word) {
                stack[depth] = letter;
                depth += 1;
                if !rows.extend(&stack[..depth], bound) {
                    dead = true;
                    break;
                }
                inside[depth] = inside[depth - 1];
                let cost = rows.end(depth);
                if beginnings && cost <= bound && cost < inside[depth] {
                    inside[depth] = cost;
                    let end = self.next_outside(word, depth);
                    let words = word as WordId..end as WordId;
                    walked.beginnings.push(Beginning { words, cost: nats(cost) });
                }
            }
            if dead {
                word = self.next_outside(word, depth);
                continue;
            }
            let cost = rows.end(depth);
            if cost <= bound {
                walked.words.push((word as WordId, nats(cost)));
            }
            word += 1;
        }
        walked
    }

    fn own_letters(&self, word: usize) -> &[u8] {
        let start = word.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.letters[start..self.ends[word] as usize]
    }

    /// The first word behind `word` that does not share its first `depth` letters.
    fn next_outside(&self, word: usize, depth: usize) -> usize {
        const CHUNK: usize = 32;
        let depth = depth as u8;
        let rest = &self.shared[word + 1..];
        let mut skipped = 0;
        for chunk in rest.chunks_exact(CHUNK) {
            if chunk.iter().copied().fold(u8::MAX, u8::min) < depth {
                break;
            }
            skipped += CHUNK;
        }
        let tail = &rest[skipped..];
        word + 1 + skipped + tail.iter().position(|shared| *shared < depth).unwrap_or(tail.len())
    }
}

/// One row of costs for each letter of the word so far.
struct Rows<'s> {
    slips: &'s Slips,
    width: usize,
    costs: Vec<u16>,
}

impl<'s> Rows<'s> {
    fn new(slips: &'s Slips) -> Self {
        let width = slips.len() + 1;
        let mut costs = vec![0; width * (LONGEST + 1)];
        for (place, inserted) in slips.inserted().iter().enumerate() {
            costs[place + 1] = costs[place] + inserted;
        }
        Self { slips, width, costs }
    }

    /// Computes the row of the last letter; whether anything is within `bound`.
    fn extend(&mut self, letters: &[u8], bound: u16) -> bool {
        let depth = letters.len();
        let letter = letters[depth - 1];
        let before = depth.checked_sub(2).map(|place| letters[place]);
        let omitted = parts(self.slips.omitted(letter, before));
        let (done, row) = self.costs.split_at_mut(depth * self.width);
        let above = &done[(depth - 1) * self.width..];
        row[0] = above[0] + omitted;
        let replaced = self.slips.replaced(letter);
        for (((cost, above), diagonal), replaced) in
            row[1..self.width].iter_mut().zip(&above[1..]).zip(above).zip(replaced)
        {
            *cost = (diagonal + replaced).min(above + omitted);
        }
        self.slips.tangled(&letters[depth.saturating_sub(3)..], |place, typed, meant, tangled| {
            let before = done[(depth - meant) * self.width + place + 1 - typed];
            row[place + 1] = row[place + 1].min(before + parts(tangled));
        });
        let mut least = row[0];
        for (place, inserted) in self.slips.inserted().iter().enumerate() {
            row[place + 1] = row[place + 1].min(row[place] + inserted);
            least = least.min(row[place + 1]);
        }
        let two_above = depth.checked_sub(2).map(|row| &done[row * self.width..]);
        // Letters in the wrong order may still lead back from the rows above.
        let least_of = |row: &[u16]| row[..self.width].iter().copied().fold(u16::MAX, u16::min);
        let [transposed, moved] = self.slips.least_from_above().map(parts);
        least <= bound
            || least_of(above) + transposed <= bound
            || two_above.is_some_and(|row| least_of(row) + moved <= bound)
    }

    /// The cost where all letters typed are used up.
    fn end(&self, depth: usize) -> u16 {
        self.costs[depth * self.width + self.width - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::Keyboard;
    use super::*;
    use crate::predict::lexicon::fixture::with_lexicon;
    use crate::predict::lexicon::fold::lower;
    use proptest::prelude::*;

    fn slips(typed: &str) -> Slips {
        Slips::new(&lower(typed), &[], vec![(Keyboard::of_language("de"), 1.0)])
    }

    fn found(typed: &str, bound: f32) -> Vec<String> {
        let mut out = Vec::new();
        with_lexicon(|lexicon, _| {
            let walked = Spelling::new(lexicon).walk(&slips(typed).loosened(), bound, false);
            let mut words = walked.words;
            words.sort_by(|a, b| a.1.total_cmp(&b.1));
            let mut buffer = Vec::new();
            out = words.iter().map(|(word, _)| lexicon.text(*word, &mut buffer).to_owned()).collect();
        });
        out
    }

    #[test]
    fn near_words_are_walked_to() {
        assert_eq!(found("hasu", 6.0), ["Haus"]);
        assert_eq!(found("dont", 3.0), ["don't"]);
        assert_eq!(found("schoen", 3.0), ["schon", "schön"]);
        assert_eq!(found("hausaufgaben", 7.0), ["Hausaufgaben", "Hausaufgabe"]);
        assert!(found("xqzv", 6.0).is_empty());
    }

    #[test]
    fn letters_are_given_back() {
        with_lexicon(|lexicon, _| {
            let mut words = Vec::new();
            Spelling::new(lexicon).each(|letters| words.push(String::from_utf8(letters.to_vec()).unwrap()));
            let mut buffer = Vec::new();
            let expected: Vec<String> = (0..lexicon.len())
                .map(|word| {
                    let mut folded = String::new();
                    fold(lexicon.text(word, &mut buffer), &mut folded);
                    folded
                })
                .collect();
            assert_eq!(words, expected);
        });
    }

    #[test]
    fn beginnings_hold_what_goes_on() {
        with_lexicon(|lexicon, _| {
            let walked = Spelling::new(lexicon).walk(&slips("hasua"), 6.0, true);
            let mut buffer = Vec::new();
            let mut words: Vec<String> = Vec::new();
            for beginning in &walked.beginnings {
                words.extend(beginning.words.clone().map(|word| lexicon.text(word, &mut buffer).to_owned()));
            }
            assert!(words.iter().any(|word| word == "Hausaufgaben"), "{walked:?}");
        });
    }

    proptest! {
        #[test]
        fn no_near_word_is_missed(
            typed in "[a-zäöüß']{1,8}|(haus|hauss|ver|the|schon)[a-zß]{0,2}",
            bound in 1.0_f32..16.0,
        ) {
            with_lexicon(|lexicon, _| {
                let slips = slips(&typed);
                let walked = Spelling::new(lexicon).walk(&slips.loosened(), bound, false);
                let mut buffer = Vec::new();
                for word in 0..lexicon.len() {
                    let cost = slips.cost(&lower(lexicon.text(word, &mut buffer)));
                    match walked.words.iter().find(|(found, _)| *found == word) {
                        Some((_, least)) => assert!(*least <= cost + 1e-3, "{typed}: {least} {cost}"),
                        None => assert!(cost > bound - 1e-3, "{typed}: {cost}"),
                    }
                }
            });
        }
    }
}
