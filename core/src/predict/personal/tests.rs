use super::*;
use proptest::prelude::*;

fn learned(messages: &[&str]) -> Personal {
    let mut personal = Personal::default();
    for (message, at) in messages.iter().zip(1..) {
        personal.learn(message, at * 60);
    }
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
        personal.learn("see you friday", 600);
    }
    let words = personal.words("see you ", "");
    let of = |letters| words.iter().find(|own| own.letters == letters).unwrap().probability;
    assert!(of("friday") > 100.0 * of("monday"));
}

#[test]
fn unknown_words_are_established_by_two_messages_or_by_hand() {
    let mut personal = learned(&["Kiez Kiez"]);
    let is_established = |personal: &Personal| personal.words("", "kiez")[0].is_established;
    assert!(!is_established(&personal));
    personal.learn("im Kiez", 60);
    assert!(is_established(&personal));
    let mut kept = Personal::default();
    kept.keep("Kiez", 60);
    assert!(is_established(&kept));
    assert_eq!(list(&kept), [("Kiez".into(), 0, true)]);
    assert!(kept.is_established("KIEZ") && !kept.is_established("Kie"));
}

fn list(personal: &Personal) -> Vec<(String, u32, bool)> {
    personal.list().map(|word| (word.text, word.sent, word.kept)).collect()
}

#[test]
fn a_word_kept_is_offered_at_once_and_stays() {
    let mut personal = Personal::default();
    personal.keep("Spatzl", 60);
    assert!(personal.words("", "sp")[0].share > 1e-5);
    for message in 0..2_000 {
        let words: Vec<String> = (0..30).map(|place| letters(message * 30 + place)).collect();
        personal.learn(&words.join(" "), 60);
    }
    assert_eq!(personal.words("", "spatz").len(), 1);
    for text in ["", "two words", "12:30", "tab\tbed", &"x".repeat(41)] {
        assert_eq!(personal.keep(text, 60), None, "{text:?}");
    }
}

#[test]
fn forgotten_is_forgotten() {
    let mut personal = learned(&["see Anna today", "see Anna today"]);
    personal.forget("anna");
    personal.learn("see Anna today", 600);
    assert!(personal.words("see ", "an").is_empty());
    assert_eq!(list(&personal), [("see".into(), 3, false), ("today".into(), 3, false)]);
    assert!(!format!("{personal:?}").contains("nna"), "no trace but the fingerprint");
    assert!(personal.has_forgotten("ANNA"));
    personal.keep("Anna", 600);
    assert_eq!(personal.words("", "an").len(), 1);
}

/// Numbers are used again: nothing of a word that went may count for the one that takes its place.
#[test]
fn a_new_word_begins_from_nothing() {
    let mut personal = learned(&["see Anna today", "see Anna today", "see Anna"]);
    personal.forget("Anna");
    personal.learn("see Otto", 600);
    assert!(!personal.is_established("Otto"));
    assert!(
        personal.words("see Otto ", "").iter().all(|own| own.probability < 0.5),
        "`today` came after Anna"
    );
}

#[test]
fn a_stretch_of_time_can_be_forgotten() {
    let day = 24 * 3600;
    let mut personal = learned(&["im Kiez", "im Kiez"]);
    personal.keep("Spatzl", day);
    personal.learn("im Kiez mit Anna", 10 * day);
    personal.learn("Anna und Otto", 11 * day);
    personal.keep("Otto", 11 * day);
    personal.forget_since(10 * day);
    assert_eq!(
        list(&personal),
        [("im".into(), 2, false), ("Kiez".into(), 2, false), ("Spatzl".into(), 0, true)]
    );
    assert!(!format!("{personal:?}").contains("nna"));
    personal.forget_since(0);
    assert!(personal.is_empty());
}

