//! What a command file says, before it is compiled: YAML nodes to typed structs, with every mistake located.
//!
//! The form is Home Assistant's; what is ours is marked (+) in the room's page. One file may hold one language
//! (`language:`) or several (`languages:`); files are merged into one [`Source`].
//!
//! `reader.rs` asks YAML for a form, `intents.rs`, `slots.rs` and `lists.rs` read those parts of a file; `outline.rs` notes
//! where they stand. `../schema.json` is the same for editors.

mod intents;
mod lists;
mod outline;
mod reader;
mod slots;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::error::{CommandError, Location};
use super::example::Example;
use super::template::Template;
use super::value::SlotValue;
use super::yaml::{File, Kind, Mark, Node};
use crate::entity;
pub(in crate::command) use outline::{Outline, UnreadKey};
use reader::{Pairs, Reader, get};

type Result<T> = std::result::Result<T, CommandError>;

/// All files of a set.
#[derive(Debug, Default)]
pub(in crate::command) struct Source {
    pub(in crate::command) languages: BTreeMap<String, LanguageSource>,
    /// Lists and rules of files that name no language: they serve all.
    pub(in crate::command) shared: LanguageSource,
    pub(in crate::command) declarations: BTreeMap<String, IntentDeclaration>,
    /// (+) Sentences that people say, beside the templates.
    pub(in crate::command) examples: Vec<Example>,
    pub(in crate::command) outline: Outline,
}

/// One language of a set.
#[derive(Debug, Default)]
pub(in crate::command) struct LanguageSource {
    pub(in crate::command) blocks: Vec<Block>,
    pub(in crate::command) scope: Scope,
    pub(in crate::command) skip_words: Vec<String>,
    pub(in crate::command) ignore_whitespace: bool,
}

/// Lists and rules by name.
#[derive(Debug, Default)]
pub(in crate::command) struct Scope {
    pub(in crate::command) lists: BTreeMap<String, ListSource>,
    pub(in crate::command) rules: BTreeMap<String, TemplateSource>,
}

/// Sentences of an intent that share slots and context.
#[derive(Debug)]
pub(in crate::command) struct Block {
    pub(in crate::command) intent: String,
    pub(in crate::command) sentences: Vec<TemplateSource>,
    pub(in crate::command) slots: Vec<(String, SlotValue)>,
    pub(in crate::command) requires: Vec<Requirement>,
    pub(in crate::command) excludes: Vec<Requirement>,
    pub(in crate::command) scope: Scope,
    pub(in crate::command) required_keywords: Vec<String>,
    /// The file's name, if the block stands alone in a file of its own.
    pub(in crate::command) combination: Option<String>,
}

impl Block {
    /// Sentences that neither fix slots nor need a context.
    fn plain(intent: &str, sentences: Vec<TemplateSource>) -> Self {
        Self {
            intent: intent.to_owned(),
            sentences,
            slots: Vec::new(),
            requires: Vec::new(),
            excludes: Vec::new(),
            scope: Scope::default(),
            required_keywords: Vec::new(),
            combination: None,
        }
    }
}

/// A template and where it stands.
#[derive(Clone, Debug)]
pub(in crate::command) struct TemplateSource {
    pub(in crate::command) template: Template,
    pub(in crate::command) text: String,
    file: Rc<File>,
    mark: Mark,
}

impl TemplateSource {
    pub(in crate::command) fn at(&self, offset: usize) -> Location {
        self.file.inside(self.mark, &self.text, offset)
    }

    pub(in crate::command) fn file(&self) -> &str {
        &self.file.name
    }

    pub(in crate::command) fn mark(&self) -> Mark {
        self.mark
    }
}

/// A list and where it stands.
#[derive(Clone, Debug)]
pub(in crate::command) struct ListSource {
    pub(in crate::command) kind: ListKind,
    pub(in crate::command) at: Location,
}

#[derive(Clone, Debug)]
pub(in crate::command) enum ListKind {
    Values(Vec<ValueSource>),
    Range(Range),
    Wildcard,
}

/// An entry of a list.
#[derive(Clone, Debug)]
pub(in crate::command) struct ValueSource {
    pub(in crate::command) template: TemplateSource,
    /// `None`: the words as they were said.
    pub(in crate::command) value: Option<SlotValue>,
    pub(in crate::command) context: Vec<(String, SlotValue)>,
    /// The only language that says it so.
    pub(in crate::command) language: Option<String>,
}

/// The numbers of a range list or of a number slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::command) struct Range {
    pub(in crate::command) from: f64,
    pub(in crate::command) to: f64,
    pub(in crate::command) step: f64,
    /// Parts of one between two steps: 1, 2 (halves), 10 (tenths); `None`: any.
    pub(in crate::command) fractions: Option<u32>,
    pub(in crate::command) multiplier: Option<f64>,
    pub(in crate::command) digits: bool,
    pub(in crate::command) words: bool,
}

impl Range {
    const ANY_NUMBER: Self = Self {
        from: f64::NEG_INFINITY,
        to: f64::INFINITY,
        step: 1.0,
        fractions: None,
        multiplier: None,
        digits: true,
        words: true,
    };

