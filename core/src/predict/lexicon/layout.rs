//! Where the arrays of a lexicon section lie, and the check that they are what they say.

use super::Pieces;
use std::ops::Range;

/// What the section begins with.
pub const MAGIC: [u8; 8] = *b"SPATZLEX";
/// The version of the layout written and read here.
pub const VERSION: u16 = 1;
/// Words between two stored token offsets.
pub const BLOCK: usize = 32;
/// Tokens of a word at most.
pub const MAX_TOKENS: usize = 15;
/// Languages at most.
pub const MAX_LANGUAGES: usize = 8;
/// Nats between two costs.
pub const COST_STEP: f32 = 0.075;
/// The cost of a word in a language that does not have it.
pub const NO_WORD: u8 = u8::MAX;
/// Flag of a lower-case word written as a sentence begins with it.
pub const SENTENCE_FORM: u8 = 1 << 4;

/// The share of running text that each cost stands for.
pub fn shares_of_costs() -> [f32; 256] {
    let mut shares = std::array::from_fn(|cost| (-(cost as f32) * COST_STEP).exp());
    shares[usize::from(NO_WORD)] = 0.0;
    shares
}

const HEADER: usize = 28;
const LANGUAGE: usize = 4;

/// Why a lexicon section cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LexiconError {
    /// The magic is missing.
    #[error("the section `lexicon` does not begin with SPATZLEX; pack the model again with `spatz pack`")]
    Magic,
    /// Another layout.
    #[error("the section `lexicon` has layout {found}, this version reads {VERSION}; pack the model again")]
    Version {
        /// The version in the section.
        found: u16,
    },
    /// The words are spelled in other pieces than the model's.
    #[error("the section `lexicon` was made for another vocabulary; pack lexicon and weights together")]
    Vocabulary,
    /// The bytes contradict themselves.
    #[error("the section `lexicon` is damaged: {0}; get the package again")]
    Damaged(&'static str),
}

/// Offsets of the arrays within a section whose bytes have been checked.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) len: usize,
    pub(super) words: u32,
    pub(super) languages: Vec<String>,
    pub(super) blocks: Range<usize>,
    pub(super) first: Range<usize>,
    pub(super) tokens: Range<usize>,
    pub(super) by_token: Range<usize>,
    pub(super) heads: Range<usize>,
    pub(super) costs: Vec<Range<usize>>,
}

