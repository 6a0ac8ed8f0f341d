use super::*;
use proptest::prelude::*;

fn learned(messages: &[&str]) -> Personal {
    let mut personal = Personal::default();
    messages.iter().for_each(|message| personal.learn(message));
    personal
}

/// The likeliest word after `line`, and its probability.
fn best(personal: &Personal, line: &str, prefix: &str) -> Option<(String, f32)> {
    let words = personal.words(line, prefix).into_iter();
    words.max_by(|a, b| a.probability.total_cmp(&b.probability)).map(|own| (own.form, own.probability))
}

#[test]
fn phrases_come_back() {
    let personal = learned(&["see you in the Kiez", "meet me in the Kiez!", "in my room"]);
    let check = |line, prefix, expected: &str| {
        assert_eq!(best(&personal, line, prefix).unwrap().0, expected, "{line:?}");
    };
    check("drinks in the ", "", "Kiez");
    check("", "", "in");
    check("back in ", "m", "my");
    check("IN THE ", "ki", "Kiez");
}

#[test]
fn probabilities_sum_to_at_most_one() {
    let personal = learned(&["a b a c", "a b", "c, a b."]);
    for line in ["", "a ", "a b ", "c, ", "unseen "] {
        let sum: f32 = personal.words(line, "").iter().map(|own| own.probability).sum();
        assert!((0.1..=1.0001).contains(&sum), "{line:?}: {sum}");
    }
}

#[test]
fn the_weight_grows_with_what_was_learned() {
    let little = learned(&["hello there"]).weight();
    let much = learned(&["hello there my dear friend"; 40]).weight();
    assert_eq!(Personal::default().weight(), 0.0);
    assert!(0.0 < little && little < 0.05 && 0.3 < much && much < MOST, "{little} {much}");
}

#[test]
fn old_messages_fade() {
    let mut personal = learned(&["see you monday"; 3]);
    for _ in 0..200 {
        personal.learn("see you friday");
    }
    let words = personal.words("see you ", "");
    let of = |letters| words.iter().find(|own| own.letters == letters).unwrap().probability;
    assert!(of("friday") > 100.0 * of("monday"));
}

#[test]
fn scaling_down_changes_nothing() {
    let mut personal = learned(&["see you monday", "see you friday", "see you friday"]);
    let sorted = |personal: &Personal| {
        let mut words = personal.words("see you ", "");
        words.sort_by(|a, b| a.letters.cmp(&b.letters));
        words
    };
    let (before, weight) = (sorted(&personal), personal.weight());
    personal.scale_down();
    for (before, after) in before.iter().zip(sorted(&personal)) {
        assert!((before.probability - after.probability).abs() < 1e-5);
    }
    assert!((weight - personal.weight()).abs() < 1e-5);
}

#[test]
fn unknown_words_are_established_by_two_messages_or_by_hand() {
    let mut personal = learned(&["Kiez Kiez"]);
    let is_established = |personal: &Personal| personal.words("", "kiez")[0].is_established;
    assert!(!is_established(&personal));
    personal.learn("im Kiez");
    assert!(is_established(&personal));
    let mut kept = Personal::default();
    kept.keep("Kiez");
    assert!(is_established(&kept));
    assert_eq!(kept.list(), [LearnedWord { text: "Kiez".into(), sent: 0, kept: true }]);
}

#[test]
fn forgotten_is_forgotten() {
    let mut personal = learned(&["see Anna today", "see Anna today"]);
    personal.forget("anna");
    personal.learn("see Anna today");
    assert!(personal.words("see ", "an").is_empty());
    assert!(personal.list().iter().all(|word| word.text != "Anna"));
    assert!(!format!("{:?}", personal.words).contains("nna"), "no trace but the tombstone");
    personal.keep("Anna");
    assert_eq!(personal.words("", "an").len(), 1);
    personal.erase();
    assert!(personal.list().is_empty() && personal.words("", "").is_empty());
    assert_eq!(personal.weight(), 0.0);
}

#[test]
fn memory_is_bounded() {
    let mut personal = Personal::default();
    for message in 0..2_000 {
        let words: Vec<String> = (0..30).map(|place| letters(message * 30 + place)).collect();
        personal.learn(&words.join(" "));
    }
    assert!(personal.counts <= MOST_COUNTS + 90);
    assert!(personal.heap_bytes() < 8_000_000, "{}", personal.heap_bytes());
    assert!(!personal.words("", &letters(59_999)).is_empty(), "the newest stay");
}

/// A number in letters.
fn letters(mut number: usize) -> String {
    let mut out = String::new();
    while number > 0 {
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    out + "q"
}

proptest! {
    #[test]
    fn any_messages_can_be_learned(messages in prop::collection::vec("\\PC{0,30}", 0..8), prefix in "\\PC{0,2}") {
        let mut personal = Personal::default();
        messages.iter().for_each(|message| personal.learn(message));
        for own in personal.words(messages.first().map_or("", String::as_str), &prefix) {
            prop_assert!(own.letters.starts_with(&lower(&prefix)));
            prop_assert!((0.0..=1.0001).contains(&own.probability));
        }
    }
}
