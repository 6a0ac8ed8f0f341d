//! Templates to automata.
//!
//! `names.rs` finds what a name means where it stands, `lists.rs` compiles lists and slot types, `starts.rs` indexes
//! the sentences by their first character; this file puts sentences and rules together.

mod lists;
mod names;
mod starts;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::automaton::{Answer, BlockInfo, Fragment, Program, Sentence, Starts, State, StateId, index};
use super::error::{CommandError, Location, did_you_mean};
use super::source::{Block, LanguageSource, Source, TemplateSource, shorten};
use super::template::Template;
use crate::entity::Language;
use crate::entity::text::{Utterance, fold_chars};
pub(super) use lists::{RuntimeValue, value_list};
use names::each_reference;
use starts::first_characters;

type Result<T> = std::result::Result<T, CommandError>;

/// States of one sentence, rule or list.
const MAX_STATES: usize = 200_000;
/// States of a language.
const MAX_TOTAL: usize = 4_000_000;
/// Rules inside rules; with the depth of groups it bounds the recursion.
const MAX_DEPTH: usize = 24;

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
            answers: Vec::new(),
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
    for (number, block) in language.blocks.iter().enumerate() {
        compiler.answers(number, block)?;
    }
    for (name, list) in language.scope.lists.iter().chain(&source.shared.scope.lists) {
        compiler.named_list(name, list)?;
    }
    compiler.unused_rules()?;
    compiler.program.starts = first_characters(&compiler.program);
    Ok(compiler.program)
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
            file: block.sentences.first().map(|sentence| sentence.file().to_owned()).unwrap_or_default(),
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
            let (line, column) = (index(sentence.mark().line), index(sentence.mark().column));
            self.program.sentences.push(Sentence { block: info, line, column });
            self.program.starts.any.push(start);
        }
        Ok(())
    }

    /// Each slot of a block alone, for the answer to a question.
    fn answers(&mut self, number: usize, block: &'s Block) -> Result<()> {
        let view = Some(number);
        let mut slots: Vec<(&'s str, &'s str, Location)> = Vec::new();
        let mut seen = BTreeSet::new();
        for sentence in &block.sentences {
            let mut waiting: Vec<(&'s TemplateSource, &'s Template)> = vec![(sentence, &sentence.template)];
            while let Some((origin, template)) = waiting.pop() {
                each_reference(template, &mut |reference| match reference {
                    Template::Rule { name, .. } if seen.insert(name.as_str()) => {
                        waiting.extend(self.find_rule(name, view).map(|rule| (rule, &rule.template)));
                    }
                    Template::List { list, slot, offset } => slots.push((list, slot, origin.at(*offset))),
                    _ => {}
                });
            }
        }
        let declared =
            self.source.declarations.get(&block.intent).into_iter().flat_map(|intent| &intent.slots);
        let typed = declared.filter(|slot| slot.kind.is_some());
        slots.extend(typed.map(|slot| (slot.name.as_str(), slot.name.as_str(), slot.at.clone())));
        for (list, slot, at) in slots {
            let list = self.list(list, slot, view, || at.clone())?;
            let slot = self.slot(slot);
            let known = |answer: &Answer| {
                (answer.list, answer.slot, answer.intent.as_str()) == (list, slot, block.intent.as_str())
            };
            if self.program.answers.iter().any(known) {
                continue;
            }
            let end = self.program.root.add(State::End { number: index(self.program.answers.len()) });
            let start = self.program.root.add(State::List { list, slot, next: end, glued: false });
            self.program.answers.push(Answer { intent: block.intent.clone(), slot, list, start });
        }
        Ok(())
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

    fn slot(&mut self, name: &str) -> u32 {
        let fresh = index(self.program.slots.len());
        let number = *self.slots.entry(name.to_owned()).or_insert(fresh);
        if number == fresh {
            self.program.slots.push(name.to_owned());
        }
        number
    }
}

fn too_large(origin: &TemplateSource) -> CommandError {
    CommandError::TooLarge {
        at: origin.at(0),
        found: format!("\"{}\" stands for too many sentences", shorten(&origin.text)),
        mend: "split it into several sentences, or use fewer parts in any order".into(),
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
