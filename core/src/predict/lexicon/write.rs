//! The inverse of reading: lays words out as a section. For the tools that make packages, and for tests.

use super::fold::fold;
use super::{BLOCK, MAGIC, MAX_TOKENS, Pieces, VERSION, vocabulary_checksum};

/// A word to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How the model's vocabulary spells it, the space before it included; 1 to [`MAX_TOKENS`] ids.
    pub tokens: Vec<u16>,
    /// [`SENTENCE_FORM`](super::SENTENCE_FORM) or 0.
    pub flags: u8,
    /// One for each language, see [`Lexicon::cost`](super::Lexicon::cost).
    pub costs: Vec<u8>,
}

/// The section's bytes for `entries`, in any order, each spelled differently.
pub fn write(entries: &[Entry], languages: &[&str], pieces: &dyn Pieces) -> Vec<u8> {
    debug_assert!(entries.iter().all(|entry| (1..=MAX_TOKENS).contains(&entry.tokens.len())));
    let mut words: Vec<(String, String, &Entry)> =
        entries.iter().map(|entry| spelled(entry, pieces)).collect();
    words.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let words: Vec<&Entry> = words.into_iter().map(|(_, _, entry)| entry).collect();
    let mut by_token: Vec<u32> = (0..words.len() as u32).collect();
    by_token.sort_unstable_by_key(|&word| &words[word as usize].tokens);

    let mut out = Vec::new();
    out.extend(MAGIC);
    out.extend(VERSION.to_le_bytes());
    out.extend((languages.len() as u16).to_le_bytes());
    let token_count: usize = words.iter().map(|entry| entry.tokens.len()).sum();
    for count in [words.len(), token_count, pieces.count()] {
        out.extend((count as u32).to_le_bytes());
    }
    out.extend(vocabulary_checksum(pieces).to_le_bytes());
    for language in languages {
        let mut code = [0; 4];
        code.iter_mut().zip(language.bytes()).for_each(|(place, letter)| *place = letter);
        out.extend(code);
    }
    let mut start = 0;
    for block in words.chunks(BLOCK) {
        out.extend((start as u32).to_le_bytes());
        start += block.iter().map(|entry| entry.tokens.len()).sum::<usize>();
    }
    out.extend((start as u32).to_le_bytes());
    let first = |place: &u32| usize::from(words[*place as usize].tokens[0]);
    for token in 0..=pieces.count() {
        out.extend((by_token.partition_point(|place| first(place) < token) as u32).to_le_bytes());
    }
    out.extend(words.iter().flat_map(|entry| &entry.tokens).flat_map(|token| token.to_le_bytes()));
    out.extend(by_token.iter().flat_map(|word| word.to_le_bytes().into_iter().take(3)));
    out.extend(words.iter().map(|entry| entry.tokens.len() as u8 | entry.flags));
    for language in 0..languages.len() {
        out.extend(words.iter().map(|entry| entry.costs[language]));
    }
    out
}

fn spelled<'e>(entry: &'e Entry, pieces: &dyn Pieces) -> (String, String, &'e Entry) {
    let bytes: Vec<u8> =
        entry.tokens.iter().flat_map(|&token| pieces.piece(u32::from(token))).copied().collect();
    let text = String::from_utf8_lossy(bytes.strip_prefix(b" ").unwrap_or(&bytes)).into_owned();
    let mut folded = String::new();
    fold(&text, &mut folded);
    (folded, text, entry)
}
