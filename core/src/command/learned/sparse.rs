//! Telling words: hashed TF-IDF of words, pairs of words and parts of words.
//!
//! The sentence vector knows what a sentence is about, but may miss the one word that tells two intents apart. Features are
//! hashed into a fixed number of places with a sign each (Weinberger et al. 2009, arXiv 0902.2206), so a large set costs no
//! more memory than a small one.

use crate::entity::text::Utterance;

/// Places that features are hashed into.
pub(super) const BUCKETS: usize = 2048;

/// Weights of the places, learned from the examples.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TfIdf {
    /// How telling each place is.
    pub(super) idf: Vec<f32>,
}

/// Place and value, ascending by place.
pub(super) type Sparse = Vec<(u32, f32)>;

impl TfIdf {
    /// Learns from `texts` which features are rare.
    pub(super) fn fit<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut documents = vec![0u32; BUCKETS];
        let mut count = 0;
        for text in texts {
            count += 1;
            for (place, _) in counts(text) {
                documents[place as usize] += 1;
            }
        }
        let idf = |documents: &u32| ((1 + count) as f32 / (1 + documents) as f32).ln() + 1.0;
        Self { idf: documents.iter().map(idf).collect() }
    }

    /// The features of `text` at length 1; nothing for a text without words.
    pub(super) fn features(&self, text: &str) -> Sparse {
        let mut out = counts(text);
        let mut square = 0.0;
        for (place, value) in &mut out {
            let idf = self.idf.get(*place as usize).copied().unwrap_or(0.0);
            *value = value.signum() * (1.0 + value.abs().ln()) * idf;
            square += *value * *value;
        }
        let length = f32::sqrt(square);
        out.iter_mut().for_each(|(_, value)| *value /= length);
        out
    }
}

/// How often each place is hit, with its sign; places whose signs cancel are left out.
fn counts(text: &str) -> Sparse {
    let utterance = Utterance::new(text);
    let words: Vec<&[char]> =
        utterance.chars().split(|c| *c == ' ').filter(|word| !word.is_empty()).collect();
    let mut hits: Vec<(u32, f32)> = Vec::new();
    let mut bytes = Vec::new();
    let mut add = |kind: u8, parts: &[&[char]]| {
        bytes.clear();
        bytes.push(kind);
        for part in parts {
            for c in *part {
                bytes.extend_from_slice(&u32::from(*c).to_le_bytes());
            }
            bytes.push(0);
        }
        let hash = crc32fast::hash(&bytes);
        hits.push((hash % BUCKETS as u32, if hash >> 31 == 0 { 1.0 } else { -1.0 }));
    };
    for word in &words {
        add(0, &[word]);
    }
    for pair in words.windows(2) {
        add(1, pair);
    }
    let mut padded = Vec::new();
    for word in &words {
        padded.clear();
        padded.push(' ');
        padded.extend_from_slice(word);
        padded.push(' ');
        for length in 3..=4 {
            for part in padded.windows(length).take(MAX_PARTS) {
                add(2, &[part]);
            }
        }
    }
    hits.sort_by_key(|(place, _)| *place);
    let mut out: Sparse = Vec::with_capacity(hits.len());
    for (place, sign) in hits {
        match out.last_mut() {
            Some((last, value)) if *last == place => *value += sign,
            _ => out.push((place, sign)),
        }
    }
    out.retain(|(_, value)| *value != 0.0);
    out
}

/// Parts of one word: more is no word.
const MAX_PARTS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_have_length_one_and_do_not_depend_on_case() {
        let tfidf = TfIdf::fit(["turn on the light", "play the song"].into_iter());
        let features = tfidf.features("Turn ON the light!");
        let square: f32 = features.iter().map(|(_, value)| value * value).sum();
        assert!((square - 1.0).abs() < 1e-5, "{square}");
        assert_eq!(features, tfidf.features("turn on the light"));
        assert!(tfidf.features(" ?! ").is_empty());
    }

    #[test]
    fn rare_words_weigh_more() {
        let tfidf = TfIdf::fit(["the a", "the b", "the c"].into_iter());
        let weight = |word: &str| counts(word).first().map(|(place, _)| tfidf.idf[*place as usize]).unwrap();
        assert!(weight("b") > weight("the"));
    }
}
