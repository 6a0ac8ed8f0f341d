//! The pieces of a vocabulary in one block of bytes.

use super::byte_level;
use super::decode::TextDecoder;
use crate::model::error::Fault;
use crate::model::gguf::{Array, range_in, string_iter};
use crate::model::map::Map;
use crate::model::metadata::Metadata;
use std::ops::Range;
use std::sync::Arc;

/// The pieces of a model's vocabulary and its special tokens.
///
/// Holds the pieces' bytes and 5 bytes beside each; merges and scores stay in the map.
#[derive(Debug)]
pub struct Vocabulary {
    /// The file's name, for messages of those who build on the vocabulary.
    file: String,
    kind: TokenizerKind,
    pre_tokenizer: String,
    /// All pieces, one after the other: decoded bytes, or the name of a control token.
    bytes: Vec<u8>,
    /// Where piece `id` begins in `bytes`; one more for the end.
    starts: Vec<u32>,
    kinds: Vec<TokenKind>,
    bos: Option<u32>,
    eos: Option<u32>,
    unknown: Option<u32>,
    adds_bos: bool,
    adds_space_prefix: bool,
    end_of_generation: Vec<u32>,
    map: Arc<Map>,
    /// The strings of `tokenizer.ggml.tokens` in the map, as the file spells them.
    #[cfg(feature = "chat")]
    tokens: Range<usize>,
    /// The strings of `tokenizer.ggml.merges` in the map, `left right` each.
    merges: Range<usize>,
    /// The `f32`s of `tokenizer.ggml.scores` in the map.
    #[cfg(feature = "chat")]
    scores: Range<usize>,
}

/// The algorithm that a vocabulary was made for (`tokenizer.ggml.model`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenizerKind {
    /// `gpt2`: byte-level byte-pair encoding with merges.
    BytePair,
    /// `llama`: SentencePiece's byte-pair encoding with scores, `▁` for a space and byte fallback.
    SentencePiece,
    /// `bert`: WordPiece, `▁` before a piece that begins a word.
    WordPiece,
}

/// What a token is (`tokenizer.ggml.token_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A piece of text.
    Normal,
    /// Stands for what the vocabulary has no piece for.
    Unknown,
    /// Structure, never text: end of document, start of a turn.
    Control,
    /// A piece of text that is matched before any merging.
    UserDefined,
    /// A hole in the vocabulary.
    Unused,
    /// One byte, where no piece fits (SentencePiece).
    Byte,
}

/// Names by which control tokens end a generation in files whose metadata names only one of them (as llama.cpp does).
const END_NAMES: [&str; 9] = [
    "<|endoftext|>",
    "<|im_end|>",
    "<|end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<end_of_turn>",
    "<EOT>",
    "</s>",
];

impl Vocabulary {
    /// Reads the `tokenizer.ggml.*` keys; `rows` is the number of rows of the embedding.
    pub(crate) fn read(
        metadata: &Metadata<'_>,
        map: &Arc<Map>,
        file: &str,
        rows: usize,
    ) -> Result<Self, Fault> {
        const TOKENS: &str = "tokenizer.ggml.tokens";
        let kind = tokenizer_kind(metadata)?;
        let tokens = metadata.required_array(TOKENS)?;
        if tokens.len != rows {
            let problem = format!("has {} tokens, but token_embd.weight has {rows} rows", tokens.len);
            return Err(Fault::invalid(TOKENS, problem));
        }
        let kinds = kinds(metadata, rows)?;
        let (bytes, starts) = pieces(tokens.strings(TOKENS)?, tokens.bytes.len(), &kinds, kind)?;
        let id = |key: &str| token_id(metadata, key, rows);
        // An encoder's document begins with "class" and ends with "separator" (misspelt in the field).
        let class = id("tokenizer.ggml.cls_token_id")?;
        let separator = id("tokenizer.ggml.seperator_token_id")?;
        let ends = [
            id("tokenizer.ggml.eos_token_id")?.or(separator),
            id("tokenizer.ggml.eot_token_id")?,
            id("tokenizer.ggml.eom_token_id")?,
        ];
        let pre_tokenizer = metadata.string("tokenizer.ggml.pre")?.unwrap_or("default").to_owned();
        // llama.cpp's defaults where the file does not say.
        let adds_bos = kind == TokenizerKind::SentencePiece || pre_tokenizer == "llama-bpe";
        let mut vocabulary = Self {
            file: file.to_owned(),
            kind,
            bytes,
            starts,
            bos: id("tokenizer.ggml.bos_token_id")?.or(class),
            eos: ends[0],
            unknown: id("tokenizer.ggml.unknown_token_id")?,
            adds_bos: metadata.bool("tokenizer.ggml.add_bos_token")?.unwrap_or(adds_bos),
            adds_space_prefix: metadata
                .bool("tokenizer.ggml.add_space_prefix")?
                .unwrap_or(kind == TokenizerKind::SentencePiece),
            pre_tokenizer,
            kinds,
            end_of_generation: ends.into_iter().flatten().collect(),
            map: Arc::clone(map),
            #[cfg(feature = "chat")]
            tokens: range_in(map, tokens.bytes),
            merges: merges(metadata, map)?,
            #[cfg(feature = "chat")]
            scores: scores(metadata, map, rows)?,
        };
        let named =
            vocabulary.special_tokens().filter(|(_, name)| END_NAMES.contains(name)).map(|(id, _)| id);
        let named: Vec<u32> = named.collect();
        vocabulary.end_of_generation.extend(named);
        vocabulary.end_of_generation.sort_unstable();
        vocabulary.end_of_generation.dedup();
        Ok(vocabulary)
    }

