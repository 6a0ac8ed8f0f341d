//! What a command file says, before it is compiled: YAML nodes to typed structs, with every mistake located.
//!
//! The form is Home Assistant's; what is ours is marked (+) in the room's page. One file may hold one language
//! (`language:`) or several (`languages:`); files are merged into one [`Source`].

use std::collections::BTreeMap;
use std::rc::Rc;

use super::error::{CommandError, Location, did_you_mean, nearest};
use super::template::Template;
use super::value::{ENTITY_TYPES, SlotValue, entity_type};
use super::yaml::{File, Key, Kind, Mark, Node};
use crate::entity;

/// All files of a set.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) languages: BTreeMap<String, LanguageSource>,
    /// Lists and rules of files that name no language: they serve all.
    pub(super) shared: LanguageSource,
    pub(super) declarations: BTreeMap<String, Vec<SlotDeclaration>>,
}

/// One language of a set.
#[derive(Debug, Default)]
pub(super) struct LanguageSource {
    pub(super) blocks: Vec<Block>,
    pub(super) scope: Scope,
    pub(super) skip_words: Vec<String>,
    pub(super) ignore_whitespace: bool,
}

/// Lists and rules by name.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) lists: BTreeMap<String, ListSource>,
    pub(super) rules: BTreeMap<String, TemplateSource>,
}

/// Sentences of an intent that share slots and context.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) intent: String,
    pub(super) sentences: Vec<TemplateSource>,
    pub(super) slots: Vec<(String, SlotValue)>,
    pub(super) requires: Vec<Requirement>,
    pub(super) excludes: Vec<Requirement>,
    pub(super) scope: Scope,
    pub(super) required_keywords: Vec<String>,
    /// The file's name, if the block stands alone in a file of its own.
    pub(super) combination: Option<String>,
}

/// A template and where it stands.
#[derive(Clone, Debug)]
pub(super) struct TemplateSource {
    pub(super) template: Template,
    pub(super) text: String,
    file: Rc<File>,
    mark: Mark,
}

impl TemplateSource {
    pub(super) fn at(&self, offset: usize) -> Location {
        self.file.inside(self.mark, &self.text, offset)
    }
}

/// A list and where it stands.
#[derive(Clone, Debug)]
pub(super) struct ListSource {
    pub(super) kind: ListKind,
    pub(super) at: Location,
}

#[derive(Clone, Debug)]
pub(super) enum ListKind {
    Values(Vec<ValueSource>),
    Range(Range),
    Wildcard,
}

/// An entry of a list.
#[derive(Clone, Debug)]
pub(super) struct ValueSource {
    pub(super) template: TemplateSource,
    /// `None`: the words as they were said.
    pub(super) value: Option<SlotValue>,
    pub(super) context: Vec<(String, SlotValue)>,
    /// The only language that says it so.
    pub(super) language: Option<String>,
}

/// The numbers of a range list or of a number slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) step: f64,
    /// Parts of one between two steps: 1, 2 (halves), 10 (tenths); `None`: any.
    pub(super) fractions: Option<u32>,
    pub(super) multiplier: Option<f64>,
    pub(super) digits: bool,
    pub(super) words: bool,
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
    pub(super) fn is_integer(&self) -> bool {
        self.fractions == Some(1) && self.multiplier.is_none_or(|multiplier| multiplier.fract() == 0.0)
    }
}

/// A condition on the context.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) key: String,
    /// The values that fit; `None`: any.
    pub(super) values: Option<Vec<SlotValue>>,
    /// The slot that receives the value.
    pub(super) slot: Option<String>,
}

/// (+) What an intent says of a slot.
#[derive(Clone, Debug)]
pub(super) struct SlotDeclaration {
    pub(super) name: String,
    pub(super) kind: Option<SlotKind>,
    pub(super) required: bool,
    /// Questions by language; the empty language is for all.
    pub(super) prompts: BTreeMap<String, String>,
}

