//! Amounts with a unit: `3.5 km/h`, "two and a half cups", `5'10"`, "ein Meter achtzig", "22 Grad".

use std::fmt;

use serde::{Deserialize, Serialize};

use super::phrases::Found;
use super::tokens::{TokenKind, Tokens};
use super::unit::{Dimension, Unit, UnitTable};
use super::{Entity, Language, Reading, Scanned, number, scan};

/// An amount of a unit; the unit alone where no number stands with it ("into fahrenheit").
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// How many.
    pub amount: Option<f64>,
    /// Of what.
    #[serde(deserialize_with = "Unit::by_name")]
    pub unit: &'static Unit,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.amount {
            Some(amount) => write!(f, "{amount} {}", self.unit.symbol),
            None => f.write_str(self.unit.symbol),
        }
    }
}

/// Two units that are said together: "five feet two".
const PAIRS: [(&str, &str, f64); 3] =
    [("Foot", "Inch", 12.0), ("Pound", "Ounce", 16.0), ("Stone", "Pound", 14.0)];

/// Whether a number may begin here: not inside `SCP-173`.
pub(super) fn opens_number(tokens: &Tokens, at: usize) -> bool {
    let glued_word =
        |at: usize| tokens.is_glued(at) && at.checked_sub(1).is_some_and(|left| tokens.is_word(left));
    let hyphen = at
        .checked_sub(1)
        .filter(|left| tokens.is_digits(at) && tokens.is_glued(at) && tokens.is_sign(*left, '-'));
    let is_clock = tokens.is_glued(at)
        && at.checked_sub(1).is_some_and(|left| tokens.is_sign(left, ':') && tokens.is_glued(left));
    !glued_word(at) && !hyphen.is_some_and(glued_word) && !is_clock
}

/// Signs of money, behind which a number measures nothing: the m of `$3m` is a million.
const MONEY_SIGNS: &str = "$£€¥₹₽";

/// All quantities that begin at token `at`, of every dimension but time.
pub fn readings(tokens: &Tokens, at: usize, language: &Language) -> Vec<Reading<Quantity>> {
    let table: &UnitTable = &language.units;
    let mut out = Vec::new();
    for unit in table.at(tokens, at) {
        if unit.stands_alone && !tokens.is_glued(at) {
            out.push(Reading { end: unit.end, value: Quantity { amount: None, unit: unit.value } });
        }
    }
    let is_money =
        tokens.is_glued(at) && at.checked_sub(1).is_some_and(|left| MONEY_SIGNS.contains(tokens.text(left)));
    if opens_number(tokens, at) && !is_money {
        for number in number::readings(tokens, at, language) {
            amounts(tokens, number, language, &mut out);
        }
    }
    out.retain(|reading| reading.value.unit.dimension != Dimension::Time);
    out
}

fn amounts(tokens: &Tokens, number: Reading<f64>, language: &Language, out: &mut Vec<Reading<Quantity>>) {
    let pairs = |whole: Reading<Quantity>, out: &mut Vec<Reading<Quantity>>| {
        let part = paired(tokens, whole, language);
        out.push(whole);
        out.extend(part.or_else(|| with_bare_part(tokens, whole, language)));
    };
    for (unit, end) in units_after(tokens, number, language) {
        if is_likely(tokens, number.end, unit, language) {
            pairs(Reading { end, value: Quantity { amount: Some(number.value), unit: unit.value } }, out);
            if unit.value.dimension == Dimension::Temperature && number.value > 0.0 {
                let below = language.units.words.below_zero.iter();
                let below = below.filter_map(|phrase| tokens.after(end, phrase)).max();
                let value = Quantity { amount: Some(-number.value), unit: unit.value };
                out.extend(below.map(|end| Reading { end, value }));
            }
        }
    }
    // 5'10"
    if tokens.is_glued(number.end)
        && tokens.is_sign(number.end, '\'')
        && let Some(foot) = Unit::find("Foot")
        && let Some(reading) = paired(
            tokens,
            Reading { end: number.end + 1, value: Quantity { amount: Some(number.value), unit: foot } },
            language,
        )
    {
        out.push(reading);
    }
}

