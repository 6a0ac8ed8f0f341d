//! The keyboard on a small random package: what must hold whatever the model says.

mod common;

use common::packed;
use spatz::CancelToken;
use spatz::model::Model;
use spatz::predict::lexicon::LexiconError;
use spatz::predict::ngram::NgramError;
use spatz::predict::{PredictError, PredictorOptions, Suggestions, TextInput, TextPredictor};
use spatz_tailor::package;
use std::thread;

const LIST: &str = "word\tcount_en\tcount_de\nthe\t50\t0\nthem\t5\t0\nthen\t5\t0\nI'm\t9\t0\nschön\t0\t9\nschon\t0\t20\n\
    Haus\t0\t6\nHaustür\t0\t1\nE-Mail\t1\t1\nmorgen\t0\t9\nMorgen\t0\t4\n";

fn suggest(predictor: &TextPredictor, context: &str, composing: &str) -> Suggestions {
    predictor
        .suggest(&TextInput { context, composing, limit: 5, ..TextInput::default() }, &CancelToken::new())
        .unwrap()
}

fn texts(suggestions: &Suggestions) -> Vec<&str> {
    suggestions.candidates.iter().map(|candidate| candidate.text.as_str()).collect()
}

#[test]
fn a_packed_list_is_suggested_from() {
    let (_folder, model) = packed(LIST);
    let predictor = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
    let mut found = suggest(&predictor, "Das ist ", "scho");
    found.candidates.sort_by(|a, b| a.text.cmp(&b.text));
    assert_eq!(texts(&found), ["schon"]);
    assert_eq!(texts(&suggest(&predictor, "Das ist ", "schö")), ["schön"]);
    assert_eq!(suggest(&predictor, "", "").candidates.len(), 5);
    assert!(suggest(&predictor, "", "haus").typed_is_known);
}

#[test]
fn the_same_input_gets_the_same_answer_after_anything() {
    let (_folder, model) = packed(LIST);
    let used = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
    let long = "the schon ".repeat(2000);
    let inputs = [
        ("", ""),
        ("", "th"),
        ("", "t"),
        ("the ", "h"),
        ("the ", ""),
        ("the \"", "h"),
        ("", "the"),
        (long.as_str(), "m"),
        ("schon. ", "ha"),
        ("the\nschon ", "e-"),
        ("the ", "h"),
        ("12:30 ", "x"),
        ("\u{feff}…", "i’"),
        ("", ""),
    ];
    for (number, (context, composing)) in inputs.into_iter().enumerate() {
        let fresh = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
        let before = suggest(&used, context, composing);
        assert_eq!(before, suggest(&fresh, context, composing), "input {number}");
        used.trim();
        assert_eq!(before, suggest(&used, context, composing), "input {number} after trim");
    }
}

#[test]
fn keys_from_many_threads_queue_or_give_way() {
    let (_folder, model) = packed(LIST);
    let predictor = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
    let expected = suggest(&predictor, "the ", "h");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let input =
                        TextInput { context: "the ", composing: "h", limit: 5, ..TextInput::default() };
                    match predictor.suggest(&input, &CancelToken::new()) {
                        Ok(answer) => assert_eq!(answer, expected),
                        Err(PredictError::Superseded) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    assert_eq!(suggest(&predictor, "the ", "h"), expected);
}

#[test]
fn a_cancelled_token_stops_the_call() {
    let (_folder, model) = packed(LIST);
    let predictor = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
    let cancel = CancelToken::new();
    cancel.cancel();
    let answer = predictor.suggest(&TextInput { context: "the ", limit: 3, ..TextInput::default() }, &cancel);
    assert!(matches!(answer, Err(PredictError::Cancelled(_))), "{answer:?}");
    assert_eq!(suggest(&predictor, "the ", "").candidates.len(), 5);
}

#[test]
fn memory_is_given_back() {
    let (_folder, model) = packed(LIST);
    let predictor = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
    let empty = predictor.resident_bytes();
    suggest(&predictor, "the schon ", "h");
    assert!(predictor.resident_bytes() > empty);
    predictor.trim();
    assert_eq!(predictor.resident_bytes(), empty);
}

#[test]
fn what_a_package_lacks_is_said() {
    let (folder, model) = packed(LIST);
    let mut options = PredictorOptions::default();
    options.languages = vec!["fr".into()];
    let error = TextPredictor::new(&model, options).unwrap_err().to_string();
    assert!(error.contains("words in en, de, none in fr"), "{error}");
    let plain = Model::open(folder.path("plain.gguf")).unwrap();
    let error = TextPredictor::new(&plain, PredictorOptions::default()).unwrap_err();
    assert!(matches!(error, PredictError::NoLexicon { .. }), "{error}");
    let damaged = Model::open(folder.path("package.gguf")).unwrap();
    let error = TextPredictor::new(&damaged, PredictorOptions::default()).unwrap_err();
    assert!(matches!(error, PredictError::Lexicon(LexiconError::Magic)), "{error}");
    let words = model.section("lexicon").unwrap().to_vec();
    let sections = [("lexicon", words), ("ngram", b"no n-gram".to_vec())];
    package::pack(&folder.path("plain.gguf"), &sections, &folder.path("ngram.gguf")).unwrap();
    let damaged = Model::open(folder.path("ngram.gguf")).unwrap();
    let error = TextPredictor::new(&damaged, PredictorOptions::default()).unwrap_err();
    assert!(matches!(error, PredictError::Ngram(NgramError::Magic)), "{error}");
}

#[test]
fn words_of_a_language_that_is_off_are_not_suggested() {
    let (_folder, model) = packed(LIST);
    let mut options = PredictorOptions::default();
    options.languages = vec!["en".into()];
    let predictor = TextPredictor::new(&model, options).unwrap();
    let words = suggest(&predictor, "so ", "");
    assert!(
        !texts(&words).iter().any(|word| ["schon", "schön", "morgen", "Morgen", "Haus"].contains(word)),
        "{words:?}"
    );
    assert!(texts(&suggest(&predictor, "so ", "scho")).is_empty());
}
