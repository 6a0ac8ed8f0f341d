//! Compiles a word list into the section `lexicon` of a package.
//!
//! The list is text: a word a line in the form in which it is shown (`Haus`, `I'm`, `morgen`), then a tab and its count in
//! running text for each language. A first line that begins with `word` names the languages: `word<TAB>count_en<TAB>count_de`,
//! which is also what is taken where there is none.
//!
//! The words are spelled in the pieces of the model's vocabulary as they stand after a space. For the commonest
//! lower-case words the form with a capital is added: the model spells it differently, and a sentence begins with it.

use anyhow::{Context, Result, bail, ensure};
use spatz::model::{BytePairEncoder, Vocabulary};
use spatz::predict::lexicon::{
    COST_STEP, Entry, Layout, MAX_LANGUAGES, MAX_TOKENS, NO_WORD, SENTENCE_FORM, write,
};
use std::collections::BTreeMap;

/// Lower-case words that get a form with a capital: those that begin practically all sentences.
const SENTENCE_FORMS: usize = 12_000;
/// How often such a word begins a sentence, of all the times it is written.
const SENTENCE_SHARE: f64 = 0.08;
/// What the languages are where the list does not say.
const LANGUAGES: [&str; 2] = ["en", "de"];

/// A compiled lexicon.
#[derive(Debug)]
pub struct Compiled {
    /// The section's bytes.
    pub bytes: Vec<u8>,
    /// Words of the list.
    pub words: usize,
    /// Sentence forms added.
    pub sentence_forms: usize,
    /// Lines of the list left out: too many pieces, or not spelled by the vocabulary.
    pub skipped: usize,
}

/// Compiles `list` for `vocabulary`.
///
/// # Errors
///
/// Names the line of the list that cannot be read. A vocabulary of more than 65,536 pieces or without byte-level BPE is refused.
pub fn compile(list: &str, vocabulary: &Vocabulary) -> Result<Compiled> {
    ensure!(vocabulary.len() <= 1 << 16, "{} pieces do not fit a lexicon (65,536 do)", vocabulary.len());
    let encoder = BytePairEncoder::new(vocabulary)?;
    let (languages, words) = read(list)?;
    let totals: Vec<f64> =
        (0..languages.len()).map(|language| words.values().map(|counts| counts[language]).sum()).collect();
    ensure!(!words.is_empty(), "the word list has no words");
    let shares = |counts: &[f64]| -> Vec<f64> {
        counts
            .iter()
            .zip(&totals)
            .map(|(count, total)| if *total > 0.0 { count / total } else { 0.0 })
            .collect()
    };
    let words: Vec<(String, Vec<f64>)> =
        words.iter().map(|(word, counts)| (word.clone(), shares(counts))).collect();
    let forms = sentence_forms(&words);

    let mut entries = Vec::with_capacity(words.len() + forms.len());
    let mut skipped = 0;
    for (word, shares, flags) in words
        .iter()
        .map(|(word, shares)| (word, shares, 0))
        .chain(forms.iter().map(|(word, shares)| (word, shares, SENTENCE_FORM)))
    {
        match spell(word, &encoder, vocabulary) {
            Some(tokens) => entries.push(Entry {
                tokens,
                flags,
                costs: shares.iter().map(|share| cost(*share)).collect(),
            }),
            None => skipped += 1,
        }
    }
    let languages: Vec<&str> = languages.iter().map(String::as_str).collect();
    let bytes = write(&entries, &languages, vocabulary);
    Layout::check(&bytes, vocabulary).context("the compiled lexicon does not pass its own check")?;
    let sentence_forms = entries.iter().filter(|entry| entry.flags == SENTENCE_FORM).count();
    Ok(Compiled { bytes, words: entries.len() - sentence_forms, sentence_forms, skipped })
}

/// Languages, and the counts of each word in each.
type WordList = (Vec<String>, BTreeMap<String, Vec<f64>>);

fn read(list: &str) -> Result<WordList> {
    let mut languages: Vec<String> = LANGUAGES.iter().map(|&language| language.to_owned()).collect();
    let mut words: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (number, line) in list.lines().enumerate() {
        let mut columns = line.split('\t');
        let word = columns.next().unwrap_or_default();
        if number == 0 && word == "word" {
            languages = columns.map(|name| name.trim_start_matches("count_").to_owned()).collect();
            ensure!(
                (1..=MAX_LANGUAGES).contains(&languages.len()),
                "line 1 names {} languages",
                languages.len()
            );
            for language in &languages {
                let plain = language.len() <= 4 && language.bytes().all(|letter| letter.is_ascii_lowercase());
                ensure!(
                    plain && !language.is_empty(),
                    "line 1: {language:?} is no ISO 639-1 code such as `count_en`"
                );
            }
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let counts: Vec<f64> = columns
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("line {}: a count of {word:?} is no number", number + 1))?;
        if counts.len() != languages.len() || counts.iter().any(|count| !count.is_finite() || *count < 0.0) {
            bail!("line {}: {word:?} needs {} counts of 0 or more", number + 1, languages.len());
        }
        if word.is_empty() || word.contains(char::is_whitespace) {
            bail!("line {}: {word:?} is no word", number + 1);
        }
        let known = words.entry(word.to_owned()).or_insert_with(|| vec![0.0; languages.len()]);
        known.iter_mut().zip(counts).for_each(|(known, count)| *known += count);
    }
    Ok((languages, words))
}

