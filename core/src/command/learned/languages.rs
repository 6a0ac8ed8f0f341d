//! Which of a set's languages an utterance is in: the one whose sentences have most of its words.

use super::words::{Word, words};
use crate::command::example::Example;

/// The words of each language's sentences.
#[derive(Clone, Debug, Default)]
pub(super) struct Languages {
    /// Code, and CRC-32s of its words, ascending.
    known: Vec<(String, Vec<u32>)>,
}

impl Languages {
    /// Examples that do not say their language are left out.
    pub(super) fn new(examples: &[Example]) -> Self {
        let mut known: Vec<(String, Vec<u32>)> = Vec::new();
        for example in examples {
            let Some(code) = &example.language else { continue };
            let hashes = words(&example.text).iter().map(hash).collect::<Vec<_>>();
            match known.iter_mut().find(|(other, _)| other == code) {
                Some((_, all)) => all.extend(hashes),
                None => known.push((code.clone(), hashes)),
            }
        }
        for (_, hashes) in &mut known {
            hashes.sort_unstable();
            hashes.dedup();
        }
        Self { known }
    }

    /// The language of `words`; the first of those that know equally many, and none if no example says its language.
    pub(super) fn of(&self, words: &[Word]) -> Option<&str> {
        let hashes: Vec<u32> = words.iter().map(hash).collect();
        let count = |known: &[u32]| hashes.iter().filter(|hash| known.binary_search(hash).is_ok()).count();
        let best = self.known.iter().rev().max_by_key(|(_, known)| count(known));
        best.map(|(code, _)| code.as_str())
    }
}

fn hash(word: &Word) -> u32 {
    crc32fast::hash(word.folded.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_most_of_the_words() {
        let example = |language: Option<&str>, text: &str| Example {
            text: text.to_owned(),
            intent: "On".to_owned(),
            language: language.map(str::to_owned),
            slots: Vec::new(),
        };
        let examples = [
            example(Some("de"), "mach die Lampe an"),
            example(Some("en"), "turn the lamp on"),
            example(None, "lampe on"),
        ];
        let languages = Languages::new(&examples);
        let check = |text: &str, expected| assert_eq!(languages.of(&words(text)), expected, "{text}");
        check("Turn it on!", Some("en"));
        check("mach mal die Lampe heller", Some("de"));
        check("…", Some("de"));
        assert_eq!(Languages::new(&examples[2..]).of(&words("lampe")), None);
    }
}
