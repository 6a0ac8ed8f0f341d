//! The whole room on a small lexicon, with a table in the model's place.

use super::answer::Answers;
use super::blocklist::Blocklist;
use super::context::Context;
use super::distribution::World;
use super::edges::Edges;
use super::emoji::Emoji;
use super::lexicon::fixture::{ToyPieces, WORDS, with_lexicon};
use super::lexicon::fold::lower;
use super::lexicon::{Lexicon, shares_of_costs};
use super::ngram::text::{MARKS, START};
use super::ngram::{self, LanguageModel, Ngram, Node};
use super::patience::Patience;
use super::scorer::Scorer;
use super::shares::SentenceForms;
use super::supplementary::{Supplementary, SupplementaryWord};
use super::{CandidateKind, Evidence, PredictError, Suggestions, TextInput};
use crate::cancel::CancelToken;
use crate::engine::EngineError;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

mod correcting;
mod early;
mod phrases;

/// A context and the probabilities after it.
type Row = (Vec<u32>, Vec<(u32, f32)>);

/// Probabilities of pieces by the tokens before them; unlisted pieces share what is left.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Row>,
    pieces: usize,
    context: Vec<u32>,
    logits: Vec<Vec<f32>>,
    passes: Arc<AtomicUsize>,
    late: Late,
}

/// The pass at which time is up, from 0 on, and who is told.
#[derive(Clone, Debug, Default)]
struct Late {
    at: Option<usize>,
    deadline: CancelToken,
}

impl Table {
    fn begin(&self, cancel: &CancelToken) -> Result<(), EngineError> {
        if Some(self.passes.fetch_add(1, Ordering::Relaxed)) == self.late.at {
            self.late.deadline.cancel();
        }
        Ok(cancel.check()?)
    }

    fn logits(&self, tokens: &[u32]) -> Vec<f32> {
        let listed = self.rows.iter().find(|(before, _)| before == tokens).map_or(&[][..], |(_, row)| row);
        let left = 1.0 - listed.iter().map(|(_, probability)| probability).sum::<f32>();
        let mut logits = vec![(left.max(1e-4) / self.pieces as f32).ln(); self.pieces];
        for &(piece, probability) in listed {
            logits[piece as usize] = probability.ln();
        }
        logits
    }
}

impl Scorer for Table {
    fn next(&mut self, context: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        self.begin(cancel)?;
        self.context = context.to_vec();
        self.logits = vec![self.logits(context)];
        Ok(&self.logits[0])
    }

    fn after(&mut self, paths: &[Vec<u32>], cancel: &CancelToken) -> Result<Vec<&[f32]>, EngineError> {
        self.begin(cancel)?;
        let rows = paths.iter().map(|path| self.logits(&[&self.context[..], path].concat()));
        self.logits = rows.collect();
        Ok(self.logits.iter().map(Vec::as_slice).collect())
    }

    fn trim(&mut self) {}

    fn heap_bytes(&self) -> usize {
        0
    }
}

/// However long it takes.
fn waiting() -> Patience {
    Patience::endless(CancelToken::new())
}

/// A keyboard whose model is a table, after the text that is document start 0.
struct Keyboard {
    rows: Vec<(&'static str, Vec<(&'static str, f32)>)>,
    context: Context,
    on: [bool; 2],
    blocked: Vec<String>,
    has_ngram: bool,
    evidence: Evidence,
    emoji: usize,
    passes: Arc<AtomicUsize>,
    late: Late,
}

