//! How much the telling words should count beside the sentence vector.
//!
//! Where intents differ in what they are about, the vector is best left alone; where each has words of its own, words
//! should count for more. Which holds for a set is seen by classifying each example with the centroids of the others: a
//! cheap stand-in for fitting the real classifier several times, and it chose the best weight on every set tried.

use super::regression::Features;
use super::sparse::BUCKETS;

/// Weights to choose from; of equals the first is taken.
const WEIGHTS: [f32; 4] = [0.5, 0.7, 1.0, 1.5];
/// Examples that are tried at most, evenly spread.
const MOST: usize = 1000;

/// The best weight for `features.sparse`, whose own length is 1.
pub(super) fn words_weight(features: &[Features], classes: &[u32], class_count: usize) -> f32 {
    let width = features.first().map_or(0, |features| features.dense.len());
    let mut dense = vec![0.0; class_count * width];
    let mut sparse = vec![0.0; class_count * BUCKETS];
    for (features, class) in features.iter().zip(classes) {
        let class = *class as usize;
        add(&mut dense[class * width..][..width], &features.dense);
        for (place, value) in &features.sparse {
            sparse[class * BUCKETS + *place as usize] += value;
        }
    }
    let square = |row: &[f32]| row.iter().map(|value| value * value).sum::<f32>();
    let dense_squares: Vec<f32> = dense.chunks_exact(width.max(1)).map(square).collect();
    let sparse_squares: Vec<f32> = sparse.chunks_exact(BUCKETS).map(square).collect();

    let mut hits = [0usize; WEIGHTS.len()];
    let step = features.len().div_ceil(MOST).max(1);
    for (features, class) in features.iter().zip(classes).step_by(step) {
        let mut best = [(f32::NEG_INFINITY, 0u32); WEIGHTS.len()];
        for other in 0..class_count {
            let row = &dense[other * width..][..width];
            let mut along: f32 = features.dense.iter().zip(row).map(|(a, b)| a * b).sum();
            let words = &sparse[other * BUCKETS..][..BUCKETS];
            let mut along_words: f32 =
                features.sparse.iter().map(|(place, value)| value * words[*place as usize]).sum();
            let (mut length, mut words_length) = (dense_squares[other], sparse_squares[other]);
            if other == *class as usize {
                // Without itself: both vectors have length 1 (or 0, for no words).
                let own = square(&features.dense);
                let own_words: f32 = features.sparse.iter().map(|(_, value)| value * value).sum();
                (length, words_length) =
                    (length - 2.0 * along + own, words_length - 2.0 * along_words + own_words);
                (along, along_words) = (along - own, along_words - own_words);
            }
            for ((best, best_class), weight) in best.iter_mut().zip(WEIGHTS) {
                let weight = weight * weight;
                let length = (length + weight * words_length).max(1e-6).sqrt();
                let cosine = (along + weight * along_words) / length;
                if cosine > *best {
                    (*best, *best_class) = (cosine, other as u32);
                }
            }
        }
        for (hits, (_, found)) in hits.iter_mut().zip(best) {
            *hits += usize::from(found == *class);
        }
    }
    let best = (0..WEIGHTS.len()).rev().max_by_key(|i| hits[*i]).unwrap_or(0);
    WEIGHTS[best]
}

fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten examples of each of two classes, of which vector and words may each mislead for four.
    fn check(vector_tells: bool, words_tell: bool, expected: f32) {
        let rows = (0..20u32).map(|i| {
            let class = i % 2;
            let side = |tells: bool| if tells || i >= 8 { class } else { 1 - class };
            let mut dense = vec![0.0; 2];
            dense[side(vector_tells) as usize] = 1.0;
            (Features { dense, sparse: vec![(side(words_tell), 1.0)] }, class)
        });
        let (features, classes): (Vec<_>, Vec<_>) = rows.unzip();
        assert_eq!(words_weight(&features, &classes, 2), expected, "{vector_tells} {words_tell}");
    }

    #[test]
    fn words_count_where_they_tell() {
        check(true, true, 0.5);
        check(true, false, 0.5);
        check(false, true, 0.7);
        assert_eq!(words_weight(&[], &[], 0), 0.5);
    }
}