    /// Number of pieces.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The bytes that piece `id` stands for (` Haus`, half a UTF-8 character, …); empty for control tokens and for
    /// ids outside the vocabulary.
    pub fn piece(&self, id: u32) -> &[u8] {
        if self.is_control(id) { &[] } else { self.raw(id) }
    }

    /// The text of `tokens`; bytes that are no UTF-8 become U+FFFD.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let mut text = String::new();
        let mut decoder = TextDecoder::new();
        for token in tokens {
            decoder.push(self.piece(*token), &mut text);
        }
        decoder.finish(&mut text);
        match text.strip_prefix(' ') {
            Some(stripped) if self.adds_space_prefix => stripped.to_owned(),
            _ => text,
        }
    }

    /// Whether `id` is a control token (or unknown, unused, outside the vocabulary), which never stands for text.
    pub fn is_control(&self, id: u32) -> bool {
        matches!(self.kind(id), None | Some(TokenKind::Control | TokenKind::Unknown | TokenKind::Unused))
    }

    /// What token `id` is; `None` outside the vocabulary.
    pub fn kind(&self, id: u32) -> Option<TokenKind> {
        self.kinds.get(id as usize).copied()
    }

    /// The token that begins a document.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// The token that ends a document or turn.
    pub fn eos(&self) -> Option<u32> {
        self.eos
    }

    /// The token for what has no piece.
    pub fn unknown(&self) -> Option<u32> {
        self.unknown
    }

    /// The tokens that end a generation (end of text, end of turn), ascending.
    pub fn end_of_generation(&self) -> &[u32] {
        &self.end_of_generation
    }

    /// Whether a document is meant to start with [`bos`](Self::bos).
    pub fn adds_bos(&self) -> bool {
        self.adds_bos
    }

    /// Whether a text is meant to be encoded as if it started with a space (SentencePiece).
    pub fn adds_space_prefix(&self) -> bool {
        self.adds_space_prefix
    }

    /// The algorithm that the vocabulary was made for.
    pub fn tokenizer_kind(&self) -> TokenizerKind {
        self.kind
    }

    /// How text is split before merging (`tokenizer.ggml.pre`).
    pub fn pre_tokenizer(&self) -> &str {
        &self.pre_tokenizer
    }

    /// How the file names special token `id` (`<|im_end|>`), or the text of any other whole token.
    pub fn name(&self, id: u32) -> Option<&str> {
        std::str::from_utf8(self.raw(id)).ok().filter(|name| !name.is_empty())
    }

    /// Tokens that are matched as whole names in templates (`<|im_start|>`): control and user-defined ones.
    pub fn special_tokens(&self) -> impl Iterator<Item = (u32, &str)> {
        let special = |kind: &TokenKind| matches!(kind, TokenKind::Control | TokenKind::UserDefined);
        let ids = (0u32..).zip(&self.kinds).filter(move |(_, kind)| special(kind)).map(|(id, _)| id);
        ids.filter_map(|id| Some((id, self.name(id)?)))
    }

    /// The bytes of any token; the name of a control token.
    pub(super) fn raw(&self, id: u32) -> &[u8] {
        let bounds = self.starts.get(id as usize..).and_then(<[u32]>::first_chunk);
        let Some([start, end]) = bounds else { return &[] };
        self.bytes.get(*start as usize..*end as usize).unwrap_or_default()
    }

    /// The tokens as the file spells them.
    #[cfg(feature = "chat")]
    pub(super) fn tokens(&self) -> impl Iterator<Item = &str> {
        string_iter(self.map.get(self.tokens.clone()).unwrap_or_default())
    }

    /// The merges in order of rank, written in the byte alphabet: `Ġ t`.
    pub(super) fn merges(&self) -> impl Iterator<Item = &str> {
        string_iter(self.map.get(self.merges.clone()).unwrap_or_default())
    }

    /// The pieces' scores by id (SentencePiece); empty where the file has none.
    #[cfg(feature = "chat")]
    pub(super) fn scores(&self) -> impl Iterator<Item = f32> {
        let bytes = self.map.get(self.scores.clone()).unwrap_or_default();
        bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes))
    }

    pub(in crate::model) fn file(&self) -> &str {
        &self.file
    }
}

