//! The things that a set's sentences name, and whether an utterance names another.
//!
//! "Turn off *the TV*" is as near to "turn off the light" as a sentence can be, and not meant for a lamp. Where all that an utterance
//! names as something known ("the tv", "den Fernseher") is neither a word of the set's sentences nor near to one, it is meant
//! for another app.

use std::collections::BTreeSet;

use super::encode::Sentences;
use super::neighbours::Neighbours;
use super::projection::Projection;
use super::words::Word;
use crate::command::dialogue::DialogueWords;
use crate::engine::EngineError;

/// A name with a lower cosine to each of the set's is another thing's. Of other words for what a set names the lowest were 0.66
/// ("Wiedergabe") and 0.67 ("lantern"), of other things the highest 0.53 ("Ventilator" for a lamp).
const NEAR: f32 = 0.64;
/// More names of sets with very many are not compared with: each costs the time of a short sentence.
const MOST_NAMES: usize = 500;
/// Words of a name.
const MOST_NAMED: usize = 3;
/// Letters of a compound's last word: shorter ones end many words that are none.
const SHORTEST_HEAD: usize = 4;

/// The words of a set's sentences.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Things {
    /// CRC-32s of the words, ascending.
    pub(super) words: Vec<u32>,
    /// Vectors, without the mean, of those that are names, in another order.
    pub(super) vectors: Neighbours,
}

impl Things {
    /// Of the words in the set's sentences (without values), and of the values of its lists.
    pub(super) fn new(
        texts: &[Vec<Word>],
        values: &[Vec<Word>],
        sentences: &Sentences,
    ) -> Result<Self, EngineError> {
        let mut words: BTreeSet<&str> =
            texts.iter().chain(values).flatten().map(|word| word.folded.as_str()).collect();
        words.retain(|word| is_name(word));
        // What is done is no name: "anschalten" is near to all that has a switch. Nor is a value: "warm white" is near to the heating.
        let behind_article =
            texts.iter().flat_map(|text| (0..text.len()).flat_map(|at| names_behind(text, at)));
        let mut names: BTreeSet<&str> = behind_article.map(|word| word.folded.as_str()).collect();
        if names.is_empty() {
            names.clone_from(&words);
        }
        let step = names.len().div_ceil(MOST_NAMES).max(1);
        let compared: Vec<&str> = names.into_iter().step_by(step).collect();
        let mut vectors = Neighbours::new(sentences.width());
        for encoded in sentences.encode_all(&compared, None)?.0 {
            vectors.add(&sentences.centred(&encoded.sentence));
        }
        let mut words: Vec<u32> = words.into_iter().map(hash).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Self { words, vectors })
    }

    /// Whether things are named in `words`, and none that the set knows; `values` are code points that the values of slots have.
    /// Where an utterance is only asked about and not acted on (`is_question`), only what is named as something known counts.
    pub(super) fn are_others(
        &self,
        words: &[Word],
        values: &[(usize, usize)],
        is_question: bool,
        sentences: &Sentences,
    ) -> Result<bool, EngineError> {
        let is_value = |word: &Word| values.iter().any(|(start, end)| word.start < *end && *start < word.end);
        let roles = self.roles(words);
        let mut others = Vec::new();
        for (how, named) in (0..words.len()).filter_map(|at| named_behind(words, &roles, at)) {
            match named {
                Named::Known => return Ok(false),
                // "Auf zwanzig" is no name.
                Named::Unknown(name) if name.iter().any(is_value) && how == How::Bare => {}
                Named::Unknown(name) if name.iter().any(is_value) => return Ok(false),
                Named::Unknown(name) if how == How::Definite || !is_question => others.push(name),
                Named::Unknown(_) => {}
            }
        }
        for name in &others {
            let encoded = sentences.encode(&joined(name), &[], &Projection::default())?;
            if self.vectors.cosines(&sentences.centred(&encoded.sentence)).any(|cosine| cosine >= NEAR) {
                return Ok(false);
            }
        }
        Ok(!others.is_empty())
    }

    /// What each word is to the set, looked up once: a long utterance has many places to name something.
    fn roles(&self, words: &[Word]) -> Vec<Role> {
        let role = |word: &Word| match is_name(&word.folded) {
            false => Role::NoName,
            true if self.knows(word) => Role::Known,
            true => Role::Unknown,
        };
        words.iter().map(role).collect()
    }

    /// Whether it is a word of the set, or a compound of which one is the head: "Nudeltimer".
    fn knows(&self, word: &Word) -> bool {
        let is_known = |word: &str| self.words.binary_search(&hash(word)).is_ok();
        let heads = word.folded.char_indices().skip(1).filter_map(|(at, _)| word.folded.get(at..));
        let mut heads = heads.filter(|head| head.chars().nth(SHORTEST_HEAD - 1).is_some());
        is_known(&word.folded) || heads.any(is_known)
    }
}