/// The commonest lower-case words with a capital, unless they are listed so.
fn sentence_forms(words: &[(String, Vec<f64>)]) -> Vec<(String, Vec<f64>)> {
    let mut lower: Vec<&(String, Vec<f64>)> =
        words.iter().filter(|(word, _)| word.starts_with(char::is_lowercase)).collect();
    let sum = |shares: &[f64]| -> f64 { shares.iter().sum() };
    lower.sort_by(|a, b| sum(&b.1).total_cmp(&sum(&a.1)));
    let with_capital = |word: &str| {
        let mut letters = word.chars();
        let capital: String = letters.next()?.to_uppercase().collect();
        (capital.chars().count() == 1).then(|| capital + letters.as_str())
    };
    lower
        .into_iter()
        .take(SENTENCE_FORMS)
        .filter_map(|(word, shares)| {
            Some((with_capital(word)?, shares.iter().map(|share| share * SENTENCE_SHARE).collect()))
        })
        .filter(|(form, _)| words.binary_search_by(|(word, _)| word.cmp(form)).is_err())
        .collect()
}

/// The tokens of `word` after a space, if there are not too many and they spell it.
fn spell(word: &str, encoder: &BytePairEncoder, vocabulary: &Vocabulary) -> Option<Vec<u16>> {
    let spaced = format!(" {word}");
    let mut tokens = Vec::new();
    encoder.encode(&spaced, &mut tokens);
    let spelled: Vec<u8> = tokens.iter().flat_map(|&token| vocabulary.piece(token)).copied().collect();
    if spelled != spaced.as_bytes() || !(1..=MAX_TOKENS).contains(&tokens.len()) {
        return None;
    }
    tokens.into_iter().map(|token| u16::try_from(token).ok()).collect()
}

fn cost(share: f64) -> u8 {
    if share <= 0.0 {
        return NO_WORD;
    }
    (-share.ln() / f64::from(COST_STEP)).round().clamp(0.0, f64::from(NO_WORD - 1)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let (languages, words) = read("word\tcount_en\tcount_de\nHaus\t0\t3\nis\t5\t0\nis\t2\t1\n").unwrap();
        assert_eq!(languages, ["en", "de"]);
        assert_eq!(words["is"], [7.0, 1.0]);
        assert_eq!(words["Haus"], [0.0, 3.0]);
    }

    #[test]
    fn a_list_without_a_first_line_is_english_and_german() {
        let (languages, words) = read("is\t5\t0\n").unwrap();
        assert_eq!((languages.len(), words.len()), (2, 1));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        fn check(list: &str, expected: &str) {
            let error = format!("{:#}", read(list).unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
        check("is\t5\t0\nthe\t5\n", "line 2: \"the\" needs 2 counts");
        check("is\tmany\t0\n", "line 1: a count of \"is\" is no number");
        check("is\t-1\t0\n", "line 1: \"is\" needs 2 counts of 0 or more");
        check("to be\t1\t0\n", "line 1: \"to be\" is no word");
        check("word\tcount_ENGLISH\nis\t1\n", "\"ENGLISH\" is no ISO 639-1 code");
    }

    #[test]
    fn common_words_get_a_capital_unless_they_are_nouns_too() {
        let words: Vec<(String, Vec<f64>)> = [("Essen", 0.1), ("essen", 0.2), ("is", 0.7), ("ßx", 0.1)]
            .map(|(w, s)| (w.to_owned(), vec![s]))
            .into();
        let forms = sentence_forms(&words);
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0].0, "Is");
        assert!((forms[0].1[0] - 0.7 * SENTENCE_SHARE).abs() < 1e-9);
    }

    #[test]
    fn costs_span_all_shares() {
        assert_eq!(cost(1.0), 0);
        assert_eq!(cost(0.0), NO_WORD);
        assert_eq!(cost(1e-300), NO_WORD - 1);
        assert!((f64::from(cost(1e-4)) * f64::from(COST_STEP) - 1e-4_f64.ln().abs()).abs() < 0.04);
    }
}
