//! Tokens per second on real models, on one thread.
//!
//! ```sh
//! SPATZ_CHAT_MODEL=FILE cargo bench -p spatz --bench engine
//! ```
//! Our own package is found in `models/`; a model that is missing is left out.

#![allow(missing_docs, reason = "criterion's macros")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use spatz::engine::{Context, Engine, EngineOptions, TokenTree};
use spatz::{CancelToken, Model};
use std::path::PathBuf;

/// Tokens of the prompt.
const PROMPT: usize = 128;
/// Tokens decoded after it.
const DECODE: usize = 16;
/// Continuations scored at once, as for the candidates of a keystroke.
const NODES: usize = 32;

fn models() -> Vec<(String, PathBuf)> {
    let ours = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/spatz-base.gguf"));
    let smollm2 =
        std::env::var_os("SPATZ_CHAT_MODEL").map(|path| ("smollm2".to_owned(), PathBuf::from(path)));
    let all = smollm2.into_iter().chain([("spatz-base".to_owned(), ours)]);
    all.filter(|(_, path)| path.exists()).collect()
}

fn engine(criterion: &mut Criterion) {
    for (name, path) in models() {
        #[expect(clippy::unwrap_used, reason = "a bench stops where it cannot go on")]
        let engine = Engine::new(&Model::open(path).unwrap(), EngineOptions::default()).unwrap();
        let tokens =
            |len: usize| -> Vec<u32> { (0..len).map(|i| (i * 7919 % engine.vocab_size()) as u32).collect() };
        let (prompt, cancel) = (tokens(PROMPT), CancelToken::new());
        let mut group = criterion.benchmark_group(format!("{name}/{}", engine.instruction_set()));
        group.sample_size(10);

        group.throughput(Throughput::Elements(PROMPT as u64));
        group.bench_function("prefill", |bencher| {
            let mut context = engine.context();
            bencher.iter(|| {
                context.rollback(0);
                context.extend(&prompt, &cancel).map(<[f32]>::len)
            });
        });

        let prefilled = || -> Context {
            let mut context = engine.context();
            // a model that cannot run the prompt shows in the bench above
            let _ = context.extend(&prompt, &cancel);
            context
        };
        group.throughput(Throughput::Elements(DECODE as u64));
        group.bench_function("decode", |bencher| {
            let mut context = prefilled();
            bencher.iter(|| {
                context.rollback(PROMPT);
                tokens(DECODE).iter().map(|token| context.extend(&[*token], &cancel).map(<[f32]>::len)).last()
            });
        });

        group.throughput(Throughput::Elements(NODES as u64));
        group.bench_function("tree", |bencher| {
            let mut tree = TokenTree::default();
            for token in tokens(NODES) {
                tree.push(None, token);
            }
            bencher.iter_batched_ref(
                prefilled,
                |context| context.score_tree(&tree, &cancel).map(<[f32]>::len),
                BatchSize::LargeInput,
            );
        });
        group.finish();
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);