#[test]
fn what_is_saved_is_the_same_when_it_is_read() {
    let mut personal = learned(&["see you in the Kiez", "meet Anna in the Kiez!", "The end. 12:30"]);
    personal.keep("Spatzl", 600);
    personal.forget("end");
    let read = Personal::read(&personal.snapshot(), &[]).unwrap();
    assert_eq!((list(&read), read.forgotten.clone()), (list(&personal), personal.forgotten.clone()));
    for (line, prefix) in [("", ""), ("in the ", ""), ("in ", "t"), ("", "sp")] {
        for (before, after) in personal.words(line, prefix).iter().zip(read.words(line, prefix)) {
            let ratio = after.probability / before.probability;
            assert!(
                before.share == after.share && (before.share > 0.0 || (0.8..1.25).contains(&ratio)),
                "{before:?} {after:?}"
            );
            assert_eq!((&before.form, before.is_established), (&after.form, after.is_established));
        }
    }
    assert_eq!(Personal::read(&read.snapshot(), &[]).unwrap().snapshot(), read.snapshot());
}

#[test]
fn records_do_again_what_was_done() {
    let mut personal = Personal::default();
    let mut records = Vec::new();
    for (text, at) in ["see you in the Kiez", "In the Kiez!", "mit Anna"].iter().zip(1..) {
        records.push(personal.learn(text, at * 3600).unwrap().bytes());
    }
    records.push(personal.keep("Spatzl", 600).unwrap().bytes());
    let read = Personal::read(&[], &records).unwrap();
    assert_eq!(read.snapshot(), personal.snapshot());
}

/// No message can be read off the disk: what stands there is in the order of its letters.
#[test]
fn neither_record_nor_snapshot_holds_a_message() {
    let mut personal = Personal::default();
    let record = personal.learn("wir sehen uns morgen im Kiez bei Anna", 60).unwrap();
    for bytes in [record.bytes(), personal.snapshot()] {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let places: Vec<usize> = ["Anna", "bei", "im", "Kiez", "morgen", "sehen", "uns", "wir"]
            .iter()
            .map(|word| text.find(word).unwrap())
            .collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn what_was_learned_before_the_store_was_there_comes_on_top() {
    let mut stored = learned(&["im Kiez", "im Kiez", "mit Otto"]);
    stored.forget("Anna");
    stored.keep("Otto", 60);
    let mut newer = Personal::default();
    newer.learn("im Park mit Anna", 600);
    newer.learn("mit Eva", 600);
    newer.forget("Otto");
    newer.keep("Anna", 600);
    stored.catch_up(&newer);
    assert_eq!(best(&stored, "im ", "").unwrap().0, "Kiez");
    assert!(stored.is_established("Anna") && !stored.is_established("Otto") && stored.has_forgotten("Otto"));
    let mut at_once = learned(&["im Kiez", "im Kiez", "mit", "im Park mit Anna", "mit Eva"]);
    at_once.keep("Anna", 600);
    for (one, other) in stored.words("im ", "").iter().zip(at_once.words("im ", "")) {
        assert!((one.probability - other.probability).abs() < 0.02, "{one:?} {other:?}");
    }
}

#[test]
fn memory_is_bounded() {
    let mut personal = Personal::default();
    for message in 0..2_000 {
        let words: Vec<String> = (0..30).map(|place| letters(message * 30 + place)).collect();
        personal.learn(&words.join(" "), message as u64 * 3600);
    }
    assert!(personal.counts.len() <= MOST_COUNTS);
    assert!(personal.heap_bytes() < 4_000_000, "{}", personal.heap_bytes());
    assert!(personal.snapshot().len() < 400_000, "{}", personal.snapshot().len());
    assert!(!personal.words("", &letters(59_999)).is_empty(), "the newest stay");
}

/// A number in letters.
pub(super) fn letters(mut number: usize) -> String {
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
        for message in &messages {
            personal.learn(message, 60);
        }
        let read = Personal::read(&personal.snapshot(), &[]).unwrap();
        prop_assert_eq!(list(&read), list(&personal));
        let exported = Personal::parse(&personal.export(), 60).unwrap().personal;
        prop_assert_eq!(list(&exported), list(&personal));
        for own in personal.words(messages.first().map_or("", String::as_str), &prefix) {
            prop_assert!(own.letters.starts_with(&lower(&prefix)));
            prop_assert!((0.0..=1.0001).contains(&own.probability));
        }
    }
}
