//! The person's own language: words and phrases of the messages sent, as decayed counts, never as text.
//!
//! A cache of one, two and three words in a row, smoothed as Witten and Bell (1991) do and mixed with what everybody
//! writes: λ grows with what was learned, λ = [`MOST`]·n/(n + [`HALFWAY`]) for n words. Older messages count less.
//!
//! A word that no list knows is offered once it was sent twice, or kept by hand. What was forgotten is not learned
//! again unless it is kept by hand; of it remains a fingerprint, which does not tell the word.
//!
//! | file | does |
//! |---|---|
//! | `message` | what is counted of a message, and what is no word |
//! | `counts` | the counts, decayed, in layers of time |
//! | `bytes`, `saved` | all of it as a snapshot and records for the store |
//! | `text` | the same as text that a person reads, and AOSP's word lists |

mod bytes;
mod counts;
mod message;
mod saved;
mod text;

pub(super) use saved::{KIND, Record};

use super::lexicon::fold::lower;
use super::ngram::text::{MARKS, START, Token, UNKNOWN, tokens};
use counts::{Context, Counts, MOST_COUNTS, NONE};
use message::{Message, Spelling, is_word, words_only};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// The weight of the person's own words, if there are very many.
const MOST: f32 = 0.5;
/// Words after which half of that is reached.
const HALFWAY: f32 = 50.0;
/// How much is left for shorter contexts, per different word that followed.
const NEW: f32 = 0.5;
/// Messages in which a word must be that no list knows.
const SENT: u32 = 2;
/// Words of lists that are kept at most.
pub(super) const MOST_KEPT: usize = 20_000;
/// How frequent a word is that was kept by hand, and one of the address book, in AOSP's measure (see [`share`]).
pub(super) const BY_HAND: u8 = 189;
pub(super) const SUPPLEMENTARY: u8 = 173;

/// What kind of field text was typed into. Only messages are learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// Running text.
    #[default]
    Message,
    /// A password.
    Password,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// Digits.
    Number,
    /// A field whose app asks keyboards not to learn, such as an incognito tab.
    Private,
}

/// A word that was learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnedWord {
    /// As it is written.
    pub text: String,
    /// Messages it was sent in.
    pub sent: u32,
    /// Whether it was kept by hand, or comes from a word list that the person brought.
    pub kept: bool,
    /// Whether the package lists it too.
    pub listed: bool,
}

/// A word that the person may mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Own {
    /// In lower case.
    pub(super) letters: String,
    /// As the person writes it.
    pub(super) form: String,
    /// Whether it may be offered though no list knows it.
    pub(super) is_established: bool,
    /// Whether it was kept by hand.
    pub(super) is_kept: bool,
    /// Of all words that the person could write here, by what was learned.
    pub(super) probability: f32,
    /// Of running text, because it stands in a list of the person's; 0 if it does not.
    pub(super) share: f32,
}

