//! Texts to vectors: of the whole sentence for the classifier, of each word for the tagger.

use super::intents::centred;
use super::projection::Projection;
use super::words::Word;
use crate::engine::{Encoder, EngineError};
use crate::model::{Model, WordPieceEncoder};

/// An encoder with its tokenizer.
#[derive(Clone, Debug)]
pub(super) struct Sentences {
    model: Model,
    pieces: std::sync::Arc<WordPieceEncoder>,
    encoder: Encoder,
}

/// A text's vectors.
#[derive(Clone, Debug, Default)]
pub(super) struct Vectors {
    /// Of length 1.
    pub(super) sentence: Vec<f32>,
    /// `words × dimensions` of the projection; empty without one.
    pub(super) words: Vec<f32>,
}

/// Longer commands are cut: what comes behind says nothing more about the intent.
const MAX_TOKENS: usize = 64;
/// Numbers that a word's vector is brought down to.
const DIMENSIONS: usize = 64;
/// Sentences from which the projection is learned, evenly spread.
const PROJECTED_FROM: usize = 128;

impl Sentences {
    pub(super) fn new(model: &Model) -> Result<Self, EngineError> {
        let pieces = std::sync::Arc::new(WordPieceEncoder::new(model)?);
        Ok(Self { encoder: Encoder::new(model)?, pieces, model: model.clone() })
    }

    /// Values of a sentence vector.
    pub(super) fn width(&self) -> usize {
        self.encoder.width()
    }

    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// A sentence's vector without the mean of everyday sentences, at length 1.
    pub(super) fn centred(&self, vector: &[f32]) -> Vec<f32> {
        let everyday = self.model.bert().ok().and_then(|config| config.everyday.mean.as_deref());
        everyday.map_or_else(|| vector.to_vec(), |mean| centred(vector, mean))
    }

    /// The vectors of `text`.
    pub(super) fn encode(
        &self,
        text: &str,
        words: &[Word],
        projection: &Projection,
    ) -> Result<Vectors, EngineError> {
        let (ids, spans) = self.tokens(text);
        let mut out = Vectors::default();
        self.encoder.encode(&[ids], |_, encoded| {
            let words = word_vectors(words, &spans, encoded.middle, self.width());
            let words = words.chunks_exact(self.width()).flat_map(|vector| projection.apply(vector));
            out = Vectors { sentence: encoded.sentence.to_vec(), words: words.collect() };
        })?;
        Ok(out)
    }

    /// The vectors of many texts, and a projection learned from them if `words` are wanted.
    pub(super) fn encode_all(
        &self,
        texts: &[&str],
        words: Option<&[Vec<Word>]>,
    ) -> Result<(Vec<Vectors>, Projection), EngineError> {
        let width = self.width();
        let tokens: Vec<_> = texts.iter().map(|text| self.tokens(text)).collect();
        // Evenly spread texts come first: once the projection is learned from them, no more whole vectors are kept.
        let stride = texts.len().div_ceil(PROJECTED_FROM).max(1);
        let order: Vec<usize> = (0..stride).flat_map(|first| (first..texts.len()).step_by(stride)).collect();
        let sample = texts.len().div_ceil(stride);
        let mut out = vec![Vectors::default(); texts.len()];
        let mut projection = Projection::default();
        let sentences: Vec<&[u32]> = order.iter().map(|number| tokens[*number].0.as_slice()).collect();
        self.encoder.encode(&sentences, |place, encoded| {
            let Some(number) = order.get(place).copied() else { return };
            out[number].sentence = encoded.sentence.to_vec();
            let Some(words) = words else { return };
            let vectors = word_vectors(&words[number], &tokens[number].1, encoded.middle, width);
            if place >= sample {
                out[number].words = project(&projection, &vectors, width);
                return;
            }
            out[number].words = vectors;
            if place + 1 == sample {
                let seen: Vec<f32> =
                    order[..sample].iter().flat_map(|number| out[*number].words.iter().copied()).collect();
                projection = Projection::fit(&seen, width, DIMENSIONS);
                for number in &order[..sample] {
                    out[*number].words = project(&projection, &out[*number].words, width);
                }
            }
        })?;
        Ok((out, projection))
    }

    /// The tokens of `text`, and the code points of each.
    fn tokens(&self, text: &str) -> (Vec<u32>, Vec<(usize, usize)>) {
        let limit = MAX_TOKENS.min(self.encoder.max_tokens());
        let pieces = self.pieces.encode(text, limit);
        pieces.into_iter().map(|piece| (piece.id, (piece.start, piece.end))).unzip()
    }
}

fn project(projection: &Projection, vectors: &[f32], width: usize) -> Vec<f32> {
    vectors.chunks_exact(width.max(1)).flat_map(|vector| projection.apply(vector)).collect()
}

/// `words × width`: the mean of the vectors of the pieces that share code points with the word; zero where the text was
/// cut.
fn word_vectors(words: &[Word], spans: &[(usize, usize)], vectors: &[f32], width: usize) -> Vec<f32> {
    let mut out = vec![0.0; words.len() * width];
    for (word, out) in words.iter().zip(out.chunks_exact_mut(width.max(1))) {
        let shares = |span: &(usize, usize)| span.0 < word.end && word.start < span.1;
        let mut count = 0.0f32;
        for (_, vector) in spans.iter().zip(vectors.chunks_exact(width)).filter(|(span, _)| shares(span)) {
            out.iter_mut().zip(vector).for_each(|(out, value)| *out += value);
            count += 1.0;
        }
        if count > 0.0 {
            out.iter_mut().for_each(|value| *value /= count);
        }
    }
    out
}
