//! Names that an app gives at run time, found as people say them and as recognisers misspell them.
//!
//! Ten thousand contacts, songs or rooms are one [`Vocabulary`]. What was said is compared with each name word by word:
//! by letters (optimal string alignment, Damerau 1964), by sound (Cologne phonetics in German, Double Metaphone in
//! English), and without the endings that German declension adds. Part of a name's words will do: "Anna" is every Anna.
//! Several names that fit as well as the best are an ambiguity, which the caller gets to see.

use rphonetic::{Cologne, DoubleMetaphone, Encoder};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::dialogue::DialogueWords;
use super::distance::distance;

/// Names less alike than this are others.
const ALIKE: f32 = 0.72;
/// Names so close to the best are as good.
const AS_GOOD: f32 = 0.04;
/// Words that sound the same.
const SAME_SOUND: f32 = 0.9;
/// Letters that words of the same sound differ in number by, at most: the sound of a long word is that of its beginning.
const SOUND_LENGTHS: usize = 2;
/// Words that differ in an inflection.
const SAME_STEM: f32 = 0.95;
/// What a name keeps where only some of its words were said.
const PART: f32 = 0.92;
/// Longer names than this are no names; it bounds the work for a word.
const MAX_WORD: usize = 24;
const MAX_WORDS: usize = 12;
/// Endings of declined nouns and names, the longest first.
const GERMAN_ENDINGS: [&str; 7] = ["ens", "es", "en", "er", "s", "n", "e"];
const ENGLISH_ENDINGS: [&str; 2] = ["es", "s"];

/// The names of a list.
#[derive(Debug)]
pub(super) struct Vocabulary {
    names: Vec<Name>,
    is_german: bool,
    is_english: bool,
    /// Whether some of a name's words stand for it.
    takes_parts: bool,
}

#[derive(Debug)]
struct Name {
    entry: u32,
    chars: Vec<char>,
    words: Vec<Word>,
    /// All letters without spaces, for words that a recogniser joins or splits.
    joined: Word,
}

#[derive(Debug)]
struct Word {
    chars: Vec<char>,
    /// A bit for each letter that occurs: words with different letters need not be compared.
    letters: u64,
    sound: String,
}

/// A name that is like what was said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alike {
    /// Its entry in the list.
    pub(super) entry: u32,
    /// 0 to 1.
    pub(super) likeness: f32,
}

impl Vocabulary {
    /// Folded names with the numbers of their entries.
    pub(super) fn new(names: impl IntoIterator<Item = (Vec<char>, u32)>, language: &str) -> Self {
        let (is_german, is_english) = (language == "de", language == "en");
        let mut vocabulary = Self { names: Vec::new(), is_german, is_english, takes_parts: true };
        for (chars, entry) in names {
            let words = vocabulary.words(&chars);
            let joined = vocabulary.word(chars.iter().copied().filter(|c| *c != ' ').collect());
            if !words.is_empty() {
                vocabulary.names.push(Name { entry, chars, words, joined });
            }
        }
        vocabulary.names.sort_by(|a, b| a.chars.cmp(&b.chars).then(a.entry.cmp(&b.entry)));
        vocabulary
    }

    /// The same, but a name must be said whole.
    pub(super) fn of_whole_names(self) -> Self {
        Self { takes_parts: false, ..self }
    }

    /// The names that are exactly `said` (folded).
    pub(super) fn same(&self, said: &[char]) -> Vec<Alike> {
        let from = self.names.partition_point(|name| name.chars.as_slice() < said);
        let same = self.names.iter().skip(from).take_while(|name| name.chars == said);
        same.map(|name| Alike { entry: name.entry, likeness: 1.0 }).collect()
    }

