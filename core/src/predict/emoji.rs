//! Emoji for words, from a list of ours that is read where it lies: a few hundred lines take microseconds.

use super::context::Context;
use super::language::Mix;
use super::lexicon::fold::lower;
use super::{Candidate, CandidateKind};

/// What each line has is said at its beginning.
const SHIPPED: &str = include_str!("emoji.txt");
/// The languages of the list's columns behind the emoji.
const COLUMNS: [&str; 2] = ["en", "de"];
/// Weight of a language from which its words ask for emoji: `gift` is none in a German message.
const SPOKEN: f32 = 0.2;
/// Probability from which what the letters begin counts as typed.
const SURE: f32 = 0.5;

/// Emoji by their words.
#[derive(Clone, Debug)]
pub(super) struct Emoji {
    /// How many to offer at most.
    count: usize,
    /// The column of each of the lexicon's languages.
    columns: Vec<Option<usize>>,
}

impl Emoji {
    pub(super) fn new(count: usize, languages: &[String]) -> Self {
        let column = |language: &String| COLUMNS.iter().position(|name| name == language);
        Self { count, columns: languages.iter().map(column).collect() }
    }

    /// Puts behind `candidates` the emoji for the word typed after `context`, or for the last word of the context if none is.
    pub(super) fn join(
        &self,
        candidates: &mut Vec<Candidate>,
        context: &Context,
        composing: &str,
        mix: &Mix,
    ) {
        if self.count == 0 {
            return;
        }
        let found = match composing.is_empty() {
            true => {
                let has_word = context.line.contains(char::is_alphabetic);
                context.words.first().filter(|_| has_word).map(|word| self.of(word, mix)).unwrap_or_default()
            }
            false => {
                let begun = candidates.first().filter(|best| best.kind == CandidateKind::Completion);
                let begun = begun.filter(|best| best.score >= SURE.ln()).map(|best| best.text.as_str());
                let words = [Some(composing), begun].into_iter().flatten();
                words.map(|word| self.of(word, mix)).find(|found| !found.is_empty()).unwrap_or_default()
            }
        };
        let emoji = |text: &str| Candidate { text: text.to_owned(), score: 0.0, kind: CandidateKind::Emoji };
        candidates.extend(found.into_iter().map(emoji));
    }

    /// The emoji for `word`: of the language most spoken first, in the list's order.
    fn of(&self, word: &str, mix: &Mix) -> Vec<&'static str> {
        let word = lower(word);
        let mut found: Vec<(f32, &str)> = Vec::new();
        for (column, &weight) in self.columns.iter().zip(&mix.0).filter(|(_, weight)| **weight >= SPOKEN) {
            let Some(column) = column else { continue };
            let emoji = lines().filter(|(_, words)| words[*column].split(' ').any(|listed| listed == word));
            for (emoji, _) in emoji {
                if found.iter().all(|(_, known)| *known != emoji) {
                    found.push((weight, emoji));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().take(self.count).map(|(_, emoji)| emoji).collect()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.columns.capacity() * size_of::<Option<usize>>()
    }
}

/// The emoji, and the words of each column.
fn lines() -> impl Iterator<Item = (&'static str, [&'static str; COLUMNS.len()])> {
    SHIPPED.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut parts = line.split('\t');
        Some((parts.next()?, [parts.next()?, parts.next()?]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(word: &str, mix: [f32; 2]) -> Vec<&'static str> {
        let languages = ["en".to_owned(), "de".to_owned()];
        Emoji::new(3, &languages).of(word, &Mix(mix.into()))
    }

    #[test]
    fn words_of_both_languages_have_emoji() {
        let first = |word| found(word, [0.5, 0.5]).first().copied();
        assert_eq!(first("pizza"), Some("🍕"));
        assert_eq!(first("Geburtstag"), Some("🎂"));
        assert_eq!((first("love"), first("LIEBE")), (Some("❤️"), Some("❤️")));
        assert_eq!(first("kuh"), first("cow"));
        assert_eq!((first("und"), first("")), (None, None));
        assert_eq!(found("pizza", [0.5, 0.5]).len(), 1, "the same in both languages, once");
    }

    #[test]
    fn a_word_is_of_the_language_spoken() {
        assert_eq!(found("gift", [0.9, 0.1]), ["🎁"]);
        assert!(found("gift", [0.1, 0.9]).is_empty());
        assert!(found("geburtstag", [1.0, 0.0]).is_empty());
    }

    #[test]
    fn the_list_is_whole() {
        let shipped = SHIPPED.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(shipped.clone().count(), lines().count(), "every line has an emoji and two columns");
        assert!(lines().count() >= 250);
        let mut emoji: Vec<&str> = lines().map(|(emoji, _)| emoji).collect();
        emoji.sort_unstable();
        emoji.dedup();
        assert_eq!(emoji.len(), lines().count(), "every emoji has one line");
        for (emoji, columns) in lines() {
            assert!(!emoji.chars().any(char::is_alphanumeric), "{emoji:?} is no emoji");
            for words in columns {
                let mut seen: Vec<&str> = words.split(' ').collect();
                assert!(seen.iter().all(|word| !word.is_empty() && **word == lower(word)), "{words:?}");
                seen.sort_unstable();
                assert!(seen.windows(2).all(|two| two[0] != two[1]), "{words:?}");
            }
        }
    }
}
