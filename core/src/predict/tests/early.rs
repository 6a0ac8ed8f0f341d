//! The answer when time is up before the model had its say, and emoji.

use super::*;
use crate::predict::Candidate;

/// A model that says `a`, and is too late from this pass on; the n-gram says `is`, and counts for more.
fn late_from(pass: Option<usize>) -> Keyboard {
    let mut keyboard = Keyboard::new(&[("", &[(" a", 0.9), (" Haus", 0.05)]), (" Haus", &[("auf", 0.9)])]);
    keyboard.has_ngram = true;
    keyboard.context.line = "they ".into();
    keyboard.late.at = pass;
    keyboard
}

/// What comes of each of these letter strings, one after the other, before the deadline; then of the last one without.
fn hurried(keyboard: &Keyboard, composing: &[&str]) -> (Vec<Suggestions>, Suggestions) {
    let mut out = None;
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let mut ask = |composing, patience: &Patience| {
                let input = TextInput { composing, limit: 3, ..TextInput::default() };
                answers.suggest(world, keyboard.context.clone(), &input, patience).unwrap()
            };
            let patience = Patience::until(&keyboard.late.deadline, CancelToken::new());
            let early = composing.iter().map(|composing| ask(composing, &patience)).collect();
            out = Some((early, ask(composing.last().unwrap(), &waiting())));
        });
    });
    out.unwrap()
}

fn first(answer: &Suggestions) -> &str {
    answer.candidates.first().map_or("", |candidate| &candidate.text)
}

/// Whether the model had its say: without it, `a` is as likely as nothing.
fn heard_the_model(answer: &Suggestions) -> bool {
    answer.candidates.iter().any(|candidate| candidate.text == "a" && candidate.score > -1.0)
}

#[test]
fn a_model_in_time_is_waited_for() {
    let keyboard = late_from(None);
    let (early, whole) = hurried(&keyboard, &["", "h"]);
    assert!(early.iter().all(|answer| !answer.is_early));
    assert!(heard_the_model(&early[0]), "{early:?}");
    assert_eq!(early[1], whole);
}

#[test]
fn a_late_model_is_not() {
    let (early, whole) = hurried(&late_from(Some(0)), &[""]);
    assert!(early[0].is_early && !whole.is_early);
    assert!(!heard_the_model(&early[0]) && heard_the_model(&whole), "{early:?} {whole:?}");
    let mut ngram = late_from(None);
    ngram.evidence = Evidence::Ngram;
    assert_eq!(early[0].candidates, ngram.answer("", 3).candidates);
    assert_eq!(whole, late_from(None).answer("", 3));
}

#[test]
fn whatever_was_hurried_the_whole_answer_is_the_same() {
    for pass in 0..5 {
        for typed in [&["", "h", "ha"][..], &["h"], &["huas"], &["hausuafg"], &["", "xyz", "a"]] {
            let (early, whole) = hurried(&late_from(Some(pass)), typed);
            let last = typed.last().unwrap();
            assert_eq!(whole, late_from(None).answer(last, 3), "{typed:?} late at pass {pass}");
            for answer in early.iter().filter(|answer| !answer.is_early) {
                assert!(answer.candidates.iter().all(|candidate| candidate.score.is_finite()));
            }
        }
    }
}

#[test]
fn a_deadline_that_is_past_asks_the_model_nothing() {
    let keyboard = late_from(None);
    keyboard.late.deadline.cancel();
    let mut out = None;
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let patience = Patience::until(&keyboard.late.deadline, CancelToken::new());
            let input = TextInput { composing: "i", limit: 3, ..TextInput::default() };
            out = Some(answers.suggest(world, keyboard.context.clone(), &input, &patience).unwrap());
        });
    });
    let answer = out.unwrap();
    assert_eq!((first(&answer), answer.is_early), ("is", true));
}

#[test]
fn what_the_model_said_of_the_context_is_not_forgotten() {
    // The first pass is the context's, later ones expand nodes.
    let (early, _) = hurried(&late_from(Some(1)), &["", ""]);
    assert!(early.iter().all(heard_the_model), "{early:?}");
}

#[test]
fn a_cancelled_call_is_not_an_early_one() {
    let keyboard = late_from(None);
    let cancel = CancelToken::new();
    cancel.cancel();
    let mut out = None;
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let patience = Patience::until(&keyboard.late.deadline, cancel);
            let input = TextInput { limit: 3, ..TextInput::default() };
            out = Some(answers.suggest(world, keyboard.context.clone(), &input, &patience));
        });
    });
    assert!(matches!(out, Some(Err(PredictError::Cancelled(_)))));
}

fn shown(answer: &Suggestions) -> Vec<(&str, CandidateKind)> {
    answer.candidates.iter().map(|Candidate { text, kind, .. }| (text.as_str(), *kind)).collect()
}

#[test]
fn emoji_come_after_the_words() {
    let mut keyboard = Keyboard::new(&[("", &[(" Haus", 0.5), (" the", 0.3), (" a", 0.1)])]);
    let house = ("🏠", CandidateKind::Emoji);
    assert!(!shown(&keyboard.answer("haus", 3)).contains(&house), "nobody asked for it");
    keyboard.emoji = 1;
    let typed = keyboard.answer("haus", 3);
    assert_eq!((typed.candidates.len(), shown(&typed)[3]), (4, house), "beyond the limit");
    keyboard.context.words = vec!["haus".into()];
    keyboard.context.line = "haus ".into();
    assert_eq!(shown(&keyboard.answer("", 2))[2], house);
    assert!(keyboard.answer("haus", 0).candidates.is_empty());
}

#[test]
fn emoji_are_for_the_word_typed_or_the_last_one() {
    let mut keyboard = Keyboard::new(&[("", &[(" Haus", 0.9), (" the", 0.05)]), (" Haus", &[(" is", 0.9)])]);
    keyboard.emoji = 3;
    let emoji = |keyboard: &Keyboard, composing| {
        let answer = keyboard.answer(composing, 3);
        let emoji = answer.candidates.into_iter().filter(|candidate| candidate.kind == CandidateKind::Emoji);
        emoji.map(|candidate| candidate.text).collect::<Vec<_>>()
    };
    assert_eq!(emoji(&keyboard, "hau"), ["🏠"], "a completion that is sure");
    assert!(emoji(&keyboard, "t").is_empty());
    (keyboard.context.words, keyboard.context.line) = (vec!["Pizza".into()], "Heute Pizza! ".into());
    assert_eq!(emoji(&keyboard, ""), ["🍕"]);
    assert!(emoji(&keyboard, "th").is_empty());
    keyboard.context.line = String::new();
    assert!(emoji(&keyboard, "").is_empty(), "the word is of the message before");
}
