//! `lists:` and `expansion_rules:`.

use super::reader::{Pairs, Reader, get};
use super::{ListKind, ListSource, Range, Result, Scope, ValueSource, language_code};
use crate::command::template::Template;
use crate::command::value::SlotValue;
use crate::command::yaml::{Key, Kind, Node};

pub(super) const LIST_KEYS: &[&str] = &["values", "range", "wildcard"];

pub(super) const VALUE_KEYS: &[&str] = &["in", "out", "context", "metadata", "value", "synonyms"];

pub(super) const RANGE_KEYS: &[&str] =
    &["from", "to", "step", "type", "fractions", "multiplier", "digits", "words", "words_language"];

impl Reader<'_> {
    pub(super) fn scope(&self, pairs: &Pairs) -> Result<Scope> {
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

    pub(super) fn list(&self, key: &Key, node: &Node) -> Result<ListSource> {
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

    pub(super) fn list_values(&self, node: &Node) -> Result<Vec<ValueSource>> {
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

    pub(super) fn list_value(&self, item: &Node, pairs: &Pairs, out: &mut Vec<ValueSource>) -> Result<()> {
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

    pub(super) fn range(&self, pairs: &Pairs, node: &Node, bounded: bool) -> Result<Range> {
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
}
