//! What no template matches: an intent by likeness to examples, and the places of the slots' values.
//!
//! A [`Learned`] is fitted on the device when a set is loaded or changed: the encoder of a sentence package gives a vector
//! of each example, and everything else is learned from these in a second. It answers with probabilities that hold, and
//! says when an utterance is not like anything that the set was made for.
//!
//! | file | what |
//! |---|---|
//! | `sample.rs` | sentences drawn from templates, which are examples, too |
//! | `encode.rs`, `projection.rs` | texts to vectors |
//! | `intents.rs` | the classifier: `regression.rs` on vectors and the telling words of `sparse.rs`, `centroids.rs` weighs them |
//! | `scope.rs`, `neighbours.rs`, `everyday.rs` | probabilities, and what is out of scope |
//! | `tagger.rs` | slots: `crf.rs` over `words.rs`, helped by `gazetteer.rs`, `lexicon/` and `values.rs` |
//! | `things.rs` | what the sentences name, and what is another thing |
//! | `languages.rs` | which of the set's languages an utterance is in |
//! | `lbfgs.rs` | the optimiser of both |
//! | `store.rs` | a fitted parser as bytes |
//!
//! What was tried and measured stands in `docs/commands.md`.

mod centroids;
mod crf;
mod encode;
mod everyday;
mod gazetteer;
mod intents;
mod languages;
mod lbfgs;
mod lexicon;
mod neighbours;
mod projection;
mod regression;
pub(super) mod sample;
mod scope;
mod sparse;
mod store;
mod tagger;
#[cfg(test)]
mod tests;
mod things;
mod values;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::error::CommandError;
use super::example::Example;
use super::plausible::Plausible;
use super::set::CommandSet;
use crate::engine::EngineError;
use crate::model::Model;
use encode::Sentences;
use everyday::Everyday;
use gazetteer::{Hit, phrase};
use intents::{Intents, Training};
use languages::Languages;
use projection::Projection;
pub(super) use store::StoreError;
use tagger::{Tagged, Tagger};
use things::Things;
use words::{Word, words};

/// The section of a sentence package that holds what was fitted ahead.
pub const SECTION: &str = "commands";

/// Probability of a guess, at most: only a template is certain.
const SUREST: f32 = 0.999;

/// A fitted parser with its encoder. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Learned {
    sentences: Sentences,
    languages: Arc<Languages>,
    fitted: Arc<Fitted>,
    everyday: Arc<Everyday>,
    plausible: Arc<Plausible>,
    /// Of what it was fitted to.
    fingerprint: u64,
}

/// What was learned from a set.
#[derive(Clone, Debug, PartialEq)]
struct Fitted {
    /// Names of the intents, by class.
    names: Vec<String>,
    /// Names of the slots, by number.
    slots: Vec<String>,
    intents: Intents,
    projection: Projection,
    tagger: Tagger,
    things: Things,
}

/// What an utterance may mean, the most probable first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Understood {
    pub(super) guesses: Vec<Guess>,
    /// The language it is in, if the set's examples tell.
    pub(super) language: Option<String>,
    /// Whether it looks like what the set was made for.
    pub(super) in_scope: bool,
    /// How sure one may be that it is out of scope, 0 to 1.
    pub(super) doubt: f32,
}

/// An intent with the values that it would have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Guess {
    pub(super) intent: String,
    pub(super) probability: f32,
    pub(super) slots: Vec<Found>,
}

