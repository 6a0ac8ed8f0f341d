use super::*;
use crate::command::{CommandSet, SlotValue};

mod corrections;
mod heard_outside;

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
  Timer:
    slots: { duration: { type: duration, required: true, prompt: { en: "How long?", de: "Wie lange?" } }, name: text }
    sentences:
      en: ["set a timer [for {duration}] [called {name}]"]
      de: ["stell einen Timer [auf {duration}] [namens {name}]"]
  Meet:
    slots:
      title: { type: text, required: true, prompt: { en: "Whom?" } }
      when: { type: datetime, required: true, prompt: { en: "When?" } }
    sentences: { en: ["meet {title} [{when}]", "plan something [{when}]"], de: ["triff {title} [{when}]"] }
  Play:
    slots: { song: { type: text, required: true }, artist: text }
    sentences: { en: ["play {song} [by {artist}]"], de: ["spiel {song} [von {artist}]"] }
  Volume:
    slots: { level: { type: integer, from: 0, to: 100 } }
    sentences: { en: ["set the volume to {level}"], de: ["Lautstärke auf {level}"] }
  TurnOff:
    slots: { room: list }
    sentences: { en: ["turn it off", "turn off the {room} light"], de: ["schalte es aus"] }
  Heat:
    slots: { heat: { type: temperature, required: true, prompt: { en: "How warm?", de: "Wie warm?" } } }
    sentences: { en: ["heat [to {heat}]"], de: ["heize [auf {heat}]"] }
  Brew:
    slots: { drink: { type: list, values: { en: [coffee, tea], de: [Kaffee, Tee] } }, size: list, milk: list }
    sentences: { en: ["[make] [a] [{size}] {drink} [{milk}]"], de: ["[mach] [einen] [{size}] {drink} [{milk}]"] }
lists:
  milk: { values: [{ out: none, in: { en: no milk, de: keine Milch } }, { out: dairy, in: { en: with milk, de: mit Milch } }] }
  size: { values: [{ out: large, in: { en: large, de: großen } }, { out: small, in: { en: small, de: kleinen } }] }
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
    let mut conversation = Conversation::default();
    let reference = Some(jiff::civil::date(2026, 11, 25).at(8, 30, 0, 0));
    let context = ParseContext { reference, ..ParseContext::in_language(language) };
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
fn what_is_not_meant_is_told_from_what_is() {
    let on = ("turn on the kitchen light", "TurnOn room=kitchen");
    check("en", &[on, ("not the kitchen but the bedroom", "~TurnOn room=bedroom"), ("not the bedroom", "-")]);
    let an = ("Licht in der Küche an", "TurnOn room=kitchen");
    check("de", &[an, ("nicht in der Küche sondern im Schlafzimmer", "~TurnOn room=bedroom")]);
    check("en", &[on, ("no, the bedroom one", "~TurnOn room=bedroom")]);
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
fn a_bare_number_counts_what_was_counted_before() {
    check(
        "en",
        &[("set a timer for ten minutes", "Timer duration=PT10M"), ("no, twenty", "~Timer duration=PT20M")],
    );
    check(
        "de",
        &[
            ("stell einen Timer auf zwei Stunden", "Timer duration=PT2H"),
            ("nein, auf drei", "~Timer duration=PT3H"),
        ],
    );
    check(
        "en",
        &[
            ("set a timer", "Timer How long?"),
            ("five", "Timer duration=PT5M"),
            ("and ten", "Timer duration=PT10M"),
        ],
    );
    check("de", &[("heize", "Heat Wie warm?"), ("auf zwanzig", "Heat heat=20 °")]);
    check("en", &[("heat to 20 degrees celsius", "Heat heat=20 °C"), ("no, 22", "~Heat heat=22 °C")]);
}

fn check_at_half_past_eight(language: &str, lines: &[(&str, &str)]) {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let now = "2026-11-25T08:30".parse().unwrap();
    let (mut conversation, context) = (Conversation::default(), ParseContext::in_language(language).at(now));
    for (said, expected) in lines {
        let turns = parser.converse(said, &mut conversation, &context);
        let shown: Vec<_> = turns.iter().map(show).collect();
        assert_eq!(shown.join(", "), *expected, "{said:?}");
    }
}

#[test]
fn a_time_is_on_the_day_that_was_meant() {
    check_at_half_past_eight(
        "en",
        &[
            ("meet Anna tomorrow at three", "Meet title=Anna when=2026-11-26T15:00:00"),
            ("no, at four", "~Meet title=Anna when=2026-11-26T16:00:00"),
            ("no, on friday", "~Meet title=Anna when=2026-11-27T16:00:00"),
            ("move it to five", "~Meet title=Anna when=2026-11-27T17:00:00"),
            ("no, eleven", "~Meet title=Anna when=2026-11-27T23:00:00"),
        ],
    );
    check_at_half_past_eight(
        "en",
        &[
            ("plan something tomorrow at three", "Meet when=2026-11-26T15:00:00 Whom?"),
            ("no, at four", "Meet when=2026-11-26T16:00:00 Whom?"),
            ("Anna", "Meet when=2026-11-26T16:00:00 title=Anna"),
        ],
    );
    check_at_half_past_eight(
        "de",
        &[
            ("triff Anna um sieben", "Meet title=Anna when=2026-11-25T19:00:00"),
            ("nein, um acht", "~Meet title=Anna when=2026-11-25T20:00:00"),
            ("verschieb es auf neun", "~Meet title=Anna when=2026-11-25T21:00:00"),
        ],
    );
}

#[test]
fn more_of_the_same_is_said_in_short() {
    check(
        "en",
        &[
            ("add milk to my list", "Add item=milk"),
            ("and eggs", "Add item=eggs"),
            ("and bread too", "Add item=bread"),
            ("and what is the weather", "-"),
        ],
    );
    check("de", &[("setz Milch auf die Liste", "Add item=Milch"), ("und Eier", "Add item=Eier")]);
    check("en", &[("wake me at six", "Alarm hour=6"), ("and another one", "Alarm hour=6")]);
    check("de", &[("weck mich um sechs", "Alarm hour=6"), ("noch einen bitte", "Alarm hour=6")]);
}

#[test]
fn it_is_what_was_named_before() {
    check(
        "en",
        &[("turn on the kitchen light", "TurnOn room=kitchen"), ("turn it off", "TurnOff room=kitchen")],
    );
    check(
        "de",
        &[("Licht im Schlafzimmer an", "TurnOn room=bedroom"), ("schalte es aus", "TurnOff room=bedroom")],
    );
    check("en", &[("turn it off", "TurnOff")]);
}

#[test]
fn free_text_does_not_swallow_a_second_command() {
    check("en", &[("play jazz and set the volume to ten", "Play song=jazz, Volume level=10")]);
    check("en", &[("play romeo and juliet", "Play song=romeo and juliet")]);
}

#[test]
fn words_around_an_answer_are_not_its_text() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let now = "2026-11-25T08:30".parse().unwrap();
    let (mut conversation, context) = (Conversation::default(), ParseContext::in_language("de").at(now));
    parser.converse("Licht in der Küche an", &mut conversation, &context);
    let turns = parser.converse("nein, im Schlafzimmer", &mut conversation, &context);
    let [Turn::Run { command, .. }] = &turns[..] else { panic!("{turns:?}") };
    assert_eq!((command.slots[0].text.as_str(), command.slots[0].span), ("Schlafzimmer", Some((9, 21))));
    parser.converse("triff Anna morgen um drei", &mut conversation, &context);
    let turns = parser.converse("nein, um vier", &mut conversation, &context);
    let [Turn::Run { command, .. }] = &turns[..] else { panic!("{turns:?}") };
    assert_eq!((command.slots[1].text.as_str(), command.slots[1].span), ("vier", Some((9, 13))));
}

