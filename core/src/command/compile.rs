//! Templates to automata.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::automaton::{BlockInfo, Entry, Fragment, List, Program, Starts, State, StateId, Trie, index};
use super::error::{CommandError, Location, did_you_mean};
use super::source::{
    Block, LanguageSource, ListKind, ListSource, Range, SlotDeclaration, SlotKind, Source, TemplateSource,
    ValueSource, shorten,
};
use super::template::Template;
use super::value::{SlotValue, entity_type};
use crate::entity::text::{Utterance, fold_chars};
use crate::entity::{self, Language};

type Result<T> = std::result::Result<T, CommandError>;

/// States of one sentence, rule or list.
const MAX_STATES: usize = 200_000;
/// States of a language.
const MAX_TOTAL: usize = 4_000_000;
/// Rules inside rules; with the depth of groups it bounds the recursion.
const MAX_DEPTH: usize = 24;
/// Home Assistant's sentences name these lists and leave them to the program, which fills them at run time.
const RUNTIME_LISTS: &[&str] = &["name", "area", "floor"];
/// (+) Types that may be named like a list, beside those of [`entity_type`].
const TYPE_LISTS: &[&str] = &["text", "integer", "number", "duration"];

/// Compiles one language.
pub(super) fn compile(source: &Source, code: &str, language: &LanguageSource) -> Result<Program> {
    let mut compiler = Compiler {
        source,
        code,
        language,
        program: Program {
            root: Fragment::default(),
            starts: Starts::default(),
            rules: Vec::new(),
            lists: Vec::new(),
            named_lists: BTreeMap::new(),
            slots: Vec::new(),
            sentences: Vec::new(),
            blocks: Vec::new(),
            skip_words: language
                .skip_words
                .iter()
                .map(|word| Utterance::new(word).chars().to_vec())
                .collect(),
            ignore_whitespace: language.ignore_whitespace,
            entities: Language::find(code),
        },
        rules: HashMap::new(),
        lists: HashMap::new(),
        slots: HashMap::new(),
        wildcards: HashMap::new(),
        open: Vec::new(),
        total: 0,
        limit: 0,
    };
    compiler.program.skip_words.retain(|word| !word.is_empty());
    // Of equal matches the first counts, and an intent's sentences belong together, however many files they are in.
    let mut intents: Vec<&str> = language.blocks.iter().map(|block| block.intent.as_str()).collect();
    let mut seen = HashSet::new();
    intents.retain(|intent| seen.insert(*intent));
    for intent in intents {
        let blocks = language.blocks.iter().enumerate().filter(|(_, block)| block.intent == intent);
        for (number, block) in blocks {
            compiler.block(number, block)?;
        }
    }
    for (name, list) in language.scope.lists.iter().chain(&source.shared.scope.lists) {
        compiler.named_list(name, list)?;
    }
    compiler.unused_rules()?;
    compiler.program.starts = first_characters(&compiler.program);
    Ok(compiler.program)
}

/// An entry of a list that an app gives at run time.
pub(super) struct RuntimeValue {
    pub(super) template: Template,
    pub(super) value: Option<SlotValue>,
    pub(super) context: Vec<(String, SlotValue)>,
}

/// The list of an app's values; `None` if a template among them has references.
pub(super) fn value_list(values: &[RuntimeValue], spaces: bool) -> Option<List> {
    let mut builder = ListBuilder::default();
    for RuntimeValue { template, value, context } in values {
        let number = builder.entry(value.clone(), context.clone());
        match template {
            Template::Text(text) => builder.literal(text, number, spaces),
            template => {
                let end = builder.fragment.add(State::End { number });
                let start = plain(&mut builder.fragment, template, spaces, end)?;
                builder.starts.push(start);
            }
        }
    }
    Some(builder.finish())
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

    fn finish(mut self) -> List {
        self.starts.extend(self.trie.build(&mut self.fragment));
        self.fragment.start = self.fragment.split(self.starts);
        List::Values { fragment: self.fragment, entries: self.entries }
    }
}

/// Where a name is looked up: a block, if it or its intent changes what the name means, or the whole language.
type View = Option<usize>;

