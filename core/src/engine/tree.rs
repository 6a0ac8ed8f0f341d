//! Continuations that share prefixes.

use super::EngineError;

/// Continuations of a context's sequence that share prefixes: node `i` continues node `parent[i]`, or the sequence.
///
/// ```
/// use spatz::engine::TokenTree;
///
/// // [5, 6] and [5, 7] share their first token
/// let mut tree = TokenTree::default();
/// let first = tree.push(None, 5);
/// tree.push(Some(first), 6);
/// tree.push(Some(first), 7);
/// assert_eq!(tree.len(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct TokenTree {
    tokens: Vec<u32>,
    parents: Vec<Option<usize>>,
}

impl TokenTree {
    /// Adds `token` as a continuation of node `parent`, or of the context's sequence; returns the new node's index.
    ///
    /// A parent must have been added before its children; [`Context::score_tree`](super::Context::score_tree) refuses
    /// a tree in which it was not.
    pub fn push(&mut self, parent: Option<usize>, token: u32) -> usize {
        self.tokens.push(token);
        self.parents.push(parent);
        self.tokens.len() - 1
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all nodes and keeps the memory.
    pub fn clear(&mut self) {
        self.tokens.clear();
        self.parents.clear();
    }

    /// The nodes' tokens.
    pub(super) fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Checks that parents come first, and returns the number of tokens on the longest path.
    pub(super) fn depth(&self) -> Result<usize, EngineError> {
        let mut depths = Vec::with_capacity(self.len());
        for (node, parent) in self.parents.iter().enumerate() {
            let depth = match *parent {
                None => 1,
                Some(parent) if parent < node => depths[parent] + 1,
                Some(parent) => return Err(EngineError::TreeOrder { node, parent }),
            };
            depths.push(depth);
        }
        Ok(depths.into_iter().max().unwrap_or(0))
    }

    /// Appends the nodes on the path to `node`, itself included, to `path`, the first one first. The tree is in order.
    pub(super) fn path(&self, node: usize, path: &mut Vec<usize>) {
        let start = path.len();
        let mut next = Some(node);
        while let Some(node) = next {
            path.push(node);
            next = self.parents[node];
        }
        path[start..].reverse();
    }
}
