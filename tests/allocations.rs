//! Decoding and scoring allocate nothing per token: a counting allocator says so, on the shipped model.

use spatz::engine::{Context, Engine, EngineOptions, TokenTree};
use spatz::{CancelToken, Model};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is allocated.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Positions in a block of the cache.
const BLOCK: usize = 32;
/// A helper's own scratch memory: some vectors, each made when the helper first gets to do that kind of work. On a busy machine
/// that may be long after the first token.
const HELPERS_OWN: usize = 12;

/// How often `run` allocates.
fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    run();
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

fn decode(context: &mut Context, token: u32) {
    context.extend(&[token], &CancelToken::new()).unwrap();
}

/// One test, since others would allocate beside it.
#[test]
fn nothing_is_allocated_per_token() {
    let model = Model::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/spatz-base.gguf")).unwrap();
    let cancel = allocations(|| drop(CancelToken::new()));
    for threads in [1, 2] {
        let options = EngineOptions::default().with_threads(threads);
        let engine = Engine::new(&model, options).unwrap();
        let mut context = engine.context();
        context.extend(&[5; 41], &CancelToken::new()).unwrap();
        decode(&mut context, 7);
        let mut allowed = (threads - 1) * HELPERS_OWN;
        // Takes that many too many for a helper's first.
        let mut are_firsts = |too_many: usize| {
            allowed = allowed
                .checked_sub(too_many)
                .unwrap_or_else(|| panic!("{too_many} allocations more, {threads} threads"));
        };

        for len in context.tokens().len()..4 * BLOCK {
            let count = allocations(|| decode(&mut context, len as u32)) - cancel;
            if len % BLOCK == 0 {
                // the cache's next block, and what is as long as the sequence
                assert!(count > 0, "no block at {len}, {threads} threads");
                are_firsts(count.saturating_sub(5));
            } else {
                are_firsts(count);
            }
        }

        // again over the same places
        context.rollback(41);
        let count = allocations(|| (0..80).for_each(|token| decode(&mut context, token)));
        are_firsts(count - 80 * cancel);

        // a tree allocates for its shape, whatever its size
        let mut tree = TokenTree::default();
        for token in 0..24 {
            tree.push(None, token);
        }
        let mut score = || {
            context.score_tree(&tree, &CancelToken::new()).unwrap();
        };
        score();
        are_firsts(allocations(score).saturating_sub(cancel + 1));
    }
}
