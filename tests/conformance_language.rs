//! Runs what `conformance/` has of parses, conversations, entities, builders and sets of several files against the library.
//! Kotlin and Swift run the same files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod common;

use common::shown;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spatz::Model;
use spatz::command::protocol::slot_value;
use spatz::command::{
    CommandParser, CommandSet, Conversation, Hypothesis, ListValue, ParseContext, SlotValue,
};
use spatz::entity::{Kind, Language, recognize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = folder().join("conformance").join(name);
    toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Says how many cases a file has, and which of them are wrong.
#[track_caller]
fn report(file: &str, cases: usize, wrong: &[String]) {
    println!("{file}: {cases} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What differs, if anything does.
fn differs(case: &str, found: &str, expected: &str) -> Option<String> {
    (found != expected).then(|| format!("{case}: got `{found}`, not `{expected}`"))
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heard {
    text: String,
    score: f32,
}

fn hypotheses(heard: &[Heard]) -> Vec<Hypothesis<'_>> {
    heard.iter().map(|heard| (heard.text.as_str(), heard.score)).collect()
}

type Facts = BTreeMap<String, Value>;

fn facts(facts: &Facts) -> impl Iterator<Item = (String, SlotValue)> {
    facts.iter().map(|(key, value)| (key.clone(), slot_value(value).unwrap()))
}

fn context(language: Option<&str>, known: &Facts, reference: Option<&str>) -> ParseContext {
    let context = language.map_or_else(ParseContext::default, ParseContext::in_language);
    let context = facts(known).fold(context, |context, (key, value)| context.with(key, value));
    reference.into_iter().fold(context, |context, time| context.at(time.parse().unwrap()))
}

fn sample(name: &str) -> CommandSet {
    CommandSet::load(folder().join("commands").join(name)).unwrap()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parses {
    commands: Option<String>,
    yaml: Option<String>,
    language: Option<String>,
    reference: Option<String>,
    #[serde(default)]
    encoder: bool,
    case: Vec<ParseCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParseCase {
    name: String,
    language: Option<String>,
    list: Option<String>,
    #[serde(default)]
    entries: Vec<Entry>,
    #[serde(default)]
    facts: Facts,
    utterance: Option<String>,
    hypotheses: Option<Vec<Heard>>,
    heard: Option<String>,
    parse: String,
    alternatives: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    text: String,
    value: Option<Value>,
    #[serde(default)]
    facts: Facts,
    #[serde(default)]
    template: bool,
}

impl Entry {
    fn value(&self) -> ListValue {
        let entry = if self.template { ListValue::template(&self.text) } else { ListValue::new(&self.text) };
        let entry =
            self.value.iter().fold(entry, |entry, value| entry.with_value(slot_value(value).unwrap()));
        facts(&self.facts).fold(entry, |entry, (key, value)| entry.with_context(key, value))
    }
}

#[test]
fn parses() {
    for file in ["parses-hypotheses", "parses-learned", "parses-lists", "parses-things", "parses-values"] {
        let vectors: Parses = read(&format!("{file}.toml"));
        let set = match (&vectors.yaml, &vectors.commands) {
            (Some(yaml), _) => CommandSet::from_yaml("test.yaml", yaml).unwrap(),
            (None, name) => sample(name.as_deref().unwrap()),
        };
        let encoder = folder().join("../models/spatz-sentence.gguf");
        let encoder = vectors.encoder.then(|| Model::open(encoder).unwrap());
        let parser = CommandParser::open(set, encoder.as_ref(), None).unwrap();
        let mut wrong = Vec::new();
        for case in &vectors.case {
            let language = case.language.as_deref().or(vectors.language.as_deref());
            let context = context(language, &case.facts, vectors.reference.as_deref());
            let parser = match &case.list {
                Some(list) => parser.with_list(list, case.entries.iter().map(Entry::value)).unwrap(),
                None => parser.clone(),
            };
            let parse = match (&case.utterance, &case.hypotheses) {
                (Some(utterance), None) => parser.parse(utterance, &context),
                (None, Some(heard)) => {
                    let (index, parse) = parser.best_hypothesis(&hypotheses(heard), &context);
                    let text = index.map_or("", |index| &heard[index].text);
                    wrong.extend(differs(&case.name, text, case.heard.as_deref().unwrap()));
                    parse
                }
                _ => panic!("{}: say either an utterance or hypotheses", case.name),
            };
            wrong.extend(differs(&case.name, &shown::parse(&parse), &case.parse));
            if let Some(expected) = &case.alternatives {
                let found = parser.parse_alternatives(case.utterance.as_deref().unwrap(), &context, 2);
                let best = found.first().map_or("none", |command| &command.intent);
                let found = format!("{best} +{}", found.len().saturating_sub(1));
                wrong.extend(differs(&case.name, &found, expected));
            }
        }
        report(file, vectors.case.len(), &wrong);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversations {
    case: Vec<ConversationCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConversationCase {
    name: String,
    commands: String,
    language: String,
    reference: Option<String>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    say: Option<String>,
    hypotheses: Option<Vec<Heard>>,
    heard: Option<String>,
    turns: Vec<String>,
    #[serde(default)]
    open: bool,
}

#[test]
fn conversations() {
    let vectors: Conversations = read("conversations.toml");
    let mut wrong = Vec::new();
    for case in &vectors.case {
        let parser = CommandParser::new(sample(&case.commands));
        let context = context(Some(&case.language), &Facts::new(), case.reference.as_deref());
        let mut conversation = Conversation::default();
        for line in &case.lines {
            conversation = Conversation::restore(&conversation.save()).unwrap();
            let said = line.say.iter().map(|say| Heard { text: say.clone(), score: 1.0 });
            let heard = line.hypotheses.clone().unwrap_or_else(|| said.collect());
            let (index, turns) = parser.converse_n_best(&hypotheses(&heard), &mut conversation, &context);
            let text = index.map_or("", |index| &heard[index].text);
            let expected = line.heard.as_ref().or(line.say.as_ref()).unwrap();
            wrong.extend(differs(&case.name, text, expected));
            let turns: Vec<_> = turns.iter().map(|turn| shown::turn(&parser, turn)).collect();
            wrong.extend(differs(&case.name, &turns.join("; "), &line.turns.join("; ")));
            wrong.extend(differs(&case.name, &conversation.is_open().to_string(), &line.open.to_string()));
        }
    }
    report("conversations", vectors.case.len(), &wrong);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entities {
    reference: String,
    case: Vec<EntityCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityCase {
    name: String,
    language: String,
    text: String,
    #[serde(default)]
    kinds: Vec<String>,
    found: Vec<EntityVector>,
    /// The bindings' message; the core's [`Language::find`] gives none.
    error: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct EntityVector {
    kind: String,
    text: String,
    start: usize,
    end: usize,
    value: String,
    canonical: String,
}

#[test]
fn entities() {
    let vectors: Entities = read("entities.toml");
    let reference = vectors.reference.parse().unwrap();
    let mut wrong = Vec::new();
    for case in &vectors.case {
        let Some(language) = Language::find(&case.language) else {
            assert!(case.error.is_some(), "{}", case.name);
            continue;
        };
        let kinds: Vec<Kind> = case.kinds.iter().map(|name| Kind::find(name).unwrap()).collect();
        let kinds = if kinds.is_empty() { &Kind::ALL[..] } else { &kinds };
        let found: Vec<_> = recognize(&case.text, language, Some(reference), kinds)
            .into_iter()
            .map(|entity| EntityVector {
                kind: entity.value.kind().name().to_owned(),
                canonical: entity.value.to_string(),
                value: shown::value(&entity.value.into()),
                text: entity.text,
                start: entity.start,
                end: entity.end,
            })
            .collect();
        if found != case.found {
            wrong.push(format!("{}: got {found:#?}", case.name));
        }
    }
    report("entities", vectors.case.len(), &wrong);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Builders {
    case: Vec<BuilderCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuilderCase {
    name: String,
    files: Vec<JsonFile>,
    #[serde(default)]
    facts: Facts,
    parses: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonFile {
    name: String,
    json: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    language: String,
    say: String,
    parse: String,
}

/// Rust has no builder; what those of Kotlin and Swift write must be understood.
#[test]
fn builders() {
    let vectors: Builders = read("builders.toml");
    let mut wrong = Vec::new();
    for case in &vectors.case {
        let files = case.files.iter().map(|file| (file.name.as_str(), file.json.as_str()));
        let parser = CommandParser::new(CommandSet::from_files(files).unwrap());
        for said in &case.parses {
            let parse = parser.parse(&said.say, &context(Some(&said.language), &case.facts, None));
            wrong.extend(differs(&case.name, &shown::parse(&parse), &said.parse));
        }
    }
    report("builders", vectors.case.len(), &wrong);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BrokenSets {
    case: Vec<BrokenSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BrokenSet {
    name: String,
    files: Vec<TextFile>,
    #[serde(default)]
    at: String,
    message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    name: String,
    text: String,
}

#[test]
fn errors_of_sets() {
    let vectors: BrokenSets = read("errors-sets.toml");
    let mut wrong = Vec::new();
    for case in &vectors.case {
        let files = case.files.iter().map(|file| (file.name.as_str(), file.text.as_str()));
        let message = CommandSet::from_files(files).map(|_| "no error".to_owned());
        let message = message.unwrap_or_else(|error| error.to_string());
        if !(message.starts_with(&case.at) && message.contains(&case.message)) {
            wrong.push(format!("{}: {message}", case.name));
        }
    }
    report("errors-sets", vectors.case.len(), &wrong);
}
