//! Values in text, by rules: numbers and durations in English and German.
