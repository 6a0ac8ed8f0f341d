//! Where the arrays of an n-gram section lie, and the check that they are what they say.

use super::bits::NO_NUMBER;
use super::text::{MARKS, UNKNOWN};
use super::{Block, Lexicon, WordId};
use crate::predict::lexicon::{u24_at, u32_at};
use std::ops::Range;

/// What the section begins with.
pub const MAGIC: [u8; 8] = *b"SPATZNGM";
/// The version of the layout written and read here.
pub const VERSION: u16 = 1;
/// The longest n-grams there can be.
pub const MAX_ORDER: u32 = 6;

const HEADER: usize = 16;
const LANGUAGE: usize = 20;
/// Words that a language can have: their numbers fit two bytes on the heap.
pub const MOST_WORDS: u32 = u16::MAX as u32 - MARKS;

/// Why an n-gram section cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NgramError {
    /// The magic is missing.
    #[error("the section `ngram` does not begin with SPATZNGM; make it again with `spatz tailor ngram`")]
    Magic,
    /// Another layout.
    #[error("the section `ngram` has layout {found}, this version reads {VERSION}; make it again")]
    Version {
        /// The version in the section.
        found: u16,
    },
    /// It counts other words than the lexicon's.
    #[error("the section `ngram` was made for another lexicon; make it again for this one")]
    Lexicon,
    /// The bytes contradict themselves.
    #[error("the section `ngram` is damaged: {0}; get the package again")]
    Damaged(&'static str),
}

/// Offsets of the arrays within a section whose bytes have been checked, and the words' numbers.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) len: usize,
    pub(super) languages: Vec<Language>,
}

/// One language's n-gram.
#[derive(Clone, Debug)]
pub(super) struct Language {
    /// The lexicon's number of the language, if it has it.
    pub(super) place: Option<usize>,
    pub(super) order: u32,
    pub(super) words: Range<usize>,
    pub(super) starts: Range<usize>,
    pub(super) blocks: Range<usize>,
    /// The number of each word of the lexicon; [`UNKNOWN`] for most.
    numbers: Vec<u16>,
}

impl Layout {
    /// Checks every count, offset, number and block of a section once, so that reading it later cannot go astray.
    ///
    /// # Errors
    ///
    /// [`NgramError`], whatever the bytes are.
    pub fn check(bytes: &[u8], lexicon: &Lexicon<'_>) -> Result<Self, NgramError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(NgramError::Magic);
        }
        let Some(header) = bytes.get(8..HEADER) else {
            return Err(NgramError::Damaged("the header is cut off"));
        };
        let version = u16::from_le_bytes([header[0], header[1]]);
        if version != VERSION {
            return Err(NgramError::Version { found: version });
        }
        if u32_at(bytes, 3) != lexicon.checksum() {
            return Err(NgramError::Lexicon);
        }
        let count = usize::from(u16::from_le_bytes([header[2], header[3]]));
        let table = bytes.get(HEADER..).and_then(|rest| rest.get(..LANGUAGE.checked_mul(count)?));
        let Some(table) = table else { return Err(NgramError::Damaged("the table of languages is cut off")) };
        let mut end = HEADER + table.len();
        let mut take = |size: usize, items: u32| {
            let start = end;
            end = start.checked_add(size.checked_mul(items as usize)?)?;
            (end <= bytes.len()).then_some(start..end)
        };
        let mut languages = Vec::with_capacity(count);
        for row in table.chunks_exact(LANGUAGE) {
            let code: Vec<u8> = row.iter().copied().take(4).take_while(|byte| *byte != 0).collect();
            let place = lexicon.language_names().iter().position(|name| name.as_bytes() == code);
            let [order, words, contexts, bytes] = [1, 2, 3, 4].map(|place| u32_at(row, place));
            if !(2..=MAX_ORDER).contains(&order) || words > MOST_WORDS || contexts > words + MARKS {
                return Err(NgramError::Damaged("a language's counts"));
            }
            let ranges = (take(3, words), take(3, contexts + 1), take(1, bytes));
            let (Some(words), Some(starts), Some(blocks)) = ranges else {
                return Err(NgramError::Damaged("its length is not what its counts say"));
            };
            languages.push(Language { place, order, words, starts, blocks, numbers: Vec::new() });
        }
        if end != bytes.len() {
            return Err(NgramError::Damaged("its length is not what its counts say"));
        }
        for language in &mut languages {
            language.check(bytes, lexicon.len())?;
        }
        Ok(Self { len: bytes.len(), languages })
    }

    /// The number of `word` in a language's n-gram.
    pub(super) fn number(&self, language: usize, word: WordId) -> u32 {
        self.languages[language].numbers.get(word as usize).map_or(UNKNOWN, |&number| u32::from(number))
    }

    /// Heap in use.
    pub fn heap_bytes(&self) -> usize {
        self.languages.iter().map(|language| language.numbers.capacity() * size_of::<u16>()).sum()
    }
}

impl Language {
    fn check(&mut self, bytes: &[u8], lexicon_words: u32) -> Result<(), NgramError> {
        let words = &bytes[self.words.clone()];
        let mut numbers = vec![UNKNOWN as u16; lexicon_words as usize];
        for (number, word) in words.chunks_exact(3).map(|word| u24_at(word, 0) as usize).enumerate() {
            match numbers.get_mut(word) {
                Some(free) if *free == UNKNOWN as u16 => *free = (number as u32 + MARKS) as u16,
                _ => return Err(NgramError::Damaged("a word outside the lexicon, or twice")),
            }
        }
        self.numbers = numbers;
        let limit = (words.len() / 3) as u32 + MARKS;
        let blocks = &bytes[self.blocks.clone()];
        let (mut before, mut lengths) = (0, Vec::new());
        for (number, start) in bytes[self.starts.clone()].chunks_exact(3).enumerate() {
            let start = u24_at(start, 0) as usize;
            if start < before || start > blocks.len() || (number == 0 && start != 0) {
                return Err(NgramError::Damaged("where blocks start"));
            }
            if start > before {
                let end = check_block(blocks, 8 * before, self.order - 2, limit, &mut lengths)?;
                if end.div_ceil(8) != start {
                    return Err(NgramError::Damaged("a block's length"));
                }
            }
            before = start;
        }
        if before != blocks.len() {
            return Err(NgramError::Damaged("where blocks start"));
        }
        Ok(())
    }
}

/// Reads a block and all inside it; where it ends. `deeper` bounds the recursion. `lengths` is scratch: the lengths of blocks
/// that are still to be read, never more than there are entries.
fn check_block(
    bytes: &[u8],
    at: usize,
    deeper: u32,
    limit: u32,
    lengths: &mut Vec<u32>,
) -> Result<usize, NgramError> {
    let mut block = Block::read(bytes, at, deeper);
    let first = lengths.len();
    while let Some(entry) = block.next() {
        if entry.number >= limit || entry.below == Some(NO_NUMBER) {
            return Err(NgramError::Damaged("an entry of a block"));
        }
        lengths.extend(entry.below);
    }
    let mut end = block.bits.at();
    if end > 8 * bytes.len() {
        return Err(NgramError::Damaged("the number of a block's entries"));
    }
    for place in first..lengths.len() {
        let expected = end + lengths[place] as usize;
        if check_block(bytes, end, deeper - 1, limit, lengths)? != expected {
            return Err(NgramError::Damaged("the length of a block inside another"));
        }
        end = expected;
    }
    lengths.truncate(first);
    Ok(end)
}
