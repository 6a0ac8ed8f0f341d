use super::text::{COMMA, MARKS, START};
use super::{History, LanguageModel, Layout, Lexicon, Ngram, NgramError, Node, WordId, write};
use crate::predict::lexicon::fixture::with_lexicon;
use proptest::prelude::*;

fn word(lexicon: &Lexicon<'_>, text: &str) -> WordId {
    (0..lexicon.len()).find(|&word| lexicon.text(word, &mut Vec::new()) == text).unwrap()
}

fn node(number: u32, probability: f32, backoff: f32, next: Vec<Node>) -> Node {
    Node { number, probability, backoff, next }
}

/// English: `they` and then `is`, `a`; German: `schon`, `morgen`.
fn models(lexicon: &Lexicon<'_>) -> Vec<LanguageModel> {
    let leaf = |number, probability| node(number, probability, 1.0, Vec::new());
    let [they, is, a] = [MARKS, MARKS + 1, MARKS + 2];
    let english = LanguageModel {
        language: "en".into(),
        order: 3,
        words: ["they", "is", "a"].map(|text| word(lexicon, text)).into(),
        contexts: vec![
            node(START, 0.0, 0.5, vec![leaf(they, 0.4)]),
            node(COMMA, 0.0, 0.8, vec![leaf(they, 0.2), leaf(is, 0.1)]),
            node(they, 0.0, 0.6, vec![node(is, 0.3, 0.7, vec![leaf(a, 0.5)]), leaf(a, 0.05)]),
            node(is, 0.0, 0.4, vec![node(COMMA, 0.0, 0.9, vec![leaf(is, 0.2)]), leaf(a, 0.25)]),
        ],
    };
    let german = LanguageModel {
        language: "de".into(),
        order: 2,
        words: ["schon", "morgen"].map(|text| word(lexicon, text)).into(),
        contexts: vec![node(MARKS, 0.0, 0.5, vec![leaf(MARKS + 1, 0.4)])],
    };
    vec![english, german]
}

fn with_ngram(test: impl Fn(&Lexicon<'_>, &Ngram<'_>)) {
    with_lexicon(|lexicon, _| {
        let bytes = write(&models(lexicon), lexicon);
        let layout = Layout::check(&bytes, lexicon).unwrap();
        test(lexicon, &Ngram::new(&layout, &bytes));
    });
}

const SHARES: [f32; 256] = [0.001; 256];

fn after(lexicon: &Lexicon<'_>, ngram: &Ngram<'_>, language: usize, text: &str) -> (usize, Vec<f32>) {
    let mut out = vec![0.0; lexicon.len() as usize];
    let order = ngram.add(lexicon, language, &ngram.history(lexicon, text), &SHARES, 1.0, &mut out);
    (order, out)
}

#[test]
fn the_longest_context_speaks_first() {
    fn check(language: usize, text: &str, order: usize, expected: &[(&str, f32)]) {
        with_ngram(|lexicon, ngram| {
            let (found, out) = after(lexicon, ngram, language, text);
            assert_eq!(found, order, "{text:?}");
            for &(text, probability) in expected {
                let found = out[word(lexicon, text) as usize];
                assert!((found / probability).ln().abs() < 0.36, "{text}: {found}");
            }
        });
    }
    check(0, "", 1, &[("they", 0.4), ("is", 0.5 * 0.001)]);
    check(0, "I, ", 1, &[("they", 0.2), ("is", 0.1), ("a", 0.8 * 0.001)]);
    check(0, "They ", 1, &[("is", 0.3), ("a", 0.05), ("they", 0.6 * 0.001)]);
    check(0, "They is ", 2, &[("a", 0.5), ("is", 0.7 * 0.4 * 0.001)]);
    check(0, "there is ", 1, &[("a", 0.25)]);
    check(0, "hello\nthey ", 1, &[("is", 0.3)]);
    check(0, "there ", 0, &[("a", 0.001)]);
    check(0, "is, ", 2, &[("is", 0.2), ("they", 0.9 * 0.2), ("a", 0.9 * 0.8 * 0.001)]);
    check(1, "Wir sehen uns schon ", 1, &[("morgen", 0.4), ("Haus", 0.5 * 0.001)]);
    check(1, "", 0, &[("morgen", 0.001)]);
}

