//! How tokens are drawn and when to stop.

use super::GenerateError;

/// How tokens are drawn and when to stop.
///
/// The steps are taken in this order, which is llama.cpp's: repetition penalty, `top_k`, `top_p`, `min_p`, temperature.
///
/// ```
/// # use spatz::generate::GenerateOptions;
/// let mut options = GenerateOptions::default();
/// options.temperature = 0.0;
/// options.max_tokens = 64;
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GenerateOptions {
    /// Divides the logits: below 1 likely tokens become likelier. 0 is greedy: always the likeliest.
    pub temperature: f32,
    /// Keep the `k` likeliest tokens; 0 keeps all.
    pub top_k: usize,
    /// Nucleus sampling (Holtzman et al. 2020, arXiv 1904.09751): keep the likeliest tokens that together have this
    /// probability; 1 keeps all.
    pub top_p: f32,
    /// Keep tokens of at least `min_p` times the likeliest one's probability (arXiv 2407.01082); 0 keeps all.
    pub min_p: f32,
    /// Divides the logits of tokens seen in the last `repetition_window` tokens (CTRL, arXiv 1909.05858); 1 is off.
    pub repetition_penalty: f32,
    /// Tokens that `repetition_penalty` looks back over.
    pub repetition_window: usize,
    /// Same seed, same text.
    pub seed: u64,
    /// Generation ends before one of these would appear.
    pub stop: Vec<String>,
    /// Tokens to generate at most.
    pub max_tokens: usize,
}

impl Default for GenerateOptions {
    /// For small chat models: mildly random (temperature 0.7, nucleus 0.95 of the 40 likeliest), seed 0, 512 tokens.
    fn default() -> Self {
        Self {
            temperature: 0.7,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            repetition_penalty: 1.0,
            repetition_window: 64,
            seed: 0,
            stop: Vec::new(),
            max_tokens: 512,
        }
    }
}

impl GenerateOptions {
    /// Refuses values outside their ranges, NaN among them.
    pub(super) fn validate(&self) -> Result<(), GenerateError> {
        let check = |option, value: f32, good: bool, allowed| match good {
            true => Ok(()),
            false => Err(GenerateError::Option { option, value: value.to_string(), allowed }),
        };
        let finite = |value: f32| value.is_finite() && value >= 0.0;
        let share = |value: f32| (0.0..=1.0).contains(&value);
        check("temperature", self.temperature, finite(self.temperature), "a finite number from 0")?;
        check("top_p", self.top_p, share(self.top_p) && self.top_p > 0.0, "above 0 and at most 1")?;
        check("min_p", self.min_p, share(self.min_p), "from 0 to 1")?;
        let penalty = self.repetition_penalty;
        check("repetition_penalty", penalty, finite(penalty) && penalty > 0.0, "a finite number above 0")?;
        if self.stop.iter().any(String::is_empty) {
            let value = String::from("an empty string");
            return Err(GenerateError::Option {
                option: "stop",
                value,
                allowed: "strings that are not empty",
            });
        }
        if self.max_tokens == 0 {
            let value = String::from("0");
            return Err(GenerateError::Option { option: "max_tokens", value, allowed: "at least 1" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_outside_their_range_are_named() {
        fn check(change: impl FnOnce(&mut GenerateOptions), expected: &str) {
            let mut options = GenerateOptions::default();
            change(&mut options);
            let error = options.validate().expect_err("should have been refused").to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        check(|options| options.temperature = f32::NAN, "temperature is NaN");
        check(|options| options.temperature = -0.1, "temperature is -0.1");
        check(|options| options.temperature = f32::INFINITY, "temperature is inf");
        check(|options| options.top_p = 0.0, "top_p is 0");
        check(|options| options.top_p = 1.5, "top_p is 1.5");
        check(|options| options.min_p = -1.0, "min_p is -1");
        check(|options| options.repetition_penalty = 0.0, "repetition_penalty is 0");
        check(|options| options.stop = vec![String::new()], "stop is an empty string");
        check(|options| options.max_tokens = 0, "max_tokens is 0");
        GenerateOptions::default().validate().unwrap();
    }
}
