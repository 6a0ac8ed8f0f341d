//! The inverse of reading: lays n-grams out as a section. For the tools that make packages, and for tests.

use super::bits::{BitWriter, number_bits};
use super::codes::{CODE_BITS, backoff_code, probability_code};
use super::text::MARKS;
use super::{COUNT_PARAMETER, LENGTH_PARAMETER, Lexicon, MAGIC, PARAMETER_BITS, VERSION, WordId};

/// A language's n-gram to be written.
#[derive(Clone, Debug, Default)]
pub struct LanguageModel {
    /// ISO 639-1.
    pub language: String,
    /// The longest n-gram, 2 to [`MAX_ORDER`](super::MAX_ORDER).
    pub order: u32,
    /// The numbered words, the commonest first; the first one's number is [`MARKS`].
    pub words: Vec<WordId>,
    /// The contexts of one word or mark, in ascending order; their probabilities are not written.
    pub contexts: Vec<Node>,
}

/// An n-gram: the context above, and one word or mark more.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// The number of the word or mark.
    pub number: u32,
    /// Its probability after the context above; 0 for a mark.
    pub probability: f32,
    /// The weight of what does not follow, where something does.
    pub backoff: f32,
    /// What follows, in ascending order.
    pub next: Vec<Node>,
}

/// The section's bytes for words of `lexicon`.
pub fn write(models: &[LanguageModel], lexicon: &Lexicon<'_>) -> Vec<u8> {
    let parts: Vec<(Vec<usize>, Vec<u8>)> = models.iter().map(blocks).collect();
    let mut out = Vec::new();
    out.extend(MAGIC);
    out.extend(VERSION.to_le_bytes());
    out.extend((models.len() as u16).to_le_bytes());
    out.extend(lexicon.checksum().to_le_bytes());
    for (model, (starts, bytes)) in models.iter().zip(&parts) {
        let mut code = [0; 4];
        code.iter_mut().zip(model.language.bytes()).for_each(|(place, letter)| *place = letter);
        out.extend(code);
        for count in [model.order as usize, model.words.len(), starts.len() - 1, bytes.len()] {
            out.extend((count as u32).to_le_bytes());
        }
    }
    let three = |number: u32| number.to_le_bytes().into_iter().take(3);
    for (model, (starts, bytes)) in models.iter().zip(&parts) {
        out.extend(model.words.iter().flat_map(|&word| three(word)));
        out.extend(starts.iter().flat_map(|&start| three(start as u32)));
        out.extend(bytes);
    }
    out
}

/// Where each number's block starts, and all blocks.
fn blocks(model: &LanguageModel) -> (Vec<usize>, Vec<u8>) {
    debug_assert!(model.contexts.iter().all(|node| node.number < model.words.len() as u32 + MARKS));
    let mut out = BitWriter::default();
    let mut starts = Vec::new();
    for context in model.contexts.iter().filter(|context| !context.next.is_empty()) {
        starts.resize(context.number as usize + 1, out.align());
        out.append(&block(context, model.order - 2));
    }
    starts.push(out.align());
    (starts, out.into_bytes())
}

fn block(context: &Node, deeper: u32) -> BitWriter {
    let mut out = BitWriter::default();
    let mut inside = BitWriter::default();
    let steps: Vec<u32> = std::iter::once(context.next[0].number)
        .chain(context.next.windows(2).map(|pair| pair[1].number - pair[0].number - 1))
        .collect();
    let bits = |k: &u32| steps.iter().map(|&step| u64::from(number_bits(step, *k))).sum::<u64>();
    let parameter = (0..1 << PARAMETER_BITS).min_by_key(bits).unwrap_or_default();
    out.bits(u32::from(backoff_code(context.backoff)), CODE_BITS);
    out.number(context.next.len() as u32, COUNT_PARAMETER);
    out.bits(parameter, PARAMETER_BITS);
    for (node, step) in context.next.iter().zip(steps) {
        out.number(step, parameter);
        out.bits(u32::from(probability_code(node.probability)), CODE_BITS);
        if deeper > 0 {
            out.bits(u32::from(!node.next.is_empty()), 1);
            if !node.next.is_empty() {
                let below = block(node, deeper - 1);
                out.number(below.len() as u32, LENGTH_PARAMETER);
                inside.append(&below);
            }
        }
    }
    out.append(&inside);
    out
}
