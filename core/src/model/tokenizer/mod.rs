//! Text to token ids and back.
//!
//! A [`Vocabulary`] is what the GGUF says: the bytes of each piece and what kind it is. Two encoders stand on it:
//! [`BytePairEncoder`], our own and small, for packages with the `smollm` pre-tokenizer (ours); and, with feature
//! `chat`, [`ChatTokenizer`], built on the `tokenizers` crate, for whatever model an app brings. Both give the same
//! tokens where both apply; a test holds them to it.
//!
//! Back to text goes piece by piece: [`Vocabulary::piece`], or [`TextDecoder`] where whole characters are wanted.

mod byte_level;
#[cfg(feature = "chat")]
mod chat;
mod decode;
mod encode;
#[cfg(test)]
mod tests;
mod vocabulary;
mod words;

#[cfg(feature = "chat")]
pub use chat::{ChatTokenizer, SpecialTokens};
pub use decode::TextDecoder;
pub use encode::BytePairEncoder;
pub use vocabulary::{TokenKind, TokenizerKind, Vocabulary};