    /// Whether the values are whole numbers.
    pub(in crate::command) fn is_integer(&self) -> bool {
        self.fractions == Some(1) && self.multiplier.is_none_or(|multiplier| multiplier.fract() == 0.0)
    }
}

/// A condition on the context.
#[derive(Clone, Debug)]
pub(in crate::command) struct Requirement {
    pub(in crate::command) key: String,
    /// The values that fit; `None`: any.
    pub(in crate::command) values: Option<Vec<SlotValue>>,
    /// The slot that receives the value.
    pub(in crate::command) slot: Option<String>,
}

/// A text, or one a language.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::command) struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The text in every language.
    pub(in crate::command) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    /// The text for a language; one that names no language is for all.
    pub(in crate::command) fn get(&self, language: &str) -> Option<&str> {
        self.0.get(language).or_else(|| self.0.get("")).map(String::as_str)
    }

    pub(in crate::command) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// (+) What an intent says of itself, its sentences apart.
#[derive(Clone, Debug, Default)]
pub(in crate::command) struct IntentDeclaration {
    pub(in crate::command) slots: Vec<SlotDeclaration>,
    /// Whether the command is to be confirmed before it runs.
    pub(in crate::command) destructive: bool,
    /// What to ask then.
    pub(in crate::command) confirm: Texts,
    /// What to say when it was done.
    pub(in crate::command) response: Texts,
}

/// (+) What an intent says of a slot.
#[derive(Clone, Debug)]
pub(in crate::command) struct SlotDeclaration {
    pub(in crate::command) name: String,
    pub(in crate::command) kind: Option<SlotKind>,
    pub(in crate::command) required: bool,
    pub(in crate::command) prompt: Texts,
    pub(in crate::command) at: Location,
}

/// (+) What a slot holds when no list of its name exists.
#[derive(Clone, Debug)]
pub(in crate::command) enum SlotKind {
    Text,
    Duration,
    /// One of [`ENTITY_TYPES`].
    Entity(entity::Kind),
    Range(Range),
    /// The entries by language; the empty language is for all.
    Values(BTreeMap<String, Vec<ValueSource>>),
    List(String, Location),
}

/// Whether a file's lists and rules give way to those of the same name elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::command) enum Role {
    Main,
    /// Files in `lists/` and `rules/` beside the sentences.
    Library,
}

const TOP_KEYS: &[&str] = &[
    "language",
    "languages",
    "intents",
    "intent",
    "data",
    "lists",
    "expansion_rules",
    "skip_words",
    "settings",
    "responses",
];
const LANGUAGE_KEYS: &[&str] =
    &["intents", "lists", "expansion_rules", "skip_words", "settings", "responses"];

impl Source {
    /// Adds a file. `intent` is the intent that top-level `data:` belongs to.
    pub(in crate::command) fn add(&mut self, file: File, role: Role, intent: Option<&str>) -> Result<()> {
        let file = Rc::new(file);
        let Some(root) = file.parse()? else { return Ok(()) };
        if root.is_null() {
            return Ok(());
        }
        let mut reader = Reader { file: &file, role, language: String::new(), unread: RefCell::default() };
        let pairs = reader.mapping(
            &root,
            "a command file",
            "write `language: en` and `intents:` with your sentences",
        )?;
        reader.check_keys(pairs, TOP_KEYS)?;
        if let Some(node) = get(pairs, "language") {
            reader.language = language_code(&reader.string(node, "language", "write a code such as `en`")?);
            reader.note_language(self, reader.language.clone(), node.mark);
        }
        reader.top(self, pairs, &root, intent)?;
        if let Some(languages) = get(pairs, "languages") {
            self.add_languages(&mut reader, languages)?;
        }
        reader.note_unread(self, pairs);
        Ok(())
    }

    fn add_languages(&mut self, reader: &mut Reader, languages: &Node) -> Result<()> {
        if let Kind::Sequence(codes) = &languages.kind {
            for (code, node) in codes.iter().filter_map(|node| Some((node.text()?, node))) {
                reader.note_language(self, language_code(code), node.mark);
            }
            return Ok(());
        }
        let mend = "write one entry a language: `en:` with its `intents:`";
        for (code, node) in reader.mapping(languages, "languages", mend)? {
            reader.language = language_code(&code.name);
            reader.note_language(self, reader.language.clone(), code.mark);
            let pairs = reader.mapping(node, &code.name, "write `intents:`, `lists:` … under it")?;
            reader.check_keys(pairs, LANGUAGE_KEYS)?;
            reader.top(self, pairs, node, None)?;
        }
        Ok(())
    }
}

