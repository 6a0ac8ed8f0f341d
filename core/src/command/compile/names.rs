//! What a name in a template means where it stands: a block, its intent and the language may each say it.

use std::collections::BTreeSet;

use super::{Compiler, Result, View};
use crate::command::error::{CommandError, Location, did_you_mean};
use crate::command::source::{ListKind, ListSource, SlotDeclaration, SlotKind, TemplateSource};
use crate::command::template::Template;
use crate::command::value::entity_type;
use crate::entity::Kind;

/// (+) Types that may be named like a list, beside those of [`entity_type`].
const TYPE_LISTS: &[&str] = &["text", "integer", "number", "duration"];

pub(super) enum Found<'s> {
    Source(&'s ListSource),
    Kind(&'s str, &'s SlotKind),
    Type(&'static str),
    Entity(Kind),
}

pub(super) fn each_reference<'t>(template: &'t Template, visit: &mut impl FnMut(&'t Template)) {
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

impl<'s> Compiler<'s> {
    /// Rules that no sentence uses must be right all the same: the mistake would otherwise wait.
    pub(super) fn unused_rules(&mut self) -> Result<()> {
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
    pub(super) fn is_local_to_blocks(&self, name: &str) -> bool {
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

    pub(super) fn is_local_list(&self, list: &str) -> bool {
        let global =
            self.language.scope.lists.contains_key(list) || self.source.shared.scope.lists.contains_key(list);
        let local = self.language.blocks.iter().any(|block| block.scope.lists.contains_key(list));
        let declared = self.declared_slots().any(|slot| slot.name == list);
        !global && (local || declared)
    }

    pub(super) fn find_rule(&self, name: &str, view: View) -> Option<&'s TemplateSource> {
        let block = view.and_then(|block| self.language.blocks.get(block));
        block
            .and_then(|block| block.scope.rules.get(name))
            .or_else(|| self.language.scope.rules.get(name))
            .or_else(|| self.source.shared.scope.rules.get(name))
    }

    pub(super) fn declaration(&self, slot: &str, view: View) -> Option<&'s SlotDeclaration> {
        let block = view.and_then(|block| self.language.blocks.get(block))?;
        self.source.declarations.get(&block.intent)?.slots.iter().find(|declared| declared.name == slot)
    }

    pub(super) fn declared_slots(&self) -> impl Iterator<Item = &'s SlotDeclaration> {
        self.source.declarations.values().flat_map(|intent| &intent.slots)
    }

    /// The view that a name needs: none if the block and its intent change nothing of what it leads to.
    pub(super) fn view_for(&self, name: &str, view: View) -> View {
        let block = view.and_then(|block| self.language.blocks.get(block))?;
        let declared = self.source.declarations.get(&block.intent).map(|intent| &intent.slots);
        let declared = declared.filter(|slots| !slots.is_empty());
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

    /// Whether a rule leads to a wildcard. Circles are found elsewhere; here they only must end.
    pub(super) fn has_wildcard(&mut self, name: &str, view: View) -> bool {
        let key = (name.to_owned(), view);
        if let Some(known) = self.wildcards.get(&key) {
            return *known;
        }
        let found = self.leads_to_wildcard(name, view);
        self.wildcards.insert(key, found);
        found
    }

    pub(super) fn leads_to_wildcard(&self, name: &str, view: View) -> bool {
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

    pub(super) fn is_wildcard(&self, list: &str, slot: &str, view: View) -> bool {
        match self.look_up(list, slot, view) {
            Some(Found::Source(ListSource { kind: ListKind::Wildcard, .. })) => true,
            Some(Found::Kind(_, SlotKind::Text)) => true,
            Some(Found::Type(name)) => name == "text",
            _ => false,
        }
    }

    pub(super) fn look_up(&self, list: &str, slot: &str, view: View) -> Option<Found<'s>> {
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

    pub(super) fn is_global(&self, list: &str, view: View) -> bool {
        let block = view.and_then(|block| self.language.blocks.get(block));
        !block.is_some_and(|block| block.scope.lists.contains_key(list))
    }

    fn has_list(&self, name: &str) -> bool {
        let lists = self.language.scope.lists.keys().chain(self.source.shared.scope.lists.keys());
        lists.into_iter().any(|known| known == name)
    }

    pub(super) fn unknown_list(&self, name: &str, at: Location) -> CommandError {
        let lists = self.language.scope.lists.keys().chain(self.source.shared.scope.lists.keys());
        let slots = self.declared_slots().map(|slot| &slot.name);
        let declared = self.declared_slots().any(|slot| slot.name == name);
        if declared && !self.has_list(name) {
            let mend = "give the slot `values:`, or add a list of its name under `lists:` (with `values: []` if the app fills it at run time)";
            return CommandError::reference(at, format!("the slot `{name}` is a list without values"), mend);
        }
        let otherwise = "add it under `lists:` (with `values: []` if the app fills it at run time), or give the slot a `type:`";
        let mend = did_you_mean(name, lists.chain(slots).map(String::as_str), otherwise);
        CommandError::reference(at, format!("no list {{{name}}}"), mend)
    }
}
