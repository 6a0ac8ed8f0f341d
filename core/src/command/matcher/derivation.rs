//! What was captured on the way to an item, as chains in one arena, and the contexts of the entries among it.
//!
//! Both are numbers: 0 is nothing. A context that was gathered twice has one number, since items are told apart by it.

use super::Capture;
use crate::command::automaton::index;
use rustc_hash::FxHashMap;

pub(super) struct Derivations {
    nodes: Vec<Node>,
    contexts: Vec<Context>,
    interned: FxHashMap<Context, u32>,
}

enum Node {
    Nothing,
    Capture { before: u32, capture: Capture },
    Both { before: u32, inside: u32 },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Context {
    Nothing,
    /// Of an entry of a list.
    Entry(u32, u32),
    Both(u32, u32),
}

impl Default for Derivations {
    fn default() -> Self {
        Self { nodes: vec![Node::Nothing], contexts: vec![Context::Nothing], interned: FxHashMap::default() }
    }
}

impl Derivations {
    pub(super) fn capture(&mut self, before: u32, capture: Capture) -> u32 {
        self.node(Node::Capture { before, capture })
    }

    pub(super) fn both(&mut self, before: u32, inside: u32) -> u32 {
        match (before, inside) {
            (before, 0) => before,
            (0, inside) => inside,
            (before, inside) => self.node(Node::Both { before, inside }),
        }
    }

    /// The context of an entry of a list.
    pub(super) fn entry(&mut self, list: u32, entry: u32) -> u32 {
        self.context(Context::Entry(list, entry))
    }

    pub(super) fn both_contexts(&mut self, first: u32, second: u32) -> u32 {
        match (first, second) {
            (first, 0) => first,
            (0, second) => second,
            (first, second) if first == second => first,
            (first, second) => self.context(Context::Both(first, second)),
        }
    }

    /// The captures of a derivation, in the order in which they were said.
    pub(super) fn captures(&self, node: u32) -> Vec<Capture> {
        let mut captures = Vec::new();
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match &self.nodes[node as usize] {
                Node::Nothing => {}
                Node::Capture { before, capture } => {
                    captures.push(capture.clone());
                    waiting.push(*before);
                }
                Node::Both { before, inside } => waiting.extend([*before, *inside]),
            }
        }
        captures.sort_by_key(|capture| (capture.start, capture.end));
        captures
    }

    /// The entries of a context, list and number each, in the order in which they were said.
    pub(super) fn entries(&self, context: u32) -> Vec<(u32, u32)> {
        let mut entries = Vec::new();
        let mut waiting = vec![context];
        while let Some(context) = waiting.pop() {
            match self.contexts[context as usize] {
                Context::Nothing => {}
                Context::Entry(list, number) => entries.push((list, number)),
                Context::Both(first, second) => waiting.extend([second, first]),
            }
        }
        entries
    }

    fn node(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        index(self.nodes.len() - 1)
    }

    fn context(&mut self, context: Context) -> u32 {
        let fresh = index(self.contexts.len());
        let known = *self.interned.entry(context).or_insert(fresh);
        if known == fresh {
            self.contexts.push(context);
        }
        known
    }
}
