//! What the search asks of a model.

use crate::cancel::CancelToken;
use crate::engine::{self, EngineError, TokenTree};

/// Scores the next piece. The engine in earnest, a table in tests; later also a static n-gram beside it.
pub(super) trait Scorer: std::fmt::Debug + Send {
    /// Logits of the piece after `context`, one per piece of the vocabulary.
    fn next(&mut self, context: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError>;

    /// Logits of the piece after each of `paths`, which continue the context of the last [`Scorer::next`]; one row a path.
    fn after(&mut self, paths: &[Vec<u32>], cancel: &CancelToken) -> Result<Vec<&[f32]>, EngineError>;

    /// Gives scratch memory and caches back.
    fn trim(&mut self);

    /// Heap in use.
    fn heap_bytes(&self) -> usize;
}

/// The model itself.
#[derive(Debug)]
pub(super) struct EngineScorer {
    context: engine::Context,
    vocab_size: usize,
}

impl EngineScorer {
    pub(super) fn new(engine: &std::sync::Arc<engine::Engine>) -> Self {
        Self { context: engine.context(), vocab_size: engine.vocab_size() }
    }
}

impl Scorer for EngineScorer {
    fn next(&mut self, context: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        self.context.sync(context, cancel)
    }

    fn after(&mut self, paths: &[Vec<u32>], cancel: &CancelToken) -> Result<Vec<&[f32]>, EngineError> {
        let (tree, ends) = tree(paths);
        let logits = self.context.score_tree(&tree, cancel)?;
        Ok(ends.into_iter().map(|node| &logits[node * self.vocab_size..][..self.vocab_size]).collect())
    }

    fn trim(&mut self) {
        self.context.trim();
    }

    fn heap_bytes(&self) -> usize {
        self.context.resident_bytes()
    }
}

/// The paths as one tree, common beginnings once; and the node at which each path ends.
fn tree(paths: &[Vec<u32>]) -> (TokenTree, Vec<usize>) {
    let mut tree = TokenTree::default();
    let mut nodes: Vec<(Option<usize>, u32, usize)> = Vec::new();
    let ends = paths
        .iter()
        .map(|path| {
            let mut parent = None;
            for &token in path {
                let known = nodes.iter().find(|(above, piece, _)| (*above, *piece) == (parent, token));
                let node = match known {
                    Some((_, _, node)) => *node,
                    None => {
                        let node = tree.push(parent, token);
                        nodes.push((parent, token, node));
                        node
                    }
                };
                parent = Some(node);
            }
            parent.unwrap_or_default()
        })
        .collect();
    (tree, ends)
}
