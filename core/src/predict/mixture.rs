//! How much each of the sources counts: the model, and the n-gram.
//!
//! P(word) = (1 − λ) · P(word | model) + λ · P(word | n-gram), with a λ for each number of words of context that the n-gram
//! knew. Measured by `training/mixture.py` on lines held out of the training text and on lines from elsewhere: hits among three are
//! flat between 0.4 and 0.8 and best at 0.6, and the surer the n-gram is, the more it is to be trusted. Log-linear mixing
//! (0.7) is as good, but its probabilities would have to be summed over all words.

/// The weight of words' shares of running text where a package has no n-gram: orders words that the model rules out alike.
pub(super) const WITHOUT_NGRAM: f32 = 1e-6;

/// The n-gram's weight by the number of words of context that it knew.
const NGRAM: [f32; 4] = [0.5, 0.6, 0.65, 0.7];

/// λ, where the n-gram knew `order` words of context.
pub(super) fn ngram_weight(order: usize) -> f32 {
    NGRAM[order.min(NGRAM.len() - 1)]
}
