//! What is taken back, and what takes its place.

use super::*;

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
fn a_correction_that_is_a_command_itself_replaces_only_what_it_says() {
    check(
        "en",
        &[
            ("make a large coffee", "Brew size=large drink=coffee"),
            ("actually a tea", "~Brew size=large drink=tea"),
            ("no, make a coffee", "~Brew size=large drink=coffee"),
            ("actually no milk", "~Brew size=large drink=coffee milk=none"),
            ("no, a small tea", "~Brew size=small drink=tea"),
            ("no milk", "~Brew size=small drink=tea milk=none"),
            ("no, with milk", "~Brew size=small drink=tea milk=dairy"),
        ],
    );
    check(
        "de",
        &[
            ("einen großen Kaffee", "Brew size=large drink=Kaffee"),
            ("nein, Tee", "~Brew size=large drink=Tee"),
            ("nein keine Milch", "~Brew size=large drink=Tee milk=none"),
            ("mach dasselbe nochmal", "Brew size=large drink=Tee milk=none"),
        ],
    );
}

#[test]
fn who_speaks_two_languages_corrects_in_either() {
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let (mut conversation, context) = (Conversation::default(), ParseContext::default());
    let mut hear =
        |said| parser.converse(said, &mut conversation, &context).iter().map(show).collect::<Vec<_>>();
    assert_eq!(hear("Licht in der Küche an"), ["TurnOn room=kitchen"]);
    assert_eq!(hear("no, the bedroom"), ["~TurnOn room=bedroom"]);
    assert_eq!(hear("stell einen Timer auf zehn Minuten"), ["Timer duration=PT10M"]);
    assert_eq!(hear("no, twenty"), ["~Timer duration=PT20M"]);
    assert_eq!(hear("add milk to my list"), ["Add item=milk"]);
    assert_eq!(hear("und Eier"), ["Add item=Eier"]);
}

#[test]
fn what_stood_before_a_value_tells_which_is_corrected() {
    check(
        "en",
        &[
            ("play hello by adele", "Play song=hello artist=adele"),
            ("no, by queen", "~Play song=hello artist=queen"),
        ],
    );
    check(
        "de",
        &[
            ("spiel Haus am See von Peter Fox", "Play song=Haus am See artist=Peter Fox"),
            ("nein, von Seeed", "~Play song=Haus am See artist=Seeed"),
        ],
    );
}

#[test]
fn what_is_taken_back_within_an_utterance_does_not_count() {
    for (said, expected) in [
        ("make a small no a large coffee", "Brew size=large drink=coffee"),
        ("a coffee no sorry a tea", "Brew drink=tea"),
        ("set a timer for ten minutes no for twenty", "Timer duration=PT20M"),
        ("turn on the kitchen light no the bedroom light", "TurnOn room=bedroom"),
        ("turn on the kitchen light i mean turn off the kitchen light", "TurnOff room=kitchen"),
        ("add milk i mean eggs to my list", "Add item=eggs"),
        ("play no woman no cry", "Play song=no woman no cry"),
        ("a small no a large no a small coffee", "Brew size=small drink=coffee"),
    ] {
        check("en", &[(said, expected)]);
    }
    check("de", &[("weck mich um sechs nein um sieben", "Alarm hour=7")]);
    check("de", &[("weck mich", "Alarm Wann?"), ("um sechs nein um sieben", "Alarm hour=7")]);
    check("de", &[("einen kleinen ach nein großen Kaffee", "Brew size=large drink=Kaffee")]);
    check("de", &[("setz Milch nein Eier auf die Liste", "Add item=Eier")]);
}

#[test]
fn many_corrections_in_a_breath_take_no_longer() {
    let said = "a small no ".repeat(18) + "coffee";
    let parser = CommandParser::new(CommandSet::from_yaml("test.yaml", SET).unwrap());
    let turns = parser.converse(&said, &mut Conversation::default(), &ParseContext::in_language("en"));
    assert_eq!(turns.len(), 1, "{turns:?}");
}

#[test]
fn not_this_but_that_may_do_without_but() {
    check(
        "en",
        &[
            ("turn on the kitchen light", "TurnOn room=kitchen"),
            ("no not the kitchen the bedroom", "~TurnOn room=bedroom"),
        ],
    );
}

#[test]
fn a_doubt_stops_what_destroys() {
    check("en", &[("delete the work list", "Delete the list work?"), ("no wait", "cancelled")]);
    check("de", &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), ("nein, moment", "cancelled")]);
    check("en", &[("delete the work list", "Delete the list work?"), ("go ahead", "Delete list=work")]);
    check(
        "de",
        &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), ("ja mach das", "Delete list=Arbeit")],
    );
    check("en", &[("add milk to my list", "Add item=milk"), ("no wait", "-")]);
}
