//! GPT-2's byte alphabet: every byte written as one printable character, so that a vocabulary is plain text.
//!
//! Reference: `bytes_to_unicode` in GPT-2's `encoder.py`. Printable Latin-1 stands for itself; the other 68 bytes get
//! the characters from U+0100 on, in order (a space is `Ġ`, a newline `Ċ`).

/// The byte that `character` stands for.
pub(crate) fn byte_of(character: char) -> Option<u8> {
    let code = u32::from(character);
    match code {
        0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff => u8::try_from(code).ok(),
        0x100..=0x143 => {
            let index = (code - 0x100) as u8;
            Some(match index {
                0..=0x20 => index,
                0x21..=0x42 => index - 0x21 + 0x7f,
                _ => 0xad,
            })
        }
        _ => None,
    }
}

/// Appends the bytes that `text` stands for; gives `false` and leaves `out` as it was where `text` has a character
/// outside the alphabet.
pub(crate) fn decode(text: &str, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    for character in text.chars() {
        match byte_of(character) {
            Some(byte) => out.push(byte),
            None => {
                out.truncate(start);
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_is_gpt2s() {
        // `bytes_to_unicode`, transcribed.
        let printable =
            |byte: u32| (0x21..=0x7e).contains(&byte) || (0xa1..=0xac).contains(&byte) || byte >= 0xae;
        let mut others = 0;
        for byte in 0..=255u32 {
            let code = if printable(byte) {
                byte
            } else {
                others += 1;
                0xff + others
            };
            assert_eq!(byte_of(char::from_u32(code).unwrap()), Some(byte as u8), "byte {byte}");
        }
        assert_eq!(others, 68);
        assert_eq!(byte_of('Ġ'), Some(b' '));
        assert_eq!(byte_of(' '), None);
        assert_eq!(byte_of('ń'), None);
    }
}
