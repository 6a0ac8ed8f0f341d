use super::*;
use crate::command::{CommandSet, SlotValue};

const SET: &str = r#"
intents:
  TurnOn:
    slots: { room: list }
    response: { en: "Light in the {room} is on.", de: "Licht an: {room}." }
    sentences:
      en: ["turn on [the] {room} light", "turn on the light in the {room}"]
      de: ["schalte das Licht (im|in der) {room} an", "Licht (im|in der) {room} an"]
  Alarm:
    slots:
      hour: { type: integer, from: 0, to: 24, required: true, prompt: { en: "When?", de: "Wann?" } }
    sentences:
      en: ["wake me [at {hour}]", "set an alarm [for {hour}]"]
      de: ["weck mich [um {hour} [Uhr]]"]
  Add:
    slots:
      item: { type: text, required: true, prompt: { en: "What?", de: "Was?" } }
    sentences:
      en: ["add {item} to my list", "add to my list"]
      de: ["setz {item} auf die Liste", "etwas auf die Liste"]
  Delete:
    destructive: true
    confirm: { en: "Delete the list {list}?", de: "Die Liste {list} löschen?" }
    slots: { list: { type: list, values: { en: [work, home], de: [Arbeit, Zuhause] } } }
    sentences:
      en: ["delete the {list} list"]
      de: ["lösch die Liste {list}"]
lists:
  room:
    values:
      - { out: kitchen, in: { en: kitchen, de: Küche } }
      - { out: bedroom, in: { en: bedroom, de: Schlafzimmer } }
"#;

fn show(turn: &Turn) -> String {
    let call = |command: &Command| {
        let slots = command.slots.iter().map(|slot| format!(" {}={}", slot.name, slot.value));
        format!("{}{}", command.intent, slots.collect::<String>())
    };
    match turn {
        Turn::Run { command, corrects } => format!("{}{}", if *corrects { "~" } else { "" }, call(command)),
        Turn::Ask { command, prompt, .. } => format!("{} {prompt}", call(command)),
        Turn::Confirm { prompt, .. } => prompt.clone(),
        Turn::Cancelled => "cancelled".into(),
        Turn::NotUnderstood => "-".into(),
    }
}

/// A conversation as pairs of what is said and what the app is to do.
#[track_caller]
fn check(language: &str, lines: &[(&str, &str)]) {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let (mut conversation, context) = (Conversation::default(), ParseContext::in_language(language));
    for (said, expected) in lines {
        // What an app keeps must survive being stored.
        let stored = serde_json::to_string(&conversation).unwrap();
        conversation = serde_json::from_str(&stored).unwrap();
        let turns = parser.converse(said, &mut conversation, &context);
        let shown: Vec<_> = turns.iter().map(show).collect();
        assert_eq!(shown.join(", "), *expected, "{said:?}");
    }
}

#[test]
fn a_missing_value_is_asked_for_and_answered() {
    check("en", &[("wake me", "Alarm When?"), ("at seven please", "Alarm hour=7")]);
    check("de", &[("weck mich", "Alarm Wann?"), ("äh um sieben Uhr", "Alarm hour=7")]);
}

#[test]
fn free_text_answers_too_but_a_command_is_a_command() {
    check("en", &[("add to my list", "Add What?"), ("milk and eggs", "Add item=milk and eggs")]);
    check("en", &[("add to my list", "Add What?"), ("turn on the kitchen light", "TurnOn room=kitchen")]);
}

#[test]
fn what_is_no_answer_leaves_the_question_open() {
    check("en", &[("wake me", "Alarm When?"), ("purple", "-"), ("six", "Alarm hour=6")]);
}

#[test]
fn a_question_can_be_dropped() {
    check("en", &[("wake me", "Alarm When?"), ("never mind", "cancelled"), ("six", "-")]);
    check("de", &[("weck mich", "Alarm Wann?"), ("ach egal, vergiss es", "cancelled")]);
}

#[test]
fn corrections_replace_a_value() {
    check("en", &[("wake me at six", "Alarm hour=6"), ("no, at seven", "~Alarm hour=7")]);
    check("de", &[("weck mich um sechs", "Alarm hour=6"), ("nein, auf zwanzig", "~Alarm hour=20")]);
    check(
        "en",
        &[("turn on the bedroom light", "TurnOn room=bedroom"), ("no the kitchen", "~TurnOn room=kitchen")],
    );
    check("de", &[("weck mich um sechs", "Alarm hour=6"), ("nicht das, sondern um acht", "~Alarm hour=8")]);
    check(
        "en",
        &[("wake me at six", "Alarm hour=6"), ("sorry, turn on the kitchen light", "~TurnOn room=kitchen")],
    );
}

