//! Values, parses and turns as the conformance vectors show them: by their parts, so that the same text in Kotlin and Swift
//! proves that each part arrived.

use jiff::civil::DateTime;
use spatz::command::{Command, CommandParser, Parse, SlotValue, Turn};
use spatz::entity::Value;
use spatz::entity::datetime::When;
use spatz::entity::datetime::length::Length;
use spatz::entity::datetime::recurrence::Recurrence;
use spatz::entity::ordinal::Anchor;
use spatz::entity::quantity::Quantity;

pub(crate) fn parse(parse: &Parse) -> String {
    match parse {
        Parse::Command(call) => command(call),
        Parse::NeedsValue { command: call, slot, prompt } => {
            format!("needs {} {slot}: {prompt}", command(call))
        }
        Parse::OutOfScope { .. } => "-".to_owned(),
    }
}

pub(crate) fn turn(parser: &CommandParser, turn: &Turn) -> String {
    match turn {
        Turn::Run { command: call, corrects } => {
            let response = parser.response(call).map(|text| format!(" → {text}")).unwrap_or_default();
            format!("{} {}{response}", if *corrects { "correct" } else { "run" }, command(call))
        }
        Turn::Ask { command: call, slot, prompt } => format!("ask {} {slot}: {prompt}", command(call)),
        Turn::Confirm { command: call, prompt } => format!("confirm {}: {prompt}", command(call)),
        Turn::Cancelled => "cancelled".to_owned(),
        Turn::NotUnderstood => "not understood".to_owned(),
    }
}

fn command(command: &Command) -> String {
    let slots = command.slots.iter().map(|slot| {
        let others: Vec<_> = slot.alternatives.iter().map(value).collect();
        let others = if others.is_empty() { String::new() } else { format!(" [{}]", others.join(", ")) };
        format!(" {}={}{others}", slot.name, value(&slot.value))
    });
    command.intent.clone() + &slots.collect::<String>()
}

pub(crate) fn value(value: &SlotValue) -> String {
    match value {
        SlotValue::Duration { seconds } => format!("{seconds} s"),
        SlotValue::Entity(value) => entity(value),
        other => other.to_string(),
    }
}

fn entity(value: &Value) -> String {
    match value {
        Value::Ordinal(place) => {
            let from = match place.from {
                Anchor::Start => "start",
                Anchor::Current => "current",
                Anchor::End => "end",
            };
            format!("{from}{:+}", place.offset)
        }
        Value::Temperature(quantity) | Value::Dimension(quantity) | Value::Age(quantity) => {
            measured(quantity)
        }
        Value::DateTime(value) => {
            let meant = value.meant().map_or_else(|| "nothing".to_owned(), when);
            let of = if value.candidates.len() > 1 {
                format!(" of {}", value.candidates.len())
            } else {
                String::new()
            };
            let back = if value.looks_back { " <" } else { "" };
            format!("{meant}{of}{back}{}", if value.approximate { " ~" } else { "" })
        }
        other => other.to_string(),
    }
}

fn measured(quantity: &Quantity) -> String {
    let measures = format!("{:?}", quantity.unit.dimension).to_lowercase();
    let amount = quantity.amount.map(|amount| format!("{amount} ")).unwrap_or_default();
    format!("{amount}{} {measures}", quantity.unit.symbol)
}

fn when(when: &When) -> String {
    fn range<T>(start: Option<&T>, end: Option<&T>, show: impl Fn(&T) -> String) -> String {
        let side = |side: Option<&T>| side.map_or_else(|| "..".to_owned(), &show);
        format!("{}/{}", side(start), side(end))
    }
    let moment = |time: &DateTime| format!("{time}+01:00");
    match when {
        When::Date(date) => date.to_string(),
        When::Time(time) => time.to_string(),
        When::DateTime(time) => moment(time),
        When::Dates { start, end } => range(start.as_ref(), end.as_ref(), ToString::to_string),
        When::Times { start, end } => range(start.as_ref(), end.as_ref(), ToString::to_string),
        When::DateTimes { start, end } => range(start.as_ref(), end.as_ref(), moment),
        When::Duration(length) => calendar_length(length),
        When::Set(recurrence) => again(recurrence),
    }
}

fn calendar_length(length: &Length) -> String {
    let Length { years, months, weeks, days, business_days, seconds } = *length;
    let parts = [
        (years, "years"),
        (months, "months"),
        (weeks, "weeks"),
        (days, "days"),
        (business_days, "business days"),
        (seconds, "s"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count != 0.0);
    parts.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ")
}

fn again(rule: &Recurrence) -> String {
    let (frequency, interval) = rule.frequency();
    let mut parts = vec![format!("every {interval} {}", format!("{frequency:?}").to_lowercase())];
    let weekdays: Vec<_> = rule.weekdays().iter().map(|day| day.to_monday_one_offset().to_string()).collect();
    if !weekdays.is_empty() {
        parts.push(format!("weekdays {}", weekdays.join(" ")));
    }
    parts.extend(rule.nth.map(|nth| format!("nth {nth}")));
    parts.extend(rule.day_of_month.map(|day| format!("day {day}")));
    parts.extend(rule.time.map(|time| format!("time {time}")));
    parts.extend(rule.part.map(|part| format!("part {}", format!("{part:?}").to_lowercase())));
    format!("{rule} ({})", parts.join(", "))
}