impl Keyboard {
    /// `rows`: pieces and their probabilities after the context and the pieces named.
    fn new(rows: &[(&'static str, &[(&'static str, f32)])]) -> Self {
        Self {
            rows: rows.iter().map(|(path, row)| (*path, row.to_vec())).collect(),
            context: Context { tokens: vec![0], ..Context::default() },
            on: [true, true],
            blocked: Vec::new(),
            has_ngram: false,
            evidence: Evidence::All,
            emoji: 0,
            passes: Arc::default(),
            late: Late::default(),
        }
    }

    fn table(&self, pieces: &ToyPieces) -> Table {
        let row = |(path, row): &(&str, Vec<(&str, f32)>)| {
            let before = [vec![0], pieces.spell(path)].concat();
            (before, row.iter().map(|&(piece, probability)| (pieces.id(piece), probability)).collect())
        };
        let rows = self.rows.iter().map(row).collect();
        Table {
            rows,
            pieces: pieces.0.len(),
            passes: self.passes.clone(),
            late: self.late.clone(),
            ..Table::default()
        }
    }

    /// Answers to one letter string after another, from one context.
    fn type_all(
        &self,
        composing: &[&str],
        limit: usize,
        cancel: &CancelToken,
    ) -> Vec<Result<Suggestions, PredictError>> {
        let mut out = Vec::new();
        with_lexicon(|lexicon, pieces| {
            self.ask(lexicon, pieces, |world, answers| {
                for composing in composing {
                    let input = TextInput { composing, limit, ..TextInput::default() };
                    let patience = Patience::endless(cancel.clone());
                    out.push(answers.suggest(world, self.context.clone(), &input, &patience));
                }
            });
        });
        out
    }

    fn ask(&self, lexicon: &Lexicon<'_>, pieces: &ToyPieces, ask: impl FnOnce(&World<'_>, &mut Answers)) {
        let section = ngram_section(lexicon);
        let layout = ngram::Layout::check(&section, lexicon).unwrap();
        let world = World {
            lexicon: *lexicon,
            ngram: self.has_ngram.then(|| Ngram::new(&layout, &section)),
            share_of_cost: &shares_of_costs(),
            sentence_forms: &SentenceForms::new(lexicon),
            blocklist: &Blocklist::new(lexicon, &self.blocked),
            edges: &Edges::new(pieces),
            emoji: &Emoji::new(self.emoji, &["en".into(), "de".into()]),
            languages: &self.on,
            evidence: self.evidence,
        };
        ask(&world, &mut Answers::new(Box::new(self.table(pieces))));
    }

    fn answer(&self, composing: &str, limit: usize) -> Suggestions {
        self.type_all(&[composing], limit, &CancelToken::new()).pop().unwrap().unwrap()
    }

    #[track_caller]
    fn check(&self, composing: &str, expected: &[&str]) {
        let answer = self.answer(composing, expected.len().max(1));
        let texts: Vec<&str> = answer.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
        assert_eq!(texts, expected, "after {composing:?}");
    }
}

/// English: a message begins with `they`, and `is` follows it.
fn ngram_section(lexicon: &Lexicon<'_>) -> Vec<u8> {
    let word = |text| lexicon.same_letters(text).find(|&word| !lexicon.is_sentence_form(word)).unwrap();
    let leaf = |number, probability| Node { number, probability, backoff: 1.0, next: Vec::new() };
    let context = |number, next| Node { number, probability: 0.0, backoff: 0.4, next: vec![next] };
    let [they, is] = [MARKS, MARKS + 1];
    let model = LanguageModel {
        language: "en".into(),
        order: 2,
        words: vec![word("they"), word("is")],
        contexts: vec![context(START, leaf(they, 0.6)), context(they, leaf(is, 0.6))],
    };
    ngram::write(&[model], lexicon)
}

#[test]
fn the_ngram_answers_without_a_forward_pass() {
    let mut keyboard = Keyboard::new(&[("", &[(" a", 0.9)])]);
    (keyboard.has_ngram, keyboard.evidence) = (true, Evidence::Ngram);
    keyboard.context.line = "I know they ".into();
    keyboard.context.words = vec!["they".into()];
    assert_eq!(keyboard.answer("", 3).candidates[0].text, "is");
    keyboard.check("i", &["is", "I", "I'm"]);
    (keyboard.context.line, keyboard.context.sentence_start) = (String::new(), true);
    assert_eq!(keyboard.answer("", 3).candidates[0].text, "They");
    assert_eq!(keyboard.passes.load(Ordering::Relaxed), 0);
}

#[test]
fn model_and_ngram_count_together() {
    let mut keyboard = Keyboard::new(&[("", &[(" a", 0.4), (" is", 0.3), (" I", 0.2)])]);
    keyboard.has_ngram = true;
    keyboard.context.line = "they ".into();
    keyboard.context.words = vec!["they".into()];
    let first = |keyboard: &Keyboard| keyboard.answer("", 1).candidates.swap_remove(0).text;
    assert_eq!(first(&keyboard), "is");
    keyboard.evidence = Evidence::Model;
    assert_eq!(first(&keyboard), "a");
}

