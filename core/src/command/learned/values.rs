//! Values that the rules of [`entity`](crate::entity) read in an utterance: where "a year from now" begins and ends need not be
//! learned.
//!
//! The tagger is told of each language's values, since it does not know which one it hears; what is a value in one is seldom a
//! misleading one in another, and the weights tell.

use jiff::civil::{DateTime, date};

use super::words::Word;
use crate::entity::{Kind, Language, recognize};

/// What a slot may hold in a few words of its own grammar. Words for yes and no are no values by themselves.
const KINDS: [Kind; 14] = [
    Kind::Number,
    Kind::Ordinal,
    Kind::Percent,
    Kind::Temperature,
    Kind::Dimension,
    Kind::Currency,
    Kind::Date,
    Kind::Time,
    Kind::DateTime,
    Kind::DateRange,
    Kind::TimeRange,
    Kind::DateTimeRange,
    Kind::Duration,
    Kind::Set,
];

/// Any time will do: only the places of the words count.
const REFERENCE: DateTime = date(2026, 1, 1).at(12, 0, 0, 0);
/// Longer utterances are no commands with a value to be found.
const MOST_WORDS: usize = 64;

/// The kinds of values among `words`: class, and words `start..end`.
pub(super) fn classes(words: &[Word]) -> Vec<(u32, usize, usize)> {
    let mut out = Vec::new();
    if words.len() > MOST_WORDS {
        return out;
    }
    // Words apart where they were apart, so that "5:30" is one time.
    let (mut text, mut length) = (String::new(), 0);
    let mut places: Vec<(usize, usize)> = Vec::with_capacity(words.len());
    for (number, word) in words.iter().enumerate() {
        if number > 0 && words[number - 1].end < word.start {
            text.push(' ');
            length += 1;
        }
        let start = length;
        text.push_str(&word.folded);
        length += word.folded.chars().count();
        places.push((start, length));
    }
    for language in Language::ALL {
        for entity in recognize(&text, language, Some(REFERENCE), &KINDS) {
            let start = places.partition_point(|place| place.1 <= entity.start);
            let end = places.partition_point(|place| place.0 < entity.end);
            let kind = entity.value.kind();
            out.push((crc32fast::hash(kind.name().as_bytes()), start, end));
            if kind.is_about_time() {
                out.push((crc32fast::hash(b"about time"), start, end));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn values_of_all_languages() {
        let check = |text: &str, class: &str, expected: &[(usize, usize)]| {
            let class = crc32fast::hash(class.as_bytes());
            let found = classes(&words(text)).into_iter().filter(|(found, ..)| *found == class);
            let found: Vec<_> = found.map(|(_, start, end)| (start, end)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("a table in Buckner a year from now for four", "about time", &[(4, 8)]);
        // The time is one in English, too; five sixths are two numbers in German.
        check("Treffen übermorgen um 5:30 Uhr im Büro", "about time", &[(1, 7), (3, 6)]);
        check("rate it 5 out of 6", "number", &[(2, 3), (2, 6), (5, 6)]);
        check(&"five ".repeat(100), "number", &[]);
    }
}
