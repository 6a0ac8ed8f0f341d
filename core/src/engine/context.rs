//! A token sequence with its cache.

use super::cache::Cache;
use super::forward::{Batch, CHUNK, Scratch, forward};
use super::kernels::{BLOCK, Team, View};
use super::{Engine, EngineError, TokenTree};
use crate::cancel::CancelToken;
use std::sync::Arc;

/// One token sequence and its key-value cache.
///
/// Made by [`Engine::context`]. The results of a token do not depend on how it came to be run: one by one, in a batch,
/// after a rollback, in a fork or in a tree, its logits have the same bits.
#[derive(Debug)]
pub struct Context {
    engine: Arc<Engine>,
    tokens: Vec<u32>,
    cache: Cache,
    batch: Batch,
    scratch: Scratch,
    logits: Vec<f32>,
    /// Whether `logits` begins with those after the sequence's last token.
    logits_are_last: bool,
}

/// Which tokens' logits a run computes.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Last,
    All,
}

impl Context {
    pub(super) fn new(engine: Arc<Engine>) -> Self {
        let cache = Cache::new(&engine.config);
        let (batch, scratch) = (Batch::default(), Scratch::new(Team::new(Arc::clone(&engine.pool))));
        Self { engine, tokens: Vec::new(), cache, batch, scratch, logits: Vec::new(), logits_are_last: false }
    }

    /// The tokens whose keys and values are cached.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Makes the sequence equal `tokens`, running only what follows the common prefix with the present one, and
    /// returns the logits (`vocab_size` values) after the last token. `tokens` must not be empty.
    ///
    /// # Errors
    ///
    /// [`EngineError::Cancelled`] leaves a valid, shorter sequence: what was done need not be done again. A sequence
    /// beyond `max_context` and a token outside the vocabulary are refused before anything runs.
    pub fn sync(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        self.check(0, tokens)?;
        let same = self.tokens.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        if same == tokens.len() && same == self.tokens.len() && self.logits_are_last {
            return Ok(&self.logits[..self.engine.vocab_size()]);
        }
        let keep = same.min(tokens.len() - 1);
        self.rollback(keep);
        self.run(&tokens[keep..], Wanted::Last, cancel)
    }

    /// Appends `tokens` and returns the logits after the last one. `tokens` must not be empty.
    ///
    /// # Errors
    ///
    /// As for [`sync`](Self::sync), but a cancelled call leaves the sequence as it was.
    pub fn extend(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        self.append(tokens, Wanted::Last, cancel)
    }

    /// Appends `tokens` and returns the logits after each of them: `tokens.len() × vocab_size` values, row-major.
    /// `tokens` must not be empty.
    ///
    /// # Errors
    ///
    /// As for [`extend`](Self::extend).
    pub fn extend_all(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], EngineError> {
        self.append(tokens, Wanted::All, cancel)
    }

    /// Shortens the sequence to its first `len` tokens; a shorter one stays as it is.
    pub fn rollback(&mut self, len: usize) {
        if len < self.tokens.len() {
            self.tokens.truncate(len);
            self.logits_are_last = false;
        }
    }

    /// A copy with its own cache. It shares memory with this one until either is changed.
    pub fn fork(&self) -> Context {
        let mut fork = Self::new(Arc::clone(&self.engine));
        fork.tokens.clone_from(&self.tokens);
        fork.cache.clone_from(&self.cache);
        fork
    }

    /// Runs all nodes of `tree` in one batch on top of this sequence, which stays as it is, and returns the logits
    /// after each node: `tree.len() × vocab_size` values, row-major.
    ///
    /// Each node sees the sequence and its own ancestors (tree attention: Miao et al. 2023, arXiv 2305.09781).
    ///
    /// # Errors
    ///
    /// As for [`extend`](Self::extend), and [`EngineError::TreeOrder`].
    pub fn score_tree(&mut self, tree: &TokenTree, cancel: &CancelToken) -> Result<&[f32], EngineError> {
        let (len, vocab_size) = (self.tokens.len(), self.engine.vocab_size());
        let wanted = len + tree.depth()?;
        self.check_limit(wanted)?;
        self.check_tokens(tree.tokens())?;
        self.logits_are_last = false;
        self.logits.resize(tree.len() * vocab_size, 0.0);
        for (number, tokens) in tree.tokens().chunks(CHUNK).enumerate() {
            let start = number * CHUNK;
            let batch = &mut self.batch;
            batch.clear();
            batch.tokens.extend_from_slice(tokens);
            (batch.slot, batch.wanted) = (len + start, 0);
            for node in start..start + tokens.len() {
                let path = batch.paths.len();
                tree.path(node, &mut batch.paths);
                let path = path..batch.paths.len();
                batch.positions.push(len + path.len() - 1);
                batch.views.push(View { prefix: len, path });
            }
            // Node `i` lies in slot `len + i`, behind the sequence.
            batch.paths.iter_mut().for_each(|node| *node += len);
            let logits = &mut self.logits[start * vocab_size..][..tokens.len() * vocab_size];
            forward(&self.engine, &self.batch, &mut self.cache, &mut self.scratch, logits, cancel)?;
        }
        Ok(&self.logits)
    }