#[test]
fn the_model_orders_whole_words() {
    let keyboard = Keyboard::new(&[("", &[(" is", 0.5), (" the", 0.3), (" a", 0.1)])]);
    keyboard.check("", &["is", "the", "a"]);
}

#[test]
fn a_word_is_likely_only_if_it_ends() {
    // ` Haus` is the likeliest piece, but the model sees it going on with homework.
    let keyboard = Keyboard::new(&[
        ("", &[(" Haus", 0.6), (" is", 0.2)]),
        (" Haus", &[("auf", 0.9), (" is", 0.05)]),
        (" Hausauf", &[("gaben", 0.8), ("gabe", 0.2)]),
    ]);
    keyboard.check("", &["Hausaufgaben", "is"]);
    keyboard.check("h", &["Hausaufgaben", "Hausaufgabe", "Haus"]);
}

#[test]
fn letters_typed_may_end_inside_a_piece() {
    let keyboard = Keyboard::new(&[("", &[(" there", 0.2), (" they", 0.1), (" the", 0.4)])]);
    keyboard.check("th", &["the", "there", "they"]);
    keyboard.check("the", &["there", "they", "the"]);
    keyboard.check("ther", &["there"]);
}

#[test]
fn forms_of_a_word_count_together() {
    // Each form alone is rarer than `is`.
    let keyboard = Keyboard::new(&[("", &[(" is", 0.4), (" Essen", 0.25), (" essen", 0.22)])]);
    keyboard.check("", &["Essen", "is"]);
    keyboard.check("ess", &["Essen", "essen"]);
}

#[test]
fn sentences_begin_with_a_capital() {
    let mut keyboard = Keyboard::new(&[("", &[(" The", 0.2), (" the", 0.3), (" is", 0.4)])]);
    keyboard.check("", &["the", "is"]);
    keyboard.context.sentence_start = true;
    keyboard.check("", &["The", "Is"]);
    keyboard.check("T", &["The"]);
    keyboard.check("t", &["the"]);
    let mut surer = Keyboard::new(&[("", &[(" The", 0.8), (" the", 0.01)])]);
    surer.context.sentence_start = true;
    surer.check("t", &["the"]);
    surer.check("T", &["The"]);
}

#[test]
fn case_typed_is_kept() {
    let keyboard = Keyboard::new(&[("", &[(" mor", 0.5), (" essen", 0.3), (" Essen", 0.1)])]);
    keyboard.check("MOR", &["MORGEN"]);
    keyboard.check("Mo", &["Morgen"]);
    keyboard.check("E", &["Essen", "E-Mail"]);
}

#[test]
fn apostrophes_belong_to_the_word() {
    let keyboard = Keyboard::new(&[("", &[(" I", 0.5)]), (" I", &[("'m", 0.7), (" is", 0.2)])]);
    keyboard.check("", &["I'm", "I"]);
    keyboard.check("i", &["I'm", "I"]);
    keyboard.check("i'", &["I'm"]);
    keyboard.check("i’", &["I'm"]);
    keyboard.check("don", &["don't"]);
}

#[test]
fn after_a_hyphen_pieces_have_no_space() {
    let mut keyboard = Keyboard::new(&[("", &[("Haus", 0.5), (" is", 0.2)]), ("Haus", &[(" is", 0.9)])]);
    keyboard.context.glued = true;
    keyboard.check("", &["Haus"]);
}

#[test]
fn what_is_typed_in_full_comes_last() {
    let keyboard = Keyboard::new(&[("", &[(" the", 0.9)])]);
    let answer = keyboard.answer("the", 3);
    let last = answer.candidates.last().unwrap();
    assert_eq!((last.text.as_str(), last.kind), ("the", CandidateKind::Typed));
    assert!(answer.typed_is_known);
    assert_eq!(answer.candidates[0].kind, CandidateKind::Completion);
}

#[test]
fn words_the_model_rules_out_are_still_completed() {
    let keyboard = Keyboard::new(&[("", &[(" is", 1.0)])]);
    keyboard.check("hausa", &["Hausaufgaben", "Hausaufgabe"]);
    keyboard.check("verg", &["vergehen"]);
}

