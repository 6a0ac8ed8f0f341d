//! All entities of a text.

use super::quantity::{self, Dimension};
use super::tokens::Tokens;
use super::value::{Kind, Value};
use super::{
    Entity, Language, Reading, Scanned, address, age, boolean, colour, currency, email, number, ordinal,
    percent, phone, scan, url,
};

/// All entities of `kinds` in `text`, left to right. Within a kind none overlaps another: the one that begins first wins,
/// and of those that begin together the longest. Kinds do not see each other: in "3 euros" stand a number and an amount
/// of money. `reference` is the local time that dates and times are resolved against; without it they are left out.
pub fn recognize(
    text: &str,
    language: &Language,
    reference: Option<jiff::civil::DateTime>,
    kinds: &[Kind],
) -> Vec<Entity<Value>> {
    let tokens = Tokens::new(text);
    let _ = reference;
    // What looks like a percentage inside an address is none.
    let mut addresses: Vec<_> =
        [Kind::Url, Kind::Email].into_iter().flat_map(|kind| find(&tokens, kind, language)).collect();
    addresses.sort_by_key(|address| address.start);
    let is_inside = |entity: &Entity<Value>| {
        let before = addresses.partition_point(|address| address.start <= entity.start);
        let address = before.checked_sub(1).and_then(|last| addresses.get(last));
        address.is_some_and(|address| entity.end <= address.end)
    };
    let mut found: Vec<Entity<Value>> = Vec::new();
    for kind in kinds {
        let of_kind = find(&tokens, *kind, language);
        let is_address = matches!(kind, Kind::Url | Kind::Email);
        found.extend(of_kind.into_iter().filter(|entity| is_address || !is_inside(entity)));
    }
    // Where nothing tells whether degrees are an angle or a temperature, who wants both is rather told of heat.
    let heat: Vec<_> =
        found.iter().filter(|e| e.value.kind() == Kind::Temperature).map(|e| e.start).collect();
    found.retain(|entity| {
        let is_angle = matches!(&entity.value, Value::Dimension(quantity) if quantity.unit.dimension == Dimension::Angle);
        !(is_angle && heat.binary_search(&entity.start).is_ok())
    });
    found.sort_by_key(|entity| (entity.start, entity.end, entity.value.kind()));
    found
}

/// The entities of one kind.
fn find(tokens: &Tokens, kind: Kind, language: &Language) -> Vec<Entity<Value>> {
    if matches!(kind, Kind::Url | Kind::Email) && !address::may_stand(tokens) {
        return Vec::new();
    }
    let is_dimension = |dimension| !matches!(dimension, Dimension::Temperature | Dimension::Time);
    match kind {
        Kind::Number => each(number::find(tokens, language), Value::Number),
        Kind::Boolean => each(boolean::find(tokens, language), Value::Boolean),
        Kind::Temperature => {
            each(quantity::find(tokens, language, |d| d == Dimension::Temperature), Value::Temperature)
        }
        Kind::Phone => longest(tokens, |at| all(phone::likely(tokens, at, language), Value::Phone)),
        Kind::Dimension => each(quantity::find(tokens, language, is_dimension), Value::Dimension),
        kind => longest(tokens, |at| readings(tokens, at, kind, language)),
    }
}

/// The longest readings from left to right.
fn longest(tokens: &Tokens, readings: impl Fn(usize) -> Vec<Reading<Value>>) -> Vec<Entity<Value>> {
    scan(tokens, |at| {
        let longest = readings(at).into_iter().max_by_key(|reading| reading.end)?;
        Some(Scanned { end: longest.end, value: Some(longest.value) })
    })
}

fn each<V>(found: impl IntoIterator<Item = Entity<V>>, value: impl Fn(V) -> Value) -> Vec<Entity<Value>> {
    found.into_iter().map(|entity| entity.map(&value)).collect()
}