    /// The names most like `said` (folded), best first; empty if none is.
    pub(super) fn alike(&self, said: &[char]) -> Vec<Alike> {
        let words = self.words(said);
        if words.is_empty() || words.len() > MAX_WORDS || words.iter().any(|word| says_no(&word.chars)) {
            return Vec::new();
        }
        let joined = self.word(said.iter().copied().filter(|c| *c != ' ').collect());
        let mut found: Vec<Alike> = Vec::new();
        for name in &self.names {
            // "with soy milk" has most letters of "with no milk", but one word is another
            let is_other = |(said, known): (&Word, &Word)| {
                2 * distance(&said.chars, &known.chars) > said.chars.len().max(known.chars.len())
            };
            let is_split = words.len() != name.words.len();
            let may_be = is_split || !words.iter().zip(&name.words).any(is_other);
            let whole = if may_be { self.word_likeness(&joined, &name.joined) } else { 0.0 };
            let likeness = whole.max(self.by_words(&words, &name.words));
            if likeness >= ALIKE {
                found.push(Alike { entry: name.entry, likeness });
            }
        }
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.entry.cmp(&b.entry)));
        let best = found.first().map_or(0.0, |found| found.likeness);
        found.retain(|found| found.likeness >= best - AS_GOOD);
        found
    }

    /// Every word that was said must be like one of the name's, in their order.
    fn by_words(&self, said: &[Word], name: &[Word]) -> f32 {
        if said.len() != name.len() && !self.takes_parts {
            return 0.0;
        }
        let mut rest = name;
        let mut sum = 0.0;
        for word in said {
            let best = rest.iter().enumerate().map(|(at, known)| (self.word_likeness(word, known), at));
            let Some((likeness, at)) = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))) else {
                return 0.0;
            };
            if likeness < ALIKE {
                return 0.0;
            }
            sum += likeness;
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        let mean = sum / said.len() as f32;
        if said.len() == name.len() { mean } else { mean * PART }
    }

    fn word_likeness(&self, said: &Word, known: &Word) -> f32 {
        if said.chars == known.chars {
            return 1.0;
        }
        let same_sound = !said.sound.is_empty() && said.sound == known.sound;
        let longest = said.chars.len().max(known.chars.len());
        let same_sound = same_sound && longest - said.chars.len().min(known.chars.len()) <= SOUND_LENGTHS;
        let different = (said.letters ^ known.letters).count_ones() as usize;
        let sound = if same_sound { SAME_SOUND } else { 0.0 };
        // Each edit changes at most two letters of the sets.
        if longest == 0 || 1.0 - (different / 2) as f32 / (longest as f32) < ALIKE {
            return sound;
        }
        if self.stem(&said.chars) == self.stem(&known.chars) {
            return SAME_STEM;
        }
        let edits = distance(&said.chars, &known.chars);
        // An edit in a short word makes another word of it.
        let letters = 1.0 - edits as f32 / longest as f32;
        if same_sound { sound.max((letters + 1.0) / 2.0) } else { letters }
    }

    /// The word without an ending that inflection may have added.
    fn stem<'w>(&self, word: &'w [char]) -> &'w [char] {
        let endings: &[&str] = if self.is_german {
            &GERMAN_ENDINGS
        } else if self.is_english {
            &ENGLISH_ENDINGS
        } else {
            &[]
        };
        let stem = endings.iter().find_map(|ending| {
            let stem = word.len().checked_sub(ending.len()).filter(|left| *left >= 3)?;
            word.get(stem..)?.iter().copied().eq(ending.chars()).then(|| word.get(..stem)).flatten()
        });
        stem.unwrap_or(word)
    }

    fn words(&self, chars: &[char]) -> Vec<Word> {
        let words = chars.split(|c| *c == ' ').filter(|word| !word.is_empty());
        words.take(MAX_WORDS + 1).map(|word| self.word(word.to_vec())).collect()
    }

    fn word(&self, mut chars: Vec<char>) -> Word {
        chars.truncate(MAX_WORD * 2);
        let letters = chars.iter().fold(0, |set, c| set | 1 << (u32::from(*c) % 64));
        let text: String = chars.iter().collect();
        let is_word = chars.len() > 2 && chars.iter().all(|c| c.is_alphabetic());
        let sound = match (is_word, self.is_german, self.is_english) {
            (true, true, _) => Cologne.encode(&text),
            (true, _, true) => {
                plain(&text).map(|text| DoubleMetaphone::default().encode(&text)).unwrap_or_default()
            }
            _ => String::new(),
        };
        // One or two sounds are shared by too many words.
        let sound = if sound.len() > 2 { sound } else { String::new() };
        Word { chars, letters, sound }
    }
}

/// Whether the word says no, which is never a misspelling of something else: "keinen" is not "kleinen".
fn says_no(word: &[char]) -> bool {
    let known = DialogueWords::ALL.iter().flat_map(|words| words.negations);
    known.into_iter().any(|negation| negation.chars().eq(word.iter().copied()))
}

