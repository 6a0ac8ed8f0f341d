//! Words that the host brings at run time and that are never saved: names of the address book, the person's shortcuts.

use super::lexicon::fold::lower;
use super::personal::{Own, SUPPLEMENTARY, share};
use std::collections::BTreeMap;
use std::ops::Bound;

/// A word of the address book, or a shortcut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplementaryWord {
    /// What is typed. Where it is more than one word, each of them is one.
    pub text: String,
    /// What the text stands for, such as `on my way` for `omw`; `None` if it stands for itself.
    pub expansion: Option<String>,
}

/// The words by their letters.
#[derive(Debug, Default)]
pub(super) struct Supplementary {
    words: BTreeMap<String, String>,
    expansions: BTreeMap<String, String>,
}

impl Supplementary {
    pub(super) fn new(words: Vec<SupplementaryWord>) -> Self {
        let mut all = Self::default();
        for SupplementaryWord { text, expansion } in words {
            match expansion.filter(|expansion| lower(expansion) != lower(&text)) {
                Some(expansion) => {
                    all.expansions.insert(lower(text.trim()), expansion);
                }
                None => {
                    let parts = text.split_whitespace().map(|word| (lower(word), word.to_owned()));
                    all.words.extend(parts);
                }
            }
        }
        all
    }

    /// Those that begin with the letters typed.
    pub(super) fn words(&self, composing: &str) -> impl Iterator<Item = Own> {
        let prefix = lower(composing);
        let from = (Bound::Included(prefix.clone()), Bound::Unbounded);
        let those = self.words.range(from).take_while(move |(letters, _)| letters.starts_with(&prefix));
        those.map(own)
    }

    /// What the letters typed stand for.
    pub(super) fn expansion(&self, composing: &str) -> Option<&str> {
        self.expansions.get(&lower(composing)).map(String::as_str)
    }

    /// Whether a word, or shortcut, is among them.
    pub(super) fn has(&self, text: &str) -> bool {
        let letters = lower(text);
        self.words.contains_key(&letters) || self.expansions.contains_key(&letters)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let entry =
            |(key, value): (&String, &String)| key.capacity() + value.capacity() + 2 * size_of::<String>();
        self.words.iter().chain(&self.expansions).map(entry).sum()
    }
}

fn own((letters, form): (&String, &String)) -> Own {
    Own {
        letters: letters.clone(),
        form: form.clone(),
        is_established: true,
        is_kept: true,
        probability: 0.0,
        share: share(SUPPLEMENTARY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, expansion: Option<&str>) -> SupplementaryWord {
        SupplementaryWord { text: text.into(), expansion: expansion.map(Into::into) }
    }

    #[test]
    fn names_are_words_and_shortcuts_stand_for_something() {
        let words = vec![
            word("Anna-Lena van der Berg", None),
            word("omw", Some("on my way")),
            word("Kiez", Some("Kiez")),
        ];
        let all = Supplementary::new(words);
        let found = |typed| all.words(typed).map(|own| own.form).collect::<Vec<_>>();
        assert_eq!(found("ann"), ["Anna-Lena"]);
        assert_eq!(found("BER"), ["Berg"]);
        assert_eq!(found("k"), ["Kiez"]);
        assert_eq!((found("").len(), found("om").len()), (5, 0));
        assert_eq!(
            (all.expansion("Omw"), all.expansion("om"), all.expansion("kiez")),
            (Some("on my way"), None, None)
        );
        assert!(all.has("berg") && all.has("OMW") && !all.has("ber"));
    }
}
