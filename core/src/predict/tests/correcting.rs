//! Typing errors on the small lexicon.

use super::*;

/// Rows of a model that expects `word` most.
fn expecting(word: &'static str) -> Keyboard {
    Keyboard::new(&[("", &[(word, 0.6), (" is", 0.1), (" a", 0.1)])])
}

impl Keyboard {
    fn corrected_by(&self, ask: impl FnOnce(&mut Answers), composing: &str) -> Suggestions {
        let mut out = Suggestions::default();
        with_lexicon(|lexicon, pieces| {
            self.ask(lexicon, pieces, |world, answers| {
                ask(answers);
                let context = &self.context.line;
                let input = TextInput { context, composing, limit: 5, ..TextInput::default() };
                out = answers.correct(world, self.context.clone(), &input, &waiting()).unwrap();
            });
        });
        out
    }

    fn corrected(&self, composing: &str) -> Suggestions {
        self.corrected_by(|_| {}, composing)
    }

    #[track_caller]
    fn check_correction(&self, composing: &str, expected: Option<&str>) {
        let answer = self.corrected(composing);
        let found = answer.autocorrection.as_ref().map(|correction| correction.text.as_str());
        assert_eq!(found, expected, "{composing:?}: {answer:?}");
        assert!(answer.candidates.iter().all(|candidate| candidate.kind == CandidateKind::Correction));
        assert!(answer.candidates.iter().all(|candidate| candidate.text != composing));
    }
}

#[test]
fn slips_are_mended() {
    let keyboard = expecting(" Haus");
    keyboard.check_correction("huas", Some("Haus"));
    keyboard.check_correction("Huas", Some("Haus"));
    keyboard.check_correction("hausafgabe", Some("Hausaufgabe"));
    expecting(" ver").check_correction("vesrtehen", Some("verstehen"));
    expecting(" don").check_correction("dont", Some("don't"));
    expecting(" sch").check_correction("schoen", Some("schön"));
    keyboard.check_correction("aHus", Some("Haus"));
    keyboard.check_correction("HHaus", Some("Haus"));
}

#[test]
fn what_is_no_slip_is_left_alone() {
    let keyboard = expecting(" Haus");
    for composing in
        ["Haustür", "morgen", "the", "Essen", "Xaver", "iHaus", "HUAS", "HauS", "hauaaa", "h", "3aus"]
    {
        keyboard.check_correction(composing, None);
    }
    assert!(keyboard.corrected("the").typed_is_known);
    assert!(!keyboard.corrected("huas").typed_is_known);
}

#[test]
fn shouting_is_mended_in_capitals() {
    let mut keyboard = expecting(" Haus");
    keyboard.context.words = vec!["DAS".into()];
    keyboard.check_correction("HUAS", Some("HAUS"));
}

#[test]
fn numbers_and_addresses_are_left_alone() {
    let mut keyboard = expecting(" Haus");
    for line in ["@", "www.", "das 3", "#", "a/b/"] {
        keyboard.context.line = line.into();
        assert_eq!(keyboard.corrected("huas"), Suggestions::default(), "after {line}");
    }
}

#[test]
fn compounds_are_known() {
    let keyboard = expecting(" is");
    let answer = keyboard.corrected("Haustürhaus");
    assert!(answer.typed_is_known && answer.autocorrection.is_none(), "{answer:?}");
    assert!(!keyboard.corrected("Haustürthe").typed_is_known);
    assert!(keyboard.corrected("Morgen's").typed_is_known);
}

#[test]
fn two_words_run_together_are_parted() {
    expecting(" is").check_correction("isthe", Some("is the"));
    expecting(" Haus").check_correction("hausund", None);
}

#[test]
fn what_never_goes_without_a_capital_gets_one() {
    expecting(" Haus").check_correction("haus", Some("Haus"));
    expecting(" I").check_correction("i", Some("I"));
    expecting(" Essen").check_correction("essen", None);
}

#[test]
fn a_slip_is_completed_too() {
    let keyboard = expecting(" Haus");
    let answer = keyboard.answer("hausuafg", 3);
    assert_eq!(answer.candidates[0].text, "Hausaufgaben");
    assert_eq!(answer.candidates[0].kind, CandidateKind::Correction);
    keyboard.check("hausaufg", &["Hausaufgaben", "Hausaufgabe"]);
}

