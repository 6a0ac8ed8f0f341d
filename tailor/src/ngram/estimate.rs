//! Modified Kneser-Ney estimates (Chen and Goodman 1998), with weighted counts and with pruning minded.
//!
//! A discount depends on how often an n-gram was *seen*, for that says how far it can be trusted; what is discounted is its
//! *weight*. The mass that an n-gram gives up is what its suffix is counted by: with equal weights and nothing pruned, that
//! is a constant times the number of different words before it, Kneser-Ney's own count. A pruned n-gram gives up all of its
//! mass, so that shorter ones stand in for it in full (Siivola, Hirsimäki and Virpioja 2007, "revised Kneser-Ney pruning").

use super::trie::{Level, Trie};
use spatz::predict::ngram::text::MARKS;

/// Probabilities of all n-grams of a trie.
#[derive(Debug)]
pub(super) struct Estimate {
    /// Per level: the probability of the last word after those before, all orders mixed in; 0 for a mark.
    pub(super) probabilities: Vec<Vec<f32>>,
}

impl Estimate {
    /// `shares`: of words of the lexicon in running text. `kept`: per level; all, if there is none.
    pub(super) fn new(trie: &Trie, shares: &[f32], kept: Option<&[Vec<bool>]>) -> Self {
        let adjusted = adjusted(trie, kept);
        let base = |number: u32| number.checked_sub(MARKS).map_or(0.0, |word| shares[word as usize]);
        let mut probabilities: Vec<Vec<f32>> =
            vec![trie.levels[0].numbers.iter().map(|&number| base(number)).collect()];
        for depth in 1..trie.levels.len() {
            let (above, level) = (&trie.levels[depth - 1], &trie.levels[depth]);
            let mut own = vec![0.0; level.len()];
            for context in 0..above.len() {
                let words = || above.children(context).filter(|&place| level.is_word(place));
                let sum: f32 = words().map(|place| adjusted[depth].weights[place]).sum();
                let given_up: f32 = words().map(|place| adjusted[depth].given_up[place]).sum();
                for place in words() {
                    let kept = adjusted[depth].weights[place] - adjusted[depth].given_up[place];
                    let shorter = probabilities[depth - 1][level.suffixes[place] as usize];
                    own[place] = (kept + given_up * shorter) / sum;
                }
            }
            probabilities.push(own);
        }
        Self { probabilities }
    }
}

/// Counts of one level as Kneser-Ney takes them.
#[derive(Debug, Default)]
struct Adjusted {
    counts: Vec<u32>,
    weights: Vec<f32>,
    /// The part of the weight that goes to shorter n-grams.
    given_up: Vec<f32>,
}

fn adjusted(trie: &Trie, kept: Option<&[Vec<bool>]>) -> Vec<Adjusted> {
    let longest = trie.levels.len() - 1;
    let as_seen = |(depth, level): (usize, &Level)| {
        raw(level, if depth == longest { level.len() } else { level.openings })
    };
    let mut all: Vec<Adjusted> = trie.levels.iter().enumerate().map(as_seen).collect();
    for depth in (1..=longest).rev() {
        let level = &trie.levels[depth];
        let (shorter, rest) = all.split_at_mut(depth);
        let (shorter, here) = (&mut shorter[depth - 1], &mut rest[0]);
        let discounts = discounts(level, &here.counts);
        for place in (0..level.len()).filter(|&place| level.is_word(place)) {
            let (count, weight) = (here.counts[place], here.weights[place]);
            let is_kept = kept.is_none_or(|kept| kept[depth][place]);
            let given_up = if is_kept { weight * discount(&discounts, count) / count as f32 } else { weight };
            here.given_up[place] = given_up;
            let suffix = level.suffixes[place] as usize;
            shorter.weights[suffix] += given_up;
            shorter.counts[suffix] += if is_kept { 1 } else { count };
        }
    }
    all
}

/// As seen for the first `all` n-grams: the longest ones, and those that begin a message, which nothing stands before; 0
/// for the others.
fn raw(level: &Level, all: usize) -> Adjusted {
    let mut adjusted = Adjusted {
        counts: level.counts.clone(),
        weights: level.weights.clone(),
        given_up: vec![0.0; level.len()],
    };
    adjusted.counts[all..].fill(0);
    adjusted.weights[all..].fill(0.0);
    adjusted
}

fn discount(discounts: &[f32; 3], count: u32) -> f32 {
    discounts[(count.clamp(1, 3) - 1) as usize]
}

/// The discounts of n-grams seen once, twice and more often, from how many were seen one to four times.
fn discounts(level: &Level, counts: &[u32]) -> [f32; 3] {
    let mut seen = [0.0_f64; 4];
    for place in (0..level.len()).filter(|&place| level.is_word(place)) {
        if let Some(seen) = seen.get_mut((counts[place] as usize).wrapping_sub(1)) {
            *seen += 1.0;
        }
    }
    let first = seen[0] / (seen[0] + 2.0 * seen[1]);
    [1, 2, 3].map(|count| {
        let (here, next) = (seen[count - 1], seen[count]);
        let discount = count as f64 - (count + 1) as f64 * first * next / here;
        // A text too small to tell.
        if discount.is_finite() && discount > 0.0 {
            discount.min(count as f64) as f32
        } else {
            0.5 * count as f32
        }
    })
}
