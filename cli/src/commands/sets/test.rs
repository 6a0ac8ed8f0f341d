//! `spatz commands test`: tests in Home Assistant's format.

use anyhow::{Context, Result, bail};
use clap::Args;
use saphyr::{LoadableYamlNode, YamlOwned};
use spatz::command::{Command, CommandParser, CommandSet, ListValue, Parse, ParseContext, Slot, SlotValue};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Run tests in Home Assistant's format: sentences with the intent and slots that they must give.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz commands test homeassistant/sentences/en --tests homeassistant/tests/en --language en")]
pub(super) struct TestArgs {
    /// A command file in YAML, or a folder of them.
    path: PathBuf,
    /// The folder of the tests; its `_fixtures.yaml` fills the lists `name`, `area` and `floor`.
    #[arg(long)]
    tests: PathBuf,
    /// Language of the tests.
    #[arg(long, short)]
    language: String,
}

pub(super) fn run(args: &TestArgs) -> Result<()> {
    let mut files = Vec::new();
    collect(&args.tests, &mut files)?;
    let mut plain = CommandParser::new(CommandSet::load(&args.path)?);
    let mut combinations = plain.clone();
    if files.iter().any(|file| is_combination(file, &args.tests, &args.language)) {
        // As Home Assistant runs them: sentences in folders of intents, and all others, are two generations that both
        // must work alone.
        let load = |wanted| {
            CommandSet::load_where(&args.path, |file: &Path| {
                let common = file.file_name().is_some_and(|name| name == "_common.yaml");
                common || is_combination(file, &args.path, &args.language) == wanted
            })
        };
        (plain, combinations) = (CommandParser::new(load(false)?), CommandParser::new(load(true)?));
    }
    let fixtures = args.tests.join("_fixtures.yaml");
    if fixtures.is_file() {
        plain = with_fixtures(&plain, &read(&fixtures)?)?;
    }
    let mut out = io::stdout().lock();
    let (mut passed, mut failed) = (0, 0);
    for file in &files {
        let root = read(file)?;
        let is_combination = is_combination(file, &args.tests, &args.language);
        let intent = file.parent().filter(|_| is_combination).and_then(Path::file_name);
        let intent = intent.and_then(|name| name.to_str()).unwrap_or_default();
        let parser = if is_combination { &with_fixtures(&combinations, &root)? } else { &plain };
        for test in root.as_mapping_get("tests").and_then(YamlOwned::as_vec).into_iter().flatten() {
            let expected = Expected::read(test, intent);
            let mut context = ParseContext::in_language(&args.language);
            context.preferred_slot = Some("name".into());
            if is_combination {
                context = context.with("area", CONTEXT_AREA);
            }
            for (key, value) in &expected.context {
                context = context.with(key, value.clone());
            }
            for sentence in test.as_mapping_get("sentences").and_then(YamlOwned::as_vec).into_iter().flatten()
            {
                let Some(sentence) = sentence.as_str() else { continue };
                match expected.difference(&parser.parse(sentence, &context)) {
                    None => passed += 1,
                    Some(difference) => {
                        failed += 1;
                        writeln!(out, "{}: \"{sentence}\": {difference}", file.display())?;
                    }
                }
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    if failed > 0 || passed == 0 {
        bail!("{failed} of {} sentences failed", passed + failed);
    }
    Ok(())
}

/// Whether a file is in a folder of an intent: `HassTurnOn/name_only.yaml`.
fn is_combination(file: &Path, folder: &Path, language: &str) -> bool {
    let parent = file.parent().filter(|parent| *parent != folder);
    parent.and_then(Path::file_name).is_some_and(|name| name != language && name != "sentences")
}

/// Home Assistant's tests of slot combinations run in a room of this name, which they do not ask for.
const CONTEXT_AREA: &str = "__context_area__";

struct Expected {
    intent: String,
    slots: Vec<(String, Vec<SlotValue>)>,
    context: Vec<(String, SlotValue)>,
}

impl Expected {
    fn read(test: &YamlOwned, folder: &str) -> Self {
        let intent = test.as_mapping_get("intent");
        let name = intent.and_then(|intent| intent.as_mapping_get("name")).and_then(YamlOwned::as_str);
        let of = |key: &str| {
            intent.and_then(|intent| intent.as_mapping_get(key)).or_else(|| test.as_mapping_get(key))
        };
        let slots = pairs(of("slots")).map(|(key, value)| {
            let values = value.as_vec().map_or_else(|| vec![value], |values| values.iter().collect());
            (key, values.into_iter().filter_map(scalar).collect())
        });
        let context = pairs(of("context")).filter_map(|(key, value)| Some((key, scalar(value)?)));
        Self { intent: name.unwrap_or(folder).to_owned(), slots: slots.collect(), context: context.collect() }
    }

    fn difference(&self, parse: &Parse) -> Option<String> {
        let command = match parse {
            Parse::Command(command) | Parse::NeedsValue { command, .. } => command,
            Parse::OutOfScope { .. } => return Some(format!("not recognised, expected {}", self.intent)),
        };
        if command.intent != self.intent {
            return Some(format!("expected {}, got {}", self.intent, show(command)));
        }
        for slot in &command.slots {
            let is_room = slot.value == SlotValue::from(CONTEXT_AREA);
            let wanted = self.slots.iter().find(|(name, _)| *name == slot.name);
            match wanted {
                None if is_room => {}
                Some((_, values)) if values.iter().any(|value| same(value, slot)) => {}
                Some((_, values)) => {
                    return Some(format!("{} is {:?}, expected {values:?}", slot.name, slot.value));
                }
                None => return Some(format!("unexpected slot in {}", show(command))),
            }
        }
        let missing = self.slots.iter().find(|(name, _)| command.slot(name).is_none());
        missing.map(|(name, _)| format!("no {name} in {}", show(command)))
    }
}

/// An entry in several spellings has what was said for its value, whose case does not count.
fn same(expected: &SlotValue, slot: &Slot) -> bool {
    let said = |text: &str| text == slot.text && slot.value == SlotValue::from(text);
    expected.is_same(&slot.value)
        || matches!(expected, SlotValue::Text(text) if said(&slot.text) && text.to_lowercase() == slot.text.to_lowercase())
}

fn show(command: &Command) -> String {
    let slots: Vec<_> = command.slots.iter().map(|slot| format!("{}={}", slot.name, slot.value)).collect();
    format!("{}({})", command.intent, slots.join(", "))
}

/// The lists that Home Assistant fills from what is in the house.
fn with_fixtures(parser: &CommandParser, fixtures: &YamlOwned) -> Result<CommandParser> {
    let named = |key: &str| {
        let items = fixtures.as_mapping_get(key).and_then(YamlOwned::as_vec).into_iter().flatten();
        items.filter_map(|item| Some((item, item.as_mapping_get("name")?.as_str()?.trim().to_owned())))
    };
    let value = |name: String| {
        if name.contains(['[', '(']) { ListValue::template(name) } else { ListValue::new(name) }
    };
    let mut parser = parser.clone();
    let known: Vec<String> = parser.set().lists().into_iter().map(str::to_owned).collect();
    for (list, key) in [("area", "areas"), ("floor", "floors")] {
        if known.iter().any(|name| name == list) {
            parser = parser.with_list(list, named(key).map(|(_, name)| value(name)))?;
        }
    }
    let entities = named("entities").map(|(entity, name)| {
        let id = entity.as_mapping_get("id").and_then(YamlOwned::as_str).unwrap_or_default();
        let domain = entity.as_mapping_get("domain").and_then(YamlOwned::as_str);
        let domain = domain.or_else(|| id.split('.').next()).unwrap_or_default();
        let attributes = pairs(entity.as_mapping_get("attributes"));
        attributes.fold(value(name).with_context("domain", domain), |entry, (key, value)| {
            match scalar(value) {
                Some(value) => entry.with_context(key, value),
                None => entry,
            }
        })
    });
    if known.iter().any(|name| name == "name") {
        let entities: Vec<_> = entities.collect();
        parser = parser.with_list("name", entities)?;
    }
    Ok(parser)
}

fn pairs(node: Option<&YamlOwned>) -> impl Iterator<Item = (String, &YamlOwned)> {
    let mapping = node.and_then(YamlOwned::as_mapping).into_iter().flatten();
    mapping.filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value)))
}

fn scalar(node: &YamlOwned) -> Option<SlotValue> {
    node.as_bool()
        .map(SlotValue::Boolean)
        .or_else(|| node.as_integer().map(SlotValue::Integer))
        .or_else(|| node.as_floating_point().map(SlotValue::Number))
        .or_else(|| node.as_str().map(SlotValue::from))
}

fn read(path: &Path) -> Result<YamlOwned> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let documents =
        YamlOwned::load_from_str(&text).with_context(|| format!("{} is not YAML", path.display()))?;
    documents.into_iter().next().with_context(|| format!("{} is empty", path.display()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            collect(&path, files)?;
        } else if name.ends_with(".yaml") && !name.starts_with('_') {
            files.push(path);
        }
    }
    Ok(())
}
