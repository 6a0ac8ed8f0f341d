//! `spatz eval --phrases`: how often a phrase is shown, and how often the message goes on with exactly it.

use anyhow::{Context, Result};
use comfy_table::{CellAlignment, Table, presets};
use serde::Deserialize;
use spatz::predict::{Evidence, PredictorOptions, TextInput, TextPredictor};
use spatz::{CancelToken, Model};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Probabilities from which a phrase is shown.
const THRESHOLDS: [f32; 9] = [0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8];
/// A phrase of two words is one that the strip does not show.
const LONG: usize = 2;

/// A phrase that was grown as far as the lowest threshold lets it.
struct Grown {
    scores: Vec<f32>,
    /// Words from the first on that the message has, too.
    right: usize,
}

#[derive(Deserialize)]
struct Message {
    text: String,
}

/// What to measure on.
pub(crate) struct Wish<'a> {
    pub(crate) model: &'a Path,
    pub(crate) evidence: Evidence,
    pub(crate) messages: usize,
    /// Letters of the word at the cursor that are typed already.
    pub(crate) letters: usize,
}

/// The table of one development set: a row a threshold.
pub(crate) fn measure(set: &str, data: &Path, wish: &Wish<'_>) -> Result<Table> {
    let mut options = PredictorOptions::default();
    options.evidence = wish.evidence;
    options.phrase_probability = THRESHOLDS[0];
    let predictor = TextPredictor::new(&Model::open(wish.model)?, options)?;
    let lines = fs::read_to_string(data).with_context(|| format!("cannot read {}", data.display()))?;
    let (mut all, mut places, mut times) = (Vec::new(), 0, Vec::new());
    for line in lines.lines().take(wish.messages) {
        let Message { text } = serde_json::from_str(line).context("a message has no `text`")?;
        for (start, word) in words(&text) {
            let Some((context, rest)) = text.split_at_checked(start) else { continue };
            let typed = word.char_indices().nth(wish.letters).map_or(word.len(), |(end, _)| end);
            let Some(composing) = word.get(..typed).filter(|_| typed < word.len()) else { continue };
            places += 1;
            let input = TextInput { context, composing, limit: 3, ..TextInput::default() };
            let cancel = CancelToken::new();
            predictor.suggest(&input, &cancel)?;
            let begun = Instant::now();
            let phrase = predictor.phrase(&input, &cancel)?;
            if let Some(phrase) = phrase {
                times.push(begun.elapsed());
                all.push(Grown { right: right(&phrase.text, rest), scores: phrase.scores });
            }
        }
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let title = format!("{set}, {places} places");
    table.set_header([&title, "shown %", "exact %", "words", "of two and more %", "exact %"]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for threshold in THRESHOLDS {
        let [any, long] = [1, LONG].map(|least| Shown::count(&all, threshold, least));
        let words = any.words as f64 / any.count.max(1) as f64;
        table.add_row([
            format!("{threshold:.2}"),
            percent(any.count, places),
            percent(any.exact, any.count),
            format!("{words:.2}"),
            percent(long.count, places),
            percent(long.exact, long.count),
        ]);
    }
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or(Duration::ZERO);
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    table.add_row(["time of a phrase at the lowest, p50 and p95".to_owned(), ms(at(50)), ms(at(95))]);
    Ok(table)
}

/// What one threshold shows.
struct Shown {
    count: usize,
    exact: usize,
    words: usize,
}

impl Shown {
    fn count(all: &[Grown], threshold: f32, least: usize) -> Self {
        let mut shown = Self { count: 0, exact: 0, words: 0 };
        for grown in all {
            let length = grown.scores.iter().take_while(|score| score.exp() >= threshold).count();
            if length >= least {
                shown.count += 1;
                shown.words += length;
                shown.exact += usize::from(grown.right >= length);
            }
        }
        shown
    }
}

fn percent(part: usize, of: usize) -> String {
    format!("{:.1}", 100.0 * part as f64 / of.max(1) as f64)
}

/// The words of `text` as the harness has them, and where they begin: letters, with apostrophes between.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(char::is_alphabetic)) {
        let start = from + start;
        let rest = text.get(start..).unwrap_or_default();
        let goes_on = |(at, letter): &(usize, char)| {
            let next = rest.get(at + letter.len_utf8()..).and_then(|rest| rest.chars().next());
            letter.is_alphabetic() || matches!(letter, '\'' | '’') && next.is_some_and(char::is_alphabetic)
        };
        let end = rest.char_indices().find(|at| !goes_on(at)).map_or(rest.len(), |(end, _)| end);
        words.push((start, rest.get(..end).unwrap_or_default()));
        from = start + end;
    }
    words
}

/// How many words of `phrase` the text `rest` begins with, with single spaces between, case apart.
fn right(phrase: &str, rest: &str) -> usize {
    let plain = |text: &str| text.to_lowercase().replace('’', "'");
    let (phrase, rest) = (plain(phrase), plain(rest));
    let found = words(&rest);
    let mut right = 0;
    let mut end = 0;
    for (word, &(start, said)) in phrase.split(' ').zip(&found) {
        let gap = rest.get(end..start).unwrap_or_default();
        if said != word || gap != if right == 0 { "" } else { " " } {
            break;
        }
        right += 1;
        end = start + said.len();
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_with_apostrophes_between() {
        let found: Vec<&str> = words("Don’t 2nd 'so' über-all").into_iter().map(|(_, word)| word).collect();
        assert_eq!(found, ["Don’t", "nd", "so", "über", "all"]);
    }

    #[test]
    fn a_phrase_is_right_as_far_as_the_message_has_it() {
        assert_eq!(right("see you tomorrow", "See you tomorrow!"), 3);
        assert_eq!(right("see you tomorrow", "see you, tomorrow"), 2);
        assert_eq!(right("see you", "see your"), 1);
        assert_eq!(right("don't", "don’t"), 1);
        assert_eq!(right("see you", "12 see you"), 0);
    }

    #[test]
    fn a_threshold_cuts_what_was_grown() {
        let grown =
            |scores: &[f32], right| Grown { scores: scores.iter().map(|p: &f32| p.ln()).collect(), right };
        let all = [grown(&[0.9, 0.6, 0.3], 2), grown(&[0.7, 0.4], 0), grown(&[0.25], 1)];
        let shown = |threshold, least| {
            let Shown { count, exact, words } = Shown::count(&all, threshold, least);
            (count, exact, words)
        };
        assert_eq!(shown(0.2, 1), (3, 1, 6));
        assert_eq!(shown(0.5, 1), (2, 1, 3));
        assert_eq!(shown(0.5, 2), (1, 1, 2));
        assert_eq!(shown(0.95, 1), (0, 0, 0));
    }
}
