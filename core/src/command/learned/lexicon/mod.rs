//! What words are known to be, whatever the set says: countries, months, times, numbers.
//!
//! A few examples cannot teach a tagger that Peru is a country. Each language has a file here; a class means the same in
//! all of them, and all of them are always known, since a German says "New York" as well.

use super::gazetteer::phrase;
use super::words::{Case, Word, words};
use std::sync::LazyLock;

/// Files of phrases: **a new language is one more**.
const FILES: [&str; 2] = [include_str!("en.txt"), include_str!("de.txt")];

/// Longer phrases are not in the files; a test holds them to it.
const MAX_LENGTH: usize = 6;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    phrase: u64,
    class: u32,
    /// Only in capitals, as `DE`: in small letters it is another word.
    capitals: bool,
}

/// Ascending by phrase.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = FILES.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'));
    let mut entries: Vec<Entry> = Vec::new();
    for (class, phrases) in lines.filter_map(|line| line.split_once(':')) {
        for text in phrases.split(',').map(str::trim) {
            let Some(phrase) = phrase(&words(text)) else { continue };
            let capitals = text.len() == 2 && text.chars().all(char::is_uppercase);
            entries.push(Entry { phrase, class: crc32fast::hash(class.as_bytes()), capitals });
        }
    }
    entries.sort_unstable();
    entries.dedup();
    entries
});

/// The classes of phrases among `words`: class, and words `start..end`.
pub(super) fn classes(words: &[Word]) -> Vec<(u32, usize, usize)> {
    let mut out = Vec::new();
    for start in 0..words.len() {
        for length in 1..=MAX_LENGTH.min(words.len() - start) {
            let end = start + length;
            let Some(hash) = phrase(&words[start..end]) else { continue };
            let first = ENTRIES.partition_point(|entry| entry.phrase < hash);
            let known = ENTRIES[first..].iter().take_while(|entry| entry.phrase == hash);
            let fits = |entry: &&Entry| !entry.capitals || words[start].case == Case::Upper;
            out.extend(known.filter(fits).map(|entry| (entry.class, start, end)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, class: &str, expected: &[(usize, usize)]) {
        let class = crc32fast::hash(class.as_bytes());
        let found = classes(&words(text)).into_iter().filter(|(found, ..)| *found == class);
        let found: Vec<_> = found.map(|(_, start, end)| (start, end)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn phrases_of_all_languages() {
        check("Sri Lanka and Österreich", "country", &[(0, 2), (3, 4)]);
        check("weather in IN", "region", &[(2, 3)]);
        check("wann am Dienstag", "weekday", &[(2, 3)]);
        check("at five o'clock", "number", &[(1, 2)]);
    }

    #[test]
    fn phrases_are_short_enough_to_be_found() {
        for line in FILES.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
            let (class, phrases) = line.split_once(':').unwrap();
            assert!(!class.is_empty());
            for text in phrases.split(',') {
                let count = words(text).len();
                assert!((1..=MAX_LENGTH).contains(&count), "{text}");
            }
        }
    }
}
