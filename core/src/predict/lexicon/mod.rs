//! The closed word list of a package, read in place from its section `lexicon`.
//!
//! A [`Layout`] is the proof that a section's bytes are sound for a vocabulary; a [`Lexicon`] is the cheap view that
//! reads them. Nothing is copied to the heap: words are spelled by the pieces of the model's own vocabulary, so the
//! section holds no letters at all.
//!
//! # Two orders, one list
//!
//! *Folded order* (lower case, umlauts and accents off, see [`fold`]) numbers the words: what begins with the letters
//! typed is one range of [`WordId`]s, and its data lies side by side in memory. *Token order* is the trie: words
//! sorted by their token ids, so that a trie node is a range of this order, its children are the runs of equal tokens
//! one place further on, and a word that ends at the node comes first. No node is stored.
//!
//! # Layout of the section, version 1
//!
//! Little-endian; no alignment is needed. N words, T tokens, V pieces, L languages.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic `SPATZLEX` |
//! | 2, 2 | version; L |
//! | 4, 4, 4 | N, T, V |
//! | 4 | CRC-32 of the vocabulary (every piece's length as one `u32`, then its bytes) |
//! | 4 L | languages, ISO 639-1, padded with zeros |
//! | 4 (⌈N/32⌉ + 1) | where the tokens of every 32nd word begin; T at the end |
//! | 4 (V + 1) | how many words begin with a token smaller than this one; N at the end |
//! | 2 T | the words' tokens, in folded order |
//! | 3 N | the words in token order |
//! | N | per word, in folded order: number of tokens (low 4 bits), flags (high 4 bits) |
//! | N L | per language and word: −ln of the word's share of running text, in steps of [`COST_STEP`]; 255: not a word of it |

pub mod fold;
mod layout;
mod lookup;
mod write;

pub use layout::{
    BLOCK, COST_STEP, Layout, LexiconError, MAGIC, MAX_LANGUAGES, MAX_TOKENS, NO_WORD, SENTENCE_FORM,
    VERSION, shares_of_costs, vocabulary_checksum,
};

pub use write::{Entry, write};

use crate::model::Vocabulary;
use layout::u16_at;
pub(super) use layout::{u24_at, u32_at};
use std::ops::Range;

/// A word's place in folded order.
pub type WordId = u32;

/// The bytes behind token ids: all that a lexicon needs of a vocabulary.
pub trait Pieces: std::fmt::Debug + Send + Sync {
    /// Number of pieces.
    fn count(&self) -> usize;
    /// What piece `id` spells, the space before a word included.
    fn piece(&self, id: u32) -> &[u8];
}

impl Pieces for Vocabulary {
    fn count(&self) -> usize {
        self.len()
    }

    fn piece(&self, id: u32) -> &[u8] {
        Self::piece(self, id)
    }
}

/// A view of a sound lexicon section; costs nothing to make.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon<'a> {
    layout: &'a Layout,
    bytes: &'a [u8],
    pieces: &'a dyn Pieces,
}

/// The token ids of one word.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(&'a [u8]);

impl<'a> Tokens<'a> {
    /// How many.
    pub fn len(self) -> usize {
        self.0.len() / 2
    }

    /// Whether there are none; never so for a word.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The token at `place`.
    pub fn get(self, place: usize) -> Option<u32> {
        (place < self.len()).then(|| u32::from(u16_at(self.0, place)))
    }

    /// All of them.
    pub fn iter(self) -> impl Iterator<Item = u32> + 'a {
        self.0.chunks_exact(2).map(|pair| u32::from(u16_at(pair, 0)))
    }
}

impl<'a> Lexicon<'a> {
    /// Reads `bytes`, the very bytes that `layout` was checked on.
    pub fn new(layout: &'a Layout, bytes: &'a [u8], pieces: &'a dyn Pieces) -> Self {
        debug_assert_eq!(layout.len, bytes.len(), "another section than the one that was checked");
        Self { layout, bytes, pieces }
    }

