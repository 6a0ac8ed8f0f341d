//! Folding: what counts as the same letter when words are looked up.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Appends `text` to `out` in lower case, without accents and umlauts, `ß` as `ss`, apostrophes plain.
///
/// Folded order keeps `schön` beside `schon`, so one range of words holds what was typed with and without the dots.
pub fn fold(text: &str, out: &mut String) {
    for letter in text.chars() {
        if letter.is_ascii() {
            out.push(letter.to_ascii_lowercase());
        } else {
            fold_letter(letter, out);
        }
    }
}

fn fold_letter(letter: char, out: &mut String) {
    for lower in letter.to_lowercase() {
        match lower {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            '’' | '‘' | 'ʼ' | '´' => out.push('\''),
            _ => decompose_canonical(lower, |part| {
                if !is_combining_mark(part) {
                    out.push(part);
                }
            }),
        }
    }
}

/// `text` in lower case, composed (NFC), apostrophes plain: equal for two spellings that differ in case only.
pub fn lower(text: &str) -> String {
    let composed = text.nfc().flat_map(char::to_lowercase);
    composed.map(|letter| if matches!(letter, '’' | '‘' | 'ʼ' | '´') { '\'' } else { letter }).collect()
}