#[test]
fn what_destroys_is_confirmed() {
    check("en", &[("delete the work list", "Delete the list work?"), ("yes please", "Delete list=work")]);
    check("de", &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), ("nein danke", "cancelled")]);
    check("de", &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), ("jetzt nicht", "cancelled")]);
    check("en", &[("delete the work list", "Delete the list work?"), ("not now please", "cancelled")]);
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

#[test]
fn a_detail_of_the_last_command_is_added() {
    check(
        "en",
        &[
            ("a coffee", "Brew drink=coffee"),
            ("large", "~Brew drink=coffee size=large"),
            ("with milk", "~Brew drink=coffee size=large milk=dairy"),
            ("seven", "-"),
        ],
    );
}

#[test]
fn a_day_alone_leaves_the_time_open() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let context = ParseContext::in_language("en").at(jiff::civil::date(2026, 11, 25).at(8, 30, 0, 0));
    let mut conversation = Conversation::default();
    let mut hear = |said| show(&parser.converse(said, &mut conversation, &context)[0]);
    assert_eq!(hear("plan something"), "Meet Whom?");
    assert_eq!(hear("anna"), "Meet title=anna When?");
    assert_eq!(hear("tomorrow"), "Meet title=anna when=2026-11-26T00:00:00 When?");
    assert_eq!(hear("at ten"), "Meet title=anna when=2026-11-26T10:00:00");
}

#[test]
fn a_row_of_values_is_a_row_of_commands() {
    check(
        "en",
        &[(
            "turn off the kitchen light and the bedroom and the kitchen",
            "TurnOff room=kitchen, TurnOff room=bedroom, TurnOff room=kitchen",
        )],
    );
}

#[test]
fn a_number_is_of_the_unit_that_is_left() {
    check("en", &[("heat to ninety five", "Heat heat=95 °")]);
    check("de", &[("heize auf neunzig", "Heat heat=90 °"), ("nein auf fünfundneunzig", "~Heat heat=95 °")]);
}