struct Compiler<'s> {
    source: &'s Source,
    code: &'s str,
    language: &'s LanguageSource,
    program: Program,
    rules: HashMap<(String, View), u32>,
    lists: HashMap<(String, View), u32>,
    slots: HashMap<String, u32>,
    /// Whether a rule leads to a wildcard.
    wildcards: HashMap<(String, View), bool>,
    /// Rules and lists being compiled, to see circles.
    open: Vec<String>,
    total: usize,
    /// How large the fragment at hand may grow.
    limit: usize,
}

impl<'s> Compiler<'s> {
    fn block(&mut self, number: usize, block: &'s Block) -> Result<()> {
        let info = index(self.program.blocks.len());
        self.program.blocks.push(BlockInfo {
            intent: block.intent.clone(),
            slots: block.slots.clone(),
            requires: block.requires.clone(),
            excludes: block.excludes.clone(),
            required_keywords: block
                .required_keywords
                .iter()
                .map(|w| Utterance::new(w).chars().to_vec())
                .collect(),
        });
        for sentence in &block.sentences {
            let before = self.program.root.states.len();
            let mut root = std::mem::take(&mut self.program.root);
            self.limit = before + MAX_STATES;
            let end = root.add(State::End { number: index(self.program.sentences.len()) });
            let start = self.template(&mut root, sentence, &sentence.template, Some(number), end);
            self.program.root = root;
            let start = start?;
            self.count(self.program.root.states.len() - before, sentence)?;
            if start == end {
                let mend = "write the words, or remove the line";
                return Err(CommandError::form(sentence.at(0), "an empty sentence", mend));
            }
            self.program.sentences.push(info);
            self.program.starts.any.push(start);
        }
        Ok(())
    }

    fn named_list(&mut self, name: &str, list: &'s ListSource) -> Result<()> {
        if !self.lists.contains_key(&(name.to_owned(), None)) {
            let compiled = self.list_source(list, None)?;
            self.add_list(name, None, compiled);
        }
        Ok(())
    }

    /// Rules that no sentence uses must be right all the same: the mistake would otherwise wait.
    fn unused_rules(&mut self) -> Result<()> {
        let known: Vec<_> = self.language.scope.rules.iter().chain(&self.source.shared.scope.rules).collect();
        for (name, rule) in known {
            // A rule for blocks that bring lists or rules of their own has no meaning outside of them.
            if self.is_local_to_blocks(name) || self.has_wildcard(name, None) {
                continue;
            }
            self.enter(format!("<{name}>"), || rule.at(0))?;
            self.rule(name, None, rule)?;
            self.open.pop();
        }
        Ok(())
    }

    /// Whether a rule leads to a list or rule that only blocks or intents know.
    fn is_local_to_blocks(&self, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![name.to_owned()];
        let mut local = false;
        while let Some(name) = waiting.pop() {
            if local || !seen.insert(name.clone()) {
                continue;
            }
            let Some(rule) = self.find_rule(&name, None) else { return true };
            each_reference(&rule.template, &mut |reference| match reference {
                Template::Rule { name, .. } => waiting.push(name.clone()),
                Template::List { list, .. } => local |= self.is_local_list(list),
                _ => {}
            });
        }
        local
    }

    fn is_local_list(&self, list: &str) -> bool {
        let global =
            self.language.scope.lists.contains_key(list) || self.source.shared.scope.lists.contains_key(list);
        let local = self.language.blocks.iter().any(|block| block.scope.lists.contains_key(list));
        let declared = self.source.declarations.values().flatten().any(|slot| slot.name == list);
        !global && (local || declared)
    }