/// `de-AT` and `DE` are `de`.
pub(in crate::command) fn language_code(tag: &str) -> String {
    tag.trim().split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

impl Reader<'_> {
    /// Everything a language may hold.
    fn top(&self, source: &mut Source, pairs: &Pairs, root: &Node, intent: Option<&str>) -> Result<()> {
        let mut read = LanguageSource { scope: self.scope(pairs)?, ..LanguageSource::default() };
        if let Some(words) = get(pairs, "skip_words") {
            for word in self.sequence(
                words,
                "skip_words",
                "write one word or phrase a line, each with `- ` before it",
            )? {
                read.skip_words.push(self.string(word, "skip_words", "write a word or phrase")?);
            }
        }
        if let Some(settings) = get(pairs, "settings") {
            let settings =
                self.mapping(settings, "settings", "write `ignore_whitespace: true` under it, or remove it")?;
            if let Some(node) = get(settings, "ignore_whitespace") {
                read.ignore_whitespace = self.boolean(node, "ignore_whitespace")?;
            }
        }
        if let Some(intents) = get(pairs, "intents") {
            for (name, node) in
                self.mapping(intents, "intents", "write one entry an intent, with its `data:` under it")?
            {
                self.note_intent(source, &name.name, name.mark);
                self.intent(source, &mut read, name, node)?;
            }
        }
        if let Some(data) = get(pairs, "data") {
            let named = get(pairs, "intent")
                .map(|node| self.string(node, "intent", "write the intent's name"))
                .transpose()?;
            let Some(intent) = named.or_else(|| intent.map(str::to_owned)) else {
                let mend = "write `intents:`, the intent's name and `data:` under it";
                return Err(self.form(root.mark, "`data:` without an intent", mend));
            };
            self.note_intent(source, &intent, data.mark);
            self.blocks(&mut read, &intent, data)?;
            let stem = std::path::Path::new(&self.file.name).file_stem().and_then(|stem| stem.to_str());
            for block in &mut read.blocks {
                block.combination = stem.map(str::to_owned);
            }
        }
        let target = match self.language.as_str() {
            "" => &mut source.shared,
            language => source.languages.entry(language.to_owned()).or_default(),
        };
        target.blocks.append(&mut read.blocks);
        target.skip_words.append(&mut read.skip_words);
        target.ignore_whitespace |= read.ignore_whitespace;
        self.merge(&mut target.scope, read.scope)
    }

    fn merge(&self, target: &mut Scope, read: Scope) -> Result<()> {
        for (name, list) in read.lists {
            match target.lists.get_mut(&name) {
                Some(other) if self.role == Role::Main => {
                    match (&mut other.kind, list.kind) {
                        // As hassil: what several files say of a list is put together.
                        (ListKind::Values(known), ListKind::Values(more)) => {
                            known.extend(more);
                            continue;
                        }
                        (ListKind::Wildcard, ListKind::Wildcard) => continue,
                        (ListKind::Range(known), ListKind::Range(other)) if *known == other => continue,
                        _ => {}
                    }
                    let found = format!("the list `{name}` is also in {}", other.at);
                    return Err(CommandError::form(list.at, found, "keep one of them or rename one"));
                }
                Some(_) => {}
                None => drop(target.lists.insert(name, list)),
            }
        }
        for (name, rule) in read.rules {
            match target.rules.get(&name) {
                Some(other) if self.role == Role::Main && other.text != rule.text => {
                    let found = format!("the rule `{name}` is also in {}", other.at(0));
                    return Err(CommandError::form(rule.at(0), found, "keep one of them or rename one"));
                }
                Some(_) => {}
                None => drop(target.rules.insert(name, rule)),
            }
        }
        Ok(())
    }
}

impl Default for Range {
    fn default() -> Self {
        Self::ANY_NUMBER
    }
}

/// A template short enough for a message.
pub(in crate::command) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::command::value::ENTITY_TYPES;

    fn keys(schema: &Value, at: &str) -> Vec<String> {
        let mut keys: Vec<_> = schema.pointer(at).unwrap().as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    }

    #[track_caller]
    fn check(schema: &Value, at: &str, known: &[&str]) {
        let mut known = known.to_vec();
        known.sort_unstable();
        assert_eq!(keys(schema, at), known, "{at}");
    }

    #[test]
    fn the_schema_has_no_key_twice() {
        File::new("schema.json", crate::command::SCHEMA).parse().unwrap();
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let schema: Value = serde_json::from_str(crate::command::SCHEMA).unwrap();
        check(&schema, "/properties", TOP_KEYS);
        check(&schema, "/$defs/inLanguage/properties", LANGUAGE_KEYS);
        check(&schema, "/$defs/intents/additionalProperties/oneOf/1/properties", intents::INTENT_KEYS);
        check(&schema, "/$defs/blocks/items/properties", intents::BLOCK_KEYS);
        check(&schema, "/$defs/slot/oneOf/2/properties", slots::SLOT_KEYS);
        check(&schema, "/$defs/lists/additionalProperties/oneOf/1/properties", lists::LIST_KEYS);
        check(
            &schema,
            "/$defs/lists/additionalProperties/oneOf/1/properties/range/properties",
            lists::RANGE_KEYS,
        );
        check(&schema, "/$defs/values/items/oneOf/1/properties", lists::VALUE_KEYS);
        let mut types: Vec<&str> = ENTITY_TYPES.iter().map(|kind| kind.name()).collect();
        types.extend(slots::SLOT_TYPES);
        types.sort_unstable();
        let mut listed: Vec<&str> = schema
            .pointer("/$defs/slotType/enum")
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        listed.sort_unstable();
        assert_eq!(listed, types);
    }
}
