//! Sentences to vectors: the forward pass of a BERT encoder.
//!
//! An [`Encoder`] is made of a [`Model`] once; [`Encoder::encode`] gives the vector of each token and of the whole
//! sentence. It keeps nothing between calls, and a sentence's vectors have the same bits whatever it is batched with.

mod forward;
#[cfg(test)]
mod tests;
mod weights;

use super::EngineError;
use super::kernels::Kernels;
use super::weights::Source;
use crate::model::{BertConfig, Model};
use forward::{Scratch, forward};
use std::sync::Arc;
use weights::Weights;

/// Tokens that run together, unless one sentence is longer: weights are unpacked once for all of them.
const BATCH: usize = 128;

/// An encoder made ready to run: tensors resolved, kernels chosen for this CPU. Cheap to clone, `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Encoder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: BertConfig,
    weights: Weights,
    kernels: &'static Kernels,
}

/// What an encoder says of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Encoded<'a> {
    /// The mean of the token vectors at length 1: `width` values.
    pub sentence: &'a [f32],
    /// The vectors behind the last block: `tokens × width` values.
    pub tokens: &'a [f32],
    /// The vectors behind the middle block, which know their neighbours but are still about their own word: what
    /// tells a tagger most. `tokens × width` values.
    pub middle: &'a [f32],
}

impl Encoder {
    /// Prepares `model` for running.
    ///
    /// # Errors
    ///
    /// [`EngineError::Model`] if it is no encoder; [`EngineError::MissingTensor`] and [`EngineError::TensorShape`] if it is
    /// not complete.
    pub fn new(model: &Model) -> Result<Self, EngineError> {
        let config = model.bert()?.clone();
        Self::with_kernels(config, Source::Model(model.clone()), Kernels::detect())
    }

    fn with_kernels(
        config: BertConfig,
        source: Source,
        kernels: &'static Kernels,
    ) -> Result<Self, EngineError> {
        let weights = Weights::new(source, &config)?;
        Ok(Self(Arc::new(Inner { config, weights, kernels })))
    }

    /// Values of a vector.
    pub fn width(&self) -> usize {
        self.0.config.embedding_length
    }

    /// Longest sentence in tokens.
    pub fn max_tokens(&self) -> usize {
        self.0.config.context_length
    }

    /// Encodes sentences, given as token ids with their special tokens, and hands each to `each` with its number.
    ///
    /// # Errors
    ///
    /// [`EngineError::NoTokens`], [`EngineError::ContextLimit`] and [`EngineError::UnknownToken`] for a sentence that cannot
    /// be run; those before it may have been handed out.
    pub fn encode(
        &self,
        sentences: &[impl AsRef<[u32]>],
        mut each: impl FnMut(usize, Encoded<'_>),
    ) -> Result<(), EngineError> {
        let mut scratch = Scratch::new(self);
        let mut batch: Vec<&[u32]> = Vec::new();
        let (mut first, mut tokens) = (0, 0);
        for (number, sentence) in sentences.iter().map(AsRef::as_ref).enumerate() {
            self.check(sentence)?;
            if tokens + sentence.len() > BATCH && !batch.is_empty() {
                self.run(first, &batch, &mut scratch, &mut each);
                batch.clear();
                (first, tokens) = (number, 0);
            }
            batch.push(sentence);
            tokens += sentence.len();
        }
        self.run(first, &batch, &mut scratch, &mut each);
        Ok(())
    }

    fn check(&self, sentence: &[u32]) -> Result<(), EngineError> {
        let BertConfig { context_length, vocab_size, .. } = self.0.config;
        if sentence.is_empty() {
            return Err(EngineError::NoTokens);
        }
        if sentence.len() > context_length {
            return Err(EngineError::ContextLimit { wanted: sentence.len(), limit: context_length });
        }
        match sentence.iter().find(|token| **token as usize >= vocab_size) {
            Some(token) => Err(EngineError::UnknownToken { token: *token, vocab_size }),
            None => Ok(()),
        }
    }

    fn run(
        &self,
        first: usize,
        batch: &[&[u32]],
        scratch: &mut Scratch,
        each: &mut impl FnMut(usize, Encoded<'_>),
    ) {
        let width = self.width();
        let (mut middle, mut rows) = forward(&self.0, batch, scratch);
        let mut sentence = vec![0.0; width];
        for (number, tokens) in batch.iter().enumerate() {
            let (own, rest) = rows.split_at(tokens.len() * width);
            let (own_middle, middle_rest) = middle.split_at(own.len());
            (rows, middle) = (rest, middle_rest);
            mean(own, &mut sentence);
            each(first + number, Encoded { sentence: &sentence, tokens: own, middle: own_middle });
        }
    }
}

/// The mean of rows at length 1.
fn mean(rows: &[f32], out: &mut [f32]) {
    out.fill(0.0);
    for row in rows.chunks_exact(out.len()) {
        out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
    }
    let length = out.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        out.iter_mut().for_each(|value| *value /= length);
    }
}