/// What was learned.
#[derive(Clone, Debug, Default)]
pub(super) struct Personal {
    /// By number, from [`MARKS`] on; free places are empty.
    words: Vec<Word>,
    free: Vec<u32>,
    /// By letters.
    ids: BTreeMap<String, u32>,
    counts: Counts,
    /// Fingerprints.
    forgotten: BTreeSet<u64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Word {
    form: String,
    /// Whether the form is from inside a sentence.
    is_sure: bool,
    kept: Option<Kept>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Kept {
    /// When, in seconds.
    at: u64,
    frequency: u8,
}

impl Personal {
    /// Learns from a message sent at `at` (seconds since 1970). What was learned, to be saved; `None` if nothing.
    pub(super) fn learn(&mut self, message: &str, at: u64) -> Option<Record> {
        let message = Message::read(message, |letters| self.forgotten.contains(&fingerprint(letters)))?;
        let record = Record::Message { at: full_minute(at), message };
        self.redo(&record);
        Some(record)
    }

    /// Keeps a word by hand, even one that was forgotten. `None` if it is no word.
    pub(super) fn keep(&mut self, text: &str, at: u64) -> Option<Record> {
        can_be_kept(text).then(|| {
            let record = Record::Kept { at: full_minute(at), frequency: BY_HAND, form: text.to_owned() };
            self.redo(&record);
            record
        })
    }

    /// Does what a record says.
    pub(super) fn redo(&mut self, record: &Record) {
        match record {
            Record::Message { at, message } => {
                self.counts.begin_message(*at);
                let ids: Vec<u32> = message.words.iter().map(|spelling| self.word(spelling)).collect();
                ids.iter().for_each(|&id| self.counts.count_sent(id));
                let id = |local: u32| match local {
                    NONE => NONE,
                    local => local.checked_sub(MARKS).map_or(local, |place| ids[place as usize]),
                };
                message.grams.iter().for_each(|(gram, times)| self.counts.count(gram.map(id), *times));
                self.counts.scale_down();
                self.bound();
            }
            Record::Kept { at, frequency, form } => {
                self.forgotten.remove(&fingerprint(&lower(form)));
                let id = self.word(&Spelling { form: form.clone(), is_sure: true });
                let kept = Some(Kept { at: *at, frequency: *frequency });
                self.words[(id - MARKS) as usize] = Word { form: form.clone(), is_sure: true, kept };
            }
        }
    }

    /// Forgets a word with all that followed it, for good.
    pub(super) fn forget(&mut self, text: &str) {
        let letters = lower(text);
        self.remove(&letters);
        self.forgotten.insert(fingerprint(&letters));
    }

    /// Forgets what was learned or kept at `at` or later, and of the time before as much as cannot be told apart.
    pub(super) fn forget_since(&mut self, at: u64) {
        self.counts.forget_since(at);
        for word in &mut self.words {
            word.kept = word.kept.filter(|kept| kept.at < at);
        }
        self.drop_unused();
    }

    /// Whether a word is taken as known and offered because it was learned.
    pub(super) fn is_established(&self, text: &str) -> bool {
        self.ids.get(&lower(text)).is_some_and(|&id| self.is_id_established(id))
    }

    /// The words learned, by their letters.
    pub(super) fn list(&self) -> impl Iterator<Item = LearnedWord> {
        self.ids.values().map(|&id| {
            let word = self.of(id);
            let (text, sent, kept) = (word.form.clone(), self.counts.sent(id), word.kept.is_some());
            LearnedWord { text, sent, kept, listed: false }
        })
    }

    /// Whether there is nothing, not even of what was forgotten.
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.forgotten.is_empty()
    }

    /// The weight of the person's own words beside everybody's.
    pub(super) fn weight(&self) -> f32 {
        let learned = self.counts.context([NONE, NONE]).map_or(0.0, |all| all.total);
        MOST * learned / (learned + HALFWAY)
    }

    /// The person's words after `line` that begin with `prefix`, case apart, with their probabilities; in the order of
    /// their letters.
    pub(super) fn words(&self, line: &str, prefix: &str) -> Vec<Own> {
        let prefix = lower(prefix);
        let mut before = [START, START];
        for token in tokens(&words_only(line)) {
            let id = match token {
                Token::Mark(mark) => mark,
                Token::Word { text, .. } => self.ids.get(&lower(text)).copied().unwrap_or(UNKNOWN),
            };
            before = [before[1], id];
        }
        let contexts = [[NONE, NONE], [NONE, before[1]], before];
        let known = contexts.iter().filter_map(|before| Some((*before, self.counts.context(*before)?)));
        let known: Vec<([u32; 2], Context)> = known.collect();
        let smoothed = |id: u32| {
            known.iter().fold(0.0, |shorter, ([a, b], context)| {
                let new = context.kinds as f32 * NEW;
                (self.counts.weight([*a, *b, id]).unwrap_or_default() + new * shorter) / (context.total + new)
            })
        };
        let from = (Bound::Included(prefix.as_str()), Bound::Unbounded);
        let those = self.ids.range::<str, _>(from).take_while(|(letters, _)| letters.starts_with(&prefix));
        let own = |(letters, &id): (&String, &u32)| {
            let word = self.of(id);
            let is_counted = self.counts.weight([NONE, NONE, id]).is_some();
            let share = word.kept.map_or(0.0, |kept| share(kept.frequency));
            (is_counted || share > 0.0).then(|| Own {
                letters: letters.clone(),
                form: word.form.clone(),
                is_established: self.is_id_established(id),
                is_kept: word.kept.is_some(),
                probability: if is_counted { smoothed(id) } else { 0.0 },
                share,
            })
        };
        those.filter_map(own).collect()
    }

    /// Takes in what was learned later, before this was at hand: what was forgotten or kept there is so here.
    pub(super) fn catch_up(&mut self, newer: &Self) {
        newer.forgotten.iter().for_each(|&fingerprint| self.bury(fingerprint));
        for (letters, &id) in &newer.ids {
            if newer.of(id).kept.is_some() {
                self.forgotten.remove(&fingerprint(letters));
            }
        }
        self.absorb(newer);
    }

    /// Takes in what was learned elsewhere. What was forgotten on either side is so here, unless it is kept here.
    pub(super) fn import(&mut self, other: &Self) {
        let kept = self.ids.iter().filter(|(_, id)| self.of(**id).kept.is_some());
        let kept: BTreeSet<u64> = kept.map(|(letters, _)| fingerprint(letters)).collect();
        other.forgotten.difference(&kept).for_each(|&fingerprint| self.bury(fingerprint));
        self.absorb(other);
    }

    /// Whether a word was forgotten.
    pub(super) fn has_forgotten(&self, text: &str) -> bool {
        self.forgotten.contains(&fingerprint(&lower(text)))
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let letters: usize = self.ids.keys().map(String::capacity).sum();
        let forms: usize = self.words.iter().map(|word| word.form.capacity()).sum();
        letters
            + forms
            + self.words.capacity() * size_of::<Word>()
            + self.free.capacity() * size_of::<u32>()
            + self.ids.len() * size_of::<(String, u32)>()
            + self.counts.heap_bytes()
            + self.forgotten.len() * size_of::<u64>()
    }

    fn absorb(&mut self, other: &Self) {
        let ids: Vec<Option<u32>> = other.words.iter().map(|word| self.take_in(word)).collect();
        self.counts.absorb(&other.counts, |number| match number.checked_sub(MARKS) {
            Some(place) => ids.get(place as usize).copied().flatten(),
            None => Some(number),
        });
        self.bound();
        self.drop_unused();
    }

    /// The number here of a word from elsewhere; `None` if it was forgotten here.
    fn take_in(&mut self, word: &Word) -> Option<u32> {
        if word.form.is_empty() || self.has_forgotten(&word.form) {
            return None;
        }
        let id = self.word(&Spelling { form: word.form.clone(), is_sure: word.is_sure });
        let here = &mut self.words[(id - MARKS) as usize];
        here.kept = here.kept.or(word.kept);
        Some(id)
    }

    /// Forgets the word of this fingerprint for good, whichever it is.
    fn bury(&mut self, buried: u64) {
        let known = self.ids.keys().find(|letters| fingerprint(letters) == buried).cloned();
        if let Some(letters) = known {
            self.remove(&letters);
        }
        self.forgotten.insert(buried);
    }

    fn remove(&mut self, letters: &str) {
        if let Some(id) = self.ids.remove(letters) {
            self.words[(id - MARKS) as usize] = Word::default();
            self.free.push(id);
            self.counts.retain(|number| number != id);
        }
    }

    /// The number of a word, made up if it is new.
    fn word(&mut self, spelling: &Spelling) -> u32 {
        let letters = lower(&spelling.form);
        let id = match self.ids.get(&letters) {
            Some(&id) => id,
            None => {
                let id = self.free.pop().unwrap_or_else(|| {
                    self.words.push(Word::default());
                    MARKS + self.words.len() as u32 - 1
                });
                self.words[(id - MARKS) as usize].form.clone_from(&spelling.form);
                self.ids.insert(letters, id);
                id
            }
        };
        let word = &mut self.words[(id - MARKS) as usize];
        if spelling.is_sure && !word.is_sure {
            word.form.clone_from(&spelling.form);
            word.is_sure = true;
        }
        id
    }

    fn of(&self, id: u32) -> &Word {
        &self.words[(id - MARKS) as usize]
    }

    fn is_id_established(&self, id: u32) -> bool {
        self.of(id).kept.is_some() || self.counts.sent(id) >= SENT
    }

    /// Drops the faintest counts while there are too many, and words that none is left of.
    fn bound(&mut self) {
        if self.counts.len() > MOST_COUNTS {
            while self.counts.len() > MOST_COUNTS {
                self.counts.thin();
            }
            self.drop_unused();
        }
    }

    /// Drops words that are neither counted nor kept.
    fn drop_unused(&mut self) {
        let Self { words, free, ids, counts, .. } = self;
        let before = ids.len();
        let mut used = vec![false; words.len()];
        ids.retain(|_, id| {
            let place = (*id - MARKS) as usize;
            used[place] = counts.weight([NONE, NONE, *id]).is_some() || words[place].kept.is_some();
            if !used[place] {
                words[place] = Word::default();
                free.push(*id);
            }
            used[place]
        });
        if ids.len() < before {
            counts.retain(|number| number.checked_sub(MARKS).is_none_or(|place| used[place as usize]));
        }
    }
}

/// What can be kept by hand: a word with at least one letter, without spaces.
fn can_be_kept(text: &str) -> bool {
    is_word(&lower(text))
        && text.chars().any(char::is_alphabetic)
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
}

/// The share of running text that a frequency of AOSP's word lists stands for: 255 is all of it, and each step less
/// divides it by 1.15 (`sample.combined` of LatinIME). A list of the person's never outweighs common words, nor is it
/// without any weight.
pub(super) fn share(frequency: u8) -> f32 {
    1.15_f32.powi(i32::from(frequency) - 255).clamp(1e-9, 1e-4)
}

/// Times are known to the minute, so that nobody reads from them when exactly a message was sent. Rounded up, what was
/// learned since a moment is surely after it.
fn full_minute(at: u64) -> u64 {
    at.checked_next_multiple_of(60).unwrap_or(at)
}

/// 64 bits that stand for a word: FNV-1a over its letters (<http://www.isthe.com/chongo/tech/comp/fnv/>), which no
/// version of anything changes.
fn fingerprint(letters: &str) -> u64 {
    letters
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
