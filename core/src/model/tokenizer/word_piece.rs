//! WordPiece: the tokens of BERT encoders.
//!
//! Reference: `BertNormalizer`, `BertPreTokenizer` and `WordPiece` of Hugging Face `tokenizers`; the vocabulary is written
//! as llama.cpp writes it, a piece that begins a word with `▁` before it.

use super::index::PieceIndex;
use super::vocabulary::{TokenizerKind, Vocabulary};
use crate::model::error::{Fault, ModelError};
use crate::model::{Model, Normalizer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

/// Wu et al. 2016 (arXiv 1609.08144), as BERT does it: text is lower-cased and split at white space and punctuation, then
/// each word is cut from the left into the longest pieces that the vocabulary has.
#[derive(Debug)]
pub struct WordPieceEncoder {
    model: Model,
    index: PieceIndex,
    start: u32,
    end: u32,
    unknown: u32,
    keeps_umlauts: bool,
}

/// A token and the code points of the text that it stands for; `start == end` for the tokens around the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordPiece {
    /// The token.
    pub id: u32,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// A longer word is one unknown piece.
const MAX_WORD: usize = 100;

impl WordPieceEncoder {
    /// Reads the vocabulary of `model`.
    ///
    /// # Errors
    ///
    /// [`ModelError`] if the model is no encoder, or its vocabulary of another kind or without the tokens around a text.
    pub fn new(model: &Model) -> Result<Self, ModelError> {
        Self::read(model).map_err(|fault| fault.in_file(model.vocabulary().file()))
    }

    fn read(model: &Model) -> Result<Self, Fault> {
        let vocabulary = model.vocabulary();
        if vocabulary.tokenizer_kind() != TokenizerKind::WordPiece {
            let found = format!("of kind {:?}", vocabulary.tokenizer_kind());
            return Err(Fault::unsupported("tokenizer.ggml.model", found, "bert (WordPiece) for sentences"));
        }
        let token = |id: Option<u32>, key: &str| {
            id.ok_or_else(|| Fault::invalid(format!("tokenizer.ggml.{key}"), "is missing from the metadata"))
        };
        Ok(Self {
            index: PieceIndex::new(vocabulary),
            start: token(vocabulary.bos(), "cls_token_id")?,
            end: token(vocabulary.eos(), "seperator_token_id")?,
            unknown: token(vocabulary.unknown(), "unknown_token_id")?,
            keeps_umlauts: model.architecture().bert()?.normalizer == Normalizer::UncasedUmlauts,
            model: model.clone(),
        })
    }

    /// The tokens of `text` with those around it, at most `limit` in all (but never less than the two around it).
    pub fn encode(&self, text: &str, limit: usize) -> Vec<WordPiece> {
        let mut out = vec![WordPiece { id: self.start, start: 0, end: 0 }];
        let most = limit.saturating_sub(1).max(1);
        let mut word: Vec<Folded> = Vec::new();
        for unit in units(text, self.keeps_umlauts) {
            match unit {
                Unit::Letter(folded) => word.push(folded),
                Unit::Space => self.word(&mut word, &mut out),
                Unit::Alone(folded) => {
                    self.word(&mut word, &mut out);
                    word.push(folded);
                    self.word(&mut word, &mut out);
                }
            }
            if out.len() >= most {
                break;
            }
        }
        self.word(&mut word, &mut out);
        out.truncate(most);
        let last = out.last().map_or(0, |piece| piece.end);
        out.push(WordPiece { id: self.end, start: last, end: last });
        out
    }

    /// Appends the pieces of `word` and clears it.
    fn word(&self, word: &mut Vec<Folded>, out: &mut Vec<WordPiece>) {
        let (Some(first), Some(last)) = (word.first().copied(), word.last().copied()) else { return };
        let before = out.len();
        let vocabulary = self.model.vocabulary();
        let mut at = 0;
        while at < word.len() && word.len() <= MAX_WORD {
            match self.longest(vocabulary, word, at) {
                Some((id, end)) => {
                    out.push(WordPiece { id, start: word[at].at, end: word[end - 1].at + 1 });
                    at = end;
                }
                None => break,
            }
        }
        if at < word.len() {
            out.truncate(before);
            out.push(WordPiece { id: self.unknown, start: first.at, end: last.at + 1 });
        }
        word.clear();
    }

    /// The longest piece of `word` from `at` on, and where it ends.
    fn longest(&self, vocabulary: &Vocabulary, word: &[Folded], at: usize) -> Option<(u32, usize)> {
        let mut bytes: Vec<u8> = Vec::with_capacity(4 * (word.len() - at) + 1);
        // The vocabulary spells the `▁` of a piece that begins a word as the space it stands for.
        bytes.extend((at == 0).then_some(b' '));
        let mut ends = Vec::with_capacity(word.len() - at);
        for folded in &word[at..] {
            bytes.extend_from_slice(folded.char.encode_utf8(&mut [0; 4]).as_bytes());
            ends.push(bytes.len());
        }
        (0..ends.len()).rev().find_map(|i| {
            let id = self.index.find(vocabulary, &bytes[..ends[i]])?;
            Some((id, at + i + 1))
        })
    }
}

/// A normalised character and the code point that it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Folded {
    char: char,
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Letter(Folded),
    /// A word by itself: punctuation, an ideograph.
    Alone(Folded),
    Space,
}

