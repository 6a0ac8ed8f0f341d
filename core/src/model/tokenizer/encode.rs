//! Byte-pair encoding over a compact merge table.

use super::index::PieceIndex;
use super::vocabulary::{TokenizerKind, Vocabulary};
use super::words::first_word;
use crate::model::error::{Fault, ModelError};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Byte-level byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909; bytes as in GPT-2) with the `smollm`
/// pre-tokenizer: single digits, then GPT-2's words.
///
/// Gives the tokens that Hugging Face `tokenizers` gives. A byte for which the vocabulary has no piece is left out, as
/// there; vocabularies made by Spatz have all 256.
#[derive(Debug)]
pub struct BytePairEncoder {
    /// The token of each byte.
    bytes: [Option<u32>; 256],
    /// Where the merges with left piece `id` begin in `merges`; one more for the end.
    starts: Vec<u32>,
    /// The merges by left piece, then right piece: 12 bytes each.
    merges: Vec<Merge>,
}

/// `left` and `right` become `merged`; the lowest rank goes first.
#[derive(Clone, Copy, Debug)]
struct Merge {
    right: u32,
    rank: u32,
    merged: u32,
}

const PRE_TOKENIZER: &str = "smollm";
const MERGES: &str = "tokenizer.ggml.merges";

impl BytePairEncoder {
    /// Reads the merges of `vocabulary`.
    ///
    /// # Errors
    ///
    /// [`ModelError`] if the model is not byte-level BPE with the pre-tokenizer `smollm`, or if a merge is of pieces that
    /// the vocabulary does not have.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self, ModelError> {
        Self::read(vocabulary).map_err(|fault| fault.in_file(vocabulary.file()))
    }

    fn read(vocabulary: &Vocabulary) -> Result<Self, Fault> {
        if vocabulary.tokenizer_kind() != TokenizerKind::BytePair
            || vocabulary.pre_tokenizer() != PRE_TOKENIZER
        {
            return Err(Fault::unsupported(
                "tokenizer.ggml.pre",
                format!("{:?} ({:?})", vocabulary.pre_tokenizer(), vocabulary.tokenizer_kind()),
                format!("{PRE_TOKENIZER} for prediction and commands; chat reads more (ChatTokenizer)"),
            ));
        }
        let index = PieceIndex::new(vocabulary);
        let find = |piece: &[u8]| index.find(vocabulary, piece);
        let mut merges: Vec<(u32, Merge)> = Vec::new();
        let mut bytes = Vec::new();
        for (rank, text) in (0u32..).zip(vocabulary.merges()) {
            let place = || format!("{MERGES}[{rank}]");
            let (left, right) = text.split_once(' ').ok_or_else(|| {
                Fault::invalid(place(), format!("is {text:?}, not two pieces and a space between"))
            })?;
            bytes.clear();
            let whole = super::byte_level::decode(left, &mut bytes);
            let middle = bytes.len();
            let whole = whole && super::byte_level::decode(right, &mut bytes);
            let (left, right) = bytes.split_at(middle);
            match (find(left), find(right), find(&bytes)) {
                (Some(left), Some(right), Some(merged)) if whole => {
                    merges.push((left, Merge { right, rank, merged }))
                }
                _ => {
                    let problem =
                        format!("is {text:?}, but its halves or the whole are not in the vocabulary");
                    return Err(Fault::invalid(place(), problem));
                }
            }
        }
        // Of equal pairs the first stays, as in llama.cpp.
        merges.sort_unstable_by_key(|(left, merge)| (*left, merge.right, merge.rank));
        merges.dedup_by_key(|(left, merge)| (*left, merge.right));
        let mut starts = vec![0; vocabulary.len() + 1];
        for (left, _) in &merges {
            starts[*left as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Ok(Self {
            bytes: std::array::from_fn(|byte| find(&[byte as u8])),
            starts,
            merges: merges.into_iter().map(|(_, merge)| merge).collect(),
        })
    }

    /// Appends the tokens of `text` to `out`. Text of special tokens (`<|im_end|>`) is plain text here.
    pub fn encode(&self, text: &str, out: &mut Vec<u32>) {
        let mut merger = Merger::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (word, after) = rest.split_at(first_word(rest));
            merger.merge(self, word.as_bytes(), out);
            rest = after;
        }
    }

    fn find(&self, left: u32, right: u32) -> Option<Merge> {
        let [start, end] = *self.starts.get(left as usize..)?.first_chunk()?;
        let merges = self.merges.get(start as usize..end as usize)?;
        let index = merges.binary_search_by_key(&right, |merge| merge.right).ok()?;
        merges.get(index).copied()
    }
}

/// Scratch of one call: the symbols of a word as a linked list, and the merges that could be done next.
///
/// A heap, because the textbook's "scan for the best pair" is quadratic, and a word may be a whole page without spaces.
#[derive(Default)]
struct Merger {
    symbols: Vec<Symbol>,
    queue: BinaryHeap<Reverse<Candidate>>,
}

#[derive(Clone, Copy)]
struct Symbol {
    token: u32,
    previous: u32,
    next: u32,
}

const NONE: u32 = u32::MAX;
/// The token of a symbol that was merged into the one before it.
const GONE: u32 = u32::MAX;

/// Ordered by rank, then from left to right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    rank: u32,
    at: u32,
    left: u32,
    right: u32,
    merged: u32,
}

impl Merger {
    fn merge(&mut self, encoder: &BytePairEncoder, word: &[u8], out: &mut Vec<u32>) {
        self.symbols.clear();
        for token in word.iter().filter_map(|byte| encoder.bytes[usize::from(*byte)]) {
            let at = self.symbols.len() as u32;
            self.symbols.push(Symbol { token, previous: at.wrapping_sub(1), next: at + 1 });
        }
        let Some(last) = self.symbols.last_mut() else { return };
        last.next = NONE;
        (0..self.symbols.len() as u32).for_each(|at| self.offer(encoder, at));

        while let Some(Reverse(candidate)) = self.queue.pop() {
            let left = self.symbols[candidate.at as usize];
            if left.token != candidate.left || left.next == NONE {
                continue;
            }
            let right = self.symbols[left.next as usize];
            if right.token != candidate.right {
                continue;
            }
            self.symbols[left.next as usize].token = GONE;
            self.symbols[candidate.at as usize] =
                Symbol { token: candidate.merged, next: right.next, ..left };
            if right.next != NONE {
                self.symbols[right.next as usize].previous = candidate.at;
            }
            self.offer(encoder, candidate.at);
            self.offer(encoder, left.previous);
        }
        out.extend(self.symbols.iter().map(|symbol| symbol.token).filter(|token| *token != GONE));
    }

    /// Queues the merge of the symbol at `at` with its successor, if there is one.
    fn offer(&mut self, encoder: &BytePairEncoder, at: u32) {
        let Some(left) = self.symbols.get(at as usize) else { return };
        let Some(right) = self.symbols.get(left.next as usize) else { return };
        if let Some(merge) = encoder.find(left.token, right.token) {
            let (left, right) = (left.token, right.token);
            self.queue.push(Reverse(Candidate { rank: merge.rank, at, left, right, merged: merge.merged }));
        }
    }
}
