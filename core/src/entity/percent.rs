//! Parts of a hundred: `50%`, "twenty percent", "zwölf Prozent", "percent of 10".

use super::tokens::Tokens;
use super::{Language, Reading, number};

/// The words for parts of a hundred in a language, in folded spelling.
#[derive(Debug)]
pub struct PercentWords {
    /// What stands behind the number, or alone: "percent".
    pub units: &'static [&'static str],
    /// What stands before the number: "percent of".
    pub before: &'static [&'static str],
}

/// The sign, the same in all languages.
const SIGN: &str = "%";

/// All percentages that begin at token `at`; the word alone has no value.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Option<f64>>> {
    let words = language.percent;
    let units = |at: usize| {
        let at = at + usize::from(tokens.is_sign(at, '-'));
        let ends = words.units.iter().chain([&SIGN]).filter_map(move |unit| tokens.after(at, unit));
        // `30%20` is no percentage but an escaped sign of an address.
        ends.filter(|end| !(tokens.is_glued(*end) && tokens.is_digits(*end)))
    };
    let mut out: Vec<_> = units(at).map(|end| Reading { end, value: None }).collect();
    for number in number::readings(tokens, at, language) {
        // "half a percent"
        let has_article =
            number.value < 1.0 && language.number.words.articles.contains(&tokens.text(number.end));
        for start in number.end..=number.end + usize::from(has_article) {
            out.extend(units(start).map(|end| Reading { end, value: Some(number.value) }));
        }
    }
    for start in words.before.iter().filter_map(|before| tokens.after(at, before)) {
        let numbers = number::readings(tokens, start, language).into_iter();
        out.extend(numbers.map(|number| Reading { end: number.end, value: Some(number.value) }));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, testing};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        testing::check(&[Kind::Percent], language, text, expected);
    }

    #[test]
    fn english() {
        check(
            "en",
            "dim to 35 % or twelve and a half percent",
            &[("35 %", "35 %"), ("twelve and a half percent", "12.5 %")],
        );
        check("en", "by half a percent", &[("half a percent", "0.5 %")]);
        check("en", "percentage of 3", &[("percentage of 3", "3 %")]);
        check("en", "what percent is that", &[("percent", "%")]);
        check("en", "see https://example.com/?q=5%20%25", &[]);
    }

    #[test]
    fn german() {
        check("de", "auf minus drei Komma fünf Prozent", &[("minus drei Komma fünf Prozent", "-3.5 %")]);
        check("de", "um 2,5 Prozentpunkte", &[("2,5 Prozentpunkte", "2.5 %")]);
    }
}
