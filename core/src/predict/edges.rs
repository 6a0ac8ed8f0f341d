//! What pieces do at the edges of words.

use super::lexicon::Pieces;
use std::collections::HashMap;

/// Which pieces end a word, and which are the same without their space.
#[derive(Debug)]
pub(super) struct Edges {
    ends_word: Vec<bool>,
    unspaced: Vec<Option<u16>>,
}

impl Edges {
    pub(super) fn new(pieces: &dyn Pieces) -> Self {
        let all = || (0..pieces.count() as u32).map(|id| pieces.piece(id));
        let ids: HashMap<&[u8], u16> =
            all().enumerate().filter_map(|(id, piece)| Some((piece, u16::try_from(id).ok()?))).collect();
        let unspaced = |piece: &[u8]| {
            let letters = piece.strip_prefix(b" ").filter(|letters| !letters.is_empty())?;
            ids.get(letters).copied()
        };
        Self { ends_word: all().map(ends_word).collect(), unspaced: all().map(unspaced).collect() }
    }

    /// Whether a word is over when `piece` follows it.
    pub(super) fn ends_word(&self, piece: usize) -> bool {
        self.ends_word[piece]
    }

    /// The piece that spells `piece` right after a hyphen, quote or bracket.
    pub(super) fn unspaced(&self, piece: usize) -> Option<usize> {
        self.unspaced[piece].map(usize::from)
    }

    /// Number of pieces.
    pub(super) fn pieces(&self) -> usize {
        self.ends_word.len()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.ends_word.capacity() + self.unspaced.capacity() * size_of::<Option<u16>>()
    }
}

/// A control token, a space, a line break, punctuation. An apostrophe that letters follow goes on with the word, and so
/// do the bytes of letters outside ASCII.
fn ends_word(piece: &[u8]) -> bool {
    match piece {
        [b'\'', letter, ..] => !letter.is_ascii_alphabetic(),
        [first, ..] if first.is_ascii() => !first.is_ascii_alphanumeric(),
        [_, ..] => match std::str::from_utf8(piece).map(|text| text.chars().next()) {
            Ok(Some(first)) => !first.is_alphanumeric(),
            _ => false,
        },
        [] => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::lexicon::fixture::pieces;

    #[test]
    fn words_end_at_spaces_and_marks() {
        fn check(piece: &str, expected: bool) {
            assert_eq!(ends_word(piece.as_bytes()), expected, "{piece:?}");
        }
        check(" the", true);
        check("\n", true);
        check("", true);
        check(".", true);
        check("-", true);
        check("'", true);
        check("”", true);
        check("'m", false);
        check("re", false);
        check("ße", false);
        check("2", false);
        assert!(!ends_word(&[0xc3]), "half a letter");
    }

    #[test]
    fn pieces_know_their_form_without_space() {
        let pieces = pieces();
        let edges = Edges::new(&pieces);
        let unspaced = |piece| edges.unspaced(pieces.id(piece) as usize);
        assert_eq!(unspaced(" Haus"), Some(pieces.id("Haus") as usize));
        assert_eq!(unspaced(" they"), None);
        assert_eq!(unspaced(" "), None);
        assert_eq!(unspaced("Haus"), None);
    }
}
