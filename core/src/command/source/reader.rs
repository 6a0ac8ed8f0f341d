//! YAML nodes of the form that is expected, or an error that says what to write instead.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Result, Role, TemplateSource, Texts, UnreadKey, language_code, shorten};
use crate::command::error::{CommandError, nearest};
use crate::command::template::Template;
use crate::command::value::SlotValue;
use crate::command::yaml::{File, Key, Kind, Mark, Node};

pub(super) type Pairs = [(Key, Rc<Node>)];

pub(super) fn get<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a Rc<Node>> {
    pairs.iter().find(|(key, _)| key.name == name).map(|(_, node)| node).filter(|node| !node.is_null())
}

pub(super) struct Reader<'a> {
    pub(super) file: &'a Rc<File>,
    pub(super) role: Role,
    pub(super) language: String,
    /// Keys that were met and are not known.
    pub(super) unread: RefCell<Vec<UnreadKey>>,
}

impl Reader<'_> {
    pub(super) fn form(&self, mark: Mark, found: impl Into<String>, mend: impl Into<String>) -> CommandError {
        CommandError::form(self.file.at(mark), found, mend)
    }

    pub(super) fn mapping<'n>(&self, node: &'n Node, what: &str, mend: &str) -> Result<&'n Pairs> {
        match &node.kind {
            Kind::Mapping(pairs) => Ok(pairs),
            _ => Err(self.form(node.mark, format!("`{what}` is {}, not a mapping", node.describe()), mend)),
        }
    }

    pub(super) fn sequence<'n>(&self, node: &'n Node, what: &str, mend: &str) -> Result<&'n [Rc<Node>]> {
        match &node.kind {
            Kind::Sequence(items) => Ok(items),
            _ => Err(self.form(node.mark, format!("`{what}` is {}, not a list", node.describe()), mend)),
        }
    }

    pub(super) fn string(&self, node: &Node, what: &str, mend: &str) -> Result<String> {
        match node.text().filter(|_| !node.is_null()) {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.form(node.mark, format!("`{what}` is {}, not text", node.describe()), mend)),
        }
    }

    pub(super) fn boolean(&self, node: &Node, what: &str) -> Result<bool> {
        match node.value() {
            Some(SlotValue::Boolean(value)) => Ok(value),
            _ => Err(self.form(node.mark, format!("`{what}` is {}", node.describe()), "write true or false")),
        }
    }

    pub(super) fn number(&self, node: &Node, what: &str) -> Result<f64> {
        match node.value() {
            Some(SlotValue::Integer(value)) => Ok(value as f64),
            Some(SlotValue::Number(value)) => Ok(value),
            _ => Err(self.form(node.mark, format!("`{what}` is {}", node.describe()), "write a number")),
        }
    }

    pub(super) fn scalar(&self, node: &Node, what: &str) -> Result<SlotValue> {
        node.value().ok_or_else(|| {
            self.form(
                node.mark,
                format!("`{what}` is {}", node.describe()),
                "write text, a number, true or false",
            )
        })
    }

    /// Unknown keys are other programs' business, unless they look like a slip.
    pub(super) fn check_keys(&self, pairs: &Pairs, known: &'static [&'static str]) -> Result<()> {
        for (key, _) in pairs.iter().filter(|(key, _)| !known.contains(&key.name.as_str())) {
            if let Some(meant) = nearest(&key.name, known.iter().copied()) {
                let mend = format!("did you mean `{meant}`?");
                return Err(self.form(key.mark, format!("unknown key `{}`", key.name), mend));
            }
            let unread = UnreadKey { name: key.name.clone(), at: self.file.at(key.mark), known };
            self.unread.borrow_mut().push(unread);
        }
        Ok(())
    }

    pub(super) fn template(&self, node: &Node, what: &str) -> Result<TemplateSource> {
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

    pub(super) fn literal(&self, node: &Node, what: &str) -> Result<TemplateSource> {
        let text = self.string(node, what, "write the words")?;
        Ok(TemplateSource {
            template: Template::literal(&text),
            text,
            file: Rc::clone(self.file),
            mark: node.mark,
        })
    }

    /// (+) `KEY: text` and `KEY: {en: text, de: text}`.
    pub(super) fn texts(&self, pairs: &Pairs, name: &str) -> Result<Texts> {
        let Some(node) = get(pairs, name) else { return Ok(Texts::default()) };
        let mend = "write the text, or one a language";
        let mut texts = BTreeMap::new();
        match &node.kind {
            Kind::Mapping(languages) => {
                for (code, text) in languages {
                    texts.insert(language_code(&code.name), self.string(text, name, mend)?);
                }
            }
            _ => drop(texts.insert(self.language.clone(), self.string(node, name, mend)?)),
        }
        Ok(Texts(texts))
    }
}
