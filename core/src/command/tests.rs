//! The room as a whole: what a file and an utterance give.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn parser(yaml: &str) -> CommandParser {
    CommandParser::new(CommandSet::from_yaml("test.yaml", yaml).unwrap_or_else(|error| panic!("{error}")))
}

/// `Intent slot=value …`, or `-` for out of scope, `Intent ?slot` for a missing one.
fn show(parse: &Parse) -> String {
    let command = |command: &Command| {
        let slots = command.slots.iter().map(|slot| format!(" {}={}", slot.name, slot.value));
        format!("{}{}", command.intent, slots.collect::<String>())
    };
    match parse {
        Parse::Command(found) => command(found),
        Parse::NeedsValue { command: found, slot, .. } => format!("{} ?{slot}", command(found)),
        Parse::OutOfScope { .. } => "-".into(),
    }
}

fn check(parser: &CommandParser, utterance: &str, expected: &str) {
    assert_eq!(show(&parser.parse(utterance, &ParseContext::default())), expected, "{utterance:?}");
}

/// A set with one sentence.
fn one(sentence: &str) -> CommandParser {
    parser(&format!("language: en\nintents:\n  A:\n    - {}\n", serde_json::to_string(sentence).unwrap()))
}

#[test]
fn groups_work_inside_words() {
    let set = one("light[s] (on|off)");
    check(&set, "light on", "A");
    check(&set, "lights off", "A");
    check(&set, "lightson", "-");
    check(&set, "light s on", "-");
    let set = one("(an|aus)schalten");
    check(&set, "Anschalten!", "A");
    check(&set, "an schalten", "-");
}

#[test]
fn optional_words_take_their_spaces_along() {
    for sentence in ["turn [the] light", "turn[ the] light", "turn [the ]light", "turn  [ the ] light"] {
        let set = one(sentence);
        check(&set, "turn the light", "A");
        check(&set, "turn light", "A");
        check(&set, "turnlight", "-");
        check(&set, "turn the", "-");
    }
}

#[test]
fn permutations() {
    let set = one("(turn;[the] light;on)");
    for utterance in ["turn the light on", "turn on light", "on turn the light", "the light turn on"] {
        check(&set, utterance, "A");
    }
    check(&set, "turn on", "-");
    check(&set, "turn on the on", "-");
}

#[test]
fn escapes_are_the_signs_themselves() {
    let set = one("plus \\& 1\\|2");
    check(&set, "plus & 1 2", "A");
}

#[test]
fn folding_meets_both_sides() {
    let set = one("What's the up-to-date \\(real\\) Größe, please?");
    check(&set, "whats the up to date real groesse please", "-");
    check(&set, "WHATS THE UP TO DATE REAL GRÖSSE PLEASE", "A");
    check(&set, "what’s the up-to-date (real) größe, please", "A");
}

#[test]
fn skip_words_are_skipped_anywhere_between_words() {
    let set = parser(
        "language: en\nskip_words: [please, \"can you\"]\nintents:\n  A: [\"turn {x:x} on\"]\nlists: { x: { values: [fan] } }\n",
    );
    check(&set, "please can you turn please fan please on please", "A x=fan");
    check(&set, "pleaseturn fan on", "-");
    check(&set, "please", "-");
}

#[test]
fn wildcards_end_where_the_sentence_goes_on() {
    let set = parser(
        "language: en\nskip_words: [please]\nlists: { q: { wildcard: true }, r: { wildcard: true } }\nintents:\n  \
         Play: [\"play {q}\"]\n  By: [\"play {q} by {r}\"]\n  Add: [\"add {q}[s] to list\"]\n",
    );
    check(&set, "play stand by me", "By q=stand r=me");
    check(&set, "play by", "Play q=by");
    check(&set, "play", "-");
    check(&set, "play a please by b please", "By q=a r=b");
    check(&set, "play one by two by three", "By q=one r=two by three");
    check(&set, "add apples to list", "Add q=apple");
}