/// (+) What a slot holds when no list of its name exists.
#[derive(Clone, Debug)]
pub(super) enum SlotKind {
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
pub(super) enum Role {
    Main,
    /// Files in `lists/` and `rules/` beside the sentences.
    Library,
}

type Pairs = [(Key, Rc<Node>)];
type Result<T> = std::result::Result<T, CommandError>;

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
const INTENT_KEYS: &[&str] = &["data", "sentences", "slots", "description"];
const BLOCK_KEYS: &[&str] = &[
    "sentences",
    "slots",
    "requires_context",
    "excludes_context",
    "expansion_rules",
    "lists",
    "response",
    "metadata",
    "required_keywords",
    "settings",
    "name_domains",
    "inferred_domain",
];
const LIST_KEYS: &[&str] = &["values", "range", "wildcard"];
const VALUE_KEYS: &[&str] = &["in", "out", "context", "metadata", "value", "synonyms"];
const RANGE_KEYS: &[&str] =
    &["from", "to", "step", "type", "fractions", "multiplier", "digits", "words", "words_language"];
const SLOT_KEYS: &[&str] = &[
    "type",
    "required",
    "prompt",
    "values",
    "list",
    "description",
    "from",
    "to",
    "step",
    "fractions",
    "multiplier",
];
/// The types of slots beside those of [`ENTITY_TYPES`].
const SLOT_TYPES: &[&str] = &["text", "integer", "number", "duration", "list"];

impl Source {
    /// Adds a file. `intent` is the intent that top-level `data:` belongs to.
    pub(super) fn add(&mut self, file: File, role: Role, intent: Option<&str>) -> Result<()> {
        let file = Rc::new(file);
        let Some(root) = file.parse()? else { return Ok(()) };
        if root.is_null() {
            return Ok(());
        }
        let mut reader = Reader { file: &file, role, language: String::new() };
        let pairs = reader.mapping(
            &root,
            "a command file",
            "write `language: en` and `intents:` with your sentences",
        )?;
        reader.check_keys(pairs, TOP_KEYS)?;
        let named =
            get(pairs, "language").map(|node| reader.string(node, "language", "write a code such as `en`"));
        let named = named.transpose()?;
        let has_sentences = get(pairs, "intents").or_else(|| get(pairs, "data")).is_some();
        let languages = get(pairs, "languages");
        if let Some(language) = named {
            reader.language = language_code(&language);
            reader.top(self, pairs, &root, intent)?;
        } else if !has_sentences || languages.is_some() {
            reader.top(self, pairs, &root, intent)?;
        } else {
            return Err(reader.form(
                root.mark,
                "no `language:`",
                "add a line such as `language: en` at the top",
            ));
        }
        let Some(languages) = languages else { return Ok(()) };
        match &languages.kind {
            Kind::Sequence(_) => Ok(()),
            _ => {
                let all = reader.mapping(
                    languages,
                    "languages",
                    "write one entry a language: `en:` with its `intents:`",
                )?;
                for (code, node) in all {
                    reader.language = language_code(&code.name);
                    let pairs = reader.mapping(node, &code.name, "write `intents:`, `lists:` … under it")?;
                    reader.check_keys(pairs, LANGUAGE_KEYS)?;
                    reader.top(self, pairs, node, None)?;
                }
                Ok(())
            }
        }
    }
}

/// `de-AT` and `DE` are `de`.
pub(super) fn language_code(tag: &str) -> String {
    tag.trim().split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

fn get<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a Rc<Node>> {
    pairs.iter().find(|(key, _)| key.name == name).map(|(_, node)| node).filter(|node| !node.is_null())
}

struct Reader<'a> {
    file: &'a Rc<File>,
    role: Role,
    language: String,
}

impl Reader<'_> {
    fn form(&self, mark: Mark, found: impl Into<String>, mend: impl Into<String>) -> CommandError {
        CommandError::form(self.file.at(mark), found, mend)
    }

