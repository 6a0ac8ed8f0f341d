//! Counts n-grams in weighted text and compiles them into the section `ngram` of a package.
//!
//! | file | does |
//! |---|---|
//! | `corpus` | text to numbers: the lexicon's words, and marks |
//! | `trie` | all n-grams with their counts, sorted |
//! | `estimate` | modified Kneser-Ney: probabilities, all kept or some pruned |
//! | `prune` | what each n-gram is worth (Stolcke), and the pruning to a number of bytes |
//! | `quantised` | what is kept in the codes of the section |
//! | `measure` | bits a word and hits among three on text that was not counted |
//!
//! The same text, lexicon and size give the same bytes.

mod corpus;
mod estimate;
mod measure;
mod prune;
mod quantised;
mod trie;

pub use corpus::{Source, sources};
pub use measure::{Measures, measure_text};

use anyhow::{Context, Result, ensure};
use corpus::Corpus;
use measure::measure;
use spatz::predict::lexicon::Lexicon;
use spatz::predict::ngram::{LanguageModel, Layout, MAX_ORDER, MOST_WORDS, write};
use std::collections::BTreeSet;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct NgramOptions {
    /// The longest n-gram.
    pub order: u32,
    /// Bytes of the section at most.
    pub bytes: usize,
}

impl Default for NgramOptions {
    fn default() -> Self {
        Self { order: 4, bytes: 3_000_000 }
    }
}

/// A compiled n-gram section.
#[derive(Debug)]
pub struct Compiled {
    /// The section's bytes.
    pub bytes: Vec<u8>,
    /// How it came about, a row a language.
    pub languages: Vec<LanguageReport>,
}

/// What became of one language's text.
#[derive(Debug)]
pub struct LanguageReport {
    /// ISO 639-1.
    pub language: String,
    /// Words and marks counted.
    pub tokens: usize,
    /// Different n-grams of two words and more in them.
    pub seen: usize,
    /// Those that were kept.
    pub kept: usize,
    /// On the lines that were held out.
    pub held_out: Measures,
}

/// Counts `sources` over the words of `lexicon`; every language gets the same share of the bytes.
///
/// One line in fifty is held out, in blocks of twenty, and measured afterwards.
///
/// # Errors
///
/// If a source cannot be read or names a language that the lexicon does not have, or if the bytes are too few.
pub fn compile(lexicon: &Lexicon<'_>, sources: &[Source], options: NgramOptions) -> Result<Compiled> {
    ensure!((2..=MAX_ORDER).contains(&options.order), "the order must be 2 to {MAX_ORDER}");
    let names: BTreeSet<&str> = sources.iter().map(|source| source.language.as_str()).collect();
    ensure!(!names.is_empty(), "there are no sources to count");
    let share = options.bytes / names.len();
    let mut models = Vec::new();
    let mut held_out = Vec::new();
    for name in names {
        let language = lexicon.language_names().iter().position(|known| known == name);
        let language =
            language.with_context(|| format!("the lexicon has no words of the language {name:?}"))?;
        let chosen: Vec<&Source> = sources.iter().filter(|source| source.language == name).collect();
        let corpus = Corpus::read(lexicon, language, &chosen)?;
        let (model, seen, kept) = model(lexicon, language, &corpus, options.order, share)?;
        models.push(model);
        held_out.push((language, corpus, seen, kept));
    }
    let bytes = write(&models, lexicon);
    let layout = Layout::check(&bytes, lexicon).context("the compiled n-gram does not pass its own check")?;
    let languages = held_out.into_iter().map(|(language, corpus, seen, kept)| LanguageReport {
        language: lexicon.language_names()[language].clone(),
        tokens: corpus.tokens.len(),
        seen,
        kept,
        held_out: measure(lexicon, &layout, &bytes, language, corpus.held_out.iter().map(String::as_str)),
    });
    let languages = languages.collect();
    Ok(Compiled { bytes, languages })
}

/// One language's model in `bytes`, how many n-grams were seen, and how many kept.
fn model(
    lexicon: &Lexicon<'_>,
    language: usize,
    corpus: &Corpus,
    order: u32,
    bytes: usize,
) -> Result<(LanguageModel, usize, usize)> {
    let trie = trie::Trie::count(corpus, order as usize);
    let shares = quantised::shares(lexicon, language);
    let all = estimate::Estimate::new(&trie, &shares, None);
    let worth = prune::worth(&trie, &all, MOST_WORDS as usize);
    let seen = worth.iter().map(Vec::len).sum();
    let name = lexicon.language_names()[language].clone();
    let laid_out = |kept: &[Vec<bool>]| {
        let estimate = estimate::Estimate::new(&trie, &shares, Some(kept));
        quantised::model(&trie, &estimate, kept, &shares, &name)
    };
    let (model, kept) = prune::to_bytes(&worth, bytes, |kept| {
        let model = laid_out(kept);
        let size = write(std::slice::from_ref(&model), lexicon).len();
        (model, size)
    })?;
    Ok((model, seen, kept))
}

#[cfg(test)]
mod tests;
