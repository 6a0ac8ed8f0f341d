//! The voice commands that `/say` understands, and what the apps that hear them do next.

use anyhow::Result;
use spatz::command::{
    Command, CommandParser, CommandSet, Conversation, Parse, ParseContext, SlotValue, Turn,
};

/// The sample command sets.
const SAMPLES: [(&str, &str); 6] = [
    ("calendar.yaml", include_str!("../../../../tests/commands/calendar.yaml")),
    ("coffee.yaml", include_str!("../../../../tests/commands/coffee.yaml")),
    ("lights.yaml", include_str!("../../../../tests/commands/lights.yaml")),
    ("music.yaml", include_str!("../../../../tests/commands/music.yaml")),
    ("shopping.yaml", include_str!("../../../../tests/commands/shopping.yaml")),
    ("timers.yaml", include_str!("../../../../tests/commands/timers.yaml")),
];

/// Several apps that listen side by side.
pub(super) struct Commands {
    apps: Vec<App>,
    /// The app that was spoken to last: it hears "no, twenty" and "and in the kitchen too".
    last: usize,
}

struct App {
    parser: CommandParser,
    conversation: Conversation,
}

impl Commands {
    pub(super) fn samples() -> Result<Self> {
        let app = |(name, text): &(&str, &str)| {
            let parser = CommandParser::new(CommandSet::from_yaml(name, text)?);
            Ok(App { parser, conversation: Conversation::default() })
        };
        Ok(Self { apps: SAMPLES.iter().map(app).collect::<Result<_>>()?, last: 0 })
    }

    /// What the app does for which `utterance` is meant: the one that waits for an answer, one with such a sentence, or the
    /// one that was spoken to last.
    pub(super) fn answer(&mut self, utterance: &str) -> String {
        let context = ParseContext::default().at(jiff::ZonedDateTime::now().datetime());
        let has_sentence = |app: &App| match app.parser.parse(utterance, &context) {
            Parse::Command(command) | Parse::NeedsValue { command, .. } => command.confidence >= 1.0,
            Parse::OutOfScope { .. } => false,
        };
        let waits = self.apps.get(self.last).is_some_and(|app| app.conversation.is_open());
        let named = (0..self.apps.len()).filter(|app| self.apps.get(*app).is_some_and(has_sentence));
        let waiting = waits.then_some(self.last);
        let order: Vec<usize> =
            waiting.into_iter().chain(named).chain([self.last]).chain(0..self.apps.len()).collect();
        for number in order {
            let Some(app) = self.apps.get_mut(number) else { continue };
            let turns = app.parser.converse(utterance, &mut app.conversation, &context);
            if !turns.contains(&Turn::NotUnderstood) {
                self.last = number;
                return turns.iter().map(describe).collect::<Vec<_>>().join(", ");
            }
        }
        "no command for this".to_owned()
    }
}

/// What the app does.
fn describe(turn: &Turn) -> String {
    match turn {
        Turn::Run { command, corrects: false } => call(command),
        Turn::Run { command, corrects: true } => format!("instead: {}", call(command)),
        Turn::Ask { command, slot, prompt } => format!("{} needs {slot}: {prompt}", call(command)),
        Turn::Confirm { command, prompt } => format!("{} asks: {prompt}", call(command)),
        Turn::Cancelled => "cancelled".to_owned(),
        Turn::NotUnderstood => "no command for this".to_owned(),
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
        let mut commands = Commands::samples().unwrap();
        assert_eq!(commands.answer("lorem ipsum"), "no command for this");
        assert!(commands.answer("set a timer for ten minutes").contains("10 min"));
        assert!(commands.answer("no, twelve minutes").starts_with("instead: StartTimer(duration = 12 min"));
        assert!(commands.answer("dim the lights").contains("How bright"));
        assert_eq!(commands.answer("thirty percent"), "SetBrightness(brightness = 30)");
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
        assert_eq!(
            describe(&Turn::Run { command, corrects: false }),
            "timer(length = 1 h 30 min, name = \"Tee\")"
        );
        assert_eq!(describe(&Turn::NotUnderstood), "no command for this");
        assert_eq!(duration(0), "0 s");
    }
}
