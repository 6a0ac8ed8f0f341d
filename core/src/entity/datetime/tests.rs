//! What words about time mean in both languages.

use std::time::{Duration, Instant};

use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::find;
use crate::entity::tokens::Tokens;
use crate::entity::{Language, recognize};

/// A Wednesday evening.
fn now() -> DateTime {
    date(2026, 11, 25).at(20, 15, 0, 0)
}

/// `words = what is meant`, one after the other.
fn check(language: &str, text: &str, expected: &[&str]) {
    let found = find(&Tokens::new(text), Language::find(language).unwrap(), Some(now()));
    let shown: Vec<String> = found.iter().map(|e| format!("{} = {}", e.text, e.value)).collect();
    assert_eq!(shown, expected, "{text:?}");
}

#[test]
fn days() {
    let en = |text: &str, day: &str| check("en", text, &[&format!("{text} = {day}")]);
    en("tomorrow", "2026-11-26");
    en("the day after tomorrow", "2026-11-27");
    en("Friday", "2026-11-27");
    en("next Friday", "2026-12-04");
    en("last Monday", "2026-11-16");
    en("Friday the 27th", "2026-11-27");
    en("the third of May", "2027-05-03");
    en("December 6, 2025", "2025-12-06");
    en("12/24", "2026-12-24");
    en("24/12/2027", "2027-12-24");
    en("2027-02-03", "2027-02-03");
    en("in two weeks", "2026-12-09");
    en("three days ago", "2026-11-22");
    en("two days after Christmas", "2026-12-27");
    en("first Monday of next month", "2026-12-07");
    en("Easter 2027", "2027-03-28");
    check("en", "on the 3rd please", &["the 3rd = 2026-12-03"]);
    let de = |text: &str, day: &str| check("de", text, &[&format!("{text} = {day}")]);
    de("übermorgen", "2026-11-27");
    de("vorgestern", "2026-11-23");
    de("nächsten Freitag", "2026-12-04");
    de("dritter Mai", "2027-05-03");
    de("24.12.", "2026-12-24");
    de("24.12.27", "2027-12-24");
    de("vor drei Tagen", "2026-11-22");
    de("in zwei Wochen", "2026-12-09");
    de("Dienstag nächster Woche", "2026-12-01");
    de("zweiter Advent", "2026-12-06");
    de("Pfingsten 2027", "2027-05-16");
    check("de", "am siebten ersten", &["siebten ersten = 2027-01-07"]);
}

#[test]
fn times() {
    let en = |text: &str, time: &str| check("en", text, &[&format!("{text} = {time}")]);
    en("7:30 pm", "19:30:00");
    en("half past nine", "21:30:00");
    en("a quarter to seven", "06:45:00");
    en("20 minutes past ten", "22:20:00");
    en("noon", "12:00:00");
    en("in the morning at 7", "07:00:00");
    en("9 in the evening", "21:00:00");
    en("12 am", "00:00:00");
    check("en", "at six", &["six = 06:00:00"]);
    check("en", "at 6 percent or 6%", &["6 = 06:00:00"]);
    let de = |text: &str, time: &str| check("de", text, &[&format!("{text} = {time}")]);
    de("halb zehn", "21:30:00");
    de("Viertel vor sieben", "06:45:00");
    de("fünf vor halb acht", "07:25:00");
    de("dreiviertel neun", "20:45:00");
    de("18 Uhr 5", "18:05:00");
    de("Mitternacht", "00:00:00");
    de("abends um acht", "20:00:00");
}

#[test]
fn times_on_days() {
    let en = |text: &str, time: &str| check("en", text, &[&format!("{text} = {time}")]);
    en("tomorrow at noon", "2026-11-26T12:00:00");
    en("3 pm on Friday", "2026-11-27T15:00:00");
    en("Friday evening at 8", "2026-11-27T20:00:00");
    en("tonight at 9", "2026-11-25T21:00:00");
    en("in 5 minutes", "2026-11-25T20:20:00");
    en("half an hour ago", "2026-11-25T19:45:00");
    en("end of day", "2026-11-25T23:59:59");
    en("2026-12-01T09:05", "2026-12-01T09:05:00");
    let de = |text: &str, time: &str| check("de", text, &[&format!("{text} = {time}")]);
    de("übermorgen Abend um acht", "2026-11-27T20:00:00");
    de("Samstagnachmittag um drei", "2026-11-28T15:00:00");
    de("morgen früh um sechs", "2026-11-26T06:00:00");
    de("vor zwei Stunden", "2026-11-25T18:15:00");
}