/// All ways to read a `kind` at token `at`, whatever the words around say; for the slots of commands.
pub(crate) fn readings(tokens: &Tokens, at: usize, kind: Kind, language: &Language) -> Vec<Reading<Value>> {
    let quantities = || quantity::readings(tokens, at, language).into_iter();
    let heat = |reading: &Reading<quantity::Quantity>| reading.value.unit.dimension == Dimension::Temperature;
    match kind {
        Kind::Number => all(number::readings(tokens, at, language), Value::Number),
        Kind::Ordinal => all(ordinal::readings(tokens, at, language), Value::Ordinal),
        Kind::Percent => all(percent::readings(tokens, at, language), Value::Percent),
        Kind::Temperature => all(quantities().filter(heat), Value::Temperature),
        Kind::Dimension => all(quantities().filter(|reading| !heat(reading)), Value::Dimension),
        Kind::Currency => all(currency::readings(tokens, at, language), Value::Currency),
        Kind::Age => all(age::readings(tokens, at, language), Value::Age),
        Kind::Phone => all(phone::readings(tokens, at, language), Value::Phone),
        Kind::Email => all(email::readings(tokens, at, language), Value::Email),
        Kind::Url => all(url::readings(tokens, at, language), Value::Url),
        Kind::Colour => all(colour::readings(tokens, at, language), Value::Colour),
        Kind::Boolean => all(boolean::readings(tokens, at, language), Value::Boolean),
        _ => Vec::new(),
    }
}

fn all<V>(readings: impl IntoIterator<Item = Reading<V>>, value: impl Fn(V) -> Value) -> Vec<Reading<Value>> {
    readings.into_iter().map(|reading| Reading { end: reading.end, value: value(reading.value) }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words and signs that the grammars know, in any order.
    const PIECES: &str = "(one|two|twenty|hundred|thousand|million|and|a|half|thirds|fifth|point|over|out of|dozen|minus|last|next|degrees|celsius|miles|per|hour|feet|inches|dollars|cents|usd|years|old|percent|of|at|dot|com|double|oh|light|blue|ein|zwei|und|zwanzig|halb|drittel|komma|grad|euro|jahre|alt|prozent|[0-9]{1,4}|[-.,:/%$€°'\"#+@(^½x]|ß|👍| ){0,24}";

    fn holds(text: &str) {
        let length = text.chars().count();
        for language in Language::ALL {
            for kind in Kind::ALL {
                let mut last = 0;
                for entity in recognize(text, language, None, &[kind]) {
                    assert!(entity.start < entity.end && entity.end <= length, "{entity:?}");
                    assert!(entity.start >= last, "{entity:?} overlaps in {text:?}");
                    assert_eq!(entity.value.kind(), kind);
                    let written: String =
                        text.chars().skip(entity.start).take(entity.end - entity.start).collect();
                    assert_eq!(entity.text, written);
                    last = entity.end;
                }
            }
        }
    }

    proptest! {
        #[test]
        fn spans_are_inside_and_apart(text in PIECES) {
            holds(&text);
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            holds(&text);
        }
    }

    #[test]
    fn hostile_texts_are_read() {
        for piece in [
            "9 ",
            "9.",
            "eins ",
            "hundert",
            "zwei hundert ",
            "one and a half of a ",
            "5 \" ",
            "a.de ",
            "null eins ",
            "(",
        ] {
            for language in Language::ALL {
                let text: String = piece.repeat(10_000 / piece.len());
                recognize(&text, language, None, &Kind::ALL);
            }
        }
    }

    #[test]
    fn degrees_are_told_by_the_words_around() {
        let check = |language, text: &str, expected: &[Kind]| {
            let kinds = [Kind::Temperature, Kind::Dimension];
            let found = recognize(text, Language::find(language).unwrap(), None, &kinds);
            assert_eq!(
                found.iter().map(|entity| entity.value.kind()).collect::<Vec<_>>(),
                expected,
                "{text:?}"
            );
        };
        check("en", "70 degrees", &[Kind::Temperature]);
        check("en", "tilt it by 70 degrees", &[Kind::Dimension]);
        check("en", "turn the oven to 200 degrees", &[Kind::Temperature]);
        check("de", "um 45 Grad nach rechts", &[Kind::Dimension]);
        check("de", "die Heizung auf 19 Grad", &[Kind::Temperature]);
        check("en", "it is 70 F outside, room 70 F", &[Kind::Temperature, Kind::Temperature]);
        check("en", "gate 70 F", &[]);
    }

    #[test]
    fn kinds_do_not_see_each_other() {
        let english = Language::find("en").unwrap();
        let found = recognize("send 20 euros", english, None, &[Kind::Number, Kind::Currency]);
        let kinds: Vec<_> = found.iter().map(|entity| (entity.value.kind(), entity.text.as_str())).collect();
        assert_eq!(kinds, [(Kind::Number, "20"), (Kind::Currency, "20 euros")]);
    }
}