    /// Number of words; case variants count as words of their own.
    pub fn len(&self) -> u32 {
        self.layout.words
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of languages.
    pub fn languages(&self) -> usize {
        self.layout.languages.len()
    }

    /// ISO 639-1 codes of the languages, in their order.
    pub fn language_names(&self) -> &'a [String] {
        &self.layout.languages
    }

    /// CRC-32 of the section: tells lexicons apart.
    pub fn checksum(&self) -> u32 {
        crc32fast::hash(self.bytes)
    }

    /// The tokens of `word`.
    pub fn tokens(&self, word: WordId) -> Tokens<'a> {
        let count = self.array(&self.layout.heads)[word as usize] & 15;
        self.tokens_at(self.token_start(word), usize::from(count))
    }

    /// The words of `range` with their tokens, faster than one by one.
    pub fn scan(&self, range: Range<WordId>) -> impl Iterator<Item = (WordId, Tokens<'a>)> + use<'a> {
        let view = *self;
        let heads = self.array(&self.layout.heads);
        let mut start = None;
        range.map(move |word| {
            let begin = start.unwrap_or_else(|| view.token_start(word));
            let count = usize::from(heads[word as usize] & 15);
            start = Some(begin + count);
            (word, view.tokens_at(begin, count))
        })
    }

    /// The letters of `word`, in `buffer`.
    pub fn text<'b>(&self, word: WordId, buffer: &'b mut Vec<u8>) -> &'b str {
        buffer.clear();
        for token in self.tokens(word).iter() {
            buffer.extend_from_slice(self.pieces.piece(token));
        }
        let letters = buffer.strip_prefix(b" ").unwrap_or(buffer);
        std::str::from_utf8(letters).unwrap_or_default()
    }

    /// Whether `word` is a lower-case word written with a capital because a sentence begins with it.
    pub fn is_sentence_form(&self, word: WordId) -> bool {
        self.array(&self.layout.heads)[word as usize] & SENTENCE_FORM != 0
    }

    /// −ln of the share of `word` in running text of the language, in steps of [`COST_STEP`]; [`NO_WORD`] if it is not
    /// a word of the language.
    pub fn cost(&self, language: usize, word: WordId) -> u8 {
        self.costs(language)[word as usize]
    }

    /// [`cost`](Self::cost) of every word.
    pub fn costs(&self, language: usize) -> &'a [u8] {
        self.array(&self.layout.costs[language])
    }

    /// The place in token order `place`, as a word.
    pub fn in_token_order(&self, place: u32) -> WordId {
        u24_at(self.array(&self.layout.by_token), place as usize)
    }

    /// The range of token order whose words begin with `token`.
    pub fn beginning_with(&self, token: u32) -> Range<u32> {
        let first = self.array(&self.layout.first);
        u32_at(first, token as usize)..u32_at(first, token as usize + 1)
    }

    /// The runs of equal tokens at `depth` within a node's range of token order: its children. Words that end at the
    /// node are left out.
    pub fn children(
        &self,
        node: Range<u32>,
        depth: usize,
    ) -> impl Iterator<Item = (u32, Range<u32>)> + use<'a> {
        let view = *self;
        let mut place = node.start;
        std::iter::from_fn(move || {
            while place < node.end {
                let start = place;
                let token = view.token_in_order(start, depth);
                place += 1;
                while place < node.end && view.token_in_order(place, depth) == token {
                    place += 1;
                }
                if let Some(token) = token {
                    return Some((token, start..place));
                }
            }
            None
        })
    }

    fn token_in_order(&self, place: u32, depth: usize) -> Option<u32> {
        self.tokens(self.in_token_order(place)).get(depth)
    }

    fn token_start(&self, word: WordId) -> usize {
        let block = word as usize / BLOCK;
        let heads = self.array(&self.layout.heads);
        u32_at(self.array(&self.layout.blocks), block) as usize
            + heads[block * BLOCK..word as usize].iter().map(|head| usize::from(head & 15)).sum::<usize>()
    }

    fn tokens_at(&self, start: usize, count: usize) -> Tokens<'a> {
        Tokens(&self.array(&self.layout.tokens)[2 * start..2 * (start + count)])
    }

    fn array(&self, range: &Range<usize>) -> &'a [u8] {
        &self.bytes[range.clone()]
    }
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
