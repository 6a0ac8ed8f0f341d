//! How old someone or something is: "five years old", "3 years of age", `87 yo`, "age 12", "zehn Jahre alt".

use super::phrases::{self, Phrases};
use super::quantity::{Quantity, Unit, opens_number};
use super::tokens::Tokens;
use super::{Language, Reading, number};

/// The words for ages in a language, in folded spelling.
#[derive(Debug)]
pub struct AgeWords {
    /// Names of years, months, weeks and days, in the notation of `phrases.rs`.
    pub table: &'static str,
    /// What stands behind the unit: "old".
    pub after: &'static [&'static str],
    /// What makes years of a bare number: "yo".
    pub short: &'static [&'static str],
    /// What stands before a bare number: "age".
    pub before: &'static [&'static str],
    /// What tells of an age without being part of it: "her" in "acht Monate her".
    pub tells_after: &'static [&'static str],
    /// The same a few words before: "Alter" in "im Alter von drei Jahren".
    pub tells_before: &'static [&'static str],
}

/// How many words may stand between "Alter" and the number: "im Alter von nur etwa drei Jahren".
const NEAR: usize = 4;

/// The units of ages.
const UNITS: [&str; 4] = ["Year", "Month", "Week", "Day"];

/// [`AgeWords`], made ready for looking up.
#[derive(Debug)]
pub struct AgeTable {
    words: &'static AgeWords,
    units: Phrases<&'static Unit>,
}

impl AgeTable {
    pub(crate) fn new(words: &'static AgeWords) -> Self {
        let mut units = Phrases::default();
        for (name, list) in phrases::lines(words.table).filter(|(name, _)| UNITS.contains(name)) {
            for (form, unit) in phrases::forms(list).filter_map(|form| Some((form, Unit::find(name)?))) {
                units.add(form, unit, true);
            }
        }
        Self { words, units }
    }
}

/// All ages that begin at token `at`.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Quantity>> {
    let table: &AgeTable = &language.age;
    let words = table.words;
    let mut out = Vec::new();
    let hyphen = |at: usize| at + usize::from(tokens.is_sign(at, '-'));
    let numbers = if opens_number(tokens, at) { number::readings(tokens, at, language) } else { Vec::new() };
    for number in numbers {
        let mut age = |end, unit| {
            out.push(Reading { end, value: Quantity { amount: Some(number.value), unit } });
        };
        let start = hyphen(number.end);
        for unit in table.units.at(tokens, start) {
            let after = hyphen(unit.end);
            words
                .after
                .iter()
                .filter_map(|word| tokens.after(after, word))
                .for_each(|end| age(end, unit.value));
            let near = at.saturating_sub(NEAR)..at;
            let is_told = words.tells_after.contains(&tokens.text(unit.end))
                || near.into_iter().any(|left| words.tells_before.contains(&tokens.text(left)));
            if is_told {
                age(unit.end, unit.value);
            }
        }
        if let Some(years) = Unit::find("Year") {
            words.short.iter().filter_map(|word| tokens.after(start, word)).for_each(|end| age(end, years));
        }
    }
    for start in words.before.iter().filter_map(|word| tokens.after(at, word)) {
        for number in number::readings(tokens, start, language) {
            let unit = Unit::find("Age").filter(|_| table.units.at(tokens, number.end).is_empty());
            out.extend(unit.map(|unit| Reading {
                end: number.end,
                value: Quantity { amount: Some(number.value), unit },
            }));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, Language, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found = recognize(text, Language::find(language).unwrap(), None, &[Kind::Age]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn english() {
        check("en", "my dog is two and a half years old", &[("two and a half years old", "2.5 years")]);
        check(
            "en",
            "a 6-month-old kitten and an 81 yo cat",
            &[("6-month-old", "6 months"), ("81 yo", "81 years")],
        );
        check("en", "at four weeks of age", &[("four weeks of age", "4 weeks")]);
        check("en", "people aged 40", &[("aged 40", "40 years")]);
        check("en", "in ten years", &[]);
    }

    #[test]
    fn german() {
        check("de", "sie ist eineinhalb Jahre alt", &[("eineinhalb Jahre alt", "1.5 years")]);
        check("de", "im Alter von etwa sechs Wochen", &[("sechs Wochen", "6 weeks")]);
        check("de", "eine 30 Tage alte Rechnung", &[("30 Tage", "30 days")]);
        check("de", "in zehn Jahren", &[]);
    }
}