/// A slot's value: code points `start..end` of the utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) slot: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Learned {
    /// What was fitted ahead for `set` and lies in the package, or else fits now; `None` if there is nothing to learn from.
    pub(super) fn open(set: &CommandSet, model: &Model) -> Result<Option<Self>, EngineError> {
        let examples = all_examples(set);
        if examples.is_empty() {
            return Ok(None);
        }
        let sentences = Sentences::new(model)?;
        let fingerprint = fingerprint(&examples, model);
        let ahead = model.section(SECTION).and_then(|bytes| stored(bytes, fingerprint, &sentences).ok());
        let fitted = match ahead {
            Some(fitted) => fitted,
            None => {
                let known = set.languages.values().flat_map(sample::values).collect();
                Fitted::new(&examples, known, things(set, &examples), &sentences)?
            }
        };
        Ok(Some(Self::new(set, sentences, &examples, fitted, fingerprint)))
    }

    /// What [`save`](Self::save) gave for the same set and encoder.
    pub(super) fn load(set: &CommandSet, model: &Model, bytes: &[u8]) -> Result<Self, CommandError> {
        let examples = all_examples(set);
        let fingerprint = fingerprint(&examples, model);
        let sentences = Sentences::new(model)?;
        let fitted = stored(bytes, fingerprint, &sentences)?;
        Ok(Self::new(set, sentences, &examples, fitted, fingerprint))
    }

    fn new(
        set: &CommandSet,
        sentences: Sentences,
        examples: &[Example],
        fitted: Fitted,
        fingerprint: u64,
    ) -> Self {
        let languages = Arc::new(Languages::new(examples));
        let everyday = Arc::new(fitted.intents.everyday(sentences.model()));
        let plausible = Arc::new(Plausible::new(set, examples));
        Self { sentences, languages, fitted: Arc::new(fitted), everyday, plausible, fingerprint }
    }

    /// What was learned, without the encoder.
    pub(super) fn save(&self) -> Vec<u8> {
        store::save(&self.fitted, self.fingerprint)
    }

    /// What `text` may mean; at most `limit` guesses.
    pub(super) fn understand(&self, text: &str, limit: usize) -> Result<Understood, EngineError> {
        let fitted = &self.fitted;
        let words = words(text);
        let vectors = self.sentences.encode(text, &words, &fitted.projection)?;
        let ranking = fitted.intents.rank(text, &vectors.sentence, &self.everyday);
        let guess = |(class, probability): (u32, f32)| {
            let probability = probability.min(SUREST);
            let intent = fitted.names.get(class as usize)?.clone();
            let found = |hit: Hit| {
                let slot = fitted.slots.get(usize::from(hit.slot))?.clone();
                let (first, last) = (words.get(hit.start)?, words.get(hit.end.checked_sub(1)?)?);
                Some(Found { slot, start: first.start, end: last.end })
            };
            let hits = fitted.tagger.tag(&words, &vectors.words, class);
            Some(Guess { intent, probability, slots: hits.into_iter().filter_map(found).collect() })
        };
        let guesses: Vec<Guess> = ranking.guesses.into_iter().take(limit).filter_map(guess).collect();
        let is_plausible = guesses.first().is_none_or(|best| {
            let values: Vec<_> = best.slots.iter().map(|found| (found.start, found.end)).collect();
            self.plausible.allows(&best.intent, text, &values)
        });
        let language = self.languages.of(&words).map(str::to_owned);
        let (in_scope, doubt) = if is_plausible { (ranking.in_scope, ranking.doubt) } else { (false, 1.0) };
        Ok(Understood { guesses, language, in_scope, doubt })
    }

    /// Whether `text` names things, and none that the set's templates or `values`, code points of it, do; see
    /// [`Things::are_others`].
    pub(super) fn names_others(
        &self,
        text: &str,
        values: &[(usize, usize)],
        is_question: bool,
    ) -> Result<bool, EngineError> {
        self.fitted.things.are_others(&words(text), values, is_question, &self.sentences)
    }
}

