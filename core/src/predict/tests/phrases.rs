//! How the text goes on.

use super::*;
use crate::predict::phrase::{MOST_WORDS, Phrase, Wish};

/// The table is sure of `they is schön`, and that the sentence may end there.
fn sure() -> Keyboard {
    Keyboard::new(&[
        ("", &[(" they", 0.9), (" the", 0.05)]),
        (" they", &[(" is", 0.8), (" I", 0.1), (".", 0.05)]),
        (" they is", &[(" sch", 0.95)]),
        (" they is sch", &[("ön", 0.95)]),
        (" they is schön", &[(".", 0.9), (" and", 0.09)]),
    ])
}

impl Keyboard {
    /// Reads text as the table knows it, at most so many tokens.
    fn reader(pieces: &ToyPieces, most: usize) -> impl Fn(&str) -> Context {
        move |text: &str| {
            let line = text.trim_end();
            let spelled = if line.is_empty() { Vec::new() } else { pieces.spell(&format!(" {line}")) };
            let from = spelled.len().saturating_sub(most);
            Context { tokens: [&[0], &spelled[from..]].concat(), line: text.into(), ..Context::default() }
        }
    }

    fn phrase_of(&self, input: &TextInput<'_>, probability: f32, most: usize) -> Option<Phrase> {
        let mut out = None;
        with_lexicon(|lexicon, pieces| {
            self.ask(lexicon, pieces, |world, answers| {
                let read = Self::reader(pieces, most);
                let wish = Wish { input, probability, read: &read };
                out = answers.phrase(world, read(input.context), &wish, &waiting()).unwrap();
            });
        });
        out
    }

    #[track_caller]
    fn check_phrase(&self, context: &str, composing: &str, probability: f32, expected: Option<(&str, &str)>) {
        let input = TextInput { context, composing, ..TextInput::default() };
        let found = self.phrase_of(&input, probability, 99);
        let shown = found.as_ref().map(|phrase| (phrase.text.as_str(), phrase.rest.as_str()));
        assert_eq!(shown, expected, "{context:?} {composing:?}: {found:?}");
    }
}

#[test]
fn it_grows_while_all_of_it_is_likely() {
    sure().check_phrase("", "", 0.95, None);
    sure().check_phrase("", "", 0.85, Some(("they", "they")));
    sure().check_phrase("", "", 0.6, Some(("they is schön", "they is schön")));
    sure().check_phrase("they ", "", 0.6, Some(("is schön", "is schön")));
}

#[test]
fn it_ends_where_a_mark_is_likely() {
    let input = TextInput { context: "they is ", ..TextInput::default() };
    let phrase = sure().phrase_of(&input, 0.05, 99).unwrap();
    assert!(phrase.text.starts_with("schön and"), "of the words, `and` is by far the likeliest: {phrase:?}");
    sure().check_phrase("they is ", "", 0.2, Some(("schön", "schön")));
}

#[test]
fn the_letters_typed_are_its_beginning() {
    sure().check_phrase("", "th", 0.6, Some(("they is schön", "ey is schön")));
    sure().check_phrase("", "they", 0.6, Some(("they is schön", " is schön")));
    sure().check_phrase("", "xyz", 0.0, None);
    sure().check_phrase("they is ", "scho\u{308}", 0.5, Some(("schön", "n")));
}

#[test]
fn scores_are_of_the_whole_so_far() {
    let phrase = sure().phrase_of(&TextInput::default(), 0.5, 99).unwrap();
    assert_eq!(phrase.scores.len(), phrase.text.split(' ').count());
    assert!(phrase.scores.windows(2).all(|two| two[1] <= two[0]), "{phrase:?}");
    let [one, two] = [0.9_f32, 0.9 * 0.8];
    assert!((phrase.scores[0].exp() - one).abs() < 0.05, "{phrase:?}");
    assert!((phrase.scores[1].exp() - two).abs() < 0.05, "{phrase:?}");
}

#[test]
fn offensive_words_end_it() {
    let mut keyboard = sure();
    keyboard.blocked = vec!["schön".into()];
    let phrase = keyboard.phrase_of(&TextInput::default(), 0.1, 99).unwrap();
    assert!(phrase.text.starts_with("they is") && !phrase.text.contains("schön"), "{phrase:?}");
    keyboard.check_phrase("they is ", "schön", 0.0, None);
}