#[test]
fn another_lexicon_is_refused() {
    with_lexicon(|lexicon, _| {
        let mut bytes = write(&models(lexicon), lexicon);
        bytes[12] ^= 1;
        assert_eq!(Layout::check(&bytes, lexicon).unwrap_err(), NgramError::Lexicon);
        bytes[8] = 9;
        assert_eq!(Layout::check(&bytes, lexicon).unwrap_err(), NgramError::Version { found: 9 });
        bytes[0] = 0;
        assert_eq!(Layout::check(&bytes, lexicon).unwrap_err(), NgramError::Magic);
    });
}

#[test]
fn every_cut_is_an_error() {
    with_lexicon(|lexicon, _| {
        let bytes = write(&models(lexicon), lexicon);
        for end in 0..bytes.len() {
            assert!(Layout::check(&bytes[..end], lexicon).is_err(), "cut at {end}");
        }
        assert!(Layout::check(&[&bytes[..], &[0]].concat(), lexicon).is_err());
    });
}

#[test]
fn counts_that_promise_more_than_there_is_are_refused() {
    with_lexicon(|lexicon, _| {
        let bytes = write(&models(lexicon), lexicon);
        for place in 16..56 {
            let mut bytes = bytes.clone();
            bytes[place] = 0xff;
            let refused = Layout::check(&bytes, lexicon).is_err();
            assert!(refused || place < 20 || (36..40).contains(&place), "byte {place}");
        }
    });
}

proptest! {
    #[test]
    fn damage_is_an_error_or_harmless(
        flips in prop::collection::vec((16_usize..200, any::<u8>()), 1..6),
        text in "((they|is|a|schon|morgen|xyz|,|\\.) ){0,4}",
    ) {
        with_lexicon(|lexicon, _| {
            let mut bytes = write(&models(lexicon), lexicon);
            for &(place, value) in &flips {
                let place = place % bytes.len();
                bytes[place] = value;
            }
            if let Ok(layout) = Layout::check(&bytes, lexicon) {
                let ngram = Ngram::new(&layout, &bytes);
                for language in 0..2 {
                    let (order, out) = after(lexicon, &ngram, language, &text);
                    assert!(order <= 5);
                    assert!(out.iter().all(|value| value.is_finite() && *value >= 0.0));
                }
            }
        });
    }

    #[test]
    fn what_is_written_is_read(
        entries in prop::collection::btree_map(0..MARKS + 3, (0.001_f32..0.5, prop::collection::btree_set(0..MARKS + 3, 0..5)), 1..8),
    ) {
        with_lexicon(|lexicon, _| {
            let leaf = |number: u32| node(number, if number < MARKS { 0.0 } else { 0.2 }, 1.0, Vec::new());
            let next = entries.iter().map(|(&number, (probability, next))| {
                let probability = if number < MARKS { 0.0 } else { *probability };
                node(number, probability, 0.5, next.iter().map(|&number| leaf(number)).collect())
            });
            let mut model = models(lexicon).swap_remove(0);
            model.contexts = vec![node(COMMA, 0.0, 1.0, next.collect())];
            let bytes = write(&[model], lexicon);
            let layout = Layout::check(&bytes, lexicon).unwrap();
            let ngram = Ngram::new(&layout, &bytes);
            for (&number, (probability, next)) in &entries {
                let add = |context: Vec<u32>| {
                    let mut out = vec![0.0; lexicon.len() as usize];
                    let order = ngram.add(lexicon, 0, &History(vec![context]), &SHARES, 1.0, &mut out);
                    (order, out)
                };
                let (order, out) = add(vec![COMMA, number]);
                assert_eq!(order == 2, !next.is_empty());
                if let Some(word) = number.checked_sub(MARKS) {
                    let word = word_of(&ngram, word);
                    let (_, out) = add(vec![COMMA]);
                    assert!((out[word] / probability).ln().abs() < 0.2);
                }
                for word in next.iter().filter_map(|number| number.checked_sub(MARKS)) {
                    assert!((out[word_of(&ngram, word)] / 0.2).ln().abs() < 0.2);
                }
            }
        });
    }
}

fn word_of(ngram: &Ngram<'_>, number: u32) -> usize {
    let words = &ngram.bytes[ngram.layout.languages[0].words.clone()];
    crate::predict::lexicon::u24_at(words, number as usize) as usize
}