    /// Gives the memory of cache and scratch back; the sequence becomes empty.
    pub fn trim(&mut self) {
        *self = Self::new(Arc::clone(&self.engine));
    }

    /// Bytes of heap that cache and scratch hold. What a fork still shares is counted in both.
    pub fn resident_bytes(&self) -> usize {
        self.cache.bytes() + self.scratch.bytes() + 4 * (self.logits.capacity() + self.tokens.capacity())
    }

    /// Appends all of `tokens`, or nothing.
    fn append(
        &mut self,
        tokens: &[u32],
        wanted: Wanted,
        cancel: &CancelToken,
    ) -> Result<&[f32], EngineError> {
        let len = self.tokens.len();
        self.check(len, tokens)?;
        match self.run(tokens, wanted, cancel) {
            // the borrow checker would extend a borrow returned from here over the other arm
            Ok(_) => Ok(&self.logits),
            Err(error) => {
                self.rollback(len);
                Err(error)
            }
        }
    }

    /// Appends `tokens`, which were checked, chunk by chunk.
    fn run(&mut self, tokens: &[u32], wanted: Wanted, cancel: &CancelToken) -> Result<&[f32], EngineError> {
        let vocab_size = self.engine.vocab_size();
        let rows = if wanted == Wanted::All { tokens.len() } else { 1 };
        self.logits_are_last = false;
        self.logits.resize(rows * vocab_size, 0.0);
        let mut done = 0;
        for chunk in tokens.chunks(CHUNK) {
            let len = self.tokens.len();
            // room grows with the cache, never in between
            self.tokens.reserve((len + chunk.len()).next_multiple_of(BLOCK) - len);
            let batch = &mut self.batch;
            batch.clear();
            batch.tokens.extend_from_slice(chunk);
            batch.slot = len;
            for slot in len..len + chunk.len() {
                batch.positions.push(slot);
                batch.views.push(View { prefix: slot + 1, path: 0..0 });
            }
            let (first, logits) = match wanted {
                Wanted::All => (0, &mut self.logits[done * vocab_size..][..chunk.len() * vocab_size]),
                Wanted::Last if done + chunk.len() == tokens.len() => (chunk.len() - 1, &mut self.logits[..]),
                Wanted::Last => (chunk.len(), &mut [][..]),
            };
            batch.wanted = first;
            forward(&self.engine, &self.batch, &mut self.cache, &mut self.scratch, logits, cancel)?;
            self.tokens.extend_from_slice(chunk);
            done += chunk.len();
        }
        self.logits_are_last = rows == 1;
        Ok(&self.logits)
    }

    fn check(&self, len: usize, tokens: &[u32]) -> Result<(), EngineError> {
        if tokens.is_empty() {
            return Err(EngineError::NoTokens);
        }
        self.check_limit(len + tokens.len())?;
        self.check_tokens(tokens)
    }

    fn check_limit(&self, wanted: usize) -> Result<(), EngineError> {
        let limit = self.engine.max_context;
        if wanted <= limit { Ok(()) } else { Err(EngineError::ContextLimit { wanted, limit }) }
    }

    fn check_tokens(&self, tokens: &[u32]) -> Result<(), EngineError> {
        let vocab_size = self.engine.vocab_size();
        match tokens.iter().find(|&&token| token as usize >= vocab_size) {
            None => Ok(()),
            Some(&token) => Err(EngineError::UnknownToken { token, vocab_size }),
        }
    }
}
