//! The room as a whole, with a tiny random encoder: its vectors say little, so the words must tell.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::command::{
    Command, CommandError, CommandParser, CommandSet, Conversation, Parse, ParseContext, SlotValue, Turn,
};
use crate::model::Model;
use crate::model::testing::TinyModel;

fn encoder() -> Model {
    Model::open(TinyModel::bert().file()).unwrap()
}

/// Two intents with a dozen examples each, one of them with a room.
fn lines() -> String {
    let rooms = ["kitchen", "hall", "bath", "attic", "garden", "cellar"];
    let light = rooms.iter().flat_map(|room| {
        let line = |before: &str| {
            let start = before.chars().count();
            let end = start + room.chars().count();
            format!(
                r#"{{"text": "{before}{room}", "intent": "Light", "slots": [{{"name": "room", "start": {start}, "end": {end}}}]}}"#
            )
        };
        [line("turn on the light in the "), line("make it bright in the ")]
    });
    let music = [
        "play jazz",
        "play some rock",
        "put on music",
        "i want to hear a song",
        "play my songs",
        "music please",
    ];
    let music = music.iter().map(|text| format!(r#"{{"text": "{text}", "intent": "Music"}}"#));
    light.chain(music).collect::<Vec<_>>().join("\n")
}

fn parser() -> CommandParser {
    CommandParser::with_encoder(CommandSet::from_jsonl("x.jsonl", &lines()).unwrap(), &encoder()).unwrap()
}

fn understood(parser: &CommandParser, text: &str) -> Command {
    match parser.parse(text, &ParseContext::default()) {
        Parse::Command(command) | Parse::NeedsValue { command, .. } => command,
        Parse::OutOfScope { confidence } => panic!("{text}: out of scope ({confidence})"),
    }
}

#[test]
fn examples_are_understood_and_what_is_like_them() {
    let parser = parser();
    let command = understood(&parser, "turn on the light in the kitchen");
    assert_eq!((command.intent.as_str(), command.slot("room")), ("Light", Some(&"kitchen".into())));
    let command = understood(&parser, "ähm, make it bright in the Lounge!");
    assert_eq!(command.intent, "Light");
    let room = &command.slots[0];
    assert_eq!((room.text.as_str(), room.span), ("Lounge", Some((27, 33))));
    assert!(command.confidence > 0.5 && command.confidence <= 1.0, "{command:?}");
    assert_eq!(understood(&parser, "play a song").intent, "Music");
}

#[test]
fn what_names_nothing_is_no_command_unless_an_example_is_so() {
    let lines = format!(
        "{}\n{}\n{}",
        lines(),
        r#"{"text": "two", "intent": "Count"}"#,
        r#"{"text": "three", "intent": "Count"}"#
    );
    let counting =
        CommandParser::with_encoder(CommandSet::from_jsonl("x.jsonl", &lines).unwrap(), &encoder()).unwrap();
    assert_eq!(understood(&counting, "two").intent, "Count");
    for text in ["two", "in the", "and then"] {
        let parse = parser().parse(text, &ParseContext::default());
        assert_eq!(parse, Parse::OutOfScope { confidence: 1.0 }, "{text}");
    }
}

#[test]
fn the_two_best_can_be_asked_for() {
    let found = parser().parse_alternatives("play a song in the hall", &ParseContext::default(), 2);
    assert_eq!(found.len(), 2);
    assert!(found[0].confidence >= found[1].confidence && found[0].intent != found[1].intent, "{found:?}");
    assert!(parser().parse_alternatives("play", &ParseContext::default(), 0).is_empty());
}

#[test]
fn the_set_decides_between_hypotheses() {
    let parser = parser();
    let context = ParseContext::default();
    let check = |hypotheses: &[(&str, f32)], intent: &str| match parser.parse_n_best(hypotheses, &context) {
        Parse::Command(command) => assert_eq!(command.intent, intent, "{hypotheses:?}"),
        other => panic!("{hypotheses:?}: {other:?}"),
    };
    check(&[("play jazz", 0.9), ("turn on the light in the hall", 0.1)], "Music");
    check(&[("xqz wv kk", 0.55), ("play jazz", 0.45)], "Music");
    check(&[("xqz wv kk", -0.6), ("play jazz", -0.8)], "Music");
    let heard = parser.best_hypothesis(&[("xqz wv kk", 0.5), ("play jazz", 0.5)], &context);
    assert_eq!(heard.0, Some(1));
    assert_eq!(parser.parse_n_best(&[], &context), Parse::OutOfScope { confidence: 1.0 });
}

#[test]
fn a_command_file_teaches_by_templates_and_examples() {
    let yaml = r#"
languages: [en, de]
intents:
  Dim:
    slots:
      level: { type: integer, from: 0, to: 100 }
    sentences:
      en: ["dim [the] (lamp|lights) [down] to {level} [percent]"]
    examples:
      en:
        - it is too bright at [20](level) percent
        - make it darker, say [thirty](level)
        - lower the lights to [15](level) please
      de: ["mach es dunkler, etwa [zwanzig](level)"]
  Bell:
    sentences:
      en: ["ring the bell", "who is at the door", "is someone outside"]
"#;
    let set = CommandSet::from_yaml("x.yaml", yaml).unwrap();
    let parser = CommandParser::with_encoder(set, &encoder()).unwrap();
    let exact = understood(&parser, "dim the lamp to twenty");
    assert_eq!((exact.confidence, exact.slot("level")), (1.0, Some(&SlotValue::Integer(20))));
    let near = understood(&parser, "make it a bit darker, say forty");
    assert_eq!((near.intent.as_str(), near.slot("level")), ("Dim", Some(&SlotValue::Integer(40))));
    assert!(near.confidence < 1.0);
    let asked = parser.parse("is the lamp down to forty percent", &ParseContext::default());
    assert_eq!(asked, Parse::OutOfScope { confidence: 1.0 });
    let error =
        CommandSet::from_yaml("x.yaml", &yaml.replace("[20](level)", "[20]")).unwrap_err().to_string();
    assert!(error.starts_with("x.yaml:11:34: ") && error.contains("a value without a slot"), "{error}");
}

#[test]
fn a_typed_slot_takes_only_what_its_type_allows() {
    let yaml = r#"
language: en
lists:
  room: [kitchen, hall, bath]
intents:
  Dim:
    slots: { level: { type: integer, from: 0, to: 100 }, room: list, mood: text }
    examples:
      - make it darker in the [hall](room), say [thirty](level)
      - lower the lights in the [kitchen](room) to [15](level)
      - it is too bright in the [bath](room) at [20](level)
      - make it [cosy](mood) in the [kitchen](room)
      - make it [romantic](mood) in the [hall](room)
"#;
    let parser =
        CommandParser::with_encoder(CommandSet::from_yaml("x.yaml", yaml).unwrap(), &encoder()).unwrap();
    let found = |text: &str| {
        let command = parser.parse_alternatives(text, &ParseContext::default(), 1).remove(0);
        let shown = command.slots.iter().map(|slot| format!("{}={:?}", slot.name, slot.value));
        shown.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("lower the lights in the hall to 20"), "room=Text(\"hall\") level=Integer(20)");
    assert_eq!(found("lower the lights in the kitchn to 20"), "room=Text(\"kitchen\") level=Integer(20)");
    assert_eq!(found("lower the lights in the moon to 20"), "level=Integer(20)");
    assert_eq!(found("lower the lights in the hall to 2000"), "room=Text(\"hall\")");
    assert_eq!(found("lower the lights in the hall now to 20"), "room=Text(\"hall\") level=Integer(20)");
    assert_eq!(found("make it quiet in the hall"), "mood=Text(\"quiet\") room=Text(\"hall\")");
}

#[test]
fn a_saved_parser_answers_the_same_and_only_for_its_set() {
    let parser = parser();
    let saved = parser.save().unwrap();
    let set = CommandSet::from_jsonl("x.jsonl", &lines()).unwrap();
    let opened = CommandParser::with_saved(set.clone(), &encoder(), &saved).unwrap();
    for text in ["play jazz", "bright in the hall", "what is this"] {
        let context = ParseContext::default();
        assert_eq!(opened.parse(text, &context), parser.parse(text, &context));
    }
    let other = CommandSet::from_jsonl("x.jsonl", &lines().replace("jazz", "blues")).unwrap();
    let error = CommandParser::with_saved(other, &encoder(), &saved).unwrap_err();
    assert!(
        matches!(error, CommandError::Saved { .. }) && error.to_string().contains("other examples"),
        "{error}"
    );
    assert!(CommandParser::with_saved(set.clone(), &encoder(), &saved[..100]).is_err());
    // What does not fit is fitted anew.
    for damaged in [&saved[..100], &[]] {
        let opened = CommandParser::open(set.clone(), Some(&encoder()), Some(damaged)).unwrap();
        assert_eq!(opened.save().as_ref(), Some(&saved));
    }
    assert_eq!(CommandParser::open(set, None, Some(&saved)).unwrap().save(), None);
    assert!(CommandParser::new(CommandSet::from_jsonl("x.jsonl", &lines()).unwrap()).save().is_none());
}

#[test]
fn odd_sets_are_no_panic() {
    let one = r#"{"text": "?", "intent": "A", "slots": [{"name": "s", "start": 0, "end": 1}]}"#;
    let set = CommandSet::from_jsonl("x.jsonl", one).unwrap();
    let parser = CommandParser::with_encoder(set, &encoder()).unwrap();
    for text in ["?", "", "a"] {
        parser.parse(text, &ParseContext::default());
    }
    let llama = Model::open(TinyModel::llama().file()).unwrap();
    let set = CommandSet::from_jsonl("x.jsonl", one).unwrap();
    assert!(matches!(CommandParser::with_encoder(set, &llama), Err(CommandError::Encoder(_))));
}

#[test]
fn slots_of_an_intent_with_examples_alone_have_their_types() {
    let text = r#"
language: en
intents:
  Wait:
    slots:
      length: { type: duration, required: true, prompt: { en: "How long?" } }
    examples:
      - "wait for [ten minutes](length)"
      - "hold on for [half an hour](length)"
      - "pause [two hours](length)"
      - "stop for a while"
  Sing:
    examples: ["sing a song", "let me hear your voice", "hum something", "sing to me"]
"#;
    let set = CommandSet::from_yaml("wait.yaml", text).unwrap();
    let parser = CommandParser::with_encoder(set, &encoder()).unwrap();
    let command = understood(&parser, "wait for twenty minutes");
    assert_eq!(command.slot("length"), Some(&SlotValue::Duration { seconds: 1200 }), "{command:?}");
    let mut conversation = Conversation::default();
    let asked = parser.converse("stop for a while", &mut conversation, &ParseContext::default());
    assert!(matches!(&asked[..], [Turn::Ask { prompt, .. }] if prompt == "How long?"), "{asked:?}");
    let answered = parser.converse("an hour", &mut conversation, &ParseContext::default());
    let [Turn::Run { command, .. }] = &answered[..] else { panic!("{answered:?}") };
    assert_eq!(command.slot("length"), Some(&SlotValue::Duration { seconds: 3600 }));
}

#[test]
fn the_words_tell_the_language_where_the_context_does_not() {
    let text = r#"
intents:
  TurnOn: {}
  TurnOff: {}
languages:
  de:
    intents:
      TurnOn: { data: [{ sentences: ["(mach|schalte) (die Lampe|das Licht) an"] }] }
      TurnOff: { data: [{ sentences: ["(mach|schalte) (die Lampe|das Licht) aus"] }] }
  en:
    intents:
      TurnOn: { data: [{ sentences: ["(turn|switch) on the (lamp|light)"] }] }
      TurnOff: { data: [{ sentences: ["(turn|switch) off the (lamp|light)"] }] }
"#;
    let set = CommandSet::from_yaml("lamp.yaml", text).unwrap();
    let parser = CommandParser::with_encoder(set, &encoder()).unwrap();
    let saved = CommandParser::with_saved(parser.set().clone(), &encoder(), &parser.save().unwrap()).unwrap();
    for (utterance, language) in
        [("would you turn the lamp on now", "en"), ("mach doch mal die Lampe an", "de")]
    {
        for parser in [&parser, &saved] {
            let guesses = parser.parse_alternatives(utterance, &ParseContext::default(), 1);
            assert_eq!(guesses[0].language, language, "{utterance}");
        }
        let context = ParseContext { language: Some("de-AT".into()), ..ParseContext::default() };
        assert_eq!(parser.parse_alternatives(utterance, &context, 1)[0].language, "de");
    }
}

#[test]
fn long_utterances_take_no_quadratic_time() {
    let parser = parser();
    for text in ["play ".repeat(2000), "a".repeat(10_000), "? ".repeat(5000), "uh uh ".repeat(1700)] {
        let start = Instant::now();
        parser.parse(&text, &ParseContext::default());
        // Unoptimised and on a busy machine; a quadratic walk would take minutes.
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_utterance_is_no_panic(text in ".{0,60}", words in prop::collection::vec("(turn|on|the|light|in|hall|play|äh|'|[0-9]{1,3}|,)", 0..12)) {
        static PARSER: std::sync::LazyLock<CommandParser> = std::sync::LazyLock::new(parser);
        for text in [text, words.join(" ")] {
            let count = text.chars().count();
            for command in PARSER.parse_alternatives(&text, &ParseContext::default(), 2) {
                for slot in command.slots {
                    let (start, end) = slot.span.unwrap();
                    prop_assert!(start < end && end <= count);
                }
            }
            PARSER.parse(&text, &ParseContext::default());
        }
    }
}