#[test]
fn the_last_command_is_repeated_with_a_change() {
    check(
        "en",
        &[
            ("turn on the kitchen light", "TurnOn room=kitchen"),
            ("and in the bedroom too", "TurnOn room=bedroom"),
        ],
    );
    check(
        "de",
        &[
            ("Licht in der Küche an", "TurnOn room=kitchen"),
            ("und im Schlafzimmer auch", "TurnOn room=bedroom"),
        ],
    );
}

#[test]
fn two_commands_in_one_sentence_are_two() {
    check("en", &[("turn on the kitchen light and wake me at six", "TurnOn room=kitchen, Alarm hour=6")]);
    check(
        "de",
        &[("Licht in der Küche an und dann weck mich um sechs", "TurnOn room=kitchen, Alarm hour=6")],
    );
    check(
        "en",
        &[
            ("wake me and turn on the kitchen light", "Alarm When?"),
            ("at six", "Alarm hour=6, TurnOn room=kitchen"),
        ],
    );
    check("en", &[("add milk and eggs to my list", "Add item=milk and eggs")]);
}

#[test]
fn what_destroys_is_confirmed() {
    check("en", &[("delete the work list", "Delete the list work?"), ("yes please", "Delete list=work")]);
    check("de", &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), ("nein danke", "cancelled")]);
    check(
        "en",
        &[
            ("delete the work list", "Delete the list work?"),
            ("no, the home list", "Delete the list home?"),
            ("yes", "Delete list=home"),
        ],
    );
}

#[test]
fn of_what_may_have_been_said_the_conversation_takes_what_fits() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let (mut conversation, context) = (Conversation::default(), ParseContext::in_language("en"));
    let mut hear = |hypotheses: &[(&str, f32)]| {
        let (index, turns) = parser.converse_n_best(hypotheses, &mut conversation, &context);
        (index, turns.iter().map(show).collect::<Vec<_>>().join(", "))
    };
    assert_eq!(hear(&[]), (None, "-".into()));
    assert_eq!(hear(&[("wake knee", 0.6), ("wake me", 0.4)]), (Some(1), "Alarm When?".into()));
    // "at sex" is nothing, and "six" nothing without the question.
    assert_eq!(hear(&[("at sex", -0.4), ("at six", -0.9)]), (Some(1), "Alarm hour=6".into()));
    assert_eq!(hear(&[("six", 0.5), ("sick", 0.5)]), (Some(0), "-".into()));
}

#[test]
fn a_conversation_is_kept_as_text() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let (mut conversation, context) = (Conversation::default(), ParseContext::in_language("en"));
    parser.converse("wake me", &mut conversation, &context);
    let restored = Conversation::restore(&conversation.save()).unwrap();
    assert_eq!(restored, conversation);
    assert!(restored.is_open());
    let error = Conversation::restore("{\"open\":\"wake me at six\"}").unwrap_err().to_string();
    assert!(error.contains("begin a new one") && !error.contains("six"), "{error}");
}

#[test]
fn responses_say_what_was_understood() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let Parse::Command(command) = parser.parse("Licht in der Küche an", &ParseContext::in_language("de"))
    else {
        panic!("no command")
    };
    assert_eq!(parser.response(&command).as_deref(), Some("Licht an: Küche."));
}

#[test]
fn spans_point_into_the_utterance() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let mut conversation = Conversation::default();
    let context = ParseContext::in_language("de");
    parser.converse("Licht in der Küche an", &mut conversation, &context);
    let turns = parser.converse("Äh, nein: im Schlafzimmer!", &mut conversation, &context);
    let [Turn::Run { command, corrects: true }] = turns.as_slice() else { panic!("{turns:?}") };
    assert_eq!(command.slots[0].span, Some((13, 25)));
    assert_eq!(command.slot("room"), Some(&SlotValue::Text("bedroom".into())));
}

proptest::proptest! {
    #[test]
    fn no_conversation_panics(lines in proptest::collection::vec("(wake me|no|and|the kitchen|seven|und|nein|yes|, | ){0,6}|\\PC{0,20}", 1..6)) {
        let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
        let mut conversation = Conversation::default();
        for line in lines {
            assert!(!parser.converse(&line, &mut conversation, &ParseContext::default()).is_empty());
        }
    }
}

#[test]
fn what_was_said_before_has_no_place_in_what_is_said_now() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let (mut conversation, context) = (Conversation::default(), ParseContext::in_language("en"));
    parser.converse("delete the work list", &mut conversation, &context);
    let turns = parser.converse("yes", &mut conversation, &context);
    let [Turn::Run { command, .. }] = &turns[..] else { panic!("{turns:?}") };
    let slot = command.slots.first().unwrap();
    assert_eq!((slot.text.as_str(), slot.span), ("work", None));
}