fn tokenizer_kind(metadata: &Metadata<'_>) -> Result<TokenizerKind, Fault> {
    const KEY: &str = "tokenizer.ggml.model";
    match metadata.required_string(KEY)? {
        "gpt2" => Ok(TokenizerKind::BytePair),
        "llama" => Ok(TokenizerKind::SentencePiece),
        "bert" => Ok(TokenizerKind::WordPiece),
        other => Err(Fault::unsupported(
            KEY,
            format!("{other:?}"),
            "gpt2 (byte-level BPE), llama (SentencePiece) and bert (WordPiece)",
        )),
    }
}

fn token_id(metadata: &Metadata<'_>, key: &str, rows: usize) -> Result<Option<u32>, Fault> {
    match metadata.u32(key)? {
        Some(id) if id as usize >= rows => {
            Err(Fault::invalid(key, format!("is {id}, but the vocabulary has {rows} tokens")))
        }
        id => Ok(id),
    }
}

fn kinds(metadata: &Metadata<'_>, rows: usize) -> Result<Vec<TokenKind>, Fault> {
    const KEY: &str = "tokenizer.ggml.token_type";
    let Some(array) = metadata.array(KEY)? else { return Ok(vec![TokenKind::Normal; rows]) };
    check_len(KEY, &array, rows)?;
    let kind = |(id, number)| match number {
        1 => Ok(TokenKind::Normal),
        2 => Ok(TokenKind::Unknown),
        3 => Ok(TokenKind::Control),
        4 => Ok(TokenKind::UserDefined),
        5 => Ok(TokenKind::Unused),
        6 => Ok(TokenKind::Byte),
        other => Err(Fault::invalid(KEY, format!("is {other} for token {id}, expected 1 to 6"))),
    };
    array.u32s(KEY)?.enumerate().map(kind).collect()
}

fn check_len(key: &str, array: &Array<'_>, rows: usize) -> Result<(), Fault> {
    match array.len == rows {
        true => Ok(()),
        false => Err(Fault::invalid(key, format!("has {} entries for {rows} tokens", array.len))),
    }
}

fn pieces<'a>(
    tokens: impl Iterator<Item = &'a str>,
    size: usize,
    kinds: &[TokenKind],
    tokenizer: TokenizerKind,
) -> Result<(Vec<u8>, Vec<u32>), Fault> {
    if u32::try_from(size).is_err() {
        return Err(Fault::invalid(
            "tokenizer.ggml.tokens",
            format!("takes {size} bytes, more than 32 bits count"),
        ));
    }
    // A piece is never longer than its token in the file, and each token has eight bytes of length there.
    let mut bytes = Vec::with_capacity(size.saturating_sub(kinds.len() * 8));
    let mut starts = Vec::with_capacity(kinds.len() + 1);
    starts.push(0);
    for (id, (token, kind)) in tokens.zip(kinds).enumerate() {
        match (kind, tokenizer) {
            (TokenKind::Byte, _) => bytes.push(byte_token(token).ok_or_else(|| {
                let problem = format!("token {id} is of type byte, but is {token:?}, not <0x00> to <0xFF>");
                Fault::invalid("tokenizer.ggml.tokens", problem)
            })?),
            (TokenKind::Normal, TokenizerKind::BytePair) => {
                // As in `tokenizers`: a piece that is not written in the byte alphabet stands for itself.
                if !byte_level::decode(token, &mut bytes) {
                    bytes.extend_from_slice(token.as_bytes());
                }
            }
            (
                TokenKind::Normal | TokenKind::UserDefined,
                TokenizerKind::SentencePiece | TokenizerKind::WordPiece,
            ) => {
                let mut parts = token.split('▁');
                bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
                parts.for_each(|part| {
                    bytes.push(b' ');
                    bytes.extend_from_slice(part.as_bytes());
                });
            }
            _ => bytes.extend_from_slice(token.as_bytes()),
        }
        starts.push(bytes.len() as u32);
    }
    bytes.shrink_to_fit();
    Ok((bytes, starts))
}

/// The byte of `<0x0A>`.
fn byte_token(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 { u8::from_str_radix(digits, 16).ok() } else { None }
}

fn merges(metadata: &Metadata<'_>, map: &Map) -> Result<Range<usize>, Fault> {
    const KEY: &str = "tokenizer.ggml.merges";
    let Some(array) = metadata.array(KEY)? else { return Ok(0..0) };
    array.strings(KEY).map(drop)?;
    Ok(range_in(map, array.bytes))
}

#[cfg(feature = "chat")]
fn scores(metadata: &Metadata<'_>, map: &Map, rows: usize) -> Result<Range<usize>, Fault> {
    const KEY: &str = "tokenizer.ggml.scores";
    let Some(array) = metadata.array(KEY)? else { return Ok(0..0) };
    check_len(KEY, &array, rows)?;
    array.expect_f32(KEY)?;
    Ok(range_in(map, array.bytes))
}