#[test]
fn nothing_is_made_up() {
    let keyboard = Keyboard::new(&[("", &[(" is", 0.5)])]);
    for composing in ["xyz", "12", "anna@example.org", "the-", &"a".repeat(100)] {
        keyboard.check(composing, &[]);
        assert!(!keyboard.answer(composing, 3).typed_is_known);
    }
}

#[test]
fn a_language_that_is_off_is_not_suggested() {
    let mut keyboard = Keyboard::new(&[("", &[(" the", 0.5), (" mor", 0.3)])]);
    keyboard.on = [false, true];
    let answer = keyboard.answer("", 20);
    assert!(answer.candidates.iter().all(|candidate| candidate.text != "the"));
    assert_eq!(answer.candidates[0].text, "morgen");
    keyboard.check("th", &[]);
    assert!(!keyboard.answer("the", 3).typed_is_known);
}

#[test]
fn keys_do_not_run_the_model_again() {
    let keyboard = Keyboard::new(&[("", &[(" is", 0.6), (" I", 0.3)])]);
    let answers = keyboard.type_all(&["", "i", "is", "ix", "si", ""], 1, &CancelToken::new());
    assert!(answers.iter().all(Result::is_ok));
    assert!(keyboard.passes.load(Ordering::Relaxed) <= 2, "the context and its nodes");
}

#[test]
fn an_answer_does_not_depend_on_what_was_typed_before() {
    let rows: &[(&'static str, &[(&'static str, f32)])] = &[
        ("", &[(" Haus", 0.4), (" ver", 0.2), (" the", 0.2)]),
        (" Haus", &[("auf", 0.6), ("tür", 0.3)]),
        (" Hausauf", &[("gabe", 0.7), ("gaben", 0.2)]),
        (" ver", &[("gehen", 0.8)]),
    ];
    let typed = ["", "h", "ha", "hau", "h", "", "ver", "v", "hausa", "x", "ha"];
    let one_by_one = Keyboard::new(rows).type_all(&typed, 4, &CancelToken::new());
    for (composing, answer) in typed.iter().zip(one_by_one) {
        assert_eq!(answer.unwrap(), Keyboard::new(rows).answer(composing, 4), "after {composing:?}");
    }
}

#[test]
fn scores_are_probabilities_given_the_letters() {
    let keyboard = Keyboard::new(&[("", &[(" there", 0.2), (" they", 0.2), (" the", 0.6)])]);
    let answer = keyboard.answer("they", 3);
    assert!(answer.candidates[0].score > -0.01, "the only word left: {answer:?}");
    let answer = keyboard.answer("", 3);
    assert!((answer.candidates[0].score.exp() - 0.6).abs() < 0.01, "{answer:?}");
}

#[test]
fn own_words_are_mixed_in() {
    let keyboard = Keyboard::new(&[("", &[(" the", 0.5), (" they", 0.3)])]);
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let texts = |answers: &mut Answers, composing, limit| -> Vec<String> {
                let input = TextInput { composing, limit, ..TextInput::default() };
                let context = keyboard.context.clone();
                let answer = answers.suggest(world, context, &input, &waiting()).unwrap();
                answer.candidates.into_iter().map(|candidate| candidate.text).collect()
            };
            assert!(texts(answers, "k", 3).is_empty());
            (0..30).for_each(|at| drop(answers.personal.learn("morgen im Kiez", at)));
            assert_eq!(texts(answers, "k", 3), ["Kiez"]);
            assert_eq!(texts(answers, "", 2), ["the", "morgen"], "as messages of theirs begin");
        });
    });
}

