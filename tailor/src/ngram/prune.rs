//! What to leave out: n-grams by how much the model's text would lose with each (Stolcke 1998, arXiv cs/0006025).

use super::estimate::Estimate;
use super::trie::Trie;
use anyhow::{Result, ensure};
use std::collections::HashSet;

/// Least probability that is left for words that do not follow, where the arithmetic runs out of digits.
const LEAST: f64 = 1e-6;
/// How often the size is tried.
const TRIES: usize = 8;
/// How near to the size asked for is near enough.
const NEAR: f64 = 0.995;

/// Per level: what each n-gram is worth, in nats per word of text, or what the best of those that go on with it is. N-grams
/// with other words than the `most_words` commonest are worth nothing.
pub(super) fn worth(trie: &Trie, estimate: &Estimate, most_words: usize) -> Vec<Vec<f32>> {
    let rare = rare(trie, most_words);
    let total: f64 = trie.levels[0].weights.iter().map(|&weight| f64::from(weight)).sum();
    let mut worth: Vec<Vec<f32>> = trie.levels.iter().map(|level| vec![0.0; level.len()]).collect();
    for depth in (1..trie.levels.len()).rev() {
        let (above, level) = (&trie.levels[depth - 1], &trie.levels[depth]);
        let longer = |place: usize| estimate.probabilities[depth][place].into();
        let shorter =
            |place: usize| f64::from(estimate.probabilities[depth - 1][level.suffixes[place] as usize]);
        for context in 0..above.len() {
            let words = || above.children(context).filter(|&place| level.is_word(place));
            let left: f64 = (1.0 - words().map(longer).sum::<f64>()).max(LEAST);
            let left_shorter: f64 = (1.0 - words().map(shorter).sum::<f64>()).max(LEAST);
            let share = f64::from(above.weights[context]) / total;
            for place in words().filter(|&place| !rare[depth][place]) {
                let (longer, shorter): (f64, f64) = (longer(place), shorter(place).max(f64::MIN_POSITIVE));
                let backoff = left / left_shorter;
                let without = (left + longer) / (left_shorter + shorter);
                let loss = longer * (longer.ln() - shorter.ln() - without.ln())
                    + left * (backoff.ln() - without.ln());
                worth[depth][place] = worth[depth][place].max((share * loss) as f32);
            }
        }
        let (above, here) = worth.split_at_mut(depth);
        for (place, &worth) in here[0].iter().enumerate() {
            let parent = &mut above[depth - 1][level.parents[place] as usize];
            *parent = parent.max(worth);
        }
    }
    worth.split_off(1)
}

/// Per level: whether each n-gram has a word beyond the `most_words` commonest.
fn rare(trie: &Trie, most_words: usize) -> Vec<Vec<bool>> {
    let first = &trie.levels[0];
    let mut by_weight: Vec<usize> = (0..first.len()).filter(|&place| first.is_word(place)).collect();
    by_weight.sort_unstable_by(|&a, &b| first.weights[b].total_cmp(&first.weights[a]).then(a.cmp(&b)));
    let beyond: HashSet<u32> = by_weight.iter().skip(most_words).map(|&place| first.numbers[place]).collect();
    let mut rare: Vec<Vec<bool>> = Vec::with_capacity(trie.levels.len());
    for level in &trie.levels {
        let above = rare.last();
        let has = |place: usize| {
            beyond.contains(&level.numbers[place])
                || above.is_some_and(|above| above[level.parents[place] as usize])
        };
        let level = (0..level.len()).map(has).collect();
        rare.push(level);
    }
    rare
}

/// Keeps what is worth most, as much as fits `bytes` when it is laid out; gives what `lay_out` made, and how many are kept.
pub(super) fn to_bytes<T>(
    worth: &[Vec<f32>],
    bytes: usize,
    mut lay_out: impl FnMut(&[Vec<bool>]) -> (T, usize),
) -> Result<(T, usize)> {
    let mut sorted: Vec<f32> = worth.iter().flatten().copied().filter(|worth| *worth > 0.0).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    ensure!(!sorted.is_empty(), "the text has nothing to learn from");
    let mut best: Option<(T, usize)> = None;
    let (mut low, mut high) = (0, sorted.len());
    let mut count = (bytes / 2).clamp(1, sorted.len());
    for _ in 0..TRIES {
        let least = sorted[count - 1];
        let level = |worth: &Vec<f32>| worth.iter().map(|worth| *worth >= least).collect();
        let kept: Vec<Vec<bool>> = std::iter::once(Vec::new()).chain(worth.iter().map(level)).collect();
        let (made, size) = lay_out(&kept);
        let number = kept.iter().flatten().filter(|kept| **kept).count();
        let is_near = size as f64 >= NEAR * bytes as f64;
        if size <= bytes {
            low = count;
            best = Some((made, number));
            if is_near || count == sorted.len() {
                break;
            }
        } else {
            high = count;
        }
        let guess = (count as f64 * (0.5 + 0.5 * NEAR) * bytes as f64 / size as f64) as usize;
        count = if low < guess && guess < high { guess } else { (low + high).div_ceil(2) };
        count = count.clamp(1, sorted.len());
    }
    best.ok_or_else(|| anyhow::anyhow!("{bytes} bytes are too few for an n-gram"))
}