#[test]
fn ranges() {
    let en = |text: &str, range: &str| check("en", text, &[&format!("{text} = {range}")]);
    en("next week", "2026-11-30/2026-12-07");
    en("this weekend", "2026-11-28/2026-11-30");
    en("last week of March", "2027-03-22/2027-03-29");
    en("end of month", "2026-11-16/2026-12-01");
    en("Q3 2019", "2019-07-01/2019-10-01");
    en("the 80s", "1980-01-01/1990-01-01");
    en("from March to May", "2027-03-01/2027-05-01");
    en("December 3 - 7", "2026-12-03/2026-12-07");
    en("the next decade", "2030-01-01/2040-01-01");
    en("next 3 days", "2026-11-26/2026-11-29");
    en("since Monday", "2026-11-23/..");
    en("starting Monday", "2026-11-30/..");
    en("before 2010", "../2010-01-01");
    en("2 weeks starting December 1st", "2026-12-01/2026-12-15");
    en("from 5 to 6 pm", "17:00:00/18:00:00");
    en("after dinner", "20:00:00/..");
    en("tomorrow from 9 to 11", "2026-11-26T09:00:00/2026-11-26T11:00:00");
    en("Friday afternoon", "2026-11-27T12:00:00/2026-11-27T16:00:00");
    en("the 1990s", "1990-01-01/2000-01-01");
    check("en", "in the next hour", &["next hour = 2026-11-25T20:15:00/2026-11-25T21:15:00"]);
    let de = |text: &str, range: &str| check("de", text, &[&format!("{text} = {range}")]);
    de("übernächste Woche", "2026-12-07/2026-12-14");
    de("Ende des Monats", "2026-11-16/2026-12-01");
    de("von acht bis zehn", "08:00:00/10:00:00");
    de("zwischen dem 3. und dem 12. Dezember", "2026-12-03/2026-12-12");
    de("vom 30. November bis 4. Dezember", "2026-11-30/2026-12-04");
    de("ab 14 Uhr", "14:00:00/..");
    de("Freitagabend", "2026-11-27T16:00:00/2026-11-27T20:00:00");
    de("die 90er Jahre", "1990-01-01/2000-01-01");
}

