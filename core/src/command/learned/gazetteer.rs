//! Values that slots are known to have: from labelled examples and from the set's lists.

use super::words::Word;

/// Longer values are not looked up.
const MAX_LENGTH: usize = 8;

/// Phrases with the slots they were seen as. Phrases are kept as hashes of 64 bits.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Gazetteer {
    /// Ascending by phrase, then slot.
    pub(super) entries: Vec<Entry>,
}

/// How often a phrase was seen as a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) phrase: u64,
    pub(super) slot: u16,
    pub(super) count: u32,
}

/// A phrase of an utterance that is known as a value of `slot`: words `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) slot: u16,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Gazetteer {
    /// From phrases, each as often as it was seen.
    pub(super) fn new(phrases: impl Iterator<Item = (u64, u16, u32)>) -> Self {
        let mut entries: Vec<Entry> =
            phrases.map(|(phrase, slot, count)| Entry { phrase, slot, count }).collect();
        entries.sort_unstable();
        entries.dedup_by(|next, first| {
            let same = (next.phrase, next.slot) == (first.phrase, first.slot);
            if same {
                first.count = first.count.saturating_add(next.count);
            }
            same
        });
        Self { entries }
    }

    /// All known phrases of `words`. `own` are the phrases that the sentence itself has brought in while learning: they
    /// do not count, or the tagger would believe its lists too much.
    pub(super) fn hits(&self, words: &[Word], own: &[(u64, u16)]) -> Vec<Hit> {
        let mut out = Vec::new();
        for start in 0..words.len() {
            let mut hash = START;
            for (length, word) in words[start..].iter().take(MAX_LENGTH).enumerate() {
                hash = extend(hash, &word.folded);
                let first = self.entries.partition_point(|entry| entry.phrase < hash);
                let known = self.entries[first..].iter().take_while(|entry| entry.phrase == hash);
                for entry in known {
                    let brought = own.iter().filter(|own| **own == (hash, entry.slot)).count();
                    if entry.count as usize > brought {
                        out.push(Hit { slot: entry.slot, start, end: start + length + 1 });
                    }
                }
            }
        }
        out
    }
}

/// The hash of a phrase; `None` for one that is empty or too long to be looked up.
pub(super) fn phrase(words: &[Word]) -> Option<u64> {
    let fits = !words.is_empty() && words.len() <= MAX_LENGTH;
    fits.then(|| words.iter().fold(START, |hash, word| extend(hash, &word.folded)))
}

/// FNV-1a in 64 bits, a zero byte behind each word.
const START: u64 = 0xcbf2_9ce4_8422_2325;

fn extend(hash: u64, word: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    step(word.bytes().fold(hash, step), 0)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn finds_phrases_of_others() {
        let entry = |text: &str, slot, count| (phrase(&words(text)).unwrap(), slot, count);
        let known = [entry("New York", 1, 1), entry("york", 2, 1), entry("New York", 1, 1)];
        let gazetteer = Gazetteer::new(known.into_iter());
        let text = words("to new york!");
        let check = |own: &[(u64, u16)], expected: &[(u16, usize, usize)]| {
            let hits = gazetteer.hits(&text, own);
            let hits: Vec<_> = hits.into_iter().map(|hit| (hit.slot, hit.start, hit.end)).collect();
            assert_eq!(hits, expected);
        };
        check(&[], &[(1, 1, 3), (2, 2, 3)]);
        let york = phrase(&words("york")).unwrap();
        let new_york = phrase(&words("new york")).unwrap();
        check(&[(york, 2), (new_york, 1)], &[(1, 1, 3)]);
        assert_eq!(phrase(&[]), None);
    }
}