impl Layout {
    /// Checks every count, offset and id of a section once, so that reading it later cannot go astray.
    ///
    /// # Errors
    ///
    /// [`LexiconError`], whatever the bytes are.
    pub fn check(bytes: &[u8], pieces: &dyn Pieces) -> Result<Self, LexiconError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(LexiconError::Magic);
        }
        if bytes.len() < HEADER {
            return Err(LexiconError::Damaged("the header is cut off"));
        }
        let version = u16_at(bytes, 4);
        if version != VERSION {
            return Err(LexiconError::Version { found: version });
        }
        let language_count = usize::from(u16_at(bytes, 5));
        let [words, tokens, vocabulary, checksum] = [3, 4, 5, 6].map(|place| u32_at(bytes, place));
        if vocabulary as usize != pieces.count() || checksum != vocabulary_checksum(pieces) {
            return Err(LexiconError::Vocabulary);
        }
        if language_count == 0 || language_count > MAX_LANGUAGES {
            return Err(LexiconError::Damaged("the number of languages"));
        }
        let layout = Self::place(words, tokens as usize, vocabulary as usize, language_count)
            .filter(|layout| layout.len == bytes.len())
            .ok_or(LexiconError::Damaged("its length is not what its counts say"))?;
        layout.named(bytes)?.checked(bytes, tokens as usize, vocabulary)
    }

    /// ISO 639-1 codes of the languages, in the order of the costs.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Bytes of the section.
    pub fn byte_len(&self) -> usize {
        self.len
    }

    fn place(words: u32, tokens: usize, vocabulary: usize, languages: usize) -> Option<Self> {
        let count = words as usize;
        let mut end = HEADER + LANGUAGE * languages;
        let mut take = |size: usize, items: usize| {
            let start = end;
            end = start.checked_add(size.checked_mul(items)?)?;
            Some(start..end)
        };
        let blocks = take(4, count.div_ceil(BLOCK) + 1)?;
        let first = take(4, vocabulary + 1)?;
        let tokens = take(2, tokens)?;
        let by_token = take(3, count)?;
        let heads = take(1, count)?;
        let costs = (0..languages).map(|_| take(1, count)).collect::<Option<_>>()?;
        Some(Self { len: end, words, languages: Vec::new(), blocks, first, tokens, by_token, heads, costs })
    }

    fn named(mut self, bytes: &[u8]) -> Result<Self, LexiconError> {
        for code in bytes[HEADER..].chunks_exact(LANGUAGE).take(self.costs.len()) {
            let end = code.iter().position(|&byte| byte == 0).unwrap_or(LANGUAGE);
            let name = &code[..end];
            if name.is_empty() || !name.iter().all(u8::is_ascii_lowercase) {
                return Err(LexiconError::Damaged("a language's code"));
            }
            self.languages.push(name.iter().map(|&byte| char::from(byte)).collect());
        }
        Ok(self)
    }

    fn checked(self, bytes: &[u8], tokens: usize, vocabulary: u32) -> Result<Self, LexiconError> {
        let mut start = 0;
        let blocks = &bytes[self.blocks.clone()];
        let groups = bytes[self.heads.clone()].chunks(BLOCK);
        for (number, heads) in groups.enumerate() {
            if u32_at(blocks, number) as usize != start {
                return Err(LexiconError::Damaged("a block's offset"));
            }
            if heads.iter().any(|head| head & 15 == 0) {
                return Err(LexiconError::Damaged("a word without tokens"));
            }
            start += heads.iter().map(|head| usize::from(head & 15)).sum::<usize>();
        }
        if start != tokens || u32_at(blocks, self.words.div_ceil(BLOCK as u32) as usize) as usize != tokens {
            return Err(LexiconError::Damaged("the number of tokens"));
        }
        let ids = bytes[self.tokens.clone()].chunks_exact(2);
        if ids.map(|id| u32::from(u16_at(id, 0))).any(|id| id >= vocabulary) {
            return Err(LexiconError::Damaged("a token outside the vocabulary"));
        }
        let words = bytes[self.by_token.clone()].chunks_exact(3);
        if words.map(|word| u24_at(word, 0)).any(|word| word >= self.words) {
            return Err(LexiconError::Damaged("a word outside the list"));
        }
        let mut before = 0;
        for counted in bytes[self.first.clone()].chunks_exact(4) {
            let counted = u32_at(counted, 0);
            if counted < before {
                return Err(LexiconError::Damaged("the table of first tokens"));
            }
            before = counted;
        }
        if before != self.words || u32_at(&bytes[self.first.clone()], 0) != 0 {
            return Err(LexiconError::Damaged("the table of first tokens"));
        }
        Ok(self)
    }
}

/// CRC-32 of every piece's length and bytes: tells vocabularies apart.
pub fn vocabulary_checksum(pieces: &dyn Pieces) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for id in 0..pieces.count() as u32 {
        let piece = pieces.piece(id);
        hasher.update(&(piece.len() as u32).to_le_bytes());
        hasher.update(piece);
    }
    hasher.finalize()
}

pub(super) fn u16_at(bytes: &[u8], place: usize) -> u16 {
    u16::from_le_bytes([bytes[2 * place], bytes[2 * place + 1]])
}

pub(in crate::predict) fn u24_at(bytes: &[u8], place: usize) -> u32 {
    u32::from_le_bytes([bytes[3 * place], bytes[3 * place + 1], bytes[3 * place + 2], 0])
}

pub(in crate::predict) fn u32_at(bytes: &[u8], place: usize) -> u32 {
    let four = &bytes[4 * place..4 * place + 4];
    u32::from_le_bytes([four[0], four[1], four[2], four[3]])
}