#[test]
fn ranges_read_digits_and_words() {
    let set = parser(
        "language: en\nlists:\n  p: { range: { from: 0, to: 100, step: 5 } }\n  t: { range: { from: -10, to: 40, fractions: halves } }\n  m: { range: { from: 1, to: 10, multiplier: 60 } }\nintents:\n  P: [\"to {p}[[ ]%]\"]\n  T: [\"at {t} degrees\"]\n  M: [\"in {m}m\"]\n",
    );
    check(&set, "to 50%", "P p=50");
    check(&set, "to fifty five", "P p=55");
    check(&set, "to 52", "-");
    check(&set, "to 105", "-");
    check(&set, "at 20.5 degrees", "T t=20.5");
    check(&set, "at twenty and a half degrees", "T t=20.5");
    check(&set, "at minus five degrees", "T t=-5");
    check(&set, "at -5 degrees", "T t=-5");
    check(&set, "at 20.3 degrees", "-");
    check(&set, "in 5m", "M m=300");
}

#[test]
fn contexts_of_list_values_choose_among_sentences() {
    let set = parser(
        "language: en\nlists:\n  name:\n    values:\n      - { in: tv, out: tv1, context: { domain: light } }\n      - { in: tv, out: tv2, context: { domain: media } }\nintents:\n  Light:\n    data: [{ sentences: [\"turn on {name}\"], requires_context: { domain: light } }]\n  Play:\n    data: [{ sentences: [\"play on {name}\"], requires_context: { domain: [media, radio] } }]\n  Other:\n    data: [{ sentences: [\"see {name}\"], excludes_context: { domain: light } }]\n",
    );
    check(&set, "turn on tv", "Light name=tv1");
    check(&set, "play on tv", "Play name=tv2");
    check(&set, "see tv", "Other name=tv2");
}

#[test]
fn context_given_by_the_app() {
    let set = parser(
        "language: en\nintents:\n  A:\n    data:\n      - sentences: [\"lights on\"]\n        requires_context: { area: { slot: true } }\n        slots: { domain: light }\n",
    );
    let here = ParseContext::default().with("area", "kitchen");
    assert_eq!(show(&set.parse("lights on", &here)), "A domain=light area=kitchen");
    check(&set, "lights on", "-");
}

#[test]
fn lists_are_exchanged_without_touching_the_original() {
    let set = parser(
        "language: de\nlists: { contact: { values: [] } }\nintents:\n  Call: [\"ruf {contact} an\"]\n",
    );
    check(&set, "ruf Anna an", "-");
    let values = ["Anna", "Jörg Müller-Lüdenscheidt", "Anna Schmidt"].map(ListValue::new);
    let full = set.with_list("contact", values).unwrap();
    check(&full, "ruf anna an", "Call contact=Anna");
    check(&full, "ruf anna schmidt an", "Call contact=Anna Schmidt");
    check(&full, "ruf jörg müller lüdenscheidt an", "Call contact=Jörg Müller-Lüdenscheidt");
    check(&set, "ruf anna an", "-");
    let error = set.with_list("contacts", ["x"]).unwrap_err().to_string();
    assert_eq!(error, "the list `contacts`: not in this set; did you mean `contact`?");
    let other = set.with_list("contact", [ListValue::template("Trader Joe[']s").with_value(7)]).unwrap();
    check(&other, "ruf trader joes an", "Call contact=7");
    assert!(set.with_list("contact", [ListValue::template("a {b}")]).is_err());
}

