//! Amounts with a unit.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::phrases::{self, Found, Phrases};
use super::tokens::{TokenKind, Tokens};
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

/// A unit of measurement.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its English name: `Kilometer per hour`.
    pub name: &'static str,
    /// Its sign: `km/h`.
    pub symbol: &'static str,
    /// What it measures.
    pub dimension: Dimension,
}

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Metres and inches.
    Length,
    /// Grams and pounds.
    Weight,
    /// Litres and cups.
    Volume,
    /// Hectares and acres.
    Area,
    /// Metres per second and knots.
    Speed,
    /// Bits and bytes.
    Information,
    /// Degrees and radians of a turn.
    Angle,
    /// Degrees Celsius and Fahrenheit.
    Temperature,
    /// Years, months, weeks and days, for ages.
    Time,
}

/// The words for units in a language.
#[derive(Debug)]
pub struct UnitWords {
    /// Names of units, in the notation of `phrases.rs`.
    pub table: &'static str,
    /// What tells that degrees are an angle: "rotate".
    pub angle: &'static [&'static str],
    /// What tells that degrees are a temperature: "oven".
    pub weather: &'static [&'static str],
    /// What follows a length: "long". Beside it, the preposition "in" is an inch.
    pub extents: &'static [&'static str],
    /// Units behind which a bare number counts parts, with how many parts they have: "six foot two", "ein Meter achtzig".
    pub bare_parts: &'static [(&'static str, f64)],
    /// What stands before a time of day: "at". Behind it, `2 pm` is no picometre.
    pub clock: &'static [&'static str],
}

/// All units, with their signs.
static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(|| {
    let rows = phrases::lines(include_str!("units.tsv"));
    let units = rows.filter_map(|(name, rest)| {
        let mut columns = rest.split('\t');
        let symbol = columns.next()?;
        let dimension = Dimension::find(columns.next()?)?;
        Some(Unit { name, symbol, dimension })
    });
    units.collect()
});

/// Two units that are said together: "five feet two".
const PAIRS: [(&str, &str, f64); 3] =
    [("Foot", "Inch", 12.0), ("Pound", "Ounce", 16.0), ("Stone", "Pound", 14.0)];

impl Dimension {
    fn find(name: &str) -> Option<Self> {
        Some(match name {
            "length" => Self::Length,
            "weight" => Self::Weight,
            "volume" => Self::Volume,
            "area" => Self::Area,
            "speed" => Self::Speed,
            "information" => Self::Information,
            "angle" => Self::Angle,
            "temperature" => Self::Temperature,
            "time" => Self::Time,
            _ => return None,
        })
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        into.serialize_str(self.name)
    }
}

impl Unit {
    /// The unit of this English name, such as `Kilometer per hour`.
    pub fn find(name: &str) -> Option<&'static Self> {
        UNITS.iter().find(|unit| unit.name == name)
    }

    /// What was stored by name.
    fn by_name<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::find(&name).ok_or_else(|| D::Error::custom(format_args!("no unit is called {name}")))
    }

    /// Degrees that may be of a turn or of heat.
    fn is_bare_degree(&self) -> bool {
        self.name == "Degree"
    }
}

/// [`UnitWords`], made ready for looking up.
#[derive(Debug)]
pub struct UnitTable {
    words: &'static UnitWords,
    phrases: Phrases<&'static Unit>,
    /// What stands between a length and a time in a speed: "per".
    per: Vec<&'static str>,
    /// Times of speeds: "h" for "hour".
    times: Vec<(&'static str, &'static str)>,
}