impl Fitted {
    /// `known` are values of slots from lists: slot and words; `named` are the words of sentences that name what the set is about.
    fn new(
        examples: &[Example],
        known: Vec<(String, String)>,
        named: Vec<Vec<Word>>,
        sentences: &Sentences,
    ) -> Result<Self, EngineError> {
        let names = distinct(examples.iter().map(|example| &example.intent));
        let slots = distinct(examples.iter().flat_map(|example| &example.slots).map(|slot| &slot.name));
        let number = |name: &String| slots.binary_search(name).ok().and_then(|slot| u16::try_from(slot).ok());
        let texts: Vec<&str> = examples.iter().map(|example| example.text.as_str()).collect();
        let classes: Vec<u32> =
            examples.iter().map(|example| names.binary_search(&example.intent).unwrap_or(0) as u32).collect();

        let split: Vec<Vec<Word>> = texts.iter().map(|text| words(text)).collect();
        let (vectors, projection) = sentences.encode_all(&texts, (!slots.is_empty()).then_some(&split))?;
        let hits: Vec<Vec<Hit>> = examples
            .iter()
            .zip(&split)
            .map(|(example, words)| {
                let hit = |slot: &super::example::ExampleSlot| {
                    // A value whose ends lie inside words cannot be learned exactly: it is widened to whole words.
                    let start = words.iter().position(|word| word.end > slot.start)?;
                    let end = words.iter().rposition(|word| word.start < slot.end)? + 1;
                    (start < end).then_some(Hit { slot: number(&slot.name)?, start, end })
                };
                example.slots.iter().filter_map(hit).collect()
            })
            .collect();
        let tagged: Vec<Tagged<'_>> = split
            .iter()
            .zip(&vectors)
            .zip(&classes)
            .zip(&hits)
            .map(|(((words, vectors), intent), slots)| Tagged {
                words,
                vectors: &vectors.words,
                intent: *intent,
                slots,
            })
            .collect();
        let values: Vec<Vec<Word>> = known.iter().map(|(_, text)| words(text)).collect();
        let things = Things::new(&named, &values, sentences)?;
        let known = known.iter().filter_map(|(slot, text)| Some((phrase(&words(text))?, number(slot)?)));
        let tagger = Tagger::fit(&tagged, names.len(), projection.dimensions(), known);
        let vectors: Vec<Vec<f32>> = vectors.into_iter().map(|vectors| vectors.sentence).collect();
        let training =
            Training { texts: &texts, vectors: &vectors, classes: &classes, class_count: names.len() };
        let intents = Intents::fit(training, sentences.model());
        Ok(Self { names, slots, intents, projection, tagger, things })
    }
}

/// What `bytes` hold, if it was fitted to what `fingerprint` stands for, with this encoder.
fn stored(bytes: &[u8], fingerprint: u64, sentences: &Sentences) -> Result<Fitted, StoreError> {
    let fitted = store::load(bytes, fingerprint)?;
    if fitted.intents.mean.len() != sentences.width() {
        return Err(StoreError::Fingerprint);
    }
    Ok(fitted)
}

/// The set's examples and sentences drawn from its templates.
fn all_examples(set: &CommandSet) -> Vec<Example> {
    let drawn = set.languages.iter().flat_map(|(code, language)| sample::sentences(code, language));
    set.examples.iter().cloned().chain(drawn).collect()
}

/// The words of each example of intents that have templates, without the values of slots.
fn things(set: &CommandSet, examples: &[Example]) -> Vec<Vec<Word>> {
    let templated = set.templated();
    let examples = examples.iter().filter(|example| templated.contains(example.intent.as_str()));
    let outside = |example: &Example| {
        let is_value =
            |word: &Word| example.slots.iter().any(|slot| word.start < slot.end && slot.start < word.end);
        let mut words = words(&example.text);
        words.retain(|word| !is_value(word));
        words
    };
    examples.map(outside).collect()
}

/// A hash of what a parser is fitted to, and with which encoder (FNV-1a).
fn fingerprint(examples: &[Example], model: &Model) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    add(&model.fingerprint().to_le_bytes());
    add(&crc32fast::hash(model.everyday()).to_le_bytes());
    for example in examples {
        add(example.text.as_bytes());
        add(example.intent.as_bytes());
        for slot in &example.slots {
            add(slot.name.as_bytes());
            add(&[slot.start.to_le_bytes(), slot.end.to_le_bytes()].concat());
        }
    }
    hash
}

/// Each name once, in alphabetical order.
fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let set: BTreeSet<&String> = names.collect();
    set.into_iter().cloned().collect()
}
