//! Text prediction for a keyboard: next word, completion and correction, as whole words from the package's lexicon,
//! scored by the model.
//!
//! [`TextPredictor::suggest`] takes the text before the cursor and the letters of the word being typed, of which
//! nothing is kept; [`TextPredictor::learn`] takes messages that were sent, of which words and phrases are counted. The
//! files, in the order in which a keystroke passes them:
//!
//! | file | does |
//! |---|---|
//! | `context` | text to tokens; the window; does a sentence begin here? |
//! | `language` | which language the last words are in |
//! | `scorer` | the model behind a small trait |
//! | `lexicon` | the mapped word list: a range by letters, a trie by tokens |
//! | `ngram` | the mapped n-gram: each word's probability after the last few, without the model |
//! | `shares`, `distribution`, `mixture` | how likely each word is: what the model said, divided among the words it may mean, and the n-gram's word |
//! | `search` | the likeliest words, and the pieces worth another look by the model |
//! | `rank`, `casing`, `blocklist` | case variants become one candidate, written as typed; some are not offered |
//! | `correct` | typing errors: what was meant, and whether to replace |
//! | `personal` | what the person writes: learned, listed, forgotten |
//! | `learning` | the same, for those outside, and on the disk |
//! | `supplementary` | names of the address book, shortcuts |
//! | `emoji` | emoji for words |
//! | `answer` | runs the above; `patience` says how long the model may take |
//! | `phrase` | goes on word by word while it is sure: the grey text behind the cursor |
//!
//! The model runs once per word boundary, and once more on the few pieces where it matters how a word goes on; keys
//! never run it, they filter what it said.

mod answer;
mod blocklist;
mod casing;
mod context;
mod correct;
mod distribution;
mod edges;
mod emoji;
mod error;
mod language;
mod learning;
pub mod lexicon;
mod mixture;
pub mod ngram;
mod patience;
mod personal;
mod phrase;
mod rank;
mod scorer;
mod search;
mod shares;
mod supplementary;

pub use correct::{Key, Touch};
pub use error::PredictError;
pub use learning::{Attached, Imported, LearnedPage, LearnedQuery, LearningError};
pub use personal::{Field, LearnedWord};
pub use phrase::Phrase;
pub use supplementary::SupplementaryWord;

use crate::cancel::{CancelToken, Epoch};
use crate::engine::{Engine, EngineError, EngineOptions};
use crate::model::{BytePairEncoder, Model};
use answer::Answers;
use blocklist::Blocklist;
use context::Context;
use correct::Keyboard;
use distribution::World;
use edges::Edges;
use emoji::Emoji;
use lexicon::{Layout, Lexicon, shares_of_costs};
use ngram::Ngram;
use patience::Patience;
use scorer::EngineScorer;
use shares::SentenceForms;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the keyboard knows at a keystroke.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextInput<'a> {
    /// The text of the message left of the word being typed, as the user wrote it; ends with the separator.
    pub context: &'a str,
    /// The letters already typed of the current word; empty at a word boundary.
    pub composing: &'a str,
    /// How many candidates to return at most, emoji not counted.
    pub limit: usize,
    /// Where each letter of `composing` was tapped, in the unit of the keys ([`TextPredictor::set_keys`]); if there are not
    /// as many as letters, they are not looked at.
    pub touches: &'a [Touch],
}

/// What to show in the suggestion strip, best first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    /// Best first, no duplicates.
    pub candidates: Vec<Candidate>,
    /// Whether the composing text is a word as it stands: of the lexicon, of the person, of the address book, or a compound.
    pub typed_is_known: bool,
    /// What to put in place of the composing text if the word ends here and nobody chose: only where that is safe. A strip
    /// should show it, and the letters as typed beside it.
    pub autocorrection: Option<Candidate>,
    /// Whether time was up before the model had its say: [`TextPredictor::suggest`] has the whole answer.
    pub is_early: bool,
}

/// A suggested word.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The whole word as it should be inserted, without a trailing space.
    pub text: String,
    /// Natural logarithm of the word's probability after the context (and given the letters typed); 0 for what was not
    /// weighed: expansions and emoji.
    pub score: f32,
    /// How the candidate came about.
    pub kind: CandidateKind,
}

/// How a candidate came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CandidateKind {
    /// The letters as typed.
    Typed,
    /// A word that begins with the letters typed.
    Completion,
    /// What the letters typed were meant to be: they have an error.
    Correction,
    /// The next word; nothing of it is typed yet.
    Prediction,
    /// What the letters typed stand for: a shortcut of the person's, see [`TextPredictor::set_supplementary`].
    Expansion,
    /// An emoji for the word typed, in its place; or for the one before the cursor, behind it. Only if
    /// [`PredictorOptions::emoji`] asks for it.
    Emoji,
}