/// `text` normalised, with the places where it is split.
fn units(text: &str, keeps_umlauts: bool) -> impl Iterator<Item = Unit> {
    // Umlauts are only known as one character; composing changes the count of code points, so it is done where needed.
    let composed = if keeps_umlauts && text.chars().any(|c| canonical_combining_class(c) != 0) {
        compose(text)
    } else {
        text.chars().enumerate().map(|(at, char)| Folded { char, at }).collect()
    };
    composed.into_iter().flat_map(move |Folded { char: c, at }| {
        let mut out = Vec::with_capacity(1);
        if c.is_whitespace() {
            out.push(Unit::Space);
        } else if is_dropped(c) {
        } else if is_punctuation(c) || is_ideograph(c) {
            out.push(Unit::Alone(Folded { char: c, at }));
        } else if c.is_ascii() || (keeps_umlauts && matches!(c, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü')) {
            out.extend(c.to_lowercase().map(|char| Unit::Letter(Folded { char, at })));
        } else {
            decompose_canonical(c, |part| {
                if canonical_combining_class(part) == 0 {
                    out.extend(part.to_lowercase().map(|char| Unit::Letter(Folded { char, at })));
                }
            });
        }
        out
    })
}

/// Unicode's composed form, each character with the code point at which its cluster begins.
fn compose(text: &str) -> Vec<Folded> {
    let mut out = Vec::new();
    let mut cluster = String::new();
    let mut start = 0;
    let mut flush = |cluster: &mut String, at: usize| {
        out.extend(cluster.nfc().map(|char| Folded { char, at }));
        cluster.clear();
    };
    for (at, c) in text.chars().enumerate() {
        if canonical_combining_class(c) == 0 {
            flush(&mut cluster, start);
            start = at;
        }
        cluster.push(c);
    }
    flush(&mut cluster, start);
    out
}

/// Control and format characters, and the sign for what could not be decoded.
fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{e0001}'..='\u{e007f}'
        )
}

/// ASCII that is no letter or digit, and Unicode's category P as far as scripts of our languages and their neighbours
/// go.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(
            c,
            '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | '\u{37e}' | '\u{387}' | '\u{2010}'..='\u{2027}'
                | '\u{2030}'..='\u{2043}' | '\u{2045}'..='\u{2051}' | '\u{2053}'..='\u{205e}' | '\u{207d}' | '\u{207e}'
                | '\u{208d}' | '\u{208e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}'
                | '\u{3014}'..='\u{301f}' | '\u{3030}' | '\u{303d}' | '\u{30a0}' | '\u{30fb}' | '\u{fe30}'..='\u{fe52}'
                | '\u{fe54}'..='\u{fe61}' | '\u{ff01}'..='\u{ff03}' | '\u{ff05}'..='\u{ff0a}'
                | '\u{ff0c}'..='\u{ff0f}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{ff20}' | '\u{ff3b}'..='\u{ff3d}'
                | '\u{ff3f}' | '\u{ff5b}' | '\u{ff5d}' | '\u{ff5f}'..='\u{ff65}'
        )
}

fn is_ideograph(c: char) -> bool {
    matches!(
        c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2ceaf}'
            | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, keeps_umlauts: bool, expected: &str) {
        let shown: String = units(text, keeps_umlauts)
            .map(|unit| match unit {
                Unit::Letter(folded) => folded.char.to_string(),
                Unit::Alone(folded) => format!("<{}>", folded.char),
                Unit::Space => " ".into(),
            })
            .collect();
        assert_eq!(shown, expected, "{text:?}");
    }

    #[test]
    fn text_is_normalised_as_bert_does() {
        check("Café\tNAÏVE\u{0}", false, "cafe naive");
        check("don't 5€!", false, "don<'>t 5€<!>");
        check("Über STRAẞE", false, "uber straße");
        check("Über Ole\u{301} U\u{308}ber", true, "über ole über");
        check("日本 x", false, "<日><本> x");
    }
}
