//! Text to token ids and back.
//!
//! A [`Vocabulary`] is what the GGUF says: the bytes of each piece and what kind it is. Two encoders stand on it:
//! [`BytePairEncoder`], our own and small, for packages with the `smollm` pre-tokenizer (ours); and, with feature
//! `chat`, `ChatTokenizer`, built on the `tokenizers` crate, for whatever model an app brings.

use super::ModelError;

/// The pieces of a model's vocabulary and its special tokens.
#[derive(Debug)]
pub struct Vocabulary {}

impl Vocabulary {
    /// Number of pieces.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        todo!()
    }

    /// The bytes that piece `id` stands for (` Haus`, half a UTF-8 character, …); empty for control tokens.
    pub fn piece(&self, id: u32) -> &[u8] {
        let _ = id;
        todo!()
    }

    /// Whether `id` is a control token, which never stands for text.
    pub fn is_control(&self, id: u32) -> bool {
        let _ = id;
        todo!()
    }

    /// The token that begins a document.
    pub fn bos(&self) -> Option<u32> {
        todo!()
    }

    /// The tokens that end a generation (end of text, end of turn).
    pub fn end_of_generation(&self) -> &[u32] {
        todo!()
    }
}

/// Byte-level byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909; bytes as in GPT-2) with the `smollm`
/// pre-tokenizer: single digits, then GPT-2's words.
#[derive(Debug)]
pub struct BytePairEncoder {}

impl BytePairEncoder {
    /// Reads the merges of `vocabulary`; an error if the model is not byte-level BPE.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self, ModelError> {
        let _ = vocabulary;
        todo!()
    }

    /// Appends the tokens of `text` to `out`. Text of special tokens (`<|im_end|>`) is plain text here.
    pub fn encode(&self, text: &str, out: &mut Vec<u32>) {
        let _ = (text, out);
        todo!()
    }
}