/// The units behind a number with the token after each, brackets around the unit and "of a" behind a fraction included.
fn units_after(
    tokens: &Tokens,
    number: Reading<f64>,
    language: &Language,
) -> Vec<(Found<&'static Unit>, usize)> {
    let table: &UnitTable = &language.units;
    let mut start = number.end;
    let mut closing = None;
    for (open, close) in [('[', ']'), ('{', '}'), ('<', '>'), ('(', ')')] {
        if tokens.is_sign(start, open) {
            closing = Some(close);
        }
    }
    start += usize::from(closing.is_some() || tokens.is_sign(start, '-'));
    if number.value < 1.0 {
        start += usize::from(language.number.words.of.contains(&tokens.text(start)));
        start += usize::from(language.number.words.articles.contains(&tokens.text(start)));
    }
    let units = table.at(tokens, start).into_iter();
    let units = units.filter_map(|unit| match closing {
        Some(close) => tokens.is_sign(unit.end, close).then_some((unit, unit.end + 1)),
        None => Some((unit, unit.end)),
    });
    units.collect()
}

/// Whether a sign that has other meanings is a unit here.
fn is_likely(tokens: &Tokens, at: usize, unit: Found<&'static Unit>, language: &Language) -> bool {
    match (unit.value.name, tokens.text(at)) {
        ("Inch", "in") => {
            let next = tokens.get(unit.end);
            let extents = language.units.words.extents;
            next.is_none_or(|next| next.kind == TokenKind::Sign || extents.contains(&next.text.as_str()))
        }
        ("Inch", "\"") => !is_quoted(tokens, at),
        ("Picometer", "pm") => {
            let start = (0..at).rev().take_while(|left| !tokens.is_word(*left)).last().unwrap_or(at);
            let before = start.checked_sub(1).map(|left| tokens.text(left)).unwrap_or_default();
            !tokens.is_glued(at) && !language.units.words.clock.contains(&before)
        }
        _ => true,
    }
}

/// Whether a quotation is open at token `at`; one is rarely longer than [`LONGEST_QUOTE`].
fn is_quoted(tokens: &Tokens, at: usize) -> bool {
    (at.saturating_sub(LONGEST_QUOTE)..at).filter(|before| tokens.is_sign(*before, '"')).count() % 2 == 1
}

/// In tokens.
const LONGEST_QUOTE: usize = 100;

/// "2 inches" behind "5 feet".
fn paired(tokens: &Tokens, whole: Reading<Quantity>, language: &Language) -> Option<Reading<Quantity>> {
    let (_, part, ratio) = PAIRS.iter().find(|(name, _, _)| *name == whole.value.unit.name)?;
    let amount = whole.value.amount.filter(|amount| amount.fract() == 0.0)?;
    let start = whole.end + usize::from(language.number.words.links.contains(&tokens.text(whole.end)));
    let numbers =
        number::readings(tokens, start, language).into_iter().filter(|n| (0.0..*ratio).contains(&n.value));
    let parts = numbers.flat_map(|number| {
        let units =
            units_after(tokens, number, language).into_iter().filter(|(unit, _)| unit.value.name == *part);
        units.map(move |(_, end)| Reading {
            end,
            value: Quantity { amount: Some(amount + number.value / ratio), unit: whole.value.unit },
        })
    });
    parts.max_by_key(|reading| reading.end)
}

/// "two" behind "six foot".
fn with_bare_part(
    tokens: &Tokens,
    whole: Reading<Quantity>,
    language: &Language,
) -> Option<Reading<Quantity>> {
    let table: &UnitTable = &language.units;
    let last = tokens.text(whole.end - 1);
    let (_, ratio) = table.words.bare_parts.iter().find(|(unit, _)| *unit == last)?;
    let amount = whole.value.amount.filter(|amount| amount.fract() == 0.0 && *amount < 10.0)?;
    let part = number::readings(tokens, whole.end, language).into_iter().max_by_key(|number| number.end)?;
    let is_part = (1.0..*ratio).contains(&part.value) && part.value.fract() == 0.0;
    let has_unit =
        tokens.is_glued(part.end) && tokens.is_word(part.end) || !table.at(tokens, part.end).is_empty();
    let value = Quantity { amount: Some(amount + part.value / ratio), unit: whole.value.unit };
    (is_part && !has_unit).then_some(Reading { end: part.end, value })
}

