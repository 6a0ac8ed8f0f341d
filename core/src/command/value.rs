//! The typed values that slots carry.

use serde::{Deserialize, Serialize};

use crate::entity::duration::Duration;
use crate::entity::{self, Kind};

/// The kinds of entities that a slot may have as its type, under their own names.
pub(super) const ENTITY_TYPES: &[Kind] = &[
    Kind::Boolean,
    Kind::Ordinal,
    Kind::Percent,
    Kind::Temperature,
    Kind::Dimension,
    Kind::Currency,
    Kind::Age,
    Kind::Phone,
    Kind::Email,
    Kind::Url,
    Kind::Colour,
    Kind::Date,
    Kind::Time,
    Kind::DateTime,
    Kind::DateRange,
    Kind::TimeRange,
    Kind::DateTimeRange,
    Kind::Set,
];

/// The kind of [`ENTITY_TYPES`] that a command file calls so.
pub(super) fn entity_type(name: &str) -> Option<Kind> {
    ENTITY_TYPES.iter().copied().find(|kind| kind.name() == name)
}

/// A slot's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SlotValue {
    /// A list entry's value or free text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A length of time in seconds (ISO 8601 by [`SlotValue::to_iso_string`]).
    Duration {
        /// Whole seconds.
        seconds: i64,
    },
    /// Any other value that was read by rules: a temperature, an amount of money, an ordinal.
    Entity(entity::Value),
}

impl SlotValue {
    /// ISO 8601 for values that have such a form: `PT10M`, `2026-11-25T19:00:00`; a recurrence's is RFC 5545.
    pub fn to_iso_string(&self) -> Option<String> {
        match self {
            Self::Duration { seconds } => Some(Duration { seconds: *seconds }.to_iso_string()),
            Self::Entity(entity::Value::DateTime(value)) => value.meant().map(ToString::to_string),
            _ => None,
        }
    }

    /// The name of the type as a command file writes it: `text`, `integer`, `duration`, `temperature`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "integer",
            Self::Number(_) => "number",
            Self::Boolean(_) => "boolean",
            Self::Duration { .. } => "duration",
            Self::Entity(value) => value.kind().name(),
        }
    }

    /// Whether there is such a value: no 31st of February, and nothing lasts minus five minutes.
    pub(super) fn is_possible(&self) -> bool {
        match self {
            Self::Entity(entity::Value::DateTime(value)) => value.meant().is_some(),
            Self::Duration { seconds } => *seconds >= 0,
            _ => true,
        }
    }

    /// Whether both say the same; `1` and `1.0` do.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Integer(a), Self::Number(b)) | (Self::Number(b), Self::Integer(a)) => *a as f64 == *b,
            _ => self == other,
        }
    }
}

impl std::fmt::Display for SlotValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Duration { seconds } => f.write_str(&Duration { seconds: *seconds }.to_iso_string()),
            Self::Entity(value) => write!(f, "{value}"),
        }
    }
}

impl From<&str> for SlotValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for SlotValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for SlotValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for SlotValue {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<f64> for SlotValue {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for SlotValue {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<entity::Value> for SlotValue {
    fn from(value: entity::Value) -> Self {
        match value {
            entity::Value::Number(value) => Self::Number(value),
            entity::Value::Boolean(value) => Self::Boolean(value),
            value => Self::Entity(value),
        }
    }
}
