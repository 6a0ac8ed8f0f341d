//! Units of measurement, and how a language calls them.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::phrases::{self, Found, Phrases};
use super::tokens::Tokens;

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
    /// What stands behind a temperature that is below zero: "five degrees *below zero*".
    pub below_zero: &'static [&'static str],
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
    pub(super) fn by_name<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::find(&name).ok_or_else(|| D::Error::custom(format_args!("no unit is called {name}")))
    }

    /// Degrees that may be of a turn or of heat.
    pub(super) fn is_bare_degree(&self) -> bool {
        self.name == "Degree"
    }
}

/// [`UnitWords`], made ready for looking up.
#[derive(Debug)]
pub struct UnitTable {
    pub(super) words: &'static UnitWords,
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
    pub(super) fn at(&self, tokens: &Tokens, at: usize) -> Vec<Found<&'static Unit>> {
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
    let is_hyphen = tokens.is_glued(end) && tokens.is_sign(end, '-');
    let in_a_code = is_hyphen && tokens.is_glued(end + 1) && tokens.is_digits(end + 1);
    !goes_on(end) && !in_a_code
}
