//! Bytes of pieces back to text, in whole characters.

/// Joins the bytes of pieces to text and never splits a character: what might still be completed is held back.
///
/// Bytes that cannot become UTF-8 give U+FFFD, as [`String::from_utf8_lossy`] does.
#[derive(Clone, Debug, Default)]
pub struct TextDecoder {
    /// The start of a character: at most three bytes.
    pending: Vec<u8>,
}

impl TextDecoder {
    /// A decoder at the start of a text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `bytes` and appends to `out` the text that is complete now.
    pub fn push(&mut self, bytes: &[u8], out: &mut String) {
        self.pending.extend_from_slice(bytes);
        let mut chunks = self.pending.utf8_chunks().peekable();
        let mut held = 0;
        while let Some(chunk) = chunks.next() {
            out.push_str(chunk.valid());
            // Only the last chunk can be the start of a character; earlier ones have been contradicted already.
            if chunks.peek().is_none() && may_continue(chunk.invalid()) {
                held = chunk.invalid().len();
            } else if !chunk.invalid().is_empty() {
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
        self.pending.drain(..self.pending.len() - held);
    }

    /// Ends the text: appends U+FFFD to `out` if it ends inside a character.
    pub fn finish(&mut self, out: &mut String) {
        if !self.pending.is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
            self.pending.clear();
        }
    }
}

/// Whether `bytes` is the start of a character that more bytes could complete.
fn may_continue(bytes: &[u8]) -> bool {
    !bytes.is_empty() && std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pieces: &[&[u8]], expected: &[&str]) {
        let mut decoder = TextDecoder::new();
        let mut texts: Vec<String> = Vec::new();
        for piece in pieces {
            let mut text = String::new();
            decoder.push(piece, &mut text);
            texts.push(text);
        }
        let mut rest = String::new();
        decoder.finish(&mut rest);
        texts.push(rest);
        assert_eq!(texts, expected);
    }

    #[test]
    fn holds_back_what_may_become_a_character() {
        check(&[b"a", b"b"], &["a", "b", ""]);
        check(&["ä".as_bytes()], &["ä", ""]);
        check(&[b"x\xc3", b"\xa4y"], &["x", "äy", ""]);
        check(&[b"\xf0", b"\x9f", b"\x90", b"\xa6!"], &["", "", "", "🐦!", ""]);
    }

    #[test]
    fn replaces_what_cannot() {
        check(&[b"\xff", b"a"], &["\u{fffd}", "a", ""]);
        check(&[b"\xc3", b"a"], &["", "\u{fffd}a", ""]);
        check(&[b"\xe2\x82"], &["", "\u{fffd}"]);
        check(&[b"\xed", b"\xa0\x80"], &["", "\u{fffd}\u{fffd}\u{fffd}", ""]);
    }

    proptest! {
        #[test]
        fn equals_the_lossy_decoding_of_the_whole(bytes in prop::collection::vec(any::<u8>(), 0..40), cut in 1..5usize) {
            let mut decoder = TextDecoder::new();
            let mut text = String::new();
            bytes.chunks(cut).for_each(|chunk| decoder.push(chunk, &mut text));
            decoder.finish(&mut text);
            prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn any_string_comes_back(text in any::<String>(), cut in 1..5usize) {
            let mut decoder = TextDecoder::new();
            let mut decoded = String::new();
            text.as_bytes().chunks(cut).for_each(|chunk| decoder.push(chunk, &mut decoded));
            prop_assert_eq!(decoded, text);
        }
    }
}
