//! The person's own language: words and phrases of the messages sent, kept in memory as decayed counts, never as text.
//!
//! A cache of one, two and three words in a row, smoothed as Witten and Bell (1991) do and mixed with what everybody
//! writes: λ grows with what was learned, λ = [`MOST`]·n/(n + [`HALFWAY`]) for n words. A message counts half after
//! [`HALF_LIFE`] more. Counting in growing units does that without touching what is old.
//!
//! A word that no list knows is offered once it was sent twice, or kept by hand. What was forgotten is not learned again
//! unless it is kept by hand.

use super::lexicon::fold::lower;
use super::ngram::text::{MARKS, START, Token, UNKNOWN, tokens};
use std::collections::{HashMap, HashSet};

/// Messages after which one counts half.
const HALF_LIFE: f64 = 45.0;
/// The weight of the person's own words, if there are very many.
const MOST: f32 = 0.5;
/// Words after which half of that is reached.
const HALFWAY: f32 = 50.0;
/// How much is left for shorter contexts, per different word that followed.
const NEW: f32 = 0.5;
/// Messages in which a word must be that no list knows.
const SENT: u32 = 2;
/// Counts that are kept at most: some 5 MB.
const MOST_COUNTS: usize = 20_000;
/// The unit at which all counts are scaled down.
const LARGEST_UNIT: f64 = 1e12;
/// The longest message that is learned from, in bytes, and the longest word in letters.
const LONGEST: usize = 4096;
const LONGEST_WORD: usize = 40;

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
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedWord {
    /// As it is written.
    pub text: String,
    /// Messages it was sent in.
    pub sent: u32,
    /// Whether it was kept by hand.
    pub kept: bool,
}

/// A word that the person may mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Own {
    /// In lower case.
    pub(super) letters: String,
    /// As the person writes it.
    pub(super) form: String,
    /// Whether it may be offered though no list knows it.
    pub(super) is_established: bool,
    /// Whether it was kept by hand.
    pub(super) is_kept: bool,
    /// Of all words that the person could write here.
    pub(super) probability: f32,
}

/// What was learned.
#[derive(Debug, Default)]
pub(super) struct Personal {
    words: Vec<Word>,
    ids: HashMap<String, u32>,
    /// What followed the last two, one and no words or marks; [`NONE`] where there is none.
    after: HashMap<[u32; 2], Following>,
    counts: usize,
    forgotten: HashSet<String>,
    /// Messages learned, as a power of which a new count is.
    messages: f64,
}

const NONE: u32 = u32::MAX;

#[derive(Debug, Default)]
struct Word {
    letters: String,
    form: String,
    /// Whether the form is from inside a sentence.
    is_form_sure: bool,
    sent: u32,
    kept: bool,
}

#[derive(Debug, Default)]
struct Following {
    total: f32,
    next: HashMap<u32, f32>,
}

impl Personal {
    /// Learns from a message.
    pub(super) fn learn(&mut self, message: &str) {
        if message.len() > LONGEST {
            return;
        }
        let mut sent = HashSet::new();
        self.messages += 1.0;
        for line in message.split('\n') {
            let mut before = [START, START];
            for token in tokens(line) {
                let id = match token {
                    Token::Mark(mark) => mark,
                    Token::Word { text, first } => self.word(text, first),
                };
                if id >= MARKS {
                    if sent.insert(id) {
                        self.words[(id - MARKS) as usize].sent += 1;
                    }
                    for context in [[NONE, NONE], [NONE, before[1]], before] {
                        self.count(context, id);
                    }
                }
                before = [before[1], id];
            }
        }
        if self.unit() > LARGEST_UNIT {
            self.scale_down();
        }
        if self.counts > MOST_COUNTS {
            self.forget_oldest();
        }
    }

    /// Keeps a word by hand, even one that was forgotten.
    pub(super) fn keep(&mut self, text: &str) {
        self.forgotten.remove(&lower(text));
        let id = self.word(text, false);
        if let Some(word) = id.checked_sub(MARKS).and_then(|id| self.words.get_mut(id as usize)) {
            word.kept = true;
            self.count([NONE, NONE], id);
        }
    }

    /// Forgets a word with all that followed it, for good.
    pub(super) fn forget(&mut self, text: &str) {
        let letters = lower(text);
        if let Some(id) = self.ids.remove(&letters) {
            self.after.retain(|context, following| {
                if let Some(weight) = following.next.remove(&id) {
                    following.total -= weight;
                }
                !context.contains(&id) && !following.next.is_empty()
            });
            // The place stays, without a trace of the word, so that the others keep their numbers.
            self.words[(id - MARKS) as usize] = Word::default();
            self.recount();
        }
        self.forgotten.insert(letters);
    }

    /// Forgets everything, also what was forgotten.
    pub(super) fn erase(&mut self) {
        *self = Self::default();
    }

    /// The words learned, by their letters.
    pub(super) fn list(&self) -> Vec<LearnedWord> {
        let known = self.words.iter().filter(|word| !word.letters.is_empty());
        let mut words: Vec<&Word> = known.collect();
        words.sort_by(|a, b| a.letters.cmp(&b.letters));
        let learned = |word: &Word| LearnedWord { text: word.form.clone(), sent: word.sent, kept: word.kept };
        words.into_iter().map(learned).collect()
    }