/// How a [`TextPredictor`] works.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PredictorOptions {
    /// Languages to suggest words of (ISO 639-1), a subset of the package's.
    pub languages: Vec<String>,
    /// Tokens of context the model sees at most; older text is forgotten.
    pub context_tokens: usize,
    /// Words never to offer unless they are typed in full, beside the offensive ones that Spatz knows; case apart.
    pub blocked: Vec<String>,
    /// What speaks for words.
    pub evidence: Evidence,
    /// How many emoji to offer at most, behind the words and beyond the limit. To show one in a word's place, ask for a word less.
    pub emoji: usize,
    /// How likely a phrase must be as a whole to be shown, and to grow.
    pub phrase_probability: f32,
}

/// What speaks for words: all there is, except to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The model and the n-gram, by measured weights.
    #[default]
    All,
    /// The model alone.
    Model,
    /// The n-gram alone, without any forward pass; shares of running text if the package has none.
    Ngram,
}

impl Default for PredictorOptions {
    fn default() -> Self {
        Self {
            languages: vec!["en".into(), "de".into()],
            context_tokens: 64,
            blocked: Vec::new(),
            evidence: Evidence::All,
            emoji: 0,
            phrase_probability: phrase::PROBABILITY,
        }
    }
}

/// Suggests words. `Send + Sync`; one per keyboard; calls queue, and the newest wins.
#[derive(Debug)]
pub struct TextPredictor {
    model: Model,
    encoder: BytePairEncoder,
    layout: Layout,
    ngram: Option<ngram::Layout>,
    share_of_cost: [f32; 256],
    sentence_forms: SentenceForms,
    blocklist: Blocklist,
    edges: Edges,
    emoji: Emoji,
    /// Which of the lexicon's languages are on.
    languages: Vec<bool>,
    context_tokens: usize,
    evidence: Evidence,
    phrase_probability: f32,
    newest: Epoch,
    saving: Mutex<learning::Saving>,
    answers: Mutex<Answers>,
}

/// The section of a package that holds the word list.
const SECTION: &str = "lexicon";
/// The section that holds the n-gram, if there is one.
const NGRAM_SECTION: &str = "ngram";
/// The longest context that is worth its memory.
const MOST_CONTEXT: usize = 512;

impl TextPredictor {
    /// A predictor on `model`, which must carry a lexicon.
    ///
    /// # Errors
    ///
    /// A [`PredictError`] says what the package lacks.
    pub fn new(model: &Model, options: PredictorOptions) -> Result<Self, PredictError> {
        let vocabulary = model.vocabulary();
        let section = model
            .section(SECTION)
            .ok_or_else(|| PredictError::NoLexicon { name: model.info().name.clone() })?;
        let layout = Layout::check(section, vocabulary)?;
        let languages: Vec<bool> =
            layout.languages().iter().map(|language| options.languages.contains(language)).collect();
        if !languages.contains(&true) {
            let available = layout.languages().join(", ");
            return Err(PredictError::Languages { wanted: options.languages.join(", "), available });
        }
        // One place for the document start, and some beyond the context: a piece that is expanded, a phrase's words ahead.
        let beyond = 1 + lexicon::MAX_TOKENS;
        let longest = model.llama()?.context_length.saturating_sub(beyond).clamp(1, MOST_CONTEXT);
        let context_tokens = options.context_tokens.clamp(1, longest);
        let engine = Engine::new(model, EngineOptions::default().with_max_context(context_tokens + beyond))
            .map_err(PredictError::Engine)?;
        let lexicon = Lexicon::new(&layout, section, vocabulary);
        let ngram = model.section(NGRAM_SECTION);
        Ok(Self {
            encoder: BytePairEncoder::new(vocabulary)?,
            ngram: ngram.map(|section| ngram::Layout::check(section, &lexicon)).transpose()?,
            share_of_cost: shares_of_costs(),
            sentence_forms: SentenceForms::new(&lexicon),
            blocklist: Blocklist::new(&lexicon, &options.blocked),
            evidence: options.evidence,
            edges: Edges::new(vocabulary),
            emoji: Emoji::new(options.emoji, layout.languages()),
            phrase_probability: options.phrase_probability,
            layout,
            languages,
            context_tokens,
            newest: Epoch::default(),
            saving: Mutex::default(),
            answers: Mutex::new(Answers::new(Box::new(EngineScorer::new(&engine)))),
            model: model.clone(),
        })
    }

    /// Candidates for the strip. Blocks for a forward pass at word boundaries and for microseconds otherwise.
    ///
    /// Every candidate begins with the composing text, case apart, but for corrections and expansions. Where it is empty,
    /// the candidates are next words.
    ///
    /// # Errors
    ///
    /// [`PredictError::Superseded`] if a newer call came in while this one waited or ran, [`PredictError::Cancelled`].
    pub fn suggest(&self, input: &TextInput<'_>, cancel: &CancelToken) -> Result<Suggestions, PredictError> {
        self.answer(input, cancel, None, Answers::suggest)
    }

