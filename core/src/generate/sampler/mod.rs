//! From logits to the next token.
//!
//! Each way of sampling is a pure function in a file of its own; [`Sampler`] calls them in order. To add one, write its
//! file, give it a field in [`GenerateOptions`](super::GenerateOptions), and call it in [`Sampler::sample`].

mod candidates;
mod min_p;
mod random;
mod repetition;
mod temperature;
mod top_k;
mod top_p;

use super::options::GenerateOptions;
use candidates::Candidates;
use random::Random;

/// Draws tokens as [`GenerateOptions`] ask.
#[derive(Debug)]
pub(super) struct Sampler {
    options: GenerateOptions,
    random: Random,
    /// The logits of the present step, which the penalty changes.
    logits: Vec<f32>,
}

impl Sampler {
    pub(super) fn new(options: GenerateOptions) -> Self {
        let random = Random::new(options.seed);
        Self { options, random, logits: Vec::new() }
    }

    /// The next token after `history`; `None` if `logits` has no number in it.
    pub(super) fn sample(&mut self, logits: &[f32], history: &[u32]) -> Option<u32> {
        let Self { options, random, logits: own } = self;
        own.clear();
        own.extend_from_slice(logits);
        let window = history.len().saturating_sub(options.repetition_window);
        repetition::penalize(own, history.get(window..).unwrap_or_default(), options.repetition_penalty);
        if options.temperature == 0.0 {
            return candidates::likeliest(own);
        }
        let mut candidates = Candidates::new(own);
        top_k::keep(&mut candidates, options.top_k);
        top_p::keep(&mut candidates, options.top_p);
        min_p::keep(&mut candidates, options.min_p);
        temperature::apply(&mut candidates, options.temperature);
        candidates.draw(random.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f32; 5] = [0.5, 3.0, 2.0, -1.0, 2.5];

    fn draw(change: impl FnOnce(&mut GenerateOptions)) -> Vec<u32> {
        let mut options = GenerateOptions { top_k: 0, top_p: 1.0, min_p: 0.0, ..GenerateOptions::default() };
        change(&mut options);
        let mut sampler = Sampler::new(options);
        (0..200).filter_map(|_| sampler.sample(&LOGITS, &[1, 1, 4])).collect()
    }

    #[test]
    fn greedy_takes_the_likeliest() {
        assert_eq!(draw(|options| options.temperature = 0.0), [1; 200]);
    }

    #[test]
    fn same_seed_same_tokens() {
        assert_eq!(draw(|options| options.seed = 7), draw(|options| options.seed = 7));
        assert_ne!(draw(|options| options.seed = 7), draw(|options| options.seed = 8));
    }

    #[test]
    fn cut_off_tokens_are_never_drawn() {
        assert!(draw(|options| options.top_k = 2).iter().all(|token| [1, 4].contains(token)));
        assert_eq!(draw(|options| options.top_p = 0.1), [1; 200]);
        assert!(draw(|options| options.min_p = 0.3).iter().all(|token| [1, 2, 4].contains(token)));
    }

    #[test]
    fn the_penalty_sees_only_its_window() {
        let greedy = |window| {
            draw(|options| {
                options.temperature = 0.0;
                options.repetition_penalty = 2.0;
                options.repetition_window = window;
            })
        };
        assert_eq!(greedy(0), [1; 200]);
        assert_eq!(greedy(1), [1; 200]);
        assert_eq!(greedy(2), [2; 200]);
    }

    #[test]
    fn all_tokens_are_drawn_about_as_often_as_they_should() {
        let mut sampler = Sampler::new(GenerateOptions {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            ..GenerateOptions::default()
        });
        let mut counts = [0f64; 5];
        for _ in 0..20_000 {
            counts[sampler.sample(&LOGITS, &[]).unwrap() as usize] += 1.0;
        }
        let total: f64 = LOGITS.iter().map(|logit| f64::from(*logit).exp()).sum();
        for (count, logit) in counts.iter().zip(LOGITS) {
            let expected = f64::from(logit).exp() / total;
            assert!((count / 20_000.0 - expected).abs() < 0.01, "{count} {expected}");
        }
    }

    #[test]
    fn numbers_that_are_none() {
        let mut sampler = Sampler::new(GenerateOptions::default());
        assert_eq!(sampler.sample(&[f32::NAN, f32::NAN], &[]), None);
        assert_eq!(sampler.sample(&[f32::NAN, 1.0], &[]), Some(1));
        assert_eq!(sampler.sample(&[f32::NEG_INFINITY, 1.0], &[0]), Some(1));
        assert_eq!(sampler.sample(&[f32::NEG_INFINITY; 2], &[]), None);
        assert_eq!(sampler.sample(&[], &[]), None);
    }
}
