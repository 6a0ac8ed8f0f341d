//! What the tests of this room share.

use super::{Kind, Language, recognize};

/// Holds what is found in `text`, and its canonical text, against `expected`.
pub(super) fn check(kinds: &[Kind], language: &str, text: &str, expected: &[(&str, &str)]) {
    let language = Language::find(language).unwrap();
    let found = recognize(text, language, None, kinds);
    let found: Vec<_> = found.iter().map(|entity| (entity.text.as_str(), entity.value.to_string())).collect();
    let expected: Vec<_> = expected.iter().map(|(text, value)| (*text, (*value).to_owned())).collect();
    assert_eq!(found, expected, "{text:?}");
}