#[test]
fn words_of_the_host_and_kept_ones_are_offered_behind_common_ones() {
    let keyboard = Keyboard::new(&[("", &[(" the", 0.5), (" they", 0.3), (" there", 0.1)])]);
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let ask = |answers: &mut Answers, composing, limit| {
                let input = TextInput { context: "", composing, limit, ..TextInput::default() };
                answers.suggest(world, keyboard.context.clone(), &input, &waiting()).unwrap()
            };
            let texts = |answers: &mut Answers, composing, limit| -> Vec<String> {
                ask(answers, composing, limit)
                    .candidates
                    .into_iter()
                    .map(|candidate| candidate.text)
                    .collect()
            };
            let word = |text: &str, expansion: Option<&str>| SupplementaryWord {
                text: text.into(),
                expansion: expansion.map(Into::into),
            };
            let words =
                vec![word("Theo", None), word("the", Some("to have ended")), word("omw", Some("on my way"))];
            answers.supplementary = Supplementary::new(words);
            answers.personal.keep("Kiez", 60);
            assert_eq!(texts(answers, "the", 5), ["to have ended", "they", "there", "Theo", "the"]);
            assert_eq!(ask(answers, "the", 1).candidates[0].kind, CandidateKind::Expansion);
            assert_eq!(texts(answers, "omw", 3), ["on my way"]);
            assert_eq!(texts(answers, "ki", 3), ["Kiez"]);
            for known in ["Theo", "omw", "Kiez"] {
                assert!(ask(answers, known, 3).typed_is_known, "{known}");
            }
            assert!(!ask(answers, "kie", 3).typed_is_known);
            assert!(!texts(answers, "", 9).iter().any(|text| text == "Kiez" || text == "Theo"));
        });
    });
}

#[test]
fn blocked_words_are_not_offered_though_the_person_brought_them() {
    let mut keyboard = Keyboard::new(&[]);
    keyboard.blocked = vec!["Kiez".into()];
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            answers.personal.keep("Kiez", 60);
            for (composing, expected) in [("ki", &[][..]), ("kiez", &["Kiez"][..])] {
                let input = TextInput { context: "", composing, limit: 3, ..TextInput::default() };
                let answer = answers.suggest(world, keyboard.context.clone(), &input, &waiting()).unwrap();
                let texts: Vec<&str> =
                    answer.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
                assert_eq!(texts, expected);
            }
        });
    });
}

#[test]
fn blocked_words_are_known_and_offered_only_when_typed_in_full() {
    let mut keyboard = Keyboard::new(&[("", &[(" the", 0.4), (" they", 0.3), (" there", 0.2)])]);
    keyboard.blocked = vec!["They".into()];
    keyboard.check("", &["the", "there"]);
    keyboard.check("th", &["the", "there"]);
    let answer = keyboard.answer("they", 3);
    assert!(answer.typed_is_known);
    assert_eq!(answer.candidates[0].text, "they");
}

#[test]
fn a_cancelled_call_says_so() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let answers = Keyboard::new(&[]).type_all(&["", "a"], 3, &cancel);
    assert!(answers.iter().all(|answer| matches!(answer, Err(PredictError::Cancelled(_)))));
}

proptest! {
    #[test]
    fn suggestions_begin_with_what_is_typed(
        composing in "([a-zA-ZäöüßÄÖÜ'’-]{0,5})|(the|Hau|ESS|Sch|schö|I|e-m)",
        limit in 0_usize..9,
        sentence_start: bool,
        glued: bool,
        weights in prop::collection::vec(0.001_f32..0.04, 20),
    ) {
        let pieces = [" the", " there", " they", " The", " I", " is", " a", " and", " Haus", " Essen", " essen", " Mor",
            " mor", " sch", " ver", " don", " E", "Haus", "essen", "the"];
        let row: Vec<(&str, f32)> = pieces.into_iter().zip(weights).collect();
        let mut keyboard = Keyboard::new(&[("", &row)]);
        keyboard.context = Context { tokens: vec![0], sentence_start, glued, ..Context::default() };
        let answer = keyboard.answer(&composing, limit);
        prop_assert!(answer.candidates.len() <= limit);
        let mut seen = Vec::new();
        for candidate in &answer.candidates {
            let begins = lower(&candidate.text).starts_with(&lower(&composing));
            prop_assert!(begins || candidate.kind == CandidateKind::Correction, "{candidate:?}");
            prop_assert!(candidate.score <= 0.0 && candidate.score.is_finite(), "{candidate:?}");
            let listed = WORDS.iter().any(|(word, ..)| lower(word) == lower(&candidate.text));
            prop_assert!(listed, "{candidate:?} is no word of the lexicon");
            prop_assert!(!seen.contains(&candidate.text));
            seen.push(candidate.text.clone());
        }
        prop_assert_eq!(&answer, &keyboard.answer(&composing, limit));
        if composing.is_empty() {
            prop_assert_eq!(answer.candidates.len(), limit);
        }
    }
}