#[test]
fn the_strip_says_what_would_be_put_in_place() {
    let keyboard = expecting(" Haus");
    let answer = keyboard.answer("huas", 3);
    assert_eq!(answer.autocorrection.map(|correction| correction.text).as_deref(), Some("Haus"));
    assert_eq!(keyboard.answer("is", 3).autocorrection, None);
    assert_eq!(keyboard.answer("", 3).autocorrection, None);
}

#[test]
fn own_words_are_known_and_meant() {
    let keyboard = expecting(" is");
    let learn =
        |answers: &mut Answers| (0..3).for_each(|_| drop(answers.personal.learn("morgen im Huasen", 0)));
    let answer = keyboard.corrected_by(learn, "Huasen");
    assert!(answer.typed_is_known && answer.autocorrection.is_none(), "{answer:?}");
    let answer = keyboard.corrected_by(learn, "Huaesn");
    assert_eq!(answer.candidates[0].text, "Huasen");
}

#[test]
fn what_was_taken_back_stays() {
    let keyboard = expecting(" Haus");
    let answer = keyboard.corrected_by(|answers| drop(answers.personal.keep("huas", 0)), "huas");
    assert!(answer.typed_is_known && answer.autocorrection.is_none(), "{answer:?}");
}

#[test]
fn blocked_words_are_not_meant() {
    let mut keyboard = expecting(" Haus");
    keyboard.blocked = vec!["Haus".into()];
    let answer = keyboard.corrected("huas");
    assert!(answer.candidates.iter().all(|candidate| candidate.text != "Haus"), "{answer:?}");
    assert!(keyboard.corrected("haus").typed_is_known);
    keyboard.check_correction("Haus", None);
}

#[test]
fn blocked_words_are_not_turned_into_others() {
    let mut keyboard = Keyboard::new(&[("", &[(" sch", 0.98)]), (" sch", &[("ön", 0.9999)])]);
    keyboard.check_correction("schon", Some("schön"));
    keyboard.blocked = vec!["schon".into()];
    keyboard.check_correction("schon", None);
    keyboard.blocked = vec!["the".into()];
    assert!(keyboard.corrected("isthe").candidates.iter().all(|candidate| candidate.text != "is the"));
}

#[test]
fn words_of_a_language_that_is_off_are_not_meant() {
    let mut keyboard = expecting(" Haus");
    keyboard.on = [true, false];
    let answer = keyboard.corrected("huas");
    assert!(answer.candidates.iter().all(|candidate| candidate.text != "Haus"), "{answer:?}");
}

#[test]
fn correcting_does_not_change_what_is_suggested() {
    let keyboard = expecting(" Haus");
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let input = |composing| TextInput { composing, limit: 4, ..TextInput::default() };
            let patience = &waiting();
            for (typed, finished) in [("h", "huas"), ("hau", "hsuatür"), ("", "teh")] {
                let before =
                    answers.suggest(world, keyboard.context.clone(), &input(typed), patience).unwrap();
                let first =
                    answers.correct(world, keyboard.context.clone(), &input(finished), patience).unwrap();
                let after =
                    answers.suggest(world, keyboard.context.clone(), &input(typed), patience).unwrap();
                let again =
                    answers.correct(world, keyboard.context.clone(), &input(finished), patience).unwrap();
                assert_eq!(before, after, "{typed}");
                assert_eq!(first, again, "{finished}");
            }
        });
    });
}

proptest! {
    #[test]
    fn anything_can_be_typed(context in "\\PC{0,12}", composing in "\\PC{0,24}|[a-zäöüß'-]{0,12}") {
        let mut keyboard = expecting(" Haus");
        keyboard.context.line = context;
        let answer = keyboard.corrected(&composing);
        for candidate in &answer.candidates {
            prop_assert!(candidate.score <= 0.0 && candidate.score.is_finite(), "{:?}", candidate);
        }
        if let Some(correction) = &answer.autocorrection {
            prop_assert_eq!(Some(correction), answer.candidates.first());
        }
    }
}
