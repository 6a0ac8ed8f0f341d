//! The voice commands that `/say` understands, and what the apps that hear them do next.

use anyhow::Result;
use spatz::Model;
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
    encoder: Option<Model>,
    /// Empty until the first utterance, which learns the sets.
    apps: Vec<App>,
    /// The app that was spoken to last: it hears "no, twenty" and "and in the kitchen too".
    last: usize,
}

struct App {
    parser: CommandParser,
    conversation: Conversation,
    /// The intent of what it last asked about.
    asked: Option<String>,
}

/// What an app makes of an utterance, and where its conversation would then stand.
struct Heard {
    app: usize,
    turns: Vec<Turn>,
    after: Conversation,
}

impl Heard {
    fn is_understood(&self) -> bool {
        !self.turns.contains(&Turn::NotUnderstood)
    }

    /// Whether one value is the whole utterance.
    fn takes_all(&self, utterance: &str) -> bool {
        self.turns.iter().any(|turn| match turn {
            Turn::Run { command, .. } | Turn::Ask { command, .. } | Turn::Confirm { command, .. } => {
                command.slots.iter().any(|slot| slot.text == utterance)
            }
            Turn::Cancelled | Turn::NotUnderstood => false,
        })
    }

    /// Whether it is about what `app` asked.
    fn answers(&self, app: &App) -> bool {
        self.turns.first().is_some_and(|turn| match turn {
            Turn::Run { command, .. } | Turn::Ask { command, .. } | Turn::Confirm { command, .. } => {
                app.asked.as_ref() == Some(&command.intent)
            }
            Turn::Cancelled => true,
            Turn::NotUnderstood => false,
        })
    }
}

impl Commands {
    /// The sample apps. With a sentence encoder they also understand what none of their sentences matches.
    pub(super) fn samples(encoder: Option<Model>) -> Self {
        Self { encoder, apps: Vec::new(), last: 0 }
    }

    /// What the app does for which `utterance` is meant: the one that waits for an answer or is corrected, the one that is
    /// surest that it was meant, or the one that was spoken to last.
    ///
    /// # Errors
    /// If a sample set cannot be learned with the encoder.
    pub(super) fn answer(&mut self, utterance: &str) -> Result<String> {
        if self.apps.is_empty() {
            self.apps = self.learn()?;
        }
        let context = ParseContext::default().at(jiff::ZonedDateTime::now().datetime());
        if let Some(parts) = self.parts(utterance, &context) {
            let answers: Result<Vec<String>> = parts.iter().map(|part| self.answer(part)).collect();
            return Ok(answers?.join(", "));
        }
        let sure = |app: &App| match app.parser.parse(utterance, &context) {
            Parse::Command(command) | Parse::NeedsValue { command, .. } => command.confidence,
            Parse::OutOfScope { .. } => 0.0,
        };
        let mut by_confidence: Vec<(usize, f32)> = self.apps.iter().map(sure).enumerate().collect();
        by_confidence.sort_by(|a, b| b.1.total_cmp(&a.1));
        let is_certain = by_confidence.first().is_some_and(|(_, confidence)| *confidence >= 1.0);
        let hear = |number: usize| {
            let app = self.apps.get(number)?;
            let mut after = app.conversation.clone();
            let turns = app.parser.converse(utterance, &mut after, &context);
            Some(Heard { app: number, turns, after })
        };
        let last = hear(self.last).filter(|heard| {
            let corrects = heard.turns.iter().any(|turn| matches!(turn, Turn::Run { corrects: true, .. }));
            let is_open = self.apps.get(self.last).is_some_and(|app| app.conversation.is_open());
            let is_answer = is_open && self.apps.get(self.last).is_some_and(|app| heard.answers(app));
            // What is a command elsewhere is no title, though any words could be one.
            let is_answer = is_answer && !(is_certain && heard.takes_all(utterance));
            heard.is_understood() && (is_answer || ((is_open || corrects) && !is_certain))
        });
        let surest = by_confidence.iter().filter(|(_, confidence)| *confidence > 0.0).map(|(app, _)| *app);
        let others = surest.chain([self.last]).chain(0..self.apps.len());
        let heard = last.or_else(|| others.filter_map(hear).find(Heard::is_understood));
        let Some(Heard { app, turns, after }) = heard else { return Ok("no command for this".to_owned()) };
        if let Some(app) = self.apps.get_mut(app) {
            app.conversation = after;
            app.asked = turns.iter().find_map(|turn| match turn {
                Turn::Ask { command, .. } | Turn::Confirm { command, .. } => Some(command.intent.clone()),
                _ => None,
            });
        }
        self.last = app;
        Ok(turns.iter().map(describe).collect::<Vec<_>>().join(", "))
    }

    /// Commands for several apps in one sentence, each of which one of their sentences is; `None` if it is for one app.
    fn parts<'u>(&self, utterance: &'u str, context: &ParseContext) -> Option<[&'u str; 2]> {
        let certain = |text: &str| {
            self.apps.iter().position(|app| match app.parser.parse(text, context) {
                Parse::Command(command) | Parse::NeedsValue { command, .. } => command.confidence >= 1.0,
                Parse::OutOfScope { .. } => false,
            })
        };
        [" and then ", " und dann ", " and ", " und "].into_iter().find_map(|join| {
            utterance.match_indices(join).find_map(|(at, _)| {
                let (first, second) = (utterance.get(..at)?, utterance.get(at + join.len()..)?);
                (certain(first)? != certain(second)?).then_some([first, second])
            })
        })
    }

    fn learn(&self) -> Result<Vec<App>> {
        let app = |(name, text): &(&str, &str)| {
            let set = CommandSet::from_yaml(name, text)?;
            let parser = match &self.encoder {
                Some(encoder) => CommandParser::with_encoder(set, encoder)?,
                None => CommandParser::new(set),
            };
            Ok(App { parser, conversation: Conversation::default(), asked: None })
        };
        SAMPLES.iter().map(app).collect()
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
        let mut commands = Commands::samples(None);
        let mut answer = |utterance: &str| commands.answer(utterance).unwrap();
        assert_eq!(answer("lorem ipsum"), "no command for this");
        assert!(answer("set a timer for ten minutes").contains("10 min"));
        assert!(answer("no, twelve minutes").starts_with("instead: StartTimer(duration = 12 min"));
        assert!(answer("dim the lights").contains("How bright"));
        assert_eq!(answer("thirty percent"), "SetBrightness(brightness = 30)");
        assert!(answer("create an appointment").ends_with('?'));
        assert!(answer("turn on the kitchen light").starts_with("TurnOn("));
    }

    #[test]
    fn an_encoder_hears_what_no_sentence_matches() {
        let encoder = crate::registry::shipped_encoder().expect("the encoder is part of the checkout");
        let mut commands = Commands::samples(Some(Model::open(encoder).unwrap()));
        assert!(
            commands.answer("would you switch the kitchen lights on for me").unwrap().starts_with("TurnOn(")
        );
        assert_eq!(
            commands.answer("my grandmother was born in a small village").unwrap(),
            "no command for this"
        );
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
