//! Runs `conformance/commands-*.toml` against the library. Kotlin and Swift run the same files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use serde::Deserialize;
use serde_json::Value;
use spatz::command::protocol::Response;
use spatz::command::{CommandParser, CommandSet, Parse, ParseContext};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Utterances {
    commands: String,
    #[serde(rename = "case")]
    cases: Vec<Utterance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Utterance {
    name: String,
    language: String,
    utterance: String,
    kind: String,
    intent: Option<String>,
    #[serde(default)]
    slots: Vec<Slot>,
    missing: Option<String>,
    prompt: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Slot {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    value: Value,
    #[serde(default)]
    text: String,
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Deserialize)]
struct Errors {
    #[serde(rename = "case")]
    cases: Vec<BrokenFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BrokenFile {
    name: String,
    yaml: String,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    toml::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn utterances() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for domain in ["lights", "music", "shopping", "timers"] {
        let vectors: Utterances = read(&folder().join(format!("conformance/commands-{domain}.toml")));
        let text = fs::read_to_string(folder().join("commands").join(&vectors.commands)).unwrap();
        let parser = CommandParser::new(CommandSet::from_yaml(&vectors.commands, &text).unwrap());
        for case in vectors.cases {
            count += 1;
            let parse = parser.parse(&case.utterance, &ParseContext::in_language(&case.language));
            let kind = match parse {
                Parse::Command(_) => "command",
                Parse::NeedsValue { .. } => "needs-value",
                Parse::OutOfScope { .. } => "out-of-scope",
            };
            let response = Response::from(&parse);
            let slots: Vec<Slot> =
                serde_json::from_value(serde_json::to_value(&response.slots).unwrap()).unwrap();
            let is_right = kind == case.kind
                && response.intent == case.intent
                && slots == case.slots
                && response.missing == case.missing
                && response.prompt == case.prompt;
            if !is_right {
                wrong.push(format!("{domain}, {}: \"{}\" gave {response:?}", case.name, case.utterance));
            }
        }
    }
    println!("{count} utterances");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn errors() {
    let vectors: Errors = read(&folder().join("conformance/commands-errors.toml"));
    println!("{} broken command files", vectors.cases.len());
    let mut wrong = Vec::new();
    for case in vectors.cases {
        match CommandSet::from_yaml("test.yaml", &case.yaml) {
            Ok(_) => wrong.push(format!("{}: no error", case.name)),
            Err(error) => {
                let at = error.location();
                let place = |wanted: Option<usize>, found: Option<usize>| wanted.is_none() || wanted == found;
                let is_right = error.to_string().contains(&case.message)
                    && place(case.line, at.map(|at| at.line))
                    && place(case.column, at.map(|at| at.column));
                if !is_right {
                    wrong.push(format!("{}: {error}", case.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
