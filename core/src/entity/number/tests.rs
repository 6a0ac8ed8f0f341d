//! Numbers as texts and recognisers write them.

use crate::entity::{Kind, Language, Value, recognize};

fn check(language: &str, text: &str, expected: &[(&str, f64)]) {
    let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Number]);
    let found: Vec<_> = found.iter().map(|entity| (entity.text.as_str(), &entity.value)).collect();
    let expected: Vec<_> = expected.iter().map(|(text, value)| (*text, Value::Number(*value))).collect();
    assert_eq!(found, expected.iter().map(|(text, value)| (*text, value)).collect::<Vec<_>>(), "{text:?}");
}

#[test]
fn digits() {
    check("en", "to 25", &[("25", 25.0)]);
    check("en", "1,000", &[("1,000", 1000.0)]);
    check("en", "1,234,567.5", &[("1,234,567.5", 1_234_567.5)]);
    check("en", "1.5", &[("1.5", 1.5)]);
    check("en", "21,5", &[("21,5", 21.5)]);
    check("de", "1.000", &[("1.000", 1000.0)]);
    check("de", "22,5", &[("22,5", 22.5)]);
    check("de", "22.5", &[("22.5", 22.5)]);
    check("en", "minus 5 or -5", &[("minus 5", -5.0), ("-5", -5.0)]);
    check("en", "at 12:30 on 1.2.3", &[("1", 1.0), ("2", 2.0), ("3", 3.0)]);
    check("en", "1/2 cup", &[("1/2", 0.5)]);
    check("en", "2 1/2 cups", &[("2 1/2", 2.5)]);
    check("en", "½", &[("½", 0.5)]);
    check("en", "50%, 20°C, 5min", &[("50", 50.0), ("20", 20.0)]);
    check("en", "1234567890123456", &[]);
    check("en", "2 million", &[("2 million", 2e6)]);
}

#[test]
fn english_words() {
    check("en", "twenty five", &[("twenty five", 25.0)]);
    check("en", "Twenty-Five", &[("Twenty-Five", 25.0)]);
    check("en", "hundred and one", &[("hundred and one", 101.0)]);
    check("en", "a hundred", &[("a hundred", 100.0)]);
    check("en", "three hundred twenty", &[("three hundred twenty", 320.0)]);
    check("en", "nineteen hundred", &[("nineteen hundred", 1900.0)]);
    check("en", "two thousand and three", &[("two thousand and three", 2003.0)]);
    check(
        "en",
        "one hundred twenty three thousand four hundred",
        &[("one hundred twenty three thousand four hundred", 123_400.0)],
    );
    check("en", "seventy two point five", &[("seventy two point five", 72.5)]);
    check("en", "zero point two five", &[("zero point two five", 0.25)]);
    check("en", "two and a half", &[("two and a half", 2.5)]);
    check("en", "half", &[("half", 0.5)]);
    check("en", "three quarters", &[("three quarters", 0.75)]);
    check("en", "minus twenty", &[("minus twenty", -20.0)]);
    check("en", "often someone tens", &[]);
}

#[test]
fn fractions() {
    check("en", "four fifths", &[("four fifths", 0.8)]);
    check("en", "ninety three hundredths", &[("ninety three hundredths", 0.93)]);
    check("en", "two hundred twenty sixths", &[("two hundred twenty sixths", 200.0 / 26.0)]);
    check("en", "sixteen and two sevenths", &[("sixteen and two sevenths", 16.0 + 2.0 / 7.0)]);
    check("en", "one third of a million", &[("one third of a million", 1e6 / 3.0)]);
    check("en", "two million and a quarter", &[("two million and a quarter", 2.25e6)]);
    check("en", "three out of four", &[("three out of four", 0.75)]);
    check("en", "half a dozen", &[("half a dozen", 6.0)]);
    check("en", "ten seconds", &[("ten", 10.0)]);
    check("de", "drei Achtel", &[("drei Achtel", 0.375)]);
    check("de", "vier und ein Drittel", &[("vier und ein Drittel", 4.0 + 1.0 / 3.0)]);
    check("de", "eine halbe Milliarde", &[("eine halbe Milliarde", 5e8)]);
    check("de", "dreiviertel", &[("dreiviertel", 0.75)]);
    check("de", "zwei Dutzend", &[("zwei Dutzend", 24.0)]);
}

#[test]
fn signs_and_scales() {
    check("en", "5k and 2.5M, 3m", &[("5k", 5000.0), ("2.5M", 2.5e6)]);
    check("en", "2 lakh 5 thousand", &[("2 lakh 5 thousand", 205_000.0)]);
    check("en", "3e4 or 2^10", &[("3e4", 3e4), ("2^10", 1024.0)]);
    check("en", "B-17, 10-12", &[("17", 17.0), ("10", 10.0), ("12", 12.0)]);
    check("en", "7 654 321", &[("7 654 321", 7_654_321.0)]);
    check("en", "this one and that one", &[]);
    check("de", "1'000 und 3 Mrd", &[("1'000", 1000.0), ("3 Mrd", 3e9)]);
    check("de", "Familie Hundert zahlt hundert", &[("hundert", 100.0)]);
}

#[test]
fn german_words() {
    check("de", "fünfundzwanzig", &[("fünfundzwanzig", 25.0)]);
    check("de", "fünf und zwanzig", &[("fünf und zwanzig", 25.0)]);
    check("de", "einundzwanzig", &[("einundzwanzig", 21.0)]);
    check("de", "dreißig", &[("dreißig", 30.0)]);
    check("de", "hundert", &[("hundert", 100.0)]);
    check("de", "hunderteins", &[("hunderteins", 101.0)]);
    check(
        "de",
        "zweihundertfünfunddreißigtausendsiebenhundertelf",
        &[("zweihundertfünfunddreißigtausendsiebenhundertelf", 235_711.0)],
    );
    check("de", "neunzehnhundertachtzig", &[("neunzehnhundertachtzig", 1980.0)]);
    check("de", "eine Million zweihunderttausend", &[("eine Million zweihunderttausend", 1.2e6)]);
    check("de", "zweiundzwanzig komma fünf", &[("zweiundzwanzig komma fünf", 22.5)]);
    check("de", "zwei Komma fünfundzwanzig", &[("zwei Komma fünfundzwanzig", 2.25)]);
    check("de", "eineinhalb", &[("eineinhalb", 1.5)]);
    check("de", "anderthalb", &[("anderthalb", 1.5)]);
    check("de", "zweieinhalb", &[("zweieinhalb", 2.5)]);
    check("de", "zweiundzwanzig einhalb Grad", &[("zweiundzwanzig einhalb", 22.5)]);
    check("de", "ein halb", &[("ein halb", 0.5)]);
    check("de", "minus drei", &[("minus drei", -3.0)]);
    check("de", "Eintritt verachtet Dreirad", &[]);
}
