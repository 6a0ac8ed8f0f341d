//! Dates and times as Recognizers-Text writes them, for [`crate::entity::protocol`].
//!
//! A value has a TIMEX, a type and `value`, or `start` and `end`. What is understood but has no day is "not resolved".

use serde_json::{Map, Value as Json, json};

use super::{DateTimeValue, When};
use crate::entity::Kind;

/// The name of a kind.
pub fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "datetimeV2.date",
        Kind::Time => "datetimeV2.time",
        Kind::DateTime => "datetimeV2.datetime",
        Kind::DateRange => "datetimeV2.daterange",
        Kind::TimeRange => "datetimeV2.timerange",
        Kind::DateTimeRange => "datetimeV2.datetimerange",
        Kind::Set => "datetimeV2.set",
        _ => "datetimeV2.duration",
    }
}

/// The same without the prefix.
fn short_name(kind: Kind) -> &'static str {
    let name = type_name(kind);
    name.split_once('.').map_or(name, |(_, short)| short)
}

/// `{"values": […]}` with every candidate.
pub fn resolution(value: &DateTimeValue) -> Json {
    // The suite calls a time that is not exact a range, and writes it as the point it is.
    let kind = match (value.approximate, value.kind) {
        (true, Kind::Date) => Kind::DateRange,
        (true, Kind::Time) => Kind::TimeRange,
        (true, Kind::DateTime) => Kind::DateTimeRange,
        (_, kind) => kind,
    };
    let mut values: Vec<Json> =
        value.candidates.iter().map(|when| candidate(kind, when, value.approximate)).collect();
    if values.is_empty() {
        values.push(json!({ "type": short_name(kind), "value": NOT_RESOLVED }));
    }
    json!({ "values": values })
}

const NOT_RESOLVED: &str = "not resolved";

fn candidate(kind: Kind, when: &When, approximate: bool) -> Json {
    let mut fields = Map::new();
    let mut put = |key: &str, value: String| {
        fields.insert(key.to_owned(), value.into());
    };
    put("type", short_name(kind).to_owned());
    let timex = match when {
        When::Set(recurrence) => recurrence.to_timex(),
        other => other.to_string(),
    };
    put("timex", timex);
    if approximate {
        put("Mod", "approx".to_owned());
    }
    let mut sides = |start: Option<String>, end: Option<String>| {
        for (key, side) in [("start", start), ("end", end)] {
            if let Some(side) = side {
                put(key, side);
            }
        }
    };
    let moment = |time: &jiff::civil::DateTime| time.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let clock = |time: &jiff::civil::Time| time.strftime("%H:%M:%S").to_string();
    match when {
        When::Dates { start, end } => {
            sides(start.map(|date| date.to_string()), end.map(|date| date.to_string()))
        }
        When::Times { start, end } => sides(start.as_ref().map(clock), end.as_ref().map(clock)),
        When::DateTimes { start, end } => sides(start.as_ref().map(moment), end.as_ref().map(moment)),
        When::Date(date) => put("value", date.to_string()),
        When::Time(time) => put("value", clock(time)),
        When::DateTime(time) => put("value", moment(time)),
        When::Duration(length) => put("value", length.total_seconds().to_string()),
        When::Set(_) => put("value", NOT_RESOLVED.to_owned()),
    }
    Json::Object(fields)
}
