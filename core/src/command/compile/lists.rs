//! Lists and slot types to what the matcher runs.

use std::collections::HashMap;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::names::Found;
use super::{Compiler, MAX_STATES, Result, View};
use crate::command::automaton::{Entry, Fragment, List, Names, State, StateId, Trie, index};
use crate::command::error::Location;
use crate::command::source::{ListKind, ListSource, Range, SlotKind, ValueSource};
use crate::command::template::Template;
use crate::command::value::SlotValue;
use crate::command::vocabulary::Vocabulary;
use crate::entity::text::{Utterance, fold_chars};

/// Home Assistant's sentences name these lists and leave them to the program, which fills them at run time.
const RUNTIME_LISTS: &[&str] = &["name", "area", "floor"];

/// An entry of a list that an app gives at run time.
pub(in crate::command) struct RuntimeValue {
    pub(in crate::command) template: Template,
    pub(in crate::command) value: Option<SlotValue>,
    pub(in crate::command) context: Vec<(String, SlotValue)>,
}

/// The list of an app's values, which are also found by likeness; `None` if a template among them has references.
pub(in crate::command) fn value_list(values: &[RuntimeValue], spaces: bool, language: &str) -> Option<List> {
    let mut builder = ListBuilder::default();
    let mut names = Vec::new();
    for RuntimeValue { template, value, context } in values {
        let number = builder.entry(value.clone(), context.clone());
        match template {
            Template::Text(text) => {
                builder.literal(text, number, spaces);
                names.push((Utterance::new(text).chars().to_vec(), number));
            }
            template => {
                let end = builder.fragment.add(State::End { number });
                let start = plain(&mut builder.fragment, template, spaces, end)?;
                builder.starts.push(start);
            }
        }
    }
    Some(builder.finish(Names::Given(Vocabulary::new(names, language))))
}

/// A template without references.
fn plain(fragment: &mut Fragment, template: &Template, spaces: bool, next: StateId) -> Option<StateId> {
    match template {
        Template::Text(text) => Some(fragment.text(&fold_chars(text), spaces, next)),
        Template::Sequence(items) => {
            items.iter().rev().try_fold(next, |next, item| plain(fragment, item, spaces, next))
        }
        Template::Alternative(items) => {
            let targets =
                items.iter().map(|item| plain(fragment, item, spaces, next)).collect::<Option<_>>()?;
            Some(fragment.split(targets))
        }
        Template::Permutation(..) | Template::List { .. } | Template::Rule { .. } => None,
    }
}

#[derive(Default)]
struct ListBuilder {
    fragment: Fragment,
    trie: Trie,
    starts: Vec<StateId>,
    entries: Vec<Entry>,
    classes: HashMap<String, u32>,
}

impl ListBuilder {
    fn entry(&mut self, value: Option<SlotValue>, context: Vec<(String, SlotValue)>) -> u32 {
        let number = index(self.entries.len());
        let class =
            (!context.is_empty()).then(|| *self.classes.entry(format!("{context:?}")).or_insert(number));
        self.entries.push(Entry { value, context, class });
        number
    }

    fn literal(&mut self, text: &str, number: u32, spaces: bool) {
        let utterance = Utterance::new(text);
        let utterance = if spaces { utterance } else { utterance.without_spaces() };
        if !utterance.chars().is_empty() {
            self.trie.insert(utterance.chars(), number);
        }
    }

    fn finish(mut self, names: Names) -> List {
        self.starts.extend(self.trie.build(&mut self.fragment));
        self.fragment.start = self.fragment.split(self.starts);
        List::Values { fragment: self.fragment, entries: self.entries, names }
    }
}

impl<'s> Compiler<'s> {
    pub(super) fn named_list(&mut self, name: &str, list: &'s ListSource) -> Result<()> {
        if !self.lists.contains_key(&(name.to_owned(), None)) {
            let compiled = self.list_source(list, None)?;
            self.add_list(name, None, compiled);
        }
        Ok(())
    }