    fn mapping<'n>(&self, node: &'n Node, what: &str, mend: &str) -> Result<&'n Pairs> {
        match &node.kind {
            Kind::Mapping(pairs) => Ok(pairs),
            _ => Err(self.form(node.mark, format!("`{what}` is {}, not a mapping", node.describe()), mend)),
        }
    }

    fn sequence<'n>(&self, node: &'n Node, what: &str, mend: &str) -> Result<&'n [Rc<Node>]> {
        match &node.kind {
            Kind::Sequence(items) => Ok(items),
            _ => Err(self.form(node.mark, format!("`{what}` is {}, not a list", node.describe()), mend)),
        }
    }

    fn string(&self, node: &Node, what: &str, mend: &str) -> Result<String> {
        match node.text().filter(|_| !node.is_null()) {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.form(node.mark, format!("`{what}` is {}, not text", node.describe()), mend)),
        }
    }

    fn boolean(&self, node: &Node, what: &str) -> Result<bool> {
        match node.value() {
            Some(SlotValue::Boolean(value)) => Ok(value),
            _ => Err(self.form(node.mark, format!("`{what}` is {}", node.describe()), "write true or false")),
        }
    }

    fn number(&self, node: &Node, what: &str) -> Result<f64> {
        match node.value() {
            Some(SlotValue::Integer(value)) => Ok(value as f64),
            Some(SlotValue::Number(value)) => Ok(value),
            _ => Err(self.form(node.mark, format!("`{what}` is {}", node.describe()), "write a number")),
        }
    }

    fn scalar(&self, node: &Node, what: &str) -> Result<SlotValue> {
        node.value().ok_or_else(|| {
            self.form(
                node.mark,
                format!("`{what}` is {}", node.describe()),
                "write text, a number, true or false",
            )
        })
    }

    /// Unknown keys are other programs' business, unless they look like a slip.
    fn check_keys(&self, pairs: &Pairs, known: &[&str]) -> Result<()> {
        for (key, _) in pairs {
            if !known.contains(&key.name.as_str())
                && let Some(meant) = nearest(&key.name, known.iter().copied())
            {
                let mend = format!("did you mean `{meant}`?");
                return Err(self.form(key.mark, format!("unknown key `{}`", key.name), mend));
            }
        }
        Ok(())
    }

    fn template(&self, node: &Node, what: &str) -> Result<TemplateSource> {
        let mend = match node.kind {
            Kind::Scalar(..) => "write a sentence",
            _ => "a sentence that begins with [ or { needs quotes around it",
        };
        let text = self.string(node, what, mend)?;
        let template = Template::parse(&text).map_err(|error| CommandError::Template {
            at: self.file.inside(node.mark, &text, error.offset),
            found: format!("{} in \"{}\"", error.found, shorten(&text)),
            mend: error.mend,
        })?;
        Ok(TemplateSource { template, text, file: Rc::clone(self.file), mark: node.mark })
    }

    fn literal(&self, node: &Node, what: &str) -> Result<TemplateSource> {
        let text = self.string(node, what, "write the words")?;
        Ok(TemplateSource {
            template: Template::literal(&text),
            text,
            file: Rc::clone(self.file),
            mark: node.mark,
        })
    }

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

    fn intent(&self, source: &mut Source, read: &mut LanguageSource, name: &Key, node: &Node) -> Result<()> {
        if let Kind::Sequence(_) = node.kind {
            return self.plain_block(source, read, name, node);
        }
        let mend = "write `data:` with `- sentences:` under it";
        let pairs = self.mapping(node, &name.name, mend)?;
        self.check_keys(pairs, INTENT_KEYS)?;
        if let Some(slots) = get(pairs, "slots") {
            let slots = self.mapping(slots, "slots", "write one entry a slot, with `type:` under it")?;
            for (slot, node) in slots {
                let declaration = self.slot(slot, node)?;
                let declared = source.declarations.entry(name.name.clone()).or_default();
                match declared.iter_mut().find(|other| other.name == declaration.name) {
                    Some(other) => other.merge(declaration),
                    None => declared.push(declaration),
                }
            }
        }
        if let Some(data) = get(pairs, "data") {
            self.blocks(read, &name.name, data)?;
        }
        if let Some(sentences) = get(pairs, "sentences") {
            self.plain_block(source, read, name, sentences)?;
        }
        Ok(())
    }

    /// (+) `NAME: [sentences]`, `NAME: {sentences: […]}` and `sentences: {en: […], de: […]}`.
    fn plain_block(
        &self,
        source: &mut Source,
        read: &mut LanguageSource,
        name: &Key,
        node: &Node,
    ) -> Result<()> {
        if let Kind::Mapping(languages) = &node.kind {
            for (code, sentences) in languages {
                let block = self.sentences(&name.name, sentences)?;
                let code = language_code(&code.name);
                if code == self.language {
                    read.blocks.push(block);
                } else {
                    source.languages.entry(code).or_default().blocks.push(block);
                }
            }
            return Ok(());
        }
        if self.language.is_empty() {
            let mend = "write `language: en` at the top, or `sentences:` with `en:` and `de:` under it";
            return Err(self.form(
                name.mark,
                format!("the sentences of `{}` have no language", name.name),
                mend,
            ));
        }
        read.blocks.push(self.sentences(&name.name, node)?);
        Ok(())
    }

    fn sentences(&self, intent: &str, node: &Node) -> Result<Block> {
        let mend = "write one sentence a line, each with `- ` before it";
        let sentences = self.sequence(node, "sentences", mend)?;
        let sentences =
            sentences.iter().map(|node| self.template(node, "a sentence")).collect::<Result<_>>()?;
        Ok(Block {
            intent: intent.to_owned(),
            sentences,
            slots: Vec::new(),
            requires: Vec::new(),
            excludes: Vec::new(),
            scope: Scope::default(),
            required_keywords: Vec::new(),
            combination: None,
        })
    }

    fn blocks(&self, read: &mut LanguageSource, intent: &str, data: &Node) -> Result<()> {
        if self.language.is_empty() {
            let mend =
                "write `language: en` at the top, or put the intent under `languages:` and its language";
            return Err(self.form(data.mark, format!("the sentences of `{intent}` have no language"), mend));
        }
        for node in self.sequence(data, "data", "begin each block with `- sentences:`")? {
            read.blocks.push(self.block(intent, node)?);
        }
        Ok(())
    }

    fn block(&self, intent: &str, node: &Node) -> Result<Block> {
        let pairs = self.mapping(node, "data", "begin each block with `- sentences:`")?;
        self.check_keys(pairs, BLOCK_KEYS)?;
        let Some(sentences) = get(pairs, "sentences") else {
            return Err(self.form(
                node.mark,
                format!("a block of `{intent}` without `sentences:`"),
                "add `sentences:`",
            ));
        };
        let mut block = self.sentences(intent, sentences)?;
        block.scope = self.scope(pairs)?;
        if let Some(slots) = get(pairs, "slots") {
            for (key, value) in self.mapping(slots, "slots", "write `name: value` a line")? {
                block.slots.push((key.name.clone(), self.fixed_value(value, &key.name)?));
            }
        }
        block.requires = self.requirements(pairs, "requires_context")?;
        block.excludes = self.requirements(pairs, "excludes_context")?;
        if let Some(keywords) = get(pairs, "required_keywords") {
            for word in self.sequence(keywords, "required_keywords", "write one word a line")? {
                block.required_keywords.push(self.string(word, "required_keywords", "write a word")?);
            }
        }
        if let Some(domains) = get(pairs, "name_domains") {
            let values = self.values(domains, "name_domains")?;
            block.requires.push(Requirement { key: "domain".into(), values: Some(values), slot: None });
        } else if let Some(domain) = get(pairs, "inferred_domain") {
            block.slots.push(("domain".into(), self.scalar(domain, "inferred_domain")?));
        }
        Ok(block)
    }

    /// hassil allows a list of values; the first stands for all.
    fn fixed_value(&self, node: &Node, what: &str) -> Result<SlotValue> {
        match &node.kind {
            Kind::Sequence(items) if !items.is_empty() => {
                items.first().map_or_else(|| self.scalar(node, what), |first| self.scalar(first, what))
            }
            _ => self.scalar(node, what),
        }
    }

    fn values(&self, node: &Node, what: &str) -> Result<Vec<SlotValue>> {
        match &node.kind {
            Kind::Sequence(items) => items.iter().map(|item| self.scalar(item, what)).collect(),
            _ => Ok(vec![self.scalar(node, what)?]),
        }
    }

    fn requirements(&self, pairs: &Pairs, what: &str) -> Result<Vec<Requirement>> {
        let Some(node) = get(pairs, what) else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for (key, node) in self.mapping(node, what, "write `name: value` a line")? {
            let mut requirement = Requirement { key: key.name.clone(), values: None, slot: None };
            match &node.kind {
                Kind::Mapping(pairs) => {
                    self.check_keys(pairs, &["value", "slot"])?;
                    if let Some(value) = get(pairs, "value") {
                        requirement.values = Some(self.values(value, &key.name)?);
                    }
                    requirement.slot = match get(pairs, "slot").map(|slot| (slot, slot.value())) {
                        None | Some((_, Some(SlotValue::Boolean(false)))) => None,
                        Some((_, Some(SlotValue::Boolean(true)))) => Some(key.name.clone()),
                        Some((slot, _)) => {
                            Some(self.string(slot, "slot", "write true or the slot's name")?)
                        }
                    };
                }
                _ if node.is_null() => {}
                _ => requirement.values = Some(self.values(node, &key.name)?),
            }
            out.push(requirement);
        }
        Ok(out)
    }

    fn scope(&self, pairs: &Pairs) -> Result<Scope> {
        let mut scope = Scope::default();
        if let Some(lists) = get(pairs, "lists") {
            for (key, node) in
                self.mapping(lists, "lists", "write one entry a list, with `values:` under it")?
            {
                scope.lists.insert(key.name.clone(), self.list(key, node)?);
            }
        }
        if let Some(rules) = get(pairs, "expansion_rules") {
            for (key, node) in self.mapping(rules, "expansion_rules", "write `name: \"template\"` a line")? {
                scope.rules.insert(key.name.clone(), self.template(node, &key.name)?);
            }
        }
        Ok(scope)
    }

    fn list(&self, key: &Key, node: &Node) -> Result<ListSource> {
        let at = self.file.at(key.mark);
        let mend = "write `values:`, `range:` or `wildcard: true` under it";
        if let Kind::Sequence(_) = node.kind {
            return Ok(ListSource { kind: ListKind::Values(self.list_values(node)?), at });
        }
        let pairs = self.mapping(node, &key.name, mend)?;
        self.check_keys(pairs, LIST_KEYS)?;
        let kind = if let Some(values) = get(pairs, "values") {
            ListKind::Values(self.list_values(values)?)
        } else if let Some(range) = get(pairs, "range") {
            let range_pairs = self.mapping(range, "range", "write `from:` and `to:` under it")?;
            self.check_keys(range_pairs, RANGE_KEYS)?;
            ListKind::Range(self.range(range_pairs, range, true)?)
        } else if let Some(wildcard) = get(pairs, "wildcard") {
            if !self.boolean(wildcard, "wildcard")? {
                return Err(self.form(wildcard.mark, "`wildcard` is false", mend));
            }
            ListKind::Wildcard
        } else {
            return Err(self.form(key.mark, format!("the list `{}` says not what is in it", key.name), mend));
        };
        Ok(ListSource { kind, at })
    }

    fn list_values(&self, node: &Node) -> Result<Vec<ValueSource>> {
        let mut out = Vec::new();
        for item in self.sequence(node, "values", "write one value a line, each with `- ` before it")? {
            match &item.kind {
                Kind::Mapping(pairs) => self.list_value(item, pairs, &mut out)?,
                _ => {
                    let template = self.template(item, "a value")?;
                    let value =
                        (!Template::is_in(&template.text)).then(|| SlotValue::Text(template.text.clone()));
                    out.push(ValueSource { template, value, context: Vec::new(), language: None });
                }
            }
        }
        Ok(out)
    }

    fn list_value(&self, item: &Node, pairs: &Pairs, out: &mut Vec<ValueSource>) -> Result<()> {
        self.check_keys(pairs, VALUE_KEYS)?;
        let mut context = Vec::new();
        if let Some(node) = get(pairs, "context") {
            for (key, value) in self.mapping(node, "context", "write `name: value` a line")? {
                if !value.is_null() {
                    context.push((key.name.clone(), self.scalar(value, &key.name)?));
                }
            }
        }
        let mut value = get(pairs, "out").map(|node| self.scalar(node, "out")).transpose()?;
        let mut templates = Vec::new();
        if let Some(node) = get(pairs, "value") {
            value = Some(self.scalar(node, "value")?);
            templates.push((None, self.literal(node, "value")?));
        }
        for name in ["in", "synonyms"] {
            match get(pairs, name) {
                None => {}
                Some(node) if matches!(node.kind, Kind::Sequence(_)) => {
                    for node in self.sequence(node, name, "write one a line")? {
                        templates.push((None, self.template(node, name)?));
                    }
                }
                Some(node) => match &node.kind {
                    Kind::Mapping(languages) => {
                        for (code, node) in languages {
                            templates.push((Some(language_code(&code.name)), self.template(node, name)?));
                        }
                    }
                    _ => templates.push((None, self.template(node, name)?)),
                },
            }
        }
        if templates.is_empty() {
            return Err(self.form(
                item.mark,
                "a value without `in:`",
                "write `in:` with the words that are said",
            ));
        }
        for (language, template) in templates {
            out.push(ValueSource { template, value: value.clone(), context: context.clone(), language });
        }
        Ok(())
    }

    fn range(&self, pairs: &Pairs, node: &Node, bounded: bool) -> Result<Range> {
        let number = |name: &str| get(pairs, name).map(|node| self.number(node, name)).transpose();
        let flag = |name: &str| get(pairs, name).map(|node| self.boolean(node, name)).transpose();
        let (from, to) = (number("from")?, number("to")?);
        if bounded && (from.is_none() || to.is_none()) {
            return Err(self.form(node.mark, "a range without `from:` and `to:`", "add both"));
        }
        let from = from.unwrap_or(f64::NEG_INFINITY);
        let to = to.unwrap_or(f64::INFINITY);
        let step = number("step")?.unwrap_or(1.0);
        if from > to {
            return Err(self.form(
                node.mark,
                format!("a range from {from} to {to}"),
                "put the smaller number into `from:`",
            ));
        }
        if step <= 0.0 {
            return Err(self.form(node.mark, format!("a step of {step}"), "write a step above 0"));
        }
        let fractions = match get(pairs, "fractions") {
            None => 1,
            Some(node) => match node.text() {
                Some("halves") => 2,
                Some("tenths") => 10,
                _ => {
                    let found = format!("`fractions` is {}", node.describe());
                    return Err(self.form(node.mark, found, "write halves or tenths"));
                }
            },
        };
        let (digits, words) = (flag("digits")?.unwrap_or(true), flag("words")?.unwrap_or(true));
        Ok(Range {
            from,
            to,
            step,
            fractions: Some(fractions),
            multiplier: number("multiplier")?,
            digits,
            words,
        })
    }

    fn slot(&self, key: &Key, node: &Node) -> Result<SlotDeclaration> {
        let name = key.name.clone();
        let empty = SlotDeclaration { name, kind: None, required: false, prompts: BTreeMap::new() };
        if node.is_null() {
            return Ok(empty);
        }
        if node.text().is_some() {
            return Ok(SlotDeclaration { kind: self.slot_kind(key, node, &[])?, ..empty });
        }
        let pairs = self.mapping(node, &key.name, "write `type:` under it")?;
        self.check_keys(pairs, SLOT_KEYS)?;
        let kind = match get(pairs, "type") {
            Some(kind) => self.slot_kind(key, kind, pairs)?,
            None if get(pairs, "values").is_some() || get(pairs, "list").is_some() => {
                self.list_slot(key, pairs)?
            }
            None => None,
        };
        let required = get(pairs, "required").map(|node| self.boolean(node, "required")).transpose()?;
        let mut prompts = BTreeMap::new();
        match get(pairs, "prompt") {
            None => {}
            Some(prompt) => match &prompt.kind {
                Kind::Mapping(languages) => {
                    for (code, text) in languages {
                        let text = self.string(text, "prompt", "write the question")?;
                        prompts.insert(language_code(&code.name), text);
                    }
                }
                _ => {
                    let text = self.string(prompt, "prompt", "write the question, or one a language")?;
                    prompts.insert(self.language.clone(), text);
                }
            },
        }
        Ok(SlotDeclaration { kind, required: required.unwrap_or(false), prompts, ..empty })
    }

    fn slot_kind(&self, key: &Key, kind: &Node, pairs: &Pairs) -> Result<Option<SlotKind>> {
        Ok(Some(match kind.text().unwrap_or_default() {
            "text" => SlotKind::Text,
            "duration" => SlotKind::Duration,
            "integer" => SlotKind::Range(self.range(pairs, kind, false)?),
            "number" => {
                let range = self.range(pairs, kind, false)?;
                let fractions = get(pairs, "fractions").and(range.fractions);
                SlotKind::Range(Range { fractions, ..range })
            }
            "list" => return self.list_slot(key, pairs),
            other => match entity_type(other) {
                Some(kind) => SlotKind::Entity(kind),
                None => {
                    let names = SLOT_TYPES.iter().copied().chain(ENTITY_TYPES.iter().map(|kind| kind.name()));
                    let all = format!("write one of {}", names.clone().collect::<Vec<_>>().join(", "));
                    let mend = did_you_mean(other, names, &all);
                    return Err(self.form(
                        kind.mark,
                        format!("the type {} is not known", kind.describe()),
                        mend,
                    ));
                }
            },
        }))
    }

    fn list_slot(&self, key: &Key, pairs: &Pairs) -> Result<Option<SlotKind>> {
        if let Some(values) = get(pairs, "values") {
            let mut by_language = BTreeMap::new();
            match &values.kind {
                Kind::Mapping(languages) => {
                    for (code, node) in languages {
                        by_language.insert(language_code(&code.name), self.list_values(node)?);
                    }
                }
                _ => drop(by_language.insert(self.language.clone(), self.list_values(values)?)),
            }
            return Ok(Some(SlotKind::Values(by_language)));
        }
        match get(pairs, "list") {
            Some(list) => {
                let name = self.string(list, "list", "write the list's name")?;
                Ok(Some(SlotKind::List(name, self.file.at(list.mark))))
            }
            None => Ok(Some(SlotKind::List(key.name.clone(), self.file.at(key.mark)))),
        }
    }
}

impl SlotDeclaration {
    /// Another file's words on the same slot.
    fn merge(&mut self, other: Self) {
        self.required |= other.required;
        self.prompts.extend(other.prompts);
        match (&mut self.kind, other.kind) {
            (Some(SlotKind::Values(mine)), Some(SlotKind::Values(others))) => mine.extend(others),
            (mine @ None, other) => *mine = other,
            (Some(_), _) => {}
        }
    }
}

impl Default for Range {
    fn default() -> Self {
        Self::ANY_NUMBER
    }
}

/// A template short enough for a message.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
