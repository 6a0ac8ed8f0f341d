//! The static n-gram of a package, read in place from its section `ngram`: how likely each word is after the last few.
//!
//! A Kneser-Ney model over the words of the lexicon, one for each language, pruned to the bytes there are. It knows no
//! half words, so what it says is a probability for each word of the lexicon at once, and it needs no forward pass: it
//! answers first, and its weight beside the model is measured (`mixture`).
//!
//! A [`Layout`] is the proof that a section's bytes are sound for a lexicon; an [`Ngram`] is the cheap view that reads
//! them. Nothing is copied to the heap but two bytes per word of the lexicon and language: its number.
//!
//! # How it is laid out
//!
//! A language's words are numbered by how often its n-gram has them, so that common ones have short codes; the marks
//! (see [`text`]) have the numbers before. What can follow a context is one *block*, and the blocks of longer contexts
//! lie inside that of their beginning: the block of ` I` holds ` am`, and behind it the block of ` I am`. To look a
//! context up is to read a block for each of its words; to know all that follows is to read one block to its end.
//!
//! Probabilities are those of an entry, all orders mixed in; a word that a block does not have gets the block's *backoff
//! weight* times its probability after the context without its first word, and in the end its share of running text,
//! which the lexicon knows. Marks are in a block only because contexts go on behind them.
//!
//! # Layout of the section, version 1
//!
//! Little-endian; no alignment is needed. L languages.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic `SPATZNGM` |
//! | 2, 2 | version; L |
//! | 4 | CRC-32 of the section `lexicon` whose words are meant |
//! | L times: 4 | language, ISO 639-1, padded with zeros |
//! | 4 | order: the longest n-gram, 2 to [`MAX_ORDER`] |
//! | 4, 4, 4 | N words numbered; C numbers that begin a context, marks included; B bytes of blocks |
//! | L times: 3 N | the words, by number |
//! | 3 (C + 1) | where the blocks of contexts that begin with each number start; B at the end; nothing between: no context |
//! | B | blocks of contexts of one word or mark, each from a whole byte on |
//!
//! A block is a string of bits, least significant first; a number in exponential Golomb code of parameter k is z zeros, a
//! one, and the low k + z bits of itself plus 2ᵏ, whose highest bit z tells (Teuhola 1978).
//!
//! | bits | what |
//! |---|---|
//! | 5 | backoff weight, [`backoff_of`] |
//! | k = 2 | entries |
//! | 4 | parameter p |
//! | per entry: k = p | its word's number, less the last entry's and one; ascending |
//! | 5 | its probability, [`probability_of`] |
//! | 1 | whether contexts go on behind it; left out in blocks of the longest contexts |
//! | k = 6 | if they do: bits of that block, with all blocks inside |
//! | then | the blocks of those entries, in the same order |

mod bits;
mod codes;
mod layout;
pub mod text;
mod write;

pub use codes::{backoff_code, backoff_of, probability_code, probability_of};
pub use layout::{Layout, MAGIC, MAX_ORDER, MOST_WORDS, NgramError, VERSION};
pub use write::{LanguageModel, Node, write};

use super::lexicon::{Lexicon, WordId, u24_at};
use bits::{Bits, NO_NUMBER};
use codes::CODE_BITS;
use text::{MARKS, START, Token, UNKNOWN};

/// Entries of a block before which its parameter stands.
const COUNT_PARAMETER: u32 = 2;
const PARAMETER_BITS: u32 = 4;
const LENGTH_PARAMETER: u32 = 6;

/// A view of a sound section; costs nothing to make.
#[derive(Clone, Copy, Debug)]
pub struct Ngram<'a> {
    layout: &'a Layout,
    bytes: &'a [u8],
}

/// The last words and marks, in the numbers of each language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(Vec<Vec<u32>>);

impl<'a> Ngram<'a> {
    /// Reads `bytes`, the very bytes that `layout` was checked on.
    pub fn new(layout: &'a Layout, bytes: &'a [u8]) -> Self {
        debug_assert_eq!(layout.len, bytes.len(), "another section than the one that was checked");
        Self { layout, bytes }
    }