    pub(super) fn list(
        &mut self,
        list: &str,
        slot: &str,
        view: View,
        at: impl Fn() -> Location,
    ) -> Result<u32> {
        let found = self.look_up(list, slot, view);
        // What the block or its intent says is known by their view, the rest once for all.
        let (key, view) = match &found {
            Some(Found::Kind(name, _)) => (format!("{name}:"), view),
            Some(Found::Source(_)) if self.is_global(list, view) => (list.to_owned(), None),
            Some(Found::Source(_)) => (list.to_owned(), view),
            Some(Found::Type(_) | Found::Entity(_)) | None => (list.to_owned(), None),
        };
        if let Some(known) = self.lists.get(&(key.clone(), view)) {
            return Ok(*known);
        }
        let compiled = match found {
            Some(Found::Source(source)) => {
                self.enter(format!("{{{list}}}"), &at)?;
                let compiled = self.list_source(source, view);
                self.open.pop();
                compiled?
            }
            Some(Found::Kind(_, SlotKind::List(name, place))) => {
                let lists =
                    self.language.scope.lists.get(name).or_else(|| self.source.shared.scope.lists.get(name));
                match lists {
                    Some(source) => self.list_source(source, view)?,
                    None => return Err(self.unknown_list(name, place.clone())),
                }
            }
            Some(Found::Kind(_, kind)) => self.list_kind(kind, view)?,
            Some(Found::Type(name)) => match name {
                "text" => List::Wildcard,
                "duration" => List::Duration,
                "integer" => List::Range(Range { fractions: Some(1), ..Range::default() }),
                _ => List::Range(Range::default()),
            },
            Some(Found::Entity(kind)) => List::Entity(kind),
            None if RUNTIME_LISTS.contains(&list) => ListBuilder::default().finish(self.declared()),
            None => return Err(self.unknown_list(list, at())),
        };
        Ok(self.add_list(&key, view, compiled))
    }

    pub(super) fn add_list(&mut self, name: &str, view: View, list: List) -> u32 {
        let number = index(self.program.lists.len());
        if let List::Values { fragment, .. } = &list {
            self.total += fragment.states.len();
        }
        self.program.lists.push(Arc::new(list));
        self.lists.insert((name.to_owned(), view), number);
        if view.is_none() {
            self.program.named_lists.insert(name.to_owned(), number);
        }
        number
    }

    pub(super) fn list_kind(&mut self, kind: &'s SlotKind, view: View) -> Result<List> {
        Ok(match kind {
            SlotKind::Text => List::Wildcard,
            SlotKind::Duration => List::Duration,
            SlotKind::Entity(kind) => List::Entity(*kind),
            SlotKind::Range(range) => List::Range(*range),
            SlotKind::Values(languages) => {
                let values = languages.get(self.code).or_else(|| languages.get(""));
                self.values(values.map_or(&[], Vec::as_slice), view)?
            }
            SlotKind::List(..) => List::Wildcard,
        })
    }

    pub(super) fn list_source(&mut self, source: &'s ListSource, view: View) -> Result<List> {
        match &source.kind {
            ListKind::Values(values) => self.values(values, view),
            ListKind::Range(range) => Ok(List::Range(*range)),
            ListKind::Wildcard => Ok(List::Wildcard),
        }
    }

    pub(super) fn values(&mut self, values: &'s [ValueSource], view: View) -> Result<List> {
        let spaces = !self.language.ignore_whitespace;
        let mut builder = ListBuilder::default();
        let code = self.code;
        for value in values.iter().filter(|value| value.language.as_deref().is_none_or(|only| only == code)) {
            let number = builder.entry(value.value.clone(), value.context.clone());
            match &value.template.template {
                Template::Text(text) => builder.literal(text, number, spaces),
                template => {
                    let before = builder.fragment.states.len();
                    let outer = std::mem::replace(&mut self.limit, before + MAX_STATES);
                    let end = builder.fragment.add(State::End { number });
                    let start = self.template(&mut builder.fragment, &value.template, template, view, end)?;
                    self.limit = outer;
                    self.count(builder.fragment.states.len() - before, &value.template)?;
                    builder.starts.push(start);
                }
            }
        }
        Ok(builder.finish(self.declared()))
    }

    fn declared(&self) -> Names {
        Names::Declared { language: self.code.into(), collected: OnceCell::new() }
    }
}
