//! `intents:` and their blocks of sentences.

use super::reader::{Pairs, Reader, get};
use super::{Block, LanguageSource, Requirement, Result, Source, language_code, shorten};
use crate::command::error::CommandError;
use crate::command::example::{self, Example};
use crate::command::value::SlotValue;
use crate::command::yaml::{Key, Kind, Node};

pub(super) const INTENT_KEYS: &[&str] =
    &["data", "sentences", "examples", "slots", "description", "destructive", "confirm", "response"];

pub(super) const BLOCK_KEYS: &[&str] = &[
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

impl Reader<'_> {
    pub(super) fn intent(
        &self,
        source: &mut Source,
        read: &mut LanguageSource,
        name: &Key,
        node: &Node,
    ) -> Result<()> {
        if let Kind::Sequence(_) = node.kind {
            return self.plain_block(source, read, name, node);
        }
        let mend = "write `data:` with `- sentences:` under it";
        let pairs = self.mapping(node, &name.name, mend)?;
        self.check_keys(pairs, INTENT_KEYS)?;
        let declared = source.declarations.entry(name.name.clone()).or_default();
        if let Some(node) = get(pairs, "destructive") {
            declared.destructive = self.boolean(node, "destructive")?;
        }
        declared.confirm.0.extend(self.texts(pairs, "confirm")?.0);
        declared.response.0.extend(self.texts(pairs, "response")?.0);
        if let Some(slots) = get(pairs, "slots") {
            let slots = self.mapping(slots, "slots", "write one entry a slot, with `type:` under it")?;
            for (slot, node) in slots {
                let declaration = self.slot(slot, node)?;
                let declared = &mut declared.slots;
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
        if let Some(examples) = get(pairs, "examples") {
            self.examples(source, read, name, examples)?;
        }
        Ok(())
    }

    /// (+) `examples: […]` and `examples: {en: […], de: […]}`: what people say, without template syntax.
    pub(super) fn examples(
        &self,
        source: &mut Source,
        read: &mut LanguageSource,
        name: &Key,
        node: &Node,
    ) -> Result<()> {
        let mut add = |language: Option<String>, node: &Node| -> Result<()> {
            let mend = "write one sentence a line, each with `- ` before it";
            for node in self.sequence(node, "examples", mend)? {
                let text = self.string(
                    node,
                    "an example",
                    "write a sentence; one that begins with [ needs quotes around it",
                )?;
                let (plain, slots) = example::annotated(&text).map_err(|error| CommandError::Template {
                    at: self.file.inside(node.mark, &text, error.offset),
                    found: format!("{} in \"{}\"", error.found, shorten(&text)),
                    mend: error.mend.to_owned(),
                })?;
                source.examples.push(Example {
                    text: plain,
                    intent: name.name.clone(),
                    language: language.clone(),
                    slots,
                });
            }
            // A block, if only an empty one, so that the intent's slots have values in this language.
            let Some(code) = language else { return Ok(()) };
            let blocks = match code == self.language {
                true => &mut read.blocks,
                false => &mut source.languages.entry(code).or_default().blocks,
            };
            if !blocks.iter().any(|block| block.intent == name.name) {
                blocks.push(Block::plain(&name.name, Vec::new()));
            }
            Ok(())
        };
        match &node.kind {
            Kind::Mapping(languages) => {
                languages.iter().try_for_each(|(code, node)| add(Some(language_code(&code.name)), node))
            }
            _ => add(Some(self.language.clone()).filter(|language| !language.is_empty()), node),
        }
    }

    /// (+) `NAME: [sentences]`, `NAME: {sentences: […]}` and `sentences: {en: […], de: […]}`.
    pub(super) fn plain_block(
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

    pub(super) fn sentences(&self, intent: &str, node: &Node) -> Result<Block> {
        let mend = "write one sentence a line, each with `- ` before it";
        let sentences = self.sequence(node, "sentences", mend)?;
        let sentences =
            sentences.iter().map(|node| self.template(node, "a sentence")).collect::<Result<_>>()?;
        Ok(Block::plain(intent, sentences))
    }

    pub(super) fn blocks(&self, read: &mut LanguageSource, intent: &str, data: &Node) -> Result<()> {
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

    pub(super) fn block(&self, intent: &str, node: &Node) -> Result<Block> {
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
    pub(super) fn fixed_value(&self, node: &Node, what: &str) -> Result<SlotValue> {
        match &node.kind {
            Kind::Sequence(items) if !items.is_empty() => {
                items.first().map_or_else(|| self.scalar(node, what), |first| self.scalar(first, what))
            }
            _ => self.scalar(node, what),
        }
    }

    pub(super) fn values(&self, node: &Node, what: &str) -> Result<Vec<SlotValue>> {
        match &node.kind {
            Kind::Sequence(items) => items.iter().map(|item| self.scalar(item, what)).collect(),
            _ => Ok(vec![self.scalar(node, what)?]),
        }
    }

    pub(super) fn requirements(&self, pairs: &Pairs, what: &str) -> Result<Vec<Requirement>> {
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
}