#[test]
fn recurrences_and_lengths() {
    let en = |text: &str, rule: &str| check("en", text, &[&format!("{text} = {rule}")]);
    en("every Monday at 4 pm", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=16;BYMINUTE=0");
    en("every monday and wednesday", "FREQ=WEEKLY;BYDAY=MO,WE");
    en("every tuesday, thursday and saturday at six pm", "FREQ=WEEKLY;BYDAY=TU,TH,SA;BYHOUR=18;BYMINUTE=0");
    check(
        "en",
        "every Tuesday and Thursday 19:00 - 21:00",
        &["every Tuesday and Thursday = FREQ=WEEKLY;BYDAY=TU,TH", "19:00 - 21:00 = 19:00:00/21:00:00"],
    );
    en("mondays and every friday", "FREQ=WEEKLY;BYDAY=MO,FR");
    en("every monday to thursday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH");
    en("every other day", "FREQ=DAILY;INTERVAL=2");
    en("every weekend", "FREQ=WEEKLY;BYDAY=SA,SU");
    en("quarterly", "FREQ=MONTHLY;INTERVAL=3");
    en("semi-annual", "FREQ=MONTHLY;INTERVAL=6");
    en("the 19th of every month", "FREQ=MONTHLY;BYMONTHDAY=19");
    en("two and a half hours", "PT2H30M");
    en("3 months and 2 days", "P3M2D");
    en("10-day", "P10D");
    let de = |text: &str, rule: &str| check("de", text, &[&format!("{text} = {rule}")]);
    de("jeden zweiten Dienstag", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU");
    de("jeden Montag und Mittwoch um 7 Uhr", "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=7;BYMINUTE=0");
    de("dienstags und donnerstags", "FREQ=WEEKLY;BYDAY=TU,TH");
    de("montags bis freitags um sieben Uhr", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=7;BYMINUTE=0");
    de("alle drei Stunden", "FREQ=HOURLY;INTERVAL=3");
    de("täglich um 8", "FREQ=DAILY;BYHOUR=8;BYMINUTE=0");
    de("eine Dreiviertelstunde", "PT45M");
    de("anderthalb Stunden", "PT1H30M");
}

#[test]
fn other_words_are_left_alone() {
    for text in [
        "you may march on",
        "the sun and the second wave",
        "good morning",
        "call (206) 555-1212 about 4:3 and 30/4.85",
        "it will last",
        "at the end of the line",
        "I'd like one evening dress for $12",
    ] {
        let found = find(&Tokens::new(text), Language::find("en").unwrap(), Some(now()));
        let found: Vec<_> = found.into_iter().filter(|e| e.text != "evening").collect();
        assert!(found.is_empty(), "{text:?}: {found:?}");
    }
    check("de", "Guten Morgen, so ist es", &[]);
}

#[test]
fn without_a_clock_only_what_needs_none_is_found() {
    let found = |text: &str| find(&Tokens::new(text), Language::find("en").unwrap(), None).len();
    assert_eq!(found("tomorrow, on Friday, in May or next year"), 0);
    assert_eq!(found("2026-11-25; at noon, in May 2027 or every Friday"), 4);
}

/// Words that the grammar knows, in any order.
const PIECES: &str = "(next|last|this|the|of|in|on|at|from|to|between|and|before|after|since|every|other|monday|friday|may|march|week|month|year|days|hours|quarter|half|past|first|second|third|twenty|noon|midnight|morning|night|tomorrow|now|christmas|early|end|pm|am|th|nächste|vor|nach|bis|von|zwischen|jeden|montag|abend|uhr|halb|viertel|woche|ende|des|mai|ostern|[0-9]{1,4}|[-.,:/()'~=<>]| ){0,24}";

fn holds(text: &str, reference: Option<DateTime>) {
    let length = text.chars().count();
    for language in Language::ALL {
        let mut last = 0;
        for entity in find(&Tokens::new(text), language, reference) {
            assert!(entity.start < entity.end && entity.end <= length, "{entity:?}");
            assert!(entity.start >= last, "{entity:?} overlaps in {text:?}");
            let written: String = text.chars().skip(entity.start).take(entity.end - entity.start).collect();
            assert_eq!(entity.text, written);
            assert!(entity.value.preferred < entity.value.candidates.len().max(1));
            let _ = entity.value.to_string();
            last = entity.end;
        }
    }
}

fn any_time() -> impl Strategy<Value = Option<DateTime>> {
    let edge = prop_oneof![Just(-9999i16), Just(1), Just(9999), -9999i16..=9999];
    let time = (edge, 1i8..=12, 1i8..=31, 0i8..24, 0i8..60).prop_map(|(year, month, day, hour, minute)| {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        Some(date.at(hour, minute, 0, 0))
    });
    time.boxed()
}

proptest! {
    #[test]
    fn spans_are_inside_and_apart(text in PIECES, reference in any_time()) {
        holds(&text, reference);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,60}", reference in any_time()) {
        holds(&text, reference);
    }
}

#[test]
fn long_texts_are_read_in_time() {
    for piece in [
        "may 5 to ",
        "next week from monday ",
        "1/1-",
        "five past ",
        "and 3 days ",
        "jeden ",
        "9:30-",
        "0",
        "(mon ",
    ] {
        for language in Language::ALL {
            let text: String = piece.repeat(10_000 / piece.len());
            let begun = Instant::now();
            let kinds: Vec<_> =
                crate::entity::Kind::ALL.into_iter().filter(|kind| kind.is_about_time()).collect();
            recognize(&text, language, Some(now()), &kinds);
            // Without optimisation, on a busy machine; in a release build it is below 50 ms.
            assert!(begun.elapsed() < Duration::from_secs(5), "{piece:?}: {:?}", begun.elapsed());
        }
    }
}
