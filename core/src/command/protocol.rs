//! One JSON object a line in and out, for tools in other languages (`spatz parse --jsonl`).
//!
//! A request is `{"text": "…"}`, with `language` and `context` if they differ from the caller's. The response has
//! `intent` (`null`: out of scope), `confidence`, `slots` with `name`, `value`, `type`, `text`, `start` and `end` in code
//! points (end exclusive, `null` where the template fixes the value), and `missing` and `prompt` if a required slot is
//! not there. A duration's value is ISO 8601, a quantity's `{"amount", "unit"}`, money's `{"amount", "currency"}`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::parser::{Command, Parse, ParseContext, Slot};
use super::value::SlotValue;
use crate::entity;
use crate::entity::ordinal::Anchor;

/// A line of input.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// The utterance.
    pub text: String,
    /// Its language, if it is not the caller's.
    #[serde(default)]
    pub language: Option<String>,
    /// What is known around it, added to the caller's.
    #[serde(default)]
    pub context: BTreeMap<String, Value>,
}

impl Request {
    /// `base` with what the request says more.
    pub fn context(&self, base: &ParseContext) -> ParseContext {
        let mut context = base.clone();
        if let Some(language) = &self.language {
            context.language = Some(language.clone());
        }
        let known = self.context.iter().filter_map(|(key, value)| Some((key.clone(), slot_value(value)?)));
        context.context.extend(known);
        context
    }
}

/// A JSON scalar as a value; `None` for null, lists and objects.
pub fn slot_value(value: &Value) -> Option<SlotValue> {
    match value {
        Value::String(text) => Some(SlotValue::Text(text.clone())),
        Value::Bool(value) => Some(SlotValue::Boolean(*value)),
        Value::Number(number) => {
            number.as_i64().map(SlotValue::Integer).or_else(|| number.as_f64().map(SlotValue::Number))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A line of output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    /// The intent; `None` if the utterance is out of scope.
    pub intent: Option<String>,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// The values.
    pub slots: Vec<ResponseSlot>,
    /// The required slot that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// The question for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// A value of a [`Response`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponseSlot {
    /// The slot.
    pub name: String,
    /// Text, number or boolean; a duration in ISO 8601; `{"amount", "unit"}` or `{"amount", "currency"}`.
    pub value: Value,
    /// `text`, `integer`, `number`, `boolean`, `duration`, `temperature`, …
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The words it came from.
    pub text: String,
    /// First code point.
    pub start: Option<usize>,
    /// One past the last code point.
    pub end: Option<usize>,
}

impl From<&Slot> for ResponseSlot {
    fn from(slot: &Slot) -> Self {
        let value = match &slot.value {
            SlotValue::Text(text) => Value::from(text.as_str()),
            SlotValue::Integer(value) => Value::from(*value),
            SlotValue::Number(value) => Value::from(*value),
            SlotValue::Boolean(value) => Value::from(*value),
            duration @ SlotValue::Duration { .. } => Value::from(duration.to_string()),
            SlotValue::Entity(value) => entity(value),
        };
        Self {
            name: slot.name.clone(),
            value,
            kind: slot.value.type_name(),
            text: slot.text.clone(),
            start: slot.span.map(|span| span.0),
            end: slot.span.map(|span| span.1),
        }
    }
}

/// An amount with its unit as an object, all else as its canonical text or number.
fn entity(value: &entity::Value) -> Value {
    use entity::Value::{Age, Currency, Dimension, Ordinal, Percent, Temperature};
    match value {
        Percent(value) => Value::from(*value),
        Temperature(quantity) | Dimension(quantity) | Age(quantity) => {
            json!({ "amount": quantity.amount, "unit": quantity.unit.symbol })
        }
        Currency(money) => {
            json!({ "amount": money.amount, "currency": money.currency.code.unwrap_or(money.currency.name) })
        }
        Ordinal(place) if place.from == Anchor::Start => Value::from(place.offset),
        value => Value::from(value.to_string()),
    }
}

impl From<&Parse> for Response {
    fn from(parse: &Parse) -> Self {
        let understood = |command: &Command, missing: Option<&String>, prompt: Option<&String>| Self {
            intent: Some(command.intent.clone()),
            confidence: command.confidence,
            slots: command.slots.iter().map(ResponseSlot::from).collect(),
            missing: missing.cloned(),
            prompt: prompt.cloned(),
        };
        match parse {
            Parse::Command(command) => understood(command, None, None),
            Parse::NeedsValue { command, slot, prompt } => understood(command, Some(slot), Some(prompt)),
            Parse::OutOfScope { confidence } => {
                Self { intent: None, confidence: *confidence, slots: Vec::new(), missing: None, prompt: None }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{CommandParser, CommandSet};

    #[test]
    fn entities_have_their_parts() {
        let yaml = "language: en\nintents: { A: [\"a {temperature:t}\", \"a {currency:c}\", \"a {ordinal:o}\", \"a {percent:p}\"] }";
        let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", yaml).unwrap());
        let check = |text: &str, kind: &str, expected: Value| {
            let response = Response::from(&parser.parse(text, &ParseContext::default()));
            let slot = response.slots.first().unwrap();
            assert_eq!((slot.kind, &slot.value), (kind, &expected), "{text:?}");
        };
        check("a 20 degrees celsius", "temperature", json!({ "amount": 20.0, "unit": "°C" }));
        check("a 3 euros", "currency", json!({ "amount": 3.0, "currency": "EUR" }));
        check("a third", "ordinal", json!(3));
        check("a last", "ordinal", json!("end+0"));
        check("a 5 %", "percent", json!(5.0));
    }
}
