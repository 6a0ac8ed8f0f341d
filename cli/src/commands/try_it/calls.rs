//! A parse as one line of text.

use spatz::command::{Command, Parse, SlotValue};

/// What the app would do.
pub(super) fn describe(parse: &Parse) -> String {
    match parse {
        Parse::Command(command) => call(command),
        Parse::NeedsValue { command, slot, prompt } => format!("{} needs {slot}: {prompt}", call(command)),
        Parse::OutOfScope { .. } => "no command for this".to_owned(),
    }
}

fn call(command: &Command) -> String {
    let slots: Vec<String> =
        command.slots.iter().map(|slot| format!("{} = {}", slot.name, value(&slot.value))).collect();
    format!("{}({})", command.intent, slots.join(", "))
}

fn value(value: &SlotValue) -> String {
    match value {
        SlotValue::Text(text) => format!("{text:?}"),
        SlotValue::Integer(number) => number.to_string(),
        SlotValue::Number(number) => number.to_string(),
        SlotValue::Boolean(truth) => truth.to_string(),
        SlotValue::Duration { seconds } => duration(*seconds),
        other => format!("{other:?}"),
    }
}

fn duration(seconds: i64) -> String {
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let shown: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count != 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if shown.is_empty() { "0 s".to_owned() } else { shown.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spatz::command::Slot;

    #[test]
    fn calls_read_as_calls() {
        let slot = |name: &str, value| Slot { name: name.into(), value, text: String::new(), span: None };
        let command = Command {
            intent: "timer".into(),
            confidence: 1.0,
            slots: vec![
                slot("length", SlotValue::Duration { seconds: 5400 }),
                slot("name", SlotValue::Text("Tee".into())),
            ],
        };
        assert_eq!(describe(&Parse::Command(command)), "timer(length = 1 h 30 min, name = \"Tee\")");
        assert_eq!(describe(&Parse::OutOfScope { confidence: 0.9 }), "no command for this");
        assert_eq!(duration(0), "0 s");
    }
}
