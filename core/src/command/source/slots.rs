//! `slots:` of an intent.

use std::collections::BTreeMap;

use super::reader::{Pairs, Reader, get};
use super::{Range, Result, SlotDeclaration, SlotKind, Texts, language_code};
use crate::command::error::did_you_mean;
use crate::command::value::{ENTITY_TYPES, entity_type};
use crate::command::yaml::{Key, Kind, Node};

pub(super) const SLOT_KEYS: &[&str] = &[
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
pub(super) const SLOT_TYPES: &[&str] = &["text", "integer", "number", "duration", "list"];

impl Reader<'_> {
    pub(super) fn slot(&self, key: &Key, node: &Node) -> Result<SlotDeclaration> {
        let name = key.name.clone();
        let at = self.file.at(key.mark);
        let empty = SlotDeclaration { name, kind: None, required: false, prompt: Texts::default(), at };
        if node.is_null() {
            return Ok(empty);
        }
        if node.text().is_some() {
            return Ok(SlotDeclaration { kind: self.slot_kind(key, node, &[])?, ..empty });
        }
        let pairs = self.mapping(node, &key.name, "write `type:` under it")?;
        self.check_keys(pairs, SLOT_KEYS)?;
        if let Some(kind) = get(pairs, "type") {
            self.check_slot_keys(pairs, kind)?;
        }
        let kind = match get(pairs, "type") {
            Some(kind) => self.slot_kind(key, kind, pairs)?,
            None if get(pairs, "values").is_some() || get(pairs, "list").is_some() => {
                self.list_slot(key, pairs)?
            }
            None => None,
        };
        let required = get(pairs, "required").map(|node| self.boolean(node, "required")).transpose()?;
        let prompt = self.texts(pairs, "prompt")?;
        Ok(SlotDeclaration { kind, required: required.unwrap_or(false), prompt, ..empty })
    }

    /// Bounds are for numbers, and entries for lists: where they would say nothing, something else was meant.
    fn check_slot_keys(&self, pairs: &Pairs, kind: &Node) -> Result<()> {
        let name = kind.text().unwrap_or_default();
        let (is_number, is_list) = (matches!(name, "integer" | "number"), name == "list");
        for (key, _) in pairs {
            let mend = match key.name.as_str() {
                "from" | "to" | "step" | "fractions" | "multiplier" if !is_number => {
                    "only `integer` and `number` have it: leave it out, or choose one of them"
                }
                "values" | "list" if !is_list => "write `type: list`, or leave it out",
                _ => continue,
            };
            let found = format!("`{}` of a slot with type {}", key.name, kind.describe());
            return Err(self.form(key.mark, found, mend));
        }
        Ok(())
    }

    pub(super) fn slot_kind(&self, key: &Key, kind: &Node, pairs: &Pairs) -> Result<Option<SlotKind>> {
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

    pub(super) fn list_slot(&self, key: &Key, pairs: &Pairs) -> Result<Option<SlotKind>> {
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
    pub(super) fn merge(&mut self, other: Self) {
        let other_at = other.at;
        self.required |= other.required;
        self.prompt.0.extend(other.prompt.0);
        match (&mut self.kind, other.kind) {
            (Some(SlotKind::Values(mine)), Some(SlotKind::Values(others))) => mine.extend(others),
            (mine @ None, other) => (*mine, self.at) = (other, other_at),
            (Some(_), _) => {}
        }
    }
}
