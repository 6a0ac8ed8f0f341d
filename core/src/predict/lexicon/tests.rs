use super::fixture::{WORDS, pieces, section, with_lexicon};
use super::{Layout, Lexicon, LexiconError, NO_WORD};
use proptest::prelude::*;

fn words(lexicon: &Lexicon<'_>, range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|word| lexicon.text(word, &mut Vec::new()).to_owned()).collect()
}

#[test]
fn every_word_is_spelled_back() {
    with_lexicon(|lexicon, _| {
        let mut read = words(lexicon, 0..lexicon.len());
        let mut written: Vec<String> = WORDS.iter().map(|(word, ..)| (*word).to_owned()).collect();
        written.push("The".to_owned());
        read.sort();
        written.sort();
        assert_eq!(read, written);
    });
}

#[test]
fn prefixes_find_one_range() {
    fn check(prefix: &str, expected: &[&str]) {
        with_lexicon(|lexicon, _| {
            assert_eq!(words(lexicon, lexicon.with_prefix(prefix)), expected, "{prefix}")
        });
    }
    check("the", &["The", "the", "there", "they"]);
    check("THER", &["there"]);
    check("hausauf", &["Hausaufgabe", "Hausaufgaben"]);
    check("scho", &["schon", "schön"]);
    check("schö", &["schon", "schön"]);
    check("i'", &["I'm"]);
    check("i’", &["I'm"]);
    check("e-", &["E-Mail"]);
    check("zzz", &[]);
    check("theyy", &[]);
}

#[test]
fn case_variants_are_the_same_letters() {
    fn check(text: &str, expected: &[&str]) {
        with_lexicon(|lexicon, _| {
            let found: Vec<String> = lexicon
                .same_letters(text)
                .map(|word| lexicon.text(word, &mut Vec::new()).to_owned())
                .collect();
            assert_eq!(found, expected, "{text}");
        });
    }
    check("ESSEN", &["Essen", "essen"]);
    check("schön", &["schön"]);
    check("don’t", &["don't"]);
    check("sch", &[]);
}

#[test]
fn token_order_is_the_trie() {
    with_lexicon(|lexicon, pieces| {
        let node = lexicon.beginning_with(pieces.id(" Haus"));
        let under: Vec<String> = node
            .clone()
            .map(|place| lexicon.text(lexicon.in_token_order(place), &mut Vec::new()).to_owned())
            .collect();
        assert_eq!(under, ["Haus", "Hausaufgabe", "Hausaufgaben", "Haustür"]);
        let children: Vec<(u32, u32)> = lexicon
            .children(node.clone(), 1)
            .map(|(token, range)| (token, range.end - range.start))
            .collect();
        assert_eq!(children, [(pieces.id("auf"), 2), (pieces.id("tür"), 1)]);
        assert!(lexicon.beginning_with(pieces.id("auf")).is_empty());
    });
}

#[test]
fn scanning_gives_what_single_reads_give() {
    with_lexicon(|lexicon, _| {
        for (word, tokens) in lexicon.scan(3..lexicon.len()) {
            let single: Vec<u32> = lexicon.tokens(word).iter().collect();
            assert_eq!(tokens.iter().collect::<Vec<_>>(), single);
        }
    });
}

#[test]
fn costs_are_per_language() {
    with_lexicon(|lexicon, _| {
        let the = lexicon.same_letters("the").find(|&word| !lexicon.is_sentence_form(word)).unwrap();
        assert_eq!(lexicon.cost(0, the), (-(0.06_f32).ln() / super::COST_STEP).round() as u8);
        assert_eq!(lexicon.cost(1, the), NO_WORD);
    });
}

#[test]
fn another_vocabulary_is_refused() {
    let mut other = pieces();
    other.0[20] = " eSSen";
    assert_eq!(Layout::check(&section(), &other).unwrap_err(), LexiconError::Vocabulary);
}

#[test]
fn every_cut_is_an_error() {
    let (bytes, pieces) = (section(), pieces());
    for end in 0..bytes.len() {
        assert!(Layout::check(&bytes[..end], &pieces).is_err(), "cut at {end}");
    }
}

proptest! {
    #[test]
    fn damage_is_an_error_or_harmless(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        prefix in "[a-zA-ZäöüßÄ' -]{0,6}",
    ) {
        let (mut bytes, pieces) = (section(), pieces());
        for (place, value) in flips {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(layout) = Layout::check(&bytes, &pieces) {
            let lexicon = Lexicon::new(&layout, &bytes, &pieces);
            let range = lexicon.with_prefix(&prefix);
            words(&lexicon, range.clone());
            prop_assert!(lexicon.scan(range).count() <= lexicon.len() as usize);
            for token in 0..pieces.0.len() as u32 {
                for (_, child) in lexicon.children(lexicon.beginning_with(token), 1) {
                    prop_assert!(lexicon.children(child, 2).count() <= lexicon.len() as usize);
                }
            }
            prop_assert!(lexicon.same_letters(&prefix).count() <= lexicon.len() as usize);
        }
    }
}
