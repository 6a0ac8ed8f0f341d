//! What is kept, in the codes of the section: probabilities are rounded first, and backoff weights fitted to the rounded ones.

use super::estimate::Estimate;
use super::trie::Trie;
use spatz::predict::lexicon::{Lexicon, WordId, shares_of_costs};
use spatz::predict::ngram::text::MARKS;
use spatz::predict::ngram::{
    LanguageModel, Node, backoff_code, backoff_of, probability_code, probability_of,
};
use std::collections::HashMap;

/// Least probability left for words that do not follow.
const LEAST: f32 = 0.01;

/// The share of each word in running text of a language, as the keyboard reads it from the lexicon.
pub(super) fn shares(lexicon: &Lexicon<'_>, language: usize) -> Vec<f32> {
    let shares = shares_of_costs();
    lexicon.costs(language).iter().map(|&cost| shares[usize::from(cost)]).collect()
}

/// The n-grams of `trie` that are kept, as they are written.
pub(super) fn model(
    trie: &Trie,
    estimate: &Estimate,
    kept: &[Vec<bool>],
    shares: &[f32],
    language: &str,
) -> LanguageModel {
    let rounded = Rounded::new(trie, estimate, kept, shares);
    let (words, numbers) = numbered(trie, kept);
    let contexts = &trie.levels[0];
    let mut nodes: Vec<Node> = (0..contexts.len())
        .filter_map(|place| {
            let number = number(&numbers, contexts.numbers[place])?;
            let next = rounded.next(0, place, &numbers);
            (!next.is_empty()).then(|| Node {
                number,
                probability: 0.0,
                backoff: rounded.backoffs[0][place],
                next,
            })
        })
        .collect();
    nodes.sort_unstable_by_key(|node| node.number);
    LanguageModel { language: language.to_owned(), order: trie.levels.len() as u32, words, contexts: nodes }
}

/// Probabilities and backoff weights as they are read back.
struct Rounded<'a> {
    trie: &'a Trie,
    kept: &'a [Vec<bool>],
    /// Per level: of each n-gram, kept or not.
    probabilities: Vec<Vec<f32>>,
    /// Per level: of each context.
    backoffs: Vec<Vec<f32>>,
}

impl<'a> Rounded<'a> {
    fn new(trie: &'a Trie, estimate: &Estimate, kept: &'a [Vec<bool>], shares: &[f32]) -> Self {
        let base = |&number: &u32| number.checked_sub(MARKS).map_or(0.0, |word| shares[word as usize]);
        let mut probabilities: Vec<Vec<f32>> = vec![trie.levels[0].numbers.iter().map(base).collect()];
        let mut backoffs = Vec::new();
        for depth in 1..trie.levels.len() {
            let (above, level) = (&trie.levels[depth - 1], &trie.levels[depth]);
            let shorter = |place: usize| probabilities[depth - 1][level.suffixes[place] as usize];
            let mut own = vec![0.0; level.len()];
            let mut weights = vec![1.0; above.len()];
            for (context, weight) in weights.iter_mut().enumerate() {
                let words = || above.children(context).filter(|&place| level.is_word(place));
                let (mut left, mut left_shorter) = (1.0, 1.0);
                for place in words().filter(|&place| kept[depth][place]) {
                    own[place] = probability_of(probability_code(estimate.probabilities[depth][place]));
                    left -= own[place];
                    left_shorter -= shorter(place);
                }
                *weight = backoff_of(backoff_code(left.max(LEAST) / left_shorter.max(LEAST)));
                for place in words().filter(|&place| !kept[depth][place]) {
                    own[place] = *weight * shorter(place);
                }
            }
            probabilities.push(own);
            backoffs.push(weights);
        }
        Self { trie, kept, probabilities, backoffs }
    }

    /// What is kept of that which goes on with the n-gram `place`, in ascending order.
    fn next(&self, depth: usize, place: usize, numbers: &HashMap<u32, u32>) -> Vec<Node> {
        let (Some(kept), Some(level)) = (self.kept.get(depth + 1), self.trie.levels.get(depth + 1)) else {
            return Vec::new();
        };
        let children = self.trie.levels[depth].children(place).filter(|&child| kept[child]);
        let mut nodes: Vec<Node> = children
            .filter_map(|child| {
                Some(Node {
                    number: number(numbers, level.numbers[child])?,
                    probability: if level.is_word(child) {
                        self.probabilities[depth + 1][child]
                    } else {
                        0.0
                    },
                    backoff: self.backoffs.get(depth + 1).map_or(1.0, |weights| weights[child]),
                    next: self.next(depth + 1, child, numbers),
                })
            })
            .collect();
        nodes.sort_unstable_by_key(|node| node.number);
        nodes
    }
}

fn number(numbers: &HashMap<u32, u32>, of: u32) -> Option<u32> {
    if of < MARKS { Some(of) } else { numbers.get(&of).copied() }
}

/// The words that kept n-grams have, the one that most of them have first, and their numbers.
fn numbered(trie: &Trie, kept: &[Vec<bool>]) -> (Vec<WordId>, HashMap<u32, u32>) {
    let mut used: HashMap<u32, u32> = HashMap::new();
    for (depth, kept) in kept.iter().enumerate().skip(1) {
        let (above, level) = (&trie.levels[depth - 1], &trie.levels[depth]);
        for place in (0..level.len()).filter(|&place| kept[place]) {
            *used.entry(level.numbers[place]).or_default() += 1;
            if depth == 1 {
                used.entry(above.numbers[level.parents[place] as usize]).or_default();
            }
        }
    }
    let mut words: Vec<(u32, u32)> = used.into_iter().filter(|(number, _)| *number >= MARKS).collect();
    words.sort_unstable_by_key(|&(number, uses)| (std::cmp::Reverse(uses), number));
    let numbers = words.iter().zip(MARKS..).map(|(&(word, _), number)| (word, number)).collect();
    (words.into_iter().map(|(number, _)| number - MARKS).collect(), numbers)
}