    /// As [`suggest`](Self::suggest), but once `deadline` is cancelled the model is not waited for any more: the answer then
    /// comes from lexicon, n-gram and personal words, with what the model said before, and [`Suggestions::is_early`] says
    /// so. With a `deadline` that is cancelled already, the model is not asked at all.
    ///
    /// Core reads no clock: the host cancels `deadline` when its frame is due.
    ///
    /// # Errors
    ///
    /// As [`suggest`](Self::suggest).
    pub fn suggest_by(
        &self,
        input: &TextInput<'_>,
        deadline: &CancelToken,
        cancel: &CancelToken,
    ) -> Result<Suggestions, PredictError> {
        self.answer(input, cancel, Some(deadline), Answers::suggest)
    }

    /// How the text probably goes on: one to five words, as grey text behind the cursor; `None` if nothing is sure enough.
    ///
    /// Each word is what [`suggest`](Self::suggest) would show first, and as long as all of them together are likely
    /// enough ([`PredictorOptions::phrase_probability`]) the phrase grows. `limit` and `touches` are not looked at. Call
    /// it after `suggest`, with the same input: nothing is computed twice. It supersedes and is superseded as `suggest`.
    ///
    /// # Errors
    ///
    /// As [`suggest`](Self::suggest).
    pub fn phrase(
        &self,
        input: &TextInput<'_>,
        cancel: &CancelToken,
    ) -> Result<Option<Phrase>, PredictError> {
        let read = |text: &str| self.read(text);
        self.answer(input, cancel, None, |answers, world, context, input, patience| {
            let wish = phrase::Wish { input, probability: self.phrase_probability, read: &read };
            answers.phrase(world, context, &wish, patience)
        })
    }

    /// What the composing text may have been meant to be, as a word that ends here.
    ///
    /// The candidates are replacements only; the letters as typed are not among them.
    ///
    /// # Errors
    ///
    /// As [`suggest`](Self::suggest).
    pub fn correct(&self, input: &TextInput<'_>, cancel: &CancelToken) -> Result<Suggestions, PredictError> {
        self.answer(input, cancel, None, Answers::correct)
    }

    /// The layout of the keys from now on, in any unit; none: the usual keys of the languages.
    ///
    /// # Errors
    ///
    /// [`PredictError::Key`] if a place or size makes no sense; the layout stays as it was.
    pub fn set_keys(&self, keys: &[Key]) -> Result<(), PredictError> {
        self.answers().keyboard = if keys.is_empty() { None } else { Some(Keyboard::new(keys)?) };
        Ok(())
    }

    /// Gives back the memory that can be rebuilt: caches and scratch.
    pub fn trim(&self) {
        self.answers().trim();
    }

    /// Bytes of heap held at the moment, the mapped package not counted.
    pub fn resident_bytes(&self) -> usize {
        self.ngram.as_ref().map_or(0, ngram::Layout::heap_bytes)
            + self.sentence_forms.heap_bytes()
            + self.blocklist.heap_bytes()
            + self.edges.heap_bytes()
            + self.emoji.heap_bytes()
            + self.answers().heap_bytes()
    }

    fn answer<'a, T>(
        &self,
        input: &TextInput<'a>,
        cancel: &CancelToken,
        deadline: Option<&CancelToken>,
        answer: impl FnOnce(
            &mut Answers,
            &World<'_>,
            Context,
            &TextInput<'a>,
            &Patience,
        ) -> Result<T, PredictError>,
    ) -> Result<T, PredictError> {
        let token = self.newest.begin(cancel);
        let patience = match deadline {
            Some(deadline) => Patience::until(deadline, token),
            None => Patience::endless(token),
        };
        let mut answers = self.answers();
        let vocabulary = self.model.vocabulary();
        let section = self.model.section(SECTION).unwrap_or_default();
        let lexicon = Lexicon::new(&self.layout, section, vocabulary);
        let ngram = self.model.section(NGRAM_SECTION).zip(self.ngram.as_ref());
        let world = World {
            lexicon,
            ngram: ngram.map(|(section, layout)| Ngram::new(layout, section)),
            share_of_cost: &self.share_of_cost,
            sentence_forms: &self.sentence_forms,
            blocklist: &self.blocklist,
            edges: &self.edges,
            emoji: &self.emoji,
            languages: &self.languages,
            evidence: self.evidence,
        };
        answer(&mut answers, &world, self.read(input.context), input, &patience).map_err(
            |error| match error {
                PredictError::Cancelled(_) if !cancel.is_cancelled() => PredictError::Superseded,
                other => other,
            },
        )
    }

    fn read(&self, text: &str) -> Context {
        Context::read(text, &self.encoder, self.model.vocabulary(), self.context_tokens)
    }

    /// What is behind the lock is whole at every moment, so a panic elsewhere does not spoil it.
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<EngineError> for PredictError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            other => Self::Engine(other),
        }
    }
}

#[cfg(test)]
mod tests;
