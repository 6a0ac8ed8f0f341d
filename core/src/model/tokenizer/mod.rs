//! Text to token ids and back.
//!
//! A [`Vocabulary`] is what the GGUF says: the bytes of each piece and what kind it is. Three encoders stand on it:
//! [`BytePairEncoder`], our own and small, for packages with the `smollm` pre-tokenizer (ours); with feature `chat`,
//! [`ChatTokenizer`], built on the `tokenizers` crate, for whatever model an app brings (both give the same tokens where
//! both apply; a test holds them to it); and [`WordPieceEncoder`] for sentence encoders.
//!
//! Back to text goes piece by piece: [`Vocabulary::piece`], or [`TextDecoder`] where whole characters are wanted.

mod byte_level;
#[cfg(feature = "chat")]
mod chat;
mod decode;
mod encode;
mod index;
#[cfg(test)]
mod tests;
mod vocabulary;
mod word_piece;
mod words;

#[cfg(feature = "chat")]
pub use chat::{ChatTokenizer, SpecialTokens};
pub use decode::TextDecoder;
pub use encode::BytePairEncoder;
pub use vocabulary::{TokenKind, TokenizerKind, Vocabulary};
pub use word_piece::{WordPiece, WordPieceEncoder};