#[test]
fn it_ends_where_the_models_context_is_full() {
    assert_eq!(sure().phrase_of(&TextInput::default(), 0.5, 99).unwrap().scores.len(), 3);
    assert_eq!(sure().phrase_of(&TextInput::default(), 0.5, 1).unwrap().text, "they is");
}

#[test]
fn words_of_the_person_belong_to_it() {
    let keyboard = Keyboard::new(&[("", &[(" the", 0.5)])]);
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            (0..200).for_each(|at| drop(answers.personal.learn("morgen im Kiez", at)));
            let read = Keyboard::reader(pieces, 99);
            let read = |text: &str| {
                let known = text.replace("im ", "a ").replace("Kiez ", "a ");
                Context { line: text.into(), ..read(&known) }
            };
            let input = TextInput { context: "morgen ", composing: "i", ..TextInput::default() };
            let wish = Wish { input: &input, probability: 0.01, read: &read };
            let phrase = answers.phrase(world, read("morgen "), &wish, &waiting()).unwrap().unwrap();
            assert_eq!((phrase.text.as_str(), phrase.rest.as_str()), ("im Kiez", "m Kiez"));
        });
    });
}

#[test]
fn the_next_key_finds_everything_in_its_place() {
    let keyboard = sure();
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let read = Keyboard::reader(pieces, 99);
            let suggest = |answers: &mut Answers, composing| {
                let input = TextInput { composing, limit: 3, ..TextInput::default() };
                answers.suggest(world, read(""), &input, &waiting()).unwrap()
            };
            let before = suggest(answers, "t");
            let passes = keyboard.passes.load(Ordering::Relaxed);
            let input = TextInput::default();
            let wish = Wish { input: &input, probability: 0.6, read: &read };
            let phrase = answers.phrase(world, read(""), &wish, &waiting()).unwrap();
            assert!(keyboard.passes.load(Ordering::Relaxed) > passes && phrase.is_some());
            assert_eq!(answers.phrase(world, read(""), &wish, &waiting()).unwrap(), phrase);
            let passes = keyboard.passes.load(Ordering::Relaxed);
            assert_eq!(suggest(answers, "t"), before);
            assert!(keyboard.passes.load(Ordering::Relaxed) <= passes + 1, "the context is not run again");
        });
    });
}

#[test]
fn it_can_be_cancelled() {
    let keyboard = sure();
    with_lexicon(|lexicon, pieces| {
        keyboard.ask(lexicon, pieces, |world, answers| {
            let read = Keyboard::reader(pieces, 99);
            let cancel = CancelToken::new();
            let read_and_cancel = |text: &str| {
                cancel.cancel();
                read(text)
            };
            let input = TextInput::default();
            let wish = Wish { input: &input, probability: 0.5, read: &read_and_cancel };
            let patience = Patience::endless(cancel.clone());
            let outcome = answers.phrase(world, read(""), &wish, &patience);
            assert!(matches!(outcome, Err(PredictError::Cancelled(_))), "{outcome:?}");
        });
    });
}

#[test]
fn the_ngram_goes_on_without_a_model() {
    let mut keyboard = sure();
    (keyboard.has_ngram, keyboard.evidence) = (true, Evidence::Ngram);
    keyboard.check_phrase("", "", 0.5, Some(("they is", "they is")));
    assert_eq!(keyboard.passes.load(Ordering::Relaxed), 0);
}

proptest! {
    #[test]
    fn it_is_made_of_words(probability in 0.0_f32..1.0, composing in "[a-zäöüßT]?[a-zäöüß]{0,2}") {
        let input = TextInput { composing: &composing, ..TextInput::default() };
        let Some(phrase) = sure().phrase_of(&input, probability, 99) else { return Ok(()) };
        let words: Vec<&str> = phrase.text.split(' ').collect();
        prop_assert!(words.len() <= MOST_WORDS && words.len() == phrase.scores.len());
        for word in words {
            prop_assert!(WORDS.iter().any(|(listed, ..)| lower(listed) == lower(word)), "{word}");
        }
        prop_assert!(lower(&phrase.text).starts_with(&lower(&composing)));
        prop_assert!(phrase.text.ends_with(&phrase.rest));
        prop_assert!(phrase.scores.iter().all(|score| score.exp() >= probability - 1e-6 && *score <= 0.0));
    }
}
