//! What a tester who knew nothing of the code said and got another answer to than a person would give.

use super::check;

#[test]
fn two_values_answer_one_question() {
    check(
        "en",
        &[
            ("wake me", "Alarm When?"),
            ("at six and at seven", "Alarm hour=6, Alarm hour=7"),
            ("set a timer", "Timer How long?"),
            ("five minutes and ten minutes", "Timer duration=PT5M, Timer duration=PT10M"),
            ("set a timer", "Timer How long?"),
            ("an hour and ten minutes", "Timer duration=PT1H10M"),
        ],
    );
}

#[test]
fn it_is_known_behind_and_or_no() {
    check(
        "en",
        &[
            ("turn on the kitchen light", "TurnOn room=kitchen"),
            ("and turn it off", "TurnOff room=kitchen"),
            ("turn on the bedroom light", "TurnOn room=bedroom"),
            ("no, turn it off", "~TurnOff room=bedroom"),
            ("and the kitchen and the bedroom", "TurnOff room=kitchen, TurnOff room=bedroom"),
        ],
    );
    check(
        "de",
        &[
            ("schalte das Licht in der Küche an", "TurnOn room=kitchen"),
            ("dann schalte es aus", "TurnOff room=kitchen"),
        ],
    );
}

#[test]
fn what_there_is_not_is_asked_for() {
    check(
        "en",
        &[
            ("meet anna on the 31st of February at three", "Meet title=anna When?"),
            ("on the 30th of February at three", "-"),
            ("tomorrow at three pm", "Meet title=anna when=2026-11-26T15:00:00"),
            ("set a timer for minus five minutes", "Timer How long?"),
        ],
    );
}

#[test]
fn twelve_is_noon_for_who_is_awake() {
    check(
        "en",
        &[
            ("meet anna tomorrow at ten am", "Meet title=anna when=2026-11-26T10:00:00"),
            ("no, twelve", "~Meet title=anna when=2026-11-26T12:00:00"),
            ("no, half past twelve", "~Meet title=anna when=2026-11-26T12:30:00"),
            ("no, nine", "~Meet title=anna when=2026-11-26T21:00:00"),
        ],
    );
}

#[test]
fn something_else_at_another_time() {
    check(
        "en",
        &[
            ("meet anna tomorrow at ten am", "Meet title=anna when=2026-11-26T10:00:00"),
            ("and ben on friday", "Meet title=ben when=2026-11-27T10:00:00"),
        ],
    );
}

#[test]
fn what_replaces_is_a_correction() {
    check(
        "en",
        &[
            ("make a coffee", "Brew drink=coffee"),
            ("large please", "~Brew drink=coffee size=large"),
            ("small instead", "~Brew drink=coffee size=small"),
        ],
    );
    check("de", &[("einen Kaffee", "Brew drink=Kaffee"), ("großen bitte", "~Brew drink=Kaffee size=large")]);
}

#[test]
fn a_confirmation_hears_many_words_for_yes_and_no() {
    for yes in ["yes, delete it", "sure, why not", "that's fine", "by all means", "sounds good", "yes please"]
    {
        check("en", &[("delete the work list", "Delete the list work?"), (yes, "Delete list=work")]);
    }
    for no in
        ["no, keep it", "wait a second", "don't do it", "hold on", "I changed my mind", "wait", "no way"]
    {
        check("en", &[("delete the work list", "Delete the list work?"), (no, "cancelled"), ("yes", "-")]);
    }
    for yes in ["ja, lösch sie", "klingt gut", "in Ordnung", "warum nicht", "ja bitte"] {
        check("de", &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), (yes, "Delete list=Arbeit")]);
    }
    for no in
        ["nein, behalt sie", "warte kurz", "bloß nicht", "nein das ist falsch", "tu das nicht", "Moment"]
    {
        check(
            "de",
            &[("lösch die Liste Arbeit", "Die Liste Arbeit löschen?"), (no, "cancelled"), ("ja", "-")],
        );
    }
    check("en", &[("delete the work list", "Delete the list work?"), ("yes, delete the home list", "-")]);
}