impl UnitTable {
    pub(crate) fn new(words: &'static UnitWords) -> Self {
        let own: Vec<_> = phrases::lines(words.table).collect();
        let lines: HashMap<_, _> = own.iter().copied().collect();
        let called = |name: &str| lines.get(name).into_iter().flat_map(|list| phrases::forms(list));
        let mut table =
            Self { words, phrases: Phrases::default(), per: called("@per").collect(), times: Vec::new() };
        for time in ["hour", "minute", "second", "millisecond"] {
            table.times.extend(called(&format!("@{time}")).map(|form| (form, time)));
        }
        let shared =
            UNITS.iter().zip(phrases::lines(include_str!("units.tsv"))).flat_map(|(unit, (_, columns))| {
                let forms = columns.rsplit('\t').next().unwrap_or_default();
                phrases::forms(forms).map(move |form| (unit, form, false))
            });
        let named = own.iter().flat_map(|(name, list)| {
            let (name, dimension) =
                name.split_once('/').map_or((*name, None), |(n, d)| (n, Dimension::find(d)));
            let mut units = UNITS.iter();
            let unit = units.find(|unit| unit.name == name && dimension.is_none_or(|d| d == unit.dimension));
            unit.into_iter().flat_map(|unit| phrases::forms(list).map(move |form| (unit, form, true)))
        });
        for (unit, form, stands_alone) in shared.chain(named) {
            for form in phrases::expand(form, &lines) {
                table.phrases.add(&form, unit, stands_alone);
            }
            if unit.dimension == Dimension::Length {
                let bare = form.trim_start_matches('=').trim_end_matches('?');
                for (power, name) in [("@square", "Square"), ("@cubic", "Cubic")] {
                    let Some(unit) = Unit::find(&format!("{name} {}", unit.name.to_lowercase())) else {
                        continue;
                    };
                    for pattern in called(power) {
                        table.phrases.add(&pattern.replace('*', bare), unit, stands_alone);
                    }
                }
            }
        }
        table
    }

    /// All units that stand at token `at`.
    fn at(&self, tokens: &Tokens, at: usize) -> Vec<Found<&'static Unit>> {
        let mut found = self.phrases.at(tokens, at);
        let speeds: Vec<_> = found.iter().flat_map(|length| self.speeds(tokens, length)).collect();
        found.extend(speeds);
        found.retain(|unit| is_bounded(tokens, unit.end));
        found
    }

    /// "per second" behind a length.
    fn speeds(&self, tokens: &Tokens, length: &Found<&'static Unit>) -> Vec<Found<&'static Unit>> {
        if length.value.dimension != Dimension::Length {
            return Vec::new();
        }
        let starts = self.per.iter().filter_map(|per| tokens.after(length.end, per));
        let timed = starts.flat_map(|start| {
            let times = self.times.iter();
            times.filter_map(move |(form, time)| Some((tokens.after(start, form)?, *time)))
        });
        let found = timed.filter_map(|(end, time)| {
            let unit = Unit::find(&format!("{} per {time}", length.value.name))?;
            Some(Found { end, value: unit, stands_alone: length.stands_alone })
        });
        found.collect()
    }
}

/// Whether a unit may end here: `m` does not in `m212` or `L-202`.
fn is_bounded(tokens: &Tokens, end: usize) -> bool {
    let goes_on = |at: usize| tokens.is_glued(at) && (tokens.is_word(at) || tokens.is_digits(at));
    let goes_on_in_digits = tokens.is_glued(end)
        && tokens.is_sign(end, '-')
        && tokens.is_glued(end + 1)
        && tokens.is_digits(end + 1);
    !goes_on(end) && !goes_on_in_digits
}

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
        ("Inch", "\"") => tokens.iter().take(at).filter(|token| token.is_sign('"')).count() % 2 == 0,
        ("Picometer", "pm") => {
            let start = (0..at).rev().take_while(|left| !tokens.is_word(*left)).last().unwrap_or(at);
            let before = start.checked_sub(1).map(|left| tokens.text(left)).unwrap_or_default();
            !tokens.is_glued(at) && !language.units.words.clock.contains(&before)
        }
        _ => true,
    }
}

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
    use crate::entity::{Kind, Language, recognize};

    fn check(language: &str, text: &str, expected: &[(&str, &str)]) {
        let found =
            recognize(text, Language::find(language).unwrap(), None, &[Kind::Temperature, Kind::Dimension]);
        let found: Vec<_> = found.iter().map(|e| (e.text.clone(), e.value.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(t, v)| ((*t).to_owned(), (*v).to_owned())).collect();
        assert_eq!(found, expected, "{text:?}");
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
        check("de", "minus 3,5 °C", &[("minus 3,5 °C", "-3.5 °C")]);
        check(
            "de",
            "drei Tassen im Schrank, eine Tasse",
            &[("drei Tassen", "3 cup"), ("eine Tasse", "1 cup")],
        );
    }
}
