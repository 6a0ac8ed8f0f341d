//! One JSON object a line in and out, for tools in other languages (`spatz entities --jsonl`).
//!
//! A request is `{"text": "…", "reference": "2016-11-07T00:00:00" or null, "types": ["number", …]}`. The response is
//! `{"entities": [{"text", "start", "end", "type", "resolution"}]}`: `start` and `end` count code points, `end` inclusive.
//! Types and resolutions are those of Recognizers-Text, whose suite measures us: values are strings, with the
//! language's decimal sign, and units have its names.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value as Json, json};

use super::ordinal::{Anchor, Ordinal};
use super::quantity::Quantity;
use super::unit::Dimension;
use super::value::{Kind, Value};
use super::{Entity, Language, datetime, recognize};

/// A line of input.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The text.
    pub text: String,
    /// The local time that dates are resolved against.
    #[serde(default, deserialize_with = "local_time")]
    pub reference: Option<DateTime>,
    /// What to look for; everything, if it is empty.
    #[serde(default, deserialize_with = "kinds")]
    pub types: Vec<Kind>,
}

/// A line of output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    /// What was found, left to right.
    pub entities: Vec<ResponseEntity>,
}

/// An entity of a [`Response`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponseEntity {
    /// The words as written.
    pub text: String,
    /// First code point.
    pub start: usize,
    /// Last code point.
    pub end: usize,
    /// `number`, `ordinal`, `ordinal.relative`, `percentage`, …
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it means.
    pub resolution: Json,
}

impl Request {
    /// Finds what the request asks for.
    pub fn answer(&self, language: &Language) -> Response {
        let kinds = if self.types.is_empty() { &Kind::ALL[..] } else { &self.types };
        let found = recognize(&self.text, language, self.reference, kinds);
        Response { entities: found.into_iter().map(|entity| response(entity, language)).collect() }
    }
}

/// A local time such as `2026-11-25T08:30`, or null.
pub(crate) fn local_time<'de, D: Deserializer<'de>>(source: D) -> Result<Option<DateTime>, D::Error> {
    let text = Option::<String>::deserialize(source)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// What types are asked for, each once.
fn kinds<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<Kind>, D::Error> {
    let names = Vec::<String>::deserialize(source)?;
    let known = |name: &String| {
        kind(name).ok_or_else(|| {
            let all = Kind::ALL.map(Kind::name).join(", ");
            D::Error::custom(format_args!("no type {name:?}; there are {all}"))
        })
    };
    let kinds: BTreeSet<Kind> = names.iter().map(known).collect::<Result<_, _>>()?;
    Ok(kinds.into_iter().collect())
}

/// The kind of a type's name, ours or that of Recognizers-Text.
fn kind(name: &str) -> Option<Kind> {
    match name {
        "percentage" => Some(Kind::Percent),
        "ordinal.relative" => Some(Kind::Ordinal),
        "set" | "datetimeV2.set" => Some(Kind::Set),
        name => Kind::find(name.strip_prefix("datetimeV2.").unwrap_or(name)),
    }
}

fn response(entity: Entity<Value>, language: &Language) -> ResponseEntity {
    let number = |value: f64| decimal(value, language.number.words.thousands == '.');
    let (kind, resolution) = match &entity.value {
        Value::Number(value) => ("number", json!({ "value": number(*value) })),
        Value::Ordinal(place) => ordinal(*place),
        Value::Percent(value) => {
            let value = value.map_or_else(|| "null".to_owned(), |value| format!("{}%", number(value)));
            ("percentage", json!({ "value": value }))
        }
        Value::Temperature(quantity) => {
            ("temperature", json!({ "value": quantity.amount.map(number), "unit": unit(quantity) }))
        }
        Value::Age(quantity) => {
            ("age", json!({ "value": quantity.amount.map(number), "unit": unit(quantity) }))
        }
        Value::Dimension(quantity) => {
            let subtype = match quantity.unit.dimension {
                Dimension::Length => "Length",
                Dimension::Weight => "Weight",
                Dimension::Volume => "Volume",
                Dimension::Area => "Area",
                Dimension::Speed => "Speed",
                Dimension::Information => "Information",
                Dimension::Angle => "Angle",
                Dimension::Temperature => "Temperature",
                Dimension::Time => "Time",
            };
            let value = quantity.amount.map(number);
            ("dimension", json!({ "value": value, "unit": unit(quantity), "subtype": subtype }))
        }
        Value::Currency(money) => {
            let mut resolution = json!({ "value": money.amount.map(number), "unit": money.currency.name });
            if let Some(code) = money.currency.code {
                resolution["isoCurrency"] = code.into();
            }
            ("currency", resolution)
        }
        Value::Boolean(value) => ("boolean", json!({ "value": value })),
        Value::Phone(text) => ("phone", json!({ "value": text })),
        Value::Email(text) => ("email", json!({ "value": text })),
        Value::Url(text) => ("url", json!({ "value": text })),
        Value::DateTime(value) => {
            (datetime::protocol::type_name(value.kind), datetime::protocol::resolution(value))
        }
        Value::Colour(colour) => ("colour", json!({ "value": colour.to_string() })),
    };
    ResponseEntity {
        text: entity.text,
        start: entity.start,
        end: entity.end.saturating_sub(1).max(entity.start),
        kind,
        resolution,
    }
}

fn ordinal(place: Ordinal) -> (&'static str, Json) {
    let (kind, from) = match place.from {
        Anchor::Start => ("ordinal", "start"),
        Anchor::Current => ("ordinal.relative", "current"),
        Anchor::End => ("ordinal.relative", "end"),
    };
    (kind, json!({ "value": place.to_string(), "offset": place.offset.to_string(), "relativeTo": from }))
}

fn unit(quantity: &Quantity) -> &'static str {
    quantity.unit.name
}

/// Fifteen digits, as the suite writes numbers.
fn decimal(value: f64, comma: bool) -> String {
    let exponent = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let text = if (-5..15).contains(&exponent) {
        let places = usize::try_from(14 - exponent).unwrap_or(0);
        let text = format!("{value:.places$}");
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        if text == "-0" { "0".to_owned() } else { text.to_owned() }
    } else {
        format!("{value:E}")
    };
    if comma { text.replace('.', ",") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_fifteen_digits() {
        let check = |value, expected: &str| assert_eq!(decimal(value, false), expected);
        check(0.0, "0");
        check(2.0 / 3.0, "0.666666666666667");
        check(1e6 * 20.0 / 3.0, "6666666.66666667");
        check(-1.25, "-1.25");
        check(4321.0, "4321");
        check(1e-12, "1E-12");
        check(1e20, "1E20");
        assert_eq!(decimal(0.5, true), "0,5");
    }

    #[test]
    fn answers_have_the_types_of_the_request() {
        let request: Request = serde_json::from_str(
            r#"{"text": "25 grams", "reference": null, "types": ["number", "percentage"]}"#,
        )
        .unwrap();
        let response = request.answer(Language::find("en").unwrap());
        let expected = json!({ "entities": [
            { "text": "25", "start": 0, "end": 1, "type": "number", "resolution": { "value": "25" } },
        ] });
        assert_eq!(serde_json::to_value(&response).unwrap(), expected);
    }

    #[test]
    fn an_unknown_type_is_told() {
        let error =
            serde_json::from_str::<Request>(r#"{"text": "25 grams", "types": ["weight"]}"#).unwrap_err();
        assert!(error.to_string().starts_with(r#"no type "weight"; there are number, ordinal"#), "{error}");
    }
}
