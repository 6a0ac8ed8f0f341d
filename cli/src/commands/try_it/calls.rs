//! The voice commands that `/say` understands, and what a parse of one looks like.

use anyhow::Result;
use spatz::command::{Command, CommandParser, CommandSet, Parse, ParseContext, SlotValue};

/// The sample command sets.
const SAMPLES: [(&str, &str); 4] = [
    ("lights.yaml", include_str!("../../../../tests/commands/lights.yaml")),
    ("music.yaml", include_str!("../../../../tests/commands/music.yaml")),
    ("shopping.yaml", include_str!("../../../../tests/commands/shopping.yaml")),
    ("timers.yaml", include_str!("../../../../tests/commands/timers.yaml")),
];

/// Several apps that listen side by side.
pub(super) struct Commands(Vec<CommandParser>);

impl Commands {
    pub(super) fn samples() -> Result<Self> {
        let parser = |(name, text): &(&str, &str)| Ok(CommandParser::new(CommandSet::from_yaml(name, text)?));
        SAMPLES.iter().map(parser).collect::<Result<_>>().map(Self)
    }

    /// What the first app that understands `utterance` would do.
    pub(super) fn answer(&self, utterance: &str) -> String {
        let parses = self.0.iter().map(|parser| parser.parse(utterance, &ParseContext::default()));
        let understood = parses.into_iter().find(|parse| !matches!(parse, Parse::OutOfScope { .. }));
        understood.map_or_else(|| "no command for this".to_owned(), |parse| describe(&parse))
    }
}

/// What the app would do.
fn describe(parse: &Parse) -> String {
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
        SlotValue::Entity(value) => value.to_string(),
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
    fn the_samples_answer() {
        let commands = Commands::samples().unwrap();
        assert_eq!(commands.answer("lorem ipsum"), "no command for this");
        assert!(commands.answer("set a timer for ten minutes").contains("10 min"));
    }

    #[test]
    fn calls_read_as_calls() {
        let slot = |name: &str, value| Slot {
            name: name.into(),
            value,
            text: String::new(),
            span: None,
            alternatives: Vec::new(),
        };
        let command = Command {
            intent: "timer".into(),
            language: "en".into(),
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