/// What is named behind word `at`, if something is and it is no place or time.
fn named_behind<'a>(words: &'a [Word], roles: &[Role], at: usize) -> Option<(How, Named<'a>)> {
    let is_in = |at: usize, of: WordsOf| words.get(at).is_some_and(|word| is_among(word, of));
    let behind = words.get(at + 1..)?;
    let length = roles.iter().skip(at + 1).take_while(|role| **role == Role::Unknown).count();
    let is_particle = |at| is_in(at, |words| words.particles);
    let has_particle = length > 0 && is_particle(at + 1 + length);
    let is_named_itself = roles.get(at) == Some(&Role::Unknown);
    let how = if is_in(at, |words| words.definite) {
        How::Definite
    } else if is_in(at, |words| words.indefinite) {
        How::Indefinite
    } else if (has_particle && !is_named_itself) || (at > 0 && is_particle(at)) {
        How::Bare
    } else {
        return None;
    };
    let is_place = at > 0 && is_in(at - 1, |words| words.prepositions);
    // "My guests would like …", "a cup of …"
    let is_subject = at == 0 && !has_particle;
    let is_measure = is_in(at + 1 + length, |words| words.of);
    if how != How::Bare && (is_place || is_measure) {
        return None;
    }
    if roles.get(at + 1 + length) == Some(&Role::Known) {
        return Some((how, Named::Known));
    }
    // Half a word, as in "get-together", says nothing.
    if is_subject || behind.get(length).is_some_and(|word| word.folded == "-") {
        return None;
    }
    let name = behind.get(..length.min(MOST_NAMED)).filter(|name| !name.is_empty())?;
    Some((how, Named::Unknown(name)))
}

/// What a word is to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    NoName,
    Known,
    Unknown,
}

/// What a name stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// "The", "my": there is one that both know.
    Definite,
    /// "A", "some".
    Indefinite,
    /// Nothing, but beside a verb's particle: "switch on music", "mach Musik an".
    Bare,
}

/// What is named.
enum Named<'a> {
    Known,
    Unknown(&'a [Word]),
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

type WordsOf = fn(&DialogueWords) -> &'static [&'static str];

fn is_among(word: &Word, of: WordsOf) -> bool {
    DialogueWords::ALL.iter().any(|words| of(words).contains(&word.folded.as_str()))
}

/// The words behind word `at` that may be a name, if it is an article.
fn names_behind(words: &[Word], at: usize) -> impl Iterator<Item = &Word> {
    let is_article = words.get(at).is_some_and(|word| {
        is_among(word, |words| words.definite) || is_among(word, |words| words.indefinite)
    });
    let behind = words.get(at + 1..).filter(|_| is_article).unwrap_or_default();
    behind.iter().take_while(|word| is_name(&word.folded))
}

/// Whether a word may be the name of something.
fn is_name(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && !DialogueWords::ALL.iter().any(|words| words.is_function(word))
}

fn hash(word: &str) -> u32 {
    crc32fast::hash(word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    /// What is named in `text` and not known: `None` if something is known.
    #[track_caller]
    fn check(text: &str, expected: Option<&[&str]>) {
        let known = words("turn dim off on the light kitchen red mach licht an aus küche stell");
        let mut known: Vec<u32> = known.iter().map(|word| hash(&word.folded)).collect();
        known.sort_unstable();
        let things = Things { words: known, vectors: Neighbours::default() };
        let words = words(text);
        let roles = things.roles(&words);
        let named = (0..words.len()).filter_map(|at| named_behind(&words, &roles, at));
        let names: Option<Vec<String>> = named
            .map(|(_, named)| match named {
                Named::Known => None,
                Named::Unknown(name) => Some(joined(name)),
            })
            .collect();
        let names = names.as_ref().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(names.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_name_goes_from_the_article_to_what_is_no_name() {
        check("turn off the tv", Some(&["tv"]));
        check("turn the washing machine off right now", Some(&["washing machine"]));
        check("Mach bitte den Fernseher aus", Some(&["fernseher"]));
        check("schalte in der Küche die Heizung an", Some(&["heizung"]));
        check("turn on some nice music", Some(&["nice music"]));
        check("switch off fans", Some(&["fans"]));
        check("mach Musik an", Some(&["musik"]));
        check("dim the big ugly old iron stove", Some(&["big ugly old"]));
    }

    #[test]
    fn what_the_set_names_is_known() {
        check("turn off the light", None);
        check("turn off the garage light", None);
        check("mach das Nachtlicht aus", None);
        check("mach das Licht aus", None);
        check("turn the light off and the tv", None);
    }

    #[test]
    fn places_times_and_pronouns_are_no_things() {
        check("turn off the lamp in the attic", Some(&["lamp"]));
        check("my guests want the light off", None);
        check("can i have a cup of tea", Some(&[]));
        check("den Fernseher aus", Some(&["fernseher"]));
        check("make it dark for the night", Some(&[]));
        check("mach das aus", Some(&[]));
        check("das ist mir zu hell", Some(&[]));
        check("dim in a moment", Some(&[]));
        check("mach sofort aus", Some(&[]));
        check("the", Some(&[]));
    }
}
