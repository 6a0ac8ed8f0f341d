//! Damaged command files and utterances that nobody would say: an answer or an error each, never a panic.
//!
//! The cases are drawn from a seed. `SPATZ_FUZZ_CASES=1000000 cargo test --release -p spatz-tests --test
//! faults_commands` tries more of them than a day's tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail by panicking"
)]

use spatz::command::{CommandParser, CommandSet, Conversation, Parse, ParseContext};
use std::fs;
use std::path::PathBuf;

const SAMPLES: [&str; 6] = ["calendar", "coffee", "lights", "music", "shopping", "timers"];

/// What damages a command file most: its own signs, in places where they do not belong.
const SIGNS: [&str; 34] = [
    "[", "]", "(", ")", "|", ";", "{", "}", "<", ">", ":", "\"", "'", "\n", "  ", "- ", "#", "&a ", "*a",
    "!!int ", "\t", "\\", "{a:b}", "<x>", "[a|b", "((", "{0..9}", "null", "true", "1e999", "~", "ß", "\u{0}",
    "👍",
];

/// What damages an utterance: words of values, signs, and letters that are none.
const WORDS: [&str; 40] = [
    "and",
    "und",
    "the",
    "das",
    "no",
    "nein",
    "twenty",
    "zwanzig",
    "one",
    "eine",
    "hundred",
    "hundert",
    "million",
    "and a half",
    "einhalb",
    "past",
    "vor",
    "uhr",
    "tomorrow",
    "morgen",
    "every",
    "jeden",
    "percent",
    "prozent",
    "äh",
    "please",
    "bitte",
    "cancel",
    "abbrechen",
    "yes",
    "ja",
    "too",
    "auch",
    "12:30",
    "3.5",
    "-",
    "\u{301}",
    "👍🏽",
    "\u{200d}",
    "é",
];

/// SplitMix64 (Steele et al. 2014): the same cases for the same seed everywhere.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

fn cases(usual: usize) -> usize {
    std::env::var("SPATZ_FUZZ_CASES").map_or(usual, |count| count.parse().expect("a number of cases"))
}

/// What is said to a sample in the conformance vectors; for one without vectors, what is said to the lights.
fn sentences(name: &str) -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let vectors = |name: &str| fs::read_to_string(folder.join(format!("commands-{name}.toml")));
    let text = vectors(name).or_else(|_| vectors("lights")).unwrap();
    let vectors: toml::Table = toml::from_str(&text).unwrap();
    let cases = vectors["case"].as_array().unwrap();
    cases.iter().filter_map(|case| Some(case["utterance"].as_str()?.to_owned())).collect()
}

fn sample(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("commands");
    fs::read_to_string(folder.join(name).with_extension("yaml")).unwrap()
}

/// `text` with a few pieces deleted, doubled, swapped for others of the same file, or signs put in.
fn damaged(text: &str, draw: &mut Draw) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=draw.below(4) {
        let at = draw.below(chars.len());
        let most = if draw.below(4) == 0 { 200 } else { 8 };
        let length = 1 + draw.below(most);
        let end = (at + length).min(chars.len());
        match draw.below(5) {
            0 => drop(chars.drain(at..end)),
            1 => {
                let piece: Vec<char> = chars[at..end].to_vec();
                let to = draw.below(chars.len());
                chars.splice(to..to, piece);
            }
            2 => chars.truncate(at),
            _ => {
                let sign = draw.of(&SIGNS).chars();
                chars.splice(at..at, sign);
            }
        }
        if chars.is_empty() {
            break;
        }
    }
    chars.into_iter().collect()
}