#[test]
fn names_are_understood_as_they_are_misheard() {
    let set = parser(
        "language: de\nlists: { contact: { values: [] }, room: { values: [] } }\nintents:\n  Call: [\"ruf {contact} [(im|in der) {room}] an\"]\n",
    );
    let people = [("Anna Müller", 1), ("Anna Schmidt", 2), ("Jürgen Meier", 3), ("Tom", 4), ("Tom", 5)];
    let people = people.map(|(name, number)| ListValue::new(name).with_value(number));
    let set = set.with_list("contact", people).unwrap().with_list("room", ["Küche", "Wohnzimmer"]).unwrap();
    check(&set, "ruf Jürgen Meier an", "Call contact=3");
    check(&set, "ruf jurgen mayer an", "Call contact=3");
    check(&set, "ruf Jürgen im wohn zimmer an", "Call contact=3 room=Wohnzimmer");
    check(&set, "ruf Jürgen im Garten an", "-");
    check(&set, "ruf Bernd an", "-");
    let alternatives = |utterance: &str| match set.parse(utterance, &ParseContext::default()) {
        Parse::Command(command) => (command.confidence, command.slots[0].alternatives.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(alternatives("ruf Tom an"), (1.0, vec![SlotValue::Integer(5)]));
    let (confidence, others) = alternatives("ruf Anna an");
    assert_eq!(others, [SlotValue::Integer(2)]);
    assert!((0.7..1.0).contains(&confidence), "{confidence}");
}

#[test]
fn languages_without_spaces() {
    let set = parser(
        "language: ja\nsettings: { ignore_whitespace: true }\nintents:\n  A: [\"電気 を [全部] つけて\"]\n",
    );
    check(&set, "電気をつけて", "A");
    check(&set, "電気 を 全部 つけて。", "A");
}

#[test]
fn sentences_may_name_their_language_themselves() {
    let set = parser("intents:\n  A:\n    sentences:\n      en: [\"stop [now]\"]\n      de: [\"halt an\"]\n");
    assert_eq!(show(&set.parse("stop now", &ParseContext::in_language("en"))), "A");
    assert_eq!(show(&set.parse("halt an", &ParseContext::in_language("de"))), "A");
    let error = CommandSet::from_yaml("test.yaml", "intents:\n  A:\n    sentences: [stop]\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "test.yaml:2:3: the sentences of `A` have no language; write `language: en` at the top, or `sentences:` with `en:` and `de:` under it"
    );
}

#[test]
fn rules_see_the_block_that_uses_them() {
    let set = parser(
        "language: en\nexpansion_rules:\n  what: \"what is the <class>\"\nintents:\n  Heat:\n    data: [{ sentences: [\"<what>\"], expansion_rules: { class: heat } }]\n  Cold:\n    data: [{ sentences: [\"<what>\"], expansion_rules: { class: cold } }]\n",
    );
    check(&set, "what is the heat", "Heat");
    check(&set, "what is the cold", "Cold");
}

#[test]
fn spans_count_code_points_of_the_original() {
    let set = parser("language: de\nlists: { q: { wildcard: true } }\nintents:\n  A: [\"spiele {q}\"]\n");
    let parse = set.parse("  Spiele: „Über den 🎵 Wolken“!", &ParseContext::default());
    let Parse::Command(command) = parse else { panic!("{parse:?}") };
    assert_eq!(command.slots[0].text, "Über den 🎵 Wolken");
    assert_eq!(command.slots[0].span, Some((11, 28)));
}

#[test]
fn long_and_hostile_input_is_answered_at_once() {
    let mut yaml = String::from(
        "language: en\nskip_words: [a, b c]\nlists: { q: { wildcard: true }, r: { wildcard: true } }\nexpansion_rules:\n  r0: \"[in] [on]\"\n  w: \"in {r}\"\n",
    );
    for level in 1..=20 {
        yaml.push_str(&format!("  r{level}: \"<r{0}> <r{0}>\"\n", level - 1));
    }
    yaml.push_str("intents:\n  A:\n    - \"<r20> x\"\n    - \"{q} in {r} in {q}\"\n    - \"{q} <w>\"\n    - \"{q}[s]\"\n    - \"play {q:q}[s][s][s]{r:r}x\"\n");
    let set = parser(&yaml);
    for utterance in [
        "in ".repeat(3400),
        "x".repeat(10_000),
        "a b c ".repeat(1700),
        "9 ".repeat(5000),
        "5 dollars ".repeat(1000),
        "play s".repeat(1700),
    ] {
        let start = Instant::now();
        set.parse(&utterance, &ParseContext::default());
        // Far above what it takes alone: the machine of the tests may be busy.
        assert!(start.elapsed() < Duration::from_secs(5), "{:?} {utterance:.5}", start.elapsed());
    }
    let doubling = "language: en\nexpansion_rules:\n  r0: \"{text:q}\"\n".to_owned()
        + &(1..=20).map(|n| format!("  r{n}: \"<r{0}> <r{0}>\"\n", n - 1)).collect::<String>()
        + "intents:\n  A: [\"<r20>\"]\n";
    let error = CommandSet::from_yaml("test.yaml", &doubling).unwrap_err().to_string();
    assert!(error.contains("too many sentences"), "{error}");
    let chain = "language: en\nexpansion_rules:\n  r0: x\n".to_owned()
        + &(1..=10_000).map(|n| format!("  r{n}: \"<r{}>\"\n", n - 1)).collect::<String>()
        + "intents:\n  A: [\"<r9999>\"]\n";
    let error = CommandSet::from_yaml("test.yaml", &chain).unwrap_err().to_string();
    assert!(error.contains("rules nested more than"), "{error}");
    let brackets = format!("language: en\nintents:\n  A: [\"{}\"]\n", "(".repeat(1_000_000));
    let error = CommandSet::from_yaml("test.yaml", &brackets).unwrap_err().to_string();
    assert!(error.contains("nested more than"), "{error}");
    assert!(
        set.parse(&"long ".repeat(100_000), &ParseContext::default())
            == Parse::OutOfScope { confidence: 1.0 }
    );
}

#[test]
fn every_entity_type_fills_a_slot() {
    let set = parser(
        "languages:\n  en:\n    intents:\n      Play: [\"play the {ordinal:place} song\"]\n      Dim: [\"dim to {percent:level}\"]\n      Heat: [\"heat to {temperature:target}\"]\n      Walk: [\"walk {dimension:way}\"]\n      Pay: [\"send {name:to} {currency:sum}\"]\n      Films: [\"films for {age:age}\"]\n      Call: [\"call {phone:number}\"]\n      Mail: [\"mail [to] {email:to}\"]\n      Open: [\"open {url:page}\"]\n      Paint: [\"make it {colour:colour}\"]\n      Switch: [\"switch {boolean:state}\"]\n    lists: { name: { values: [anna] } }\n  de:\n    intents:\n      Play: [\"spiel das {ordinal:place} Lied\"]\n      Heat: [\"heize auf {temperature:target}\"]\n      Pay: [\"überweise {currency:sum}\"]\n",
    );
    check(&set, "play the next to last song", "Play place=end-1");
    check(&set, "dim to thirty five percent", "Dim level=35 %");
    check(&set, "Heat to 21.5 °C!", "Heat target=21.5 °C");
    check(&set, "heat to seventy degrees", "Heat target=70 °");
    check(&set, "heat to fahrenheit", "-");
    check(&set, "walk two and a half miles", "Walk way=2.5 mi");
    check(&set, "walk 12 km/h", "Walk way=12 km/h");
    check(&set, "send Anna twenty dollars fifty", "Pay to=anna sum=20.5 Dollar");
    check(&set, "send anna $5", "Pay to=anna sum=5 Dollar");
    check(&set, "films for six years old", "Films age=6 years");
    check(&set, "call 030 12 34 56", "Call number=030123456");
    check(&set, "call one one two", "Call number=112");
    check(&set, "mail to Anna.B@example.com.", "Mail to=anna.b@example.com");
    check(&set, "mail anna at example dot com", "Mail to=anna@example.com");
    check(&set, "open example.org/news", "Open page=example.org/news");
    check(&set, "make it light blue", "Paint colour=#add8e6");
    check(&set, "switch off", "Switch state=false");
    check(&set, "spiel das 3. Lied", "Play place=3");
    check(&set, "heize auf zweiundzwanzig Komma fünf Grad Celsius", "Heat target=22.5 °C");
    check(&set, "überweise zwölf Euro fünfzig", "Pay sum=12.5 EUR");
}

#[test]
fn dates_and_times_fill_slots() {
    let set = parser(
        "languages:\n  en:\n    intents:\n      Wake: [\"wake me [at] {time:at}\"]\n      Meet: [\"meet anna {datetime:at}\"]\n      Show: [\"show {date:day}\"]\n      Book: [\"book [from] {daterange:days}\"]\n      Mute: [\"mute {timerange:times}\"]\n      Block: [\"block {datetimerange:times}\"]\n      Repeat: [\"water the plants {recurrence:rule}\"]\n  de:\n    intents:\n      Wake: [\"weck mich {time:at}\"]\n      Meet: [\"treffen mit anna {datetime:at}\"]\n      Repeat: [\"gieß die Blumen {recurrence:rule}\"]\n",
    );
    // A Wednesday evening.
    let context = ParseContext::default().at(jiff::civil::date(2026, 11, 25).at(20, 15, 0, 0));
    let check_at = |utterance: &str, expected: &str| {
        assert_eq!(show(&set.parse(utterance, &context)), expected, "{utterance:?}");
    };
    check_at("wake me at seven", "Wake at=07:00:00");
    check_at("wake me at seven p.m.", "Wake at=19:00:00");
    check_at("Wake me at half past nine!", "Wake at=21:30:00");
    check_at("meet anna tomorrow at five", "Meet at=2026-11-26T05:00:00");
    check_at("meet anna on christmas at noon", "Meet at=2026-12-25T12:00:00");
    check_at("show next friday", "Show day=2026-12-04");
    check_at("book from the first to the fifth of december", "Book days=2026-12-01/2026-12-05");
    check_at("mute from ten to six", "Mute times=22:00:00/06:00:00");
    check_at("block tomorrow morning", "Block times=2026-11-26T08:00:00/2026-11-26T12:00:00");
    check_at("water the plants every other tuesday", "Repeat rule=FREQ=WEEKLY;INTERVAL=2;BYDAY=TU");
    check_at("weck mich um Viertel vor sieben", "Wake at=06:45:00");
    check_at("treffen mit anna übermorgen abend um acht", "Meet at=2026-11-27T20:00:00");
    check_at("gieß die Blumen jeden zweiten Dienstag", "Repeat rule=FREQ=WEEKLY;INTERVAL=2;BYDAY=TU");
    // The core reads no clock.
    check(&set, "show tomorrow", "-");
    check(&set, "show 2026-12-01", "Show day=2026-12-01");
}

#[test]
fn a_declared_slot_goes_before_a_type_of_its_name() {
    let set = parser(
        "language: en\nintents:\n  Heat:\n    slots: { temperature: { type: integer, from: 5, to: 30 }, age: { type: age } }\n    sentences: [\"heat to {temperature}\", \"heat for {age}\"]\n",
    );
    check(&set, "heat to 20", "Heat temperature=20");
    check(&set, "heat to 40", "-");
    check(&set, "heat for two weeks old", "Heat age=2 weeks");
}

#[test]
fn a_misheard_word_is_taken_for_the_entry_of_a_list_that_it_is_like() {
    let yaml = r#"
languages: [en, de]
lists:
  drink:
    - { out: espresso, in: { en: "espresso[s]", de: "Espresso[s]" } }
    - { out: tea, in: { en: "(tea|hot water)", de: "(Tee|heißes Wasser)" } }
    - { out: cappuccino, in: { en: cappuccino, de: Cappuccino } }
  size: [{ out: small, in: { en: small, de: "klein(e|en|er)" } }, { out: large, in: { en: large, de: "groß(e|en|er)" } }]
intents:
  Drink:
    slots: { drink: list, size: list }
    sentences:
      en: ["[a] [{size}] {drink} please"]
      de: ["[einen] [{size}] {drink} bitte"]
"#;
    let set = parser(yaml);
    check(&set, "a large espresso please", "Drink size=large drink=espresso");
    check(&set, "a large expresso please", "Drink size=large drink=espresso");
    check(&set, "einen kleinen Expresso bitte", "Drink size=small drink=espresso");
    check(&set, "a small cappucino please", "Drink size=small drink=cappuccino");
    check(&set, "a small hot watter please", "Drink size=small drink=tea");
    let sure = |utterance: &str| match set.parse(utterance, &ParseContext::default()) {
        Parse::Command(command) => command.confidence,
        other => panic!("{utterance}: {other:?}"),
    };
    assert!(sure("a large espresso please") == 1.0 && sure("a large expresso please") < 1.0);
    // Part of a name is not the name, and a word as short as "pea" is another word.
    check(&set, "a water please", "-");
    check(&set, "a pea please", "-");
    check(&set, "a large hamburger please", "-");
}

#[test]
fn a_set_of_several_files_is_one_and_errors_name_the_file() {
    let files = |second: &str| {
        let first = "language: en\nintents: { A: [\"go {room}\"] }\nlists: { room: [hall] }\n";
        CommandSet::from_files([("a.yaml", first), ("B", second)])
    };
    let set = CommandParser::new(files(r#"{"language": "en", "intents": {"B": ["leave {room}"]}}"#).unwrap());
    check(&set, "go hall", "A room=hall");
    check(&set, "leave hall", "B room=hall");
    let error = files("{\"language\": \"en\",\n\"intents\": {\"B\": [\"leave {rom}\"]}}").unwrap_err();
    assert_eq!(error.to_string(), "B:2:26: no list {rom}; did you mean `room`?");
    assert!(CommandSet::from_files([]).unwrap_err().to_string().starts_with("the command set: no sentences"));

    let examples = "{\"text\": \"bring me tea\", \"intent\": \"Tea\"}\n";
    let both =
        CommandSet::from_files([("a.yaml", "language: en\nintents: { A: [go] }\n"), ("x.jsonl", examples)]);
    assert_eq!(both.unwrap().intents(), ["A", "Tea"]);
}

proptest! {
    #[test]
    fn no_template_and_no_utterance_panics(template in "[a-c \\[\\](){}<>|;:\\\\%0-9'ßü-]{0,40}", utterance in "[a-c 0-9%'ßü.,-]{0,40}") {
        let yaml = format!(
            "language: en\nlists: {{ a: {{ wildcard: true }}, b: {{ values: [a, \"b[c]\"] }}, c: {{ range: {{ from: 0, to: 9 }} }} }}\nexpansion_rules: {{ a: \"a {{a}}\", b: \"[b] c\" }}\nintents:\n  A: [{}]\n",
            serde_json::to_string(&template).unwrap()
        );
        if let Ok(set) = CommandSet::from_yaml("test.yaml", &yaml) {
            CommandParser::new(set).parse(&utterance, &ParseContext::default());
        }
    }

    #[test]
    fn no_file_panics(text in "(language: en|intents:|lists:|[ \n\t:\\-\\[\\]{}\"'|>&*a-z0-9#~]){0,60}") {
        let _ = CommandSet::from_yaml("test.yaml", &text);
    }

    #[test]
    fn no_utterance_panics(utterance in "\\PC{0,80}") {
        let set = one("[a] {text:q} (b;{number:n}) [for {duration:d}]");
        set.parse(&utterance, &ParseContext::default());
    }

    /// A sentence without groups is understood as it is written.
    #[test]
    fn a_plain_sentence_matches_itself(sentence in "[a-zA-ZäöüÄÖÜß]{1,8}( [a-zA-ZäöüÄÖÜß]{1,8}){0,5}") {
        prop_assert_eq!(show(&one(&sentence).parse(&sentence, &ParseContext::default())), "A");
    }
}

#[test]
fn words_that_sound_the_same_are_tried() {
    let set = r#"
language: en
intents:
  Timer:
    slots: { duration: duration }
    sentences: ["set a timer for {duration}"]
  Off: ["switch off the light"]
  On: ["switch on the light"]
"#;
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", set).unwrap());
    let parse = |text: &str| parser.parse(text, &ParseContext::default());
    let Parse::Command(command) = parse("switch of the light") else { panic!() };
    assert!(command.intent == "Off" && command.confidence < 1.0, "{command:?}");
    let Parse::Command(command) = parse("set a timer four ate minutes") else { panic!() };
    let slot = &command.slots[0];
    assert_eq!((slot.text.as_str(), slot.span), ("ate minutes", Some((17, 28))));
    assert_eq!(slot.value, SlotValue::Duration { seconds: 480 });
}