/// The quantities of a text whose unit `wanted` takes. Bare degrees are an angle or a temperature as the words around tell;
/// where they tell nothing, they are both.
pub(crate) fn find(
    tokens: &Tokens,
    language: &Language,
    wanted: impl Fn(Dimension) -> bool,
) -> Vec<Entity<Quantity>> {
    let tells = |words: &[&str]| tokens.iter().any(|token| words.contains(&token.text.as_str()));
    let (angle, weather) = (tells(language.units.words.angle), tells(language.units.words.weather));
    let is_told = |unit: &Unit| match unit.dimension {
        Dimension::Angle => !unit.is_bare_degree() || angle || !weather,
        Dimension::Temperature => !unit.is_bare_degree() || weather || !angle,
        _ => true,
    };
    scan(tokens, |at| {
        let all = readings(tokens, at, language);
        let end = all.iter().map(|reading| reading.end).max()?;
        let mut longest = all.into_iter().filter(|reading| reading.end == end).map(|reading| reading.value);
        // "20 c" is a temperature where one is spoken of.
        let is_letter = matches!(tokens.text(end - 1), "c" | "f")
            && number::readings(tokens, at, language).iter().any(|number| number.end + 1 == end);
        let is_wanted =
            |value: &Quantity| wanted(value.unit.dimension) && is_told(value.unit) && (weather || !is_letter);
        Some(Scanned { end, value: longest.find(is_wanted) })
    })
}

#[cfg(test)]
mod tests {
    use crate::entity::{Kind, testing};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        testing::check(&[Kind::Temperature, Kind::Dimension], language, text, expected);
    }

    #[test]
    fn english() {
        check("en", "a 25-foot rope, 3 sq. ft.", &[("25-foot", "25 ft"), ("3 sq. ft.", "3 ft²")]);
        check(
            "en",
            "half a mile or two thirds of a cup",
            &[("half a mile", "0.5 mi"), ("two thirds of a cup", "0.6666666666666666 cup")],
        );
        check(
            "en",
            "6 feet 3 inches, 5'6\", six foot nine",
            &[("6 feet 3 inches", "6.25 ft"), ("5'6\"", "5.5 ft"), ("six foot nine", "6.75 ft")],
        );
        check(
            "en",
            "60 miles an hour, 3 cm per second",
            &[("60 miles an hour", "60 mph"), ("3 cm per second", "3 cm/s")],
        );
        check("en", "64 MB and 64 mb", &[("64 MB", "64 MB"), ("64 mb", "64 Mbit")]);
        check("en", "in 5 minutes at 7 pm, $3m", &[]);
        check("en", "the board is 4 in wide", &[("4 in", "4 in")]);
        check("en", "R2-D2 m, 5 [kg]", &[("5 [kg]", "5 kg")]);
        check("en", "minus four degrees celsius", &[("minus four degrees celsius", "-4 °C")]);
        check(
            "en",
            "heat to five degrees celsius below zero",
            &[("five degrees celsius below zero", "-5 °C")],
        );
        check("en", "how many kilometers", &[("kilometers", "km")]);
    }

    #[test]
    fn german() {
        check("de", "ein Meter fünfundsiebzig", &[("ein Meter fünfundsiebzig", "1.75 m")]);
        check(
            "de",
            "anderthalb Kilometer, 3 Quadratmeter, 2 m³",
            &[("anderthalb Kilometer", "1.5 km"), ("3 Quadratmeter", "3 m²"), ("2 m³", "2 m³")],
        );
        check("de", "achtzig Kilometer pro Stunde", &[("achtzig Kilometer pro Stunde", "80 km/h")]);
        check("de", "ein halber Liter, 3 EL", &[("ein halber Liter", "0.5 l"), ("3 EL", "3 tbsp")]);
        check("de", "fünf Grad Celsius unter null", &[("fünf Grad Celsius unter null", "-5 °C")]);
        check("de", "minus 3,5 °C", &[("minus 3,5 °C", "-3.5 °C")]);
        check(
            "de",
            "drei Tassen im Schrank, eine Tasse",
            &[("drei Tassen", "3 cup"), ("eine Tasse", "1 cup")],
        );
    }
}