/// `text` without accents, if only the letters A to Z are left: Double Metaphone counts bytes.
fn plain(text: &str) -> Option<String> {
    let text: String = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
    text.bytes().all(|byte| byte.is_ascii_alphabetic()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(language: &str, names: &[&str], said: &str, expected: &[&str]) {
        let numbered = names.iter().zip(0..).map(|(name, number)| (name.chars().collect(), number));
        let found = Vocabulary::new(numbered, language).alike(&said.chars().collect::<Vec<_>>());
        let found: Vec<_> = found.iter().map(|found| names[found.entry as usize]).collect();
        assert_eq!(found, expected, "{said:?}");
    }

    const PEOPLE: [&str; 6] =
        ["anna müller", "anna schmidt", "jürgen meier", "katharina weiss", "tom", "philipp stein"];

    #[test]
    fn misspelt_names_are_found_by_letters_and_sound() {
        check("de", &PEOPLE, "anna müler", &["anna müller"]);
        check("de", &PEOPLE, "jürgen mayer", &["jürgen meier"]);
        check("de", &PEOPLE, "catarina weiss", &["katharina weiss"]);
        check("de", &PEOPLE, "filip stein", &["philipp stein"]);
        check("en", &["stephen thompson", "bob"], "steven tomson", &["stephen thompson"]);
    }

    #[test]
    fn part_of_a_name_is_every_name_with_it() {
        check("de", &PEOPLE, "anna", &["anna müller", "anna schmidt"]);
        check("de", &PEOPLE, "schmidt", &["anna schmidt"]);
    }

    #[test]
    fn inflected_names_are_found() {
        check("de", &PEOPLE, "annas", &["anna müller", "anna schmidt"]);
        check("de", &["wohnzimmer", "garten"], "wohnzimmers", &["wohnzimmer"]);
        check("en", &["kids room", "garage"], "kid room", &["kids room"]);
    }

    #[test]
    fn joined_and_split_words_are_found() {
        check("de", &["wohnzimmer", "garten"], "wohn zimmer", &["wohnzimmer"]);
        check("en", &["living room", "garage"], "livingroom", &["living room"]);
    }

    #[test]
    fn names_in_other_scripts_and_with_accents_are_found() {
        check("en", &["éric", "bob"], "eric", &["éric"]);
        check("de", &["ərin", "bob"], "ərin", &["ərin"]);
        check("en", &["иван", "bob"], "иван", &["иван"]);
    }

    proptest! {
        #[test]
        fn any_names_can_be_compared(names in prop::collection::vec("\\PC{0,12}", 1..4), said in "\\PC{0,12}") {
            for language in ["en", "de", "fr"] {
                let numbered = names.iter().zip(0..).map(|(name, number)| (name.chars().collect(), number));
                let vocabulary = Vocabulary::new(numbered, language);
                vocabulary.alike(&said.chars().collect::<Vec<_>>());
                let first: Vec<char> = names[0].chars().collect();
                prop_assert!(vocabulary.same(&first).len() <= names.len());
            }
        }
    }

    #[test]
    fn names_may_have_to_be_said_whole() {
        let names = ["hot water", "espresso"].iter().zip(0..).map(|(name, n)| (name.chars().collect(), n));
        let vocabulary = Vocabulary::new(names, "en").of_whole_names();
        let found = |said: &str| vocabulary.alike(&said.chars().collect::<Vec<_>>()).len();
        assert_eq!((found("water"), found("hot watter"), found("expresso")), (0, 1, 1));
    }

    #[test]
    fn what_is_much_longer_or_says_no_is_not_found() {
        check("en", &["without milk"], "with oat milk large", &[]);
        check("en", &["tomatoes"], "tomatoes and the herbs", &[]);
        check("de", &["kleinen"], "keinen", &[]);
        check("en", &["with no milk"], "with soy milk", &[]);
    }

    #[test]
    fn other_words_are_not_found() {
        check("de", &PEOPLE, "bernd", &[]);
        check("de", &PEOPLE, "tim", &[]);
        check("de", &PEOPLE, "anna meier", &[]);
        check("en", &["bob"], "", &[]);
    }
}