    fn find_rule(&self, name: &str, view: View) -> Option<&'s TemplateSource> {
        let block = view.and_then(|block| self.language.blocks.get(block));
        block
            .and_then(|block| block.scope.rules.get(name))
            .or_else(|| self.language.scope.rules.get(name))
            .or_else(|| self.source.shared.scope.rules.get(name))
    }

    fn declaration(&self, slot: &str, view: View) -> Option<&'s SlotDeclaration> {
        let block = view.and_then(|block| self.language.blocks.get(block))?;
        self.source.declarations.get(&block.intent)?.iter().find(|declared| declared.name == slot)
    }

    /// The view that a name needs: none if the block and its intent change nothing of what it leads to.
    fn view_for(&self, name: &str, view: View) -> View {
        let block = view.and_then(|block| self.language.blocks.get(block))?;
        let declared = self.source.declarations.get(&block.intent);
        if block.scope.lists.is_empty() && block.scope.rules.is_empty() && declared.is_none() {
            return None;
        }
        let mut seen = BTreeSet::new();
        let mut waiting = vec![name.to_owned()];
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            if block.scope.rules.contains_key(&name) {
                return view;
            }
            let Some(rule) = self.find_rule(&name, view) else { continue };
            let mut touched = false;
            each_reference(&rule.template, &mut |reference| match reference {
                Template::Rule { name, .. } => waiting.push(name.clone()),
                Template::List { list, slot, .. } => {
                    touched |= block.scope.lists.contains_key(list)
                        || declared
                            .is_some_and(|all| all.iter().any(|one| one.name == *list || one.name == *slot));
                }
                _ => {}
            });
            if touched {
                return view;
            }
        }
        None
    }

    fn template(
        &mut self,
        fragment: &mut Fragment,
        origin: &'s TemplateSource,
        template: &'s Template,
        view: View,
        next: StateId,
    ) -> Result<StateId> {
        if fragment.states.len() > self.limit {
            return Err(too_large(origin));
        }
        match template {
            Template::Text(text) => {
                Ok(fragment.text(&fold_chars(text), !self.language.ignore_whitespace, next))
            }
            Template::Sequence(items) => items
                .iter()
                .rev()
                .try_fold(next, |next, item| self.template(fragment, origin, item, view, next)),
            Template::Alternative(items) => {
                let targets = items.iter().map(|item| self.template(fragment, origin, item, view, next));
                let targets = targets.collect::<Result<_>>()?;
                Ok(fragment.split(targets))
            }
            Template::Permutation(items, _) => self.permutation(fragment, origin, items, view, next),
            Template::List { list, slot, offset } => {
                let list = self.list(list, slot, view, || origin.at(*offset))?;
                let slot = self.slot(slot);
                let glued = goes_on(fragment, next, 0);
                Ok(fragment.add(State::List { list, slot, next, glued }))
            }
            Template::Rule { name, offset } => {
                let view = self.view_for(name, view);
                let Some(rule) = self.find_rule(name, view) else {
                    let rules = self.language.scope.rules.keys().chain(self.source.shared.scope.rules.keys());
                    let mend =
                        did_you_mean(name, rules.map(String::as_str), "add it under `expansion_rules:`");
                    return Err(CommandError::reference(
                        origin.at(*offset),
                        format!("no rule <{name}>"),
                        mend,
                    ));
                };
                self.enter(format!("<{name}>"), || origin.at(*offset))?;
                let state = if self.has_wildcard(name, view) {
                    self.template(fragment, rule, &rule.template, view, next)
                } else {
                    self.rule(name, view, rule).map(|rule| fragment.add(State::Call { rule, next }))
                };
                self.open.pop();
                state
            }
        }
    }

    /// From every set of items that are done, each of the others may come next.
    fn permutation(
        &mut self,
        fragment: &mut Fragment,
        origin: &'s TemplateSource,
        items: &'s [Template],
        view: View,
        next: StateId,
    ) -> Result<StateId> {
        let all = (1_usize << items.len()) - 1;
        let mut states = vec![next; all + 1];
        for done in (0..all).rev() {
            let mut targets = Vec::new();
            for (number, item) in items.iter().enumerate().filter(|(number, _)| done & (1 << number) == 0) {
                let after = fragment.add(State::Space { next: states[done | (1 << number)] });
                let inside = self.template(fragment, origin, item, view, after)?;
                targets.push(fragment.add(State::Space { next: inside }));
            }
            states[done] = fragment.split(targets);
        }
        Ok(states[0])
    }

    fn enter(&mut self, name: String, at: impl Fn() -> Location) -> Result<()> {
        if let Some(first) = self.open.iter().position(|open| *open == name) {
            let circle: Vec<_> = self.open.iter().skip(first).chain([&name]).map(String::as_str).collect();
            let found = format!("{name} leads back to itself: {}", circle.join(" → "));
            return Err(CommandError::reference(at(), found, "take one of them out of the circle"));
        }
        if self.open.len() >= MAX_DEPTH {
            let found = format!("rules nested more than {MAX_DEPTH} deep");
            return Err(CommandError::reference(at(), found, "join some of them"));
        }
        self.open.push(name);
        Ok(())
    }

    fn rule(&mut self, name: &str, view: View, rule: &'s TemplateSource) -> Result<u32> {
        if let Some(known) = self.rules.get(&(name.to_owned(), view)) {
            return Ok(*known);
        }
        let mut fragment = Fragment::default();
        let outer = std::mem::replace(&mut self.limit, MAX_STATES);
        let end = fragment.add(State::End { number: 0 });
        fragment.start = self.template(&mut fragment, rule, &rule.template, view, end)?;
        self.limit = outer;
        self.count(fragment.states.len(), rule)?;
        let number = index(self.program.rules.len());
        self.program.rules.push(fragment);
        self.rules.insert((name.to_owned(), view), number);
        Ok(number)
    }

    fn count(&mut self, states: usize, origin: &TemplateSource) -> Result<()> {
        self.total += states;
        if states > MAX_STATES || self.total > MAX_TOTAL { Err(too_large(origin)) } else { Ok(()) }
    }

    /// Whether a rule leads to a wildcard. Circles are found elsewhere; here they only must end.
    fn has_wildcard(&mut self, name: &str, view: View) -> bool {
        let key = (name.to_owned(), view);
        if let Some(known) = self.wildcards.get(&key) {
            return *known;
        }
        let found = self.leads_to_wildcard(name, view);
        self.wildcards.insert(key, found);
        found
    }

    fn leads_to_wildcard(&self, name: &str, view: View) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![name.to_owned()];
        let mut found = false;
        while let Some(name) = waiting.pop() {
            if found || !seen.insert(name.clone()) {
                continue;
            }
            let Some(rule) = self.find_rule(&name, view) else { continue };
            each_reference(&rule.template, &mut |reference| match reference {
                Template::Rule { name, .. } => waiting.push(name.clone()),
                Template::List { list, slot, .. } => found |= self.is_wildcard(list, slot, view),
                _ => {}
            });
        }
        found
    }

    fn is_wildcard(&self, list: &str, slot: &str, view: View) -> bool {
        match self.look_up(list, slot, view) {
            Some(Found::Source(ListSource { kind: ListKind::Wildcard, .. })) => true,
            Some(Found::Kind(_, SlotKind::Text)) => true,
            Some(Found::Type(name)) => name == "text",
            _ => false,
        }
    }

    fn look_up(&self, list: &str, slot: &str, view: View) -> Option<Found<'s>> {
        let block = view.and_then(|block| self.language.blocks.get(block));
        if let Some(local) = block.and_then(|block| block.scope.lists.get(list)) {
            return Some(Found::Source(local));
        }
        let global = self.language.scope.lists.get(list).or_else(|| self.source.shared.scope.lists.get(list));
        let declared = self.declaration(list, view);
        if let Some((declared, kind)) = declared.and_then(|one| Some((one, one.kind.as_ref()?)))
            && !matches!(kind, SlotKind::List(name, _) if name == list)
        {
            return Some(Found::Kind(&declared.name, kind));
        }
        if let Some(global) = global {
            return Some(Found::Source(global));
        }
        if let Some((declared, kind)) =
            self.declaration(slot, view).and_then(|one| Some((one, one.kind.as_ref()?)))
            && !matches!(kind, SlotKind::List(name, _) if name == slot)
            && !TYPE_LISTS.contains(&list)
            && (list == slot || entity_type(list).is_none())
        {
            return Some(Found::Kind(&declared.name, kind));
        }
        let named = TYPE_LISTS.iter().find(|name| **name == list).map(|name| Found::Type(name));
        named.or_else(|| entity_type(list).map(Found::Entity))
    }

    fn list(&mut self, list: &str, slot: &str, view: View, at: impl Fn() -> Location) -> Result<u32> {
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
            None if RUNTIME_LISTS.contains(&list) => ListBuilder::default().finish(),
            None => return Err(self.unknown_list(list, at())),
        };
        Ok(self.add_list(&key, view, compiled))
    }

    fn is_global(&self, list: &str, view: View) -> bool {
        let block = view.and_then(|block| self.language.blocks.get(block));
        !block.is_some_and(|block| block.scope.lists.contains_key(list))
    }

    fn add_list(&mut self, name: &str, view: View, list: List) -> u32 {
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

    fn unknown_list(&self, name: &str, at: Location) -> CommandError {
        let lists = self.language.scope.lists.keys().chain(self.source.shared.scope.lists.keys());
        let slots = self.source.declarations.values().flatten().map(|slot| &slot.name);
        let otherwise = "add it under `lists:` (with `values: []` if the app fills it at run time), or give the slot a `type:`";
        let mend = did_you_mean(name, lists.chain(slots).map(String::as_str), otherwise);
        CommandError::reference(at, format!("no list {{{name}}}"), mend)
    }

    fn list_kind(&mut self, kind: &'s SlotKind, view: View) -> Result<List> {
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

    fn list_source(&mut self, source: &'s ListSource, view: View) -> Result<List> {
        match &source.kind {
            ListKind::Values(values) => self.values(values, view),
            ListKind::Range(range) => Ok(List::Range(*range)),
            ListKind::Wildcard => Ok(List::Wildcard),
        }
    }

    fn values(&mut self, values: &'s [ValueSource], view: View) -> Result<List> {
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
        Ok(builder.finish())
    }

    fn slot(&mut self, name: &str) -> u32 {
        let fresh = index(self.program.slots.len());
        let number = *self.slots.entry(name.to_owned()).or_insert(fresh);
        if number == fresh {
            self.program.slots.push(name.to_owned());
        }
        number
    }
}

enum Found<'s> {
    Source(&'s ListSource),
    Kind(&'s str, &'s SlotKind),
    Type(&'static str),
    Entity(entity::Kind),
}

fn too_large(origin: &TemplateSource) -> CommandError {
    CommandError::TooLarge {
        at: origin.at(0),
        found: format!("\"{}\" stands for too many sentences", shorten(&origin.text)),
        mend: "split it into several sentences, or use fewer parts in any order".into(),
    }
}

fn each_reference<'t>(template: &'t Template, visit: &mut impl FnMut(&'t Template)) {
    match template {
        Template::Text(_) => {}
        Template::Sequence(items) | Template::Alternative(items) | Template::Permutation(items, _) => {
            for item in items {
                each_reference(item, visit);
            }
        }
        Template::List { .. } | Template::Rule { .. } => visit(template),
    }
}

/// Whether letters may follow without a space.
fn goes_on(fragment: &Fragment, state: StateId, depth: usize) -> bool {
    match fragment.states.get(state as usize) {
        Some(State::Split { start, end }) if depth < 8 => {
            let targets = fragment.targets.get(*start as usize..*end as usize).unwrap_or_default();
            targets.iter().any(|target| goes_on(fragment, *target, depth + 1))
        }
        Some(State::Space { .. } | State::End { .. }) | None => false,
        Some(_) => true,
    }
}

/// The characters that a fragment may begin with.
#[derive(Clone, Default)]
struct First {
    chars: BTreeSet<char>,
    any: bool,
    nullable: bool,
}

fn first_characters(program: &Program) -> Starts {
    // A rule only calls rules that were compiled before it.
    let mut rules: Vec<First> = Vec::with_capacity(program.rules.len());
    for rule in &program.rules {
        let first = first_of(rule, rule.start, &rules);
        rules.push(first);
    }
    let mut starts = Starts::default();
    for start in &program.starts.any {
        let first = first_of(&program.root, *start, &rules);
        if first.any || first.nullable {
            starts.any.push(*start);
        } else {
            for c in first.chars {
                starts.by_char.entry(c).or_default().push(*start);
            }
        }
    }
    starts
}

fn first_of(fragment: &Fragment, start: StateId, rules: &[First]) -> First {
    let mut first = First::default();
    let mut seen = HashSet::new();
    let mut waiting = vec![start];
    while let Some(state) = waiting.pop() {
        if !seen.insert(state) {
            continue;
        }
        match fragment.states.get(state as usize) {
            Some(State::Text { start, .. }) => first.chars.extend(fragment.chars.get(*start as usize)),
            Some(State::Space { next }) => waiting.push(*next),
            Some(State::Split { start, end }) => {
                waiting.extend(fragment.targets.get(*start as usize..*end as usize).unwrap_or_default());
            }
            Some(State::Call { rule, next }) => match rules.get(*rule as usize) {
                Some(called) => {
                    first.chars.extend(&called.chars);
                    first.any |= called.any;
                    if called.nullable {
                        waiting.push(*next);
                    }
                }
                None => first.any = true,
            },
            Some(State::Branch { .. } | State::List { .. }) | None => first.any = true,
            Some(State::End { .. }) => first.nullable = true,
        }
    }
    first
}