/// One of `sentences` with words left out, doubled, put in, cut, turned round; or a chain of any words.
fn utterance(sentences: &[String], vocabulary: &[&str], draw: &mut Draw) -> String {
    let sentence = if draw.below(4) == 0 { "" } else { draw.of(sentences) };
    let mut words: Vec<&str> = sentence.split_whitespace().collect();
    let strange = if words.is_empty() { 1 + draw.below(14) } else { draw.below(3) };
    for _ in 0..strange {
        let at = draw.below(words.len() + 1);
        let word = *if draw.below(3) == 0 { draw.of(&WORDS) } else { draw.of(vocabulary) };
        match draw.below(4) {
            0 if at < words.len() => drop(words.remove(at)),
            1 if at < words.len() => words.insert(at, words[at]),
            _ => words.insert(at, word),
        }
    }
    let mut out = String::new();
    for word in words {
        match draw.below(40) {
            0 => out.extend(word.chars().take(1 + draw.below(4))),
            1 => out.extend(word.chars().rev()),
            2 => out.push_str(&word.to_uppercase()),
            _ => out.push_str(word),
        }
        if draw.below(40) != 0 {
            out.push(' ');
        }
    }
    out
}

#[test]
fn damaged_command_files_are_errors_that_say_where() {
    let mut draw = Draw(1);
    let samples = SAMPLES.map(sample);
    let (mut opened, mut refused) = (0, 0);
    for _ in 0..cases(1500) {
        let text = damaged(&samples[draw.below(samples.len())], &mut draw);
        match CommandSet::from_yaml("damaged.yaml", &text) {
            Ok(set) => {
                let parser = CommandParser::new(set);
                parser.parse("turn on the light in the kitchen", &ParseContext::default());
                opened += 1;
            }
            Err(error) => {
                let message = error.to_string();
                let place = message.strip_prefix("damaged.yaml:").and_then(|rest| rest.split_once(": "));
                let numbers = place.and_then(|(place, _)| place.split_once(':'));
                let is_number = |text: &str| text.parse::<usize>().is_ok_and(|number| number > 0);
                let is_empty = message.starts_with("damaged.yaml: no sentences in it");
                let told =
                    is_empty || numbers.is_some_and(|(line, column)| is_number(line) && is_number(column));
                assert!(told, "does not say where: {message}\n{text}");
                refused += 1;
            }
        }
    }
    println!("{opened} files could be read, {refused} were refused");
    assert!(opened > 0 && refused > 0);
}

#[test]
fn any_utterance_is_answered() {
    let mut draw = Draw(2);
    let mut apps: Vec<(CommandParser, Conversation, String, Vec<String>)> = SAMPLES
        .iter()
        .map(|name| {
            let text = sample(name);
            let set = CommandSet::from_yaml(name, &text).unwrap();
            (CommandParser::new(set), Conversation::default(), text, sentences(name))
        })
        .collect();
    let reference = "2026-11-25T08:30".parse().unwrap();
    let mut understood = 0;
    let count = cases(20_000);
    for number in 0..count {
        let app = draw.below(apps.len());
        let (parser, conversation, text, sentences) = &mut apps[app];
        let vocabulary: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let said = utterance(sentences, &vocabulary, &mut draw);
        let mut context = ParseContext::default().at(reference);
        context.language = [None, Some("en".to_owned()), Some("de".to_owned())][draw.below(3)].clone();
        let parse = parser.parse(&said, &context);
        let length = said.chars().count();
        if let Parse::Command(command) | Parse::NeedsValue { command, .. } = &parse {
            understood += 1;
            assert!((0.0..=1.0).contains(&command.confidence), "{said:?}: {command:?}");
            for (start, end) in command.slots.iter().filter_map(|slot| slot.span) {
                assert!(start <= end && end <= length, "{said:?}: {start}..{end}");
            }
        }
        assert_eq!(parse, parser.parse(&said, &context), "{said:?} gives another answer the second time");
        if number % 2 == 0 {
            assert!(!parser.converse(&said, conversation, &context).is_empty(), "{said:?}");
        }
    }
    println!("{understood} of {count} utterances were understood");
    assert!(understood > count / 20);
}