    /// The weight of the person's own words beside everybody's.
    pub(super) fn weight(&self) -> f32 {
        let total = self.after.get(&[NONE, NONE]).map_or(0.0, |all| all.total);
        let learned = total / self.unit() as f32;
        MOST * learned / (learned + HALFWAY)
    }

    /// The person's words after `line` that begin with `prefix`, case apart, with their probabilities; in no order.
    pub(super) fn words(&self, line: &str, prefix: &str) -> Vec<Own> {
        let Some(all) = self.after.get(&[NONE, NONE]) else { return Vec::new() };
        let prefix = lower(prefix);
        let mut before = [START, START];
        for token in tokens(line) {
            let id = match token {
                Token::Mark(mark) => mark,
                Token::Word { text, .. } => self.ids.get(&lower(text)).copied().unwrap_or(UNKNOWN),
            };
            before = [before[1], id];
        }
        let contexts = [[NONE, before[1]], before].map(|context| self.after.get(&context));
        let following: Vec<&Following> = std::iter::once(all).chain(contexts.into_iter().flatten()).collect();
        let unit = self.unit() as f32;
        let own = |(&id, _): (&u32, &f32)| {
            let word =
                self.words.get((id - MARKS) as usize).filter(|word| word.letters.starts_with(&prefix))?;
            let smoothed = |shorter: f32, following: &&Following| {
                let new = following.next.len() as f32 * unit * NEW;
                (following.next.get(&id).copied().unwrap_or_default() + new * shorter)
                    / (following.total + new)
            };
            Some(Own {
                letters: word.letters.clone(),
                form: word.form.clone(),
                is_established: word.kept || word.sent >= SENT,
                is_kept: word.kept,
                probability: following.iter().fold(0.0, smoothed),
            })
        };
        all.next.iter().filter_map(own).collect()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let words: usize = self.words.iter().map(|word| word.letters.capacity() + word.form.capacity()).sum();
        let entries: usize = self.after.values().map(|following| following.next.capacity()).sum();
        2 * words
            + self.words.capacity() * size_of::<Word>()
            + self.ids.capacity() * size_of::<(String, u32)>()
            + self.after.capacity() * size_of::<([u32; 2], Following)>()
            + entries * size_of::<(u32, f32)>()
            + self.forgotten.capacity() * size_of::<String>()
    }

    /// The number of a word, made up if it is new; [`UNKNOWN`] if it is not to be learned.
    fn word(&mut self, text: &str, first: bool) -> u32 {
        let letters = lower(text);
        if self.forgotten.contains(&letters)
            || letters.is_empty()
            || letters.chars().nth(LONGEST_WORD).is_some()
        {
            return UNKNOWN;
        }
        let next = self.words.len() as u32 + MARKS;
        let id = *self.ids.entry(letters.clone()).or_insert(next);
        if id == next {
            self.words.push(Word { letters, form: text.to_owned(), ..Word::default() });
        }
        let word = &mut self.words[(id - MARKS) as usize];
        if !first && !word.is_form_sure {
            text.clone_into(&mut word.form);
            word.is_form_sure = true;
        }
        id
    }

    fn count(&mut self, context: [u32; 2], id: u32) {
        let unit = self.unit() as f32;
        let following = self.after.entry(context).or_default();
        following.total += unit;
        let weight = following.next.entry(id).or_insert_with(|| {
            self.counts += 1;
            0.0
        });
        *weight += unit;
    }

    fn unit(&self) -> f64 {
        (self.messages / HALF_LIFE).exp2()
    }

    fn scale_down(&mut self) {
        let unit = self.unit() as f32;
        for following in self.after.values_mut() {
            following.total /= unit;
            following.next.values_mut().for_each(|weight| *weight /= unit);
        }
        self.messages = 0.0;
    }

    /// Drops the faintest half of all counts, and words that none is left of.
    fn forget_oldest(&mut self) {
        let mut weights: Vec<f32> =
            self.after.values().flat_map(|following| following.next.values().copied()).collect();
        let middle = weights.len() / 2;
        let (_, &mut least, _) = weights.select_nth_unstable_by(middle, f32::total_cmp);
        self.after.retain(|_, following| {
            following.next.retain(|_, weight| *weight > least);
            following.total = following.next.values().sum();
            !following.next.is_empty()
        });
        let all = self.after.get(&[NONE, NONE]);
        let is_left = |id: u32| all.is_some_and(|all| all.next.contains_key(&id));
        for (word, id) in self.words.iter_mut().zip(MARKS..) {
            if !is_left(id) && !word.kept && !word.letters.is_empty() {
                self.ids.remove(&word.letters);
                *word = Word::default();
            }
        }
        self.recount();
    }

    fn recount(&mut self) {
        self.counts = self.after.values().map(|following| following.next.len()).sum();
    }
}

#[cfg(test)]
mod tests;