    /// The end of `text`, of which only the last line counts: a line is a message.
    pub fn history(&self, lexicon: &Lexicon<'_>, text: &str) -> History {
        let line = text.rsplit('\n').next().unwrap_or_default();
        let tokens: Vec<Token<'_>> = text::tokens(line).collect();
        let most = self.layout.languages.iter().map(|part| part.order as usize - 1).max().unwrap_or_default();
        let whole = tokens.len() < most;
        let last = &tokens[tokens.len().saturating_sub(most)..];
        let number = |language: usize, token: &Token<'_>| match *token {
            Token::Mark(mark) => mark,
            Token::Word { text, first } => match self.layout.languages[language].place {
                Some(place) => text::form(lexicon, place, text, first)
                    .map_or(UNKNOWN, |word| self.layout.number(language, word)),
                None => UNKNOWN,
            },
        };
        let of = |language| {
            let start = whole.then_some(START);
            start.into_iter().chain(last.iter().map(|token| number(language, token))).collect()
        };
        History((0..self.layout.languages.len()).map(of).collect())
    }

    /// Adds `weight` times the probability of every word after `history` to `out`, which has a place for each word of the
    /// lexicon. `language` counts the lexicon's; `shares` are the shares of words in its running text by cost.
    ///
    /// Gives the length of the longest context that the language's n-gram knew; 0 if it knew none.
    pub fn add(
        &self,
        lexicon: &Lexicon<'_>,
        language: usize,
        history: &History,
        shares: &[f32; 256],
        weight: f32,
        out: &mut [f32],
    ) -> usize {
        let part = self.layout.languages.iter().position(|part| part.place == Some(language));
        let blocks = part.map(|part| self.blocks(part, history)).unwrap_or_default();
        let backed_off: f32 = blocks.iter().map(|(_, block)| backoff_of(block.backoff)).product();
        let costs = lexicon.costs(language);
        for (out, &cost) in out.iter_mut().zip(costs) {
            *out += weight * backed_off * shares[usize::from(cost)];
        }
        let Some(part) = part else { return 0 };
        let order = blocks.first().map_or(0, |(length, _)| *length);
        let words = &self.bytes[self.layout.languages[part].words.clone()];
        let mut seen = vec![false; words.len() / 3];
        let mut factor = 1.0;
        for (_, mut block) in blocks {
            let backoff = backoff_of(block.backoff);
            while let Some(entry) = block.next() {
                let Some(number) = entry.number.checked_sub(MARKS).map(|number| number as usize) else {
                    continue;
                };
                if !std::mem::replace(&mut seen[number], true) {
                    let word = u24_at(words, number) as usize;
                    let without = backed_off * shares[usize::from(costs[word])];
                    let more = weight * (factor * probability_of(entry.probability) - without);
                    out[word] = (out[word] + more).max(0.0);
                }
            }
            factor *= backoff;
        }
        order
    }

    /// The contexts that `history` ends with, the longest first: how many words they have, and their blocks.
    fn blocks(&self, part: usize, history: &History) -> Vec<(usize, Block<'a>)> {
        let Some(numbers) = history.0.get(part) else { return Vec::new() };
        let language = &self.layout.languages[part];
        let longest = numbers.len().min(language.order as usize - 1);
        (1..=longest)
            .rev()
            .filter_map(|length| Some((length, self.block(part, &numbers[numbers.len() - length..])?)))
            .collect()
    }

    /// The block of one context.
    fn block(&self, part: usize, context: &[u32]) -> Option<Block<'a>> {
        let language = &self.layout.languages[part];
        let (&first, rest) = context.split_first()?;
        let starts = &self.bytes[language.starts.clone()];
        if first as usize + 1 >= starts.len() / 3 {
            return None;
        }
        let (start, end) = (u24_at(starts, first as usize), u24_at(starts, first as usize + 1));
        if start == end {
            return None;
        }
        let bytes = &self.bytes[language.blocks.clone()];
        let mut block = Block::read(bytes, 8 * start as usize, language.order - 2);
        for &number in rest {
            block = block.below(number)?;
        }
        Some(block)
    }
}

/// A block, read from its beginning on.
#[derive(Clone, Copy, Debug)]
struct Block<'a> {
    bytes: &'a [u8],
    bits: Bits<'a>,
    backoff: u8,
    /// Entries left.
    left: u32,
    parameter: u32,
    /// The smallest number that the next entry can have.
    next: u32,
    /// How many words longer a context may become.
    deeper: u32,
}

#[derive(Clone, Copy, Debug)]
struct BlockEntry {
    /// [`NO_NUMBER`] if the bytes are damaged.
    number: u32,
    probability: u8,
    /// Bits of the block of contexts that go on with this entry.
    below: Option<u32>,
}

impl<'a> Block<'a> {
    fn read(bytes: &'a [u8], at: usize, deeper: u32) -> Self {
        let mut bits = Bits::new(bytes, at);
        let backoff = bits.bits(CODE_BITS) as u8;
        let left = bits.number(COUNT_PARAMETER);
        let parameter = bits.bits(PARAMETER_BITS);
        Self { bytes, bits, backoff, left, parameter, next: 0, deeper }
    }

    fn next(&mut self) -> Option<BlockEntry> {
        self.left = self.left.checked_sub(1)?;
        let flag = u32::from(self.deeper > 0);
        let (step, behind) = self.bits.number_and_bits(self.parameter, CODE_BITS + flag);
        let number = if step == NO_NUMBER { step } else { self.next.saturating_add(step) };
        self.next = number.saturating_add(1);
        let goes_on = behind >> CODE_BITS == 1;
        let below = goes_on.then(|| self.bits.number(LENGTH_PARAMETER));
        Some(BlockEntry { number, probability: (behind & ((1 << CODE_BITS) - 1)) as u8, below })
    }

    /// The block of this context and `number`.
    fn below(mut self, number: u32) -> Option<Self> {
        let (mut before, mut found) = (0_usize, None);
        while let Some(entry) = self.next() {
            if entry.number == number {
                entry.below?;
                found = Some(before);
            }
            before += entry.below.unwrap_or_default() as usize;
        }
        Some(Self::read(self.bytes, self.bits.at() + found?, self.deeper - 1))
    }
}

#[cfg(test)]
mod tests;
