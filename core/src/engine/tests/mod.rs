//! The engine on small random models: the network equals a naive one, and a token's logits do not depend on how it came
//! to be run.

mod candle;
pub(in crate::engine) mod model;
pub(super) mod reference;

use super::kernels::Kernels;
use super::weights::Weights;
use super::*;
use crate::cancel::CancelToken;
use crate::model::{Family, RopeLayout, TensorType};
use model::{TestModel, config};
use once_cell::sync::Lazy;
use proptest::prelude::*;

fn engine(dtype: TensorType) -> Arc<Engine> {
    let config = config(RopeLayout::Interleaved);
    let weights = Weights::of_test(TestModel::random(&config, dtype, true, 7), &config).unwrap();
    Engine::with_kernels(config, weights, Kernels::detect(), EngineOptions::default()).unwrap()
}

static ENGINE: Lazy<Arc<Engine>> = Lazy::new(|| engine(TensorType::Q4_0));

fn never() -> CancelToken {
    CancelToken::new()
}

/// The logits after the last of `tokens`, run one by one.
fn fresh(engine: &Arc<Engine>, tokens: &[u32]) -> Vec<f32> {
    let mut context = engine.context();
    let mut logits = Vec::new();
    for token in tokens {
        logits = context.extend(&[*token], &never()).unwrap().to_vec();
    }
    logits
}

#[test]
fn the_network_equals_a_naive_one() {
    let tokens = [3, 60, 0, 17, 17, 42, 5];
    for layout in [RopeLayout::Interleaved, RopeLayout::Halves] {
        for tied in [true, false] {
            let config = config(layout);
            let model = TestModel::random(&config, TensorType::F32, tied, 11);
            let wanted = reference::logits(&model, &config, &tokens);
            for kernels in Kernels::available() {
                let weights = Weights::of_test(model.clone(), &config).unwrap();
                let options = EngineOptions::default();
                let engine = Engine::with_kernels(config.clone(), weights, kernels, options).unwrap();
                let mut context = engine.context();
                let got = context.extend_all(&tokens, &never()).unwrap();
                for (got, wanted) in got.iter().zip(wanted.iter().flatten()) {
                    // what remains is the cache's half precision
                    assert!(
                        (f64::from(*got) - wanted).abs() < 5e-3,
                        "{kernels:?}: {got}, should be {wanted}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_family_equals_a_naive_one() {
    let tokens = [3, 60, 0, 17, 17, 42, 5, 8];
    for family in Family::ALL {
        let config = model::config_of(family);
        let model = TestModel::random(&config, TensorType::F32, true, 5);
        let wanted = reference::logits(&model, &config, &tokens);
        for kernels in Kernels::available() {
            let weights = Weights::of_test(model.clone(), &config).unwrap();
            let engine =
                Engine::with_kernels(config.clone(), weights, kernels, EngineOptions::default()).unwrap();
            let all = engine.context().extend_all(&tokens, &never()).unwrap().to_vec();
            for (got, wanted) in all.iter().zip(wanted.iter().flatten()) {
                let difference = (f64::from(*got) - wanted).abs();
                assert!(difference < 2e-2, "{} {kernels:?}: {got}, should be {wanted}", family.name);
            }
            let last = fresh(&engine, &tokens);
            assert_eq!(&all[all.len() - last.len()..], last, "{} token by token", family.name);
        }
    }
}

#[test]
fn every_type_runs() {
    let exact = fresh(&engine(TensorType::F32), &[1, 2, 3, 4]);
    for dtype in model::TYPES {
        let got = fresh(&engine(dtype), &[1, 2, 3, 4]);
        let difference: f32 = got.iter().zip(&exact).map(|(a, b)| (a - b).powi(2)).sum();
        let size: f32 = exact.iter().map(|b| b.powi(2)).sum();
        let bits = model::quantize(&[0.0; 256], dtype).len() * 8 / 256;
        let bound = if bits < 6 { 0.3 } else { 0.15 };
        assert!((difference / size).sqrt() < bound, "{dtype:?}: {}", (difference / size).sqrt());
    }
}

fn tokens(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0u32..61, len)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn batches_of_any_size_equal_single_tokens(tokens in tokens(1..150), cut in 0usize..150) {
        let wanted = fresh(&ENGINE, &tokens);
        let mut context = ENGINE.context();
        let cut = cut.min(tokens.len() - 1);
        if cut > 0 {
            context.extend(&tokens[..cut], &never()).unwrap();
        }
        prop_assert_eq!(context.extend(&tokens[cut..], &never()).unwrap(), &wanted[..]);
        let mut context = ENGINE.context();
        let all = context.extend_all(&tokens, &never()).unwrap();
        prop_assert_eq!(&all[all.len() - 61..], &wanted[..]);
    }

    #[test]
    fn rollback_and_sync_equal_a_fresh_run(first in tokens(1..80), keep in 0usize..80, rest in tokens(1..40)) {
        let mut context = ENGINE.context();
        context.sync(&first, &never()).unwrap();
        let keep = keep.min(first.len());
        let target = [&first[..keep], &rest].concat();
        let wanted = fresh(&ENGINE, &target);
        prop_assert_eq!(context.sync(&target, &never()).unwrap(), &wanted[..]);
        prop_assert_eq!(context.tokens(), &target[..]);
        // again, now that there is nothing to run
        prop_assert_eq!(context.sync(&target, &never()).unwrap(), &wanted[..]);
        // the sequence as a prefix of a longer one
        context.extend(&first, &never()).unwrap();
        prop_assert_eq!(context.sync(&target, &never()).unwrap(), &wanted[..]);
    }

    #[test]
    fn a_fork_and_its_origin_do_not_touch_each_other(first in tokens(1..70), a in tokens(1..40), b in tokens(1..40)) {
        let mut origin = ENGINE.context();
        origin.extend(&first, &never()).unwrap();
        let mut fork = origin.fork();
        prop_assert_eq!(fork.tokens(), origin.tokens());
        let of_fork = fork.extend(&a, &never()).unwrap().to_vec();
        let of_origin = origin.extend(&b, &never()).unwrap().to_vec();
        prop_assert_eq!(of_fork, fresh(&ENGINE, &[&first[..], &a].concat()));
        prop_assert_eq!(of_origin, fresh(&ENGINE, &[&first[..], &b].concat()));
    }

    #[test]
    fn tree_nodes_equal_fresh_runs_of_their_paths(
        first in tokens(0..70),
        nodes in prop::collection::vec((any::<prop::sample::Index>(), 0u32..61), 1..24),
    ) {
        let mut context = ENGINE.context();
        if !first.is_empty() {
            context.extend(&first, &never()).unwrap();
        }
        let mut tree = TokenTree::default();
        let mut paths: Vec<Vec<u32>> = Vec::new();
        for (parent, token) in nodes {
            // one more choice than nodes: the sequence itself
            let parent = parent.index(paths.len() + 1).checked_sub(1);
            let mut path = parent.map_or_else(|| first.clone(), |parent| paths[parent].clone());
            path.push(token);
            prop_assert_eq!(tree.push(parent, token), paths.len());
            paths.push(path);
        }
        let scores = context.score_tree(&tree, &never()).unwrap().to_vec();
        prop_assert_eq!(scores.len(), tree.len() * 61);
        for (path, scores) in paths.iter().zip(scores.chunks(61)) {
            prop_assert_eq!(scores, &fresh(&ENGINE, path)[..]);
        }
        prop_assert_eq!(context.tokens(), &first[..]);
        let next = context.extend(&[9], &never()).unwrap();
        prop_assert_eq!(next, &fresh(&ENGINE, &[&first[..], &[9]].concat())[..]);
    }
}

#[test]
fn a_tree_larger_than_a_chunk() {
    let mut context = ENGINE.context();
    context.extend(&[1, 2, 3], &never()).unwrap();
    let mut tree = TokenTree::default();
    let root = tree.push(None, 4);
    for i in 0..2 * forward::CHUNK {
        tree.push(Some(root), (i % 61) as u32);
    }
    let scores = context.score_tree(&tree, &never()).unwrap();
    let last = (2 * forward::CHUNK - 1) % 61;
    assert_eq!(scores[scores.len() - 61..], fresh(&ENGINE, &[1, 2, 3, 4, last as u32]));
}

#[test]
fn a_cancelled_call_leaves_a_valid_sequence() {
    let cancelled = never();
    cancelled.cancel();
    let mut context = ENGINE.context();
    context.extend(&[1, 2, 3], &never()).unwrap();
    assert!(matches!(context.extend(&[4, 5], &cancelled), Err(EngineError::Cancelled(_))));
    assert_eq!(context.tokens(), [1, 2, 3]);
    assert!(matches!(context.extend_all(&[4, 5], &cancelled), Err(EngineError::Cancelled(_))));
    assert_eq!(context.tokens(), [1, 2, 3]);
    let mut tree = TokenTree::default();
    tree.push(None, 4);
    assert!(matches!(context.score_tree(&tree, &cancelled), Err(EngineError::Cancelled(_))));
    assert!(matches!(context.sync(&[1, 2, 9], &cancelled), Err(EngineError::Cancelled(_))));
    assert_eq!(context.tokens(), [1, 2]);
    assert_eq!(context.extend(&[8], &never()).unwrap(), fresh(&ENGINE, &[1, 2, 8]));
}

#[test]
fn wrong_calls_are_refused_before_anything_runs() {
    let mut context = ENGINE.context();
    context.extend(&[1, 2, 3], &never()).unwrap();
    assert!(matches!(context.sync(&[], &never()), Err(EngineError::NoTokens)));
    assert!(matches!(context.extend(&[], &never()), Err(EngineError::NoTokens)));
    let unknown = context.extend(&[4, 61], &never()).unwrap_err().to_string();
    assert!(unknown.contains("token 61") && unknown.contains("vocabulary of 61"), "{unknown}");
    let long = context.extend(&[1; 398], &never()).unwrap_err().to_string();
    assert!(long.contains("401 tokens") && long.contains("context of 400"), "{long}");
    let mut tree = TokenTree::default();
    tree.push(Some(0), 1);
    assert!(matches!(
        context.score_tree(&tree, &never()),
        Err(EngineError::TreeOrder { node: 0, parent: 0 })
    ));
    assert_eq!(context.score_tree(&TokenTree::default(), &never()).unwrap(), &[0f32; 0]);
    assert_eq!(context.tokens(), [1, 2, 3]);
    context.rollback(9);
    assert_eq!(context.tokens(), [1, 2, 3]);
    assert_eq!(context.extend(&[1; 397], &never()).unwrap().len(), 61);
}

#[test]
fn options_limit_the_context() {
    let config = config(RopeLayout::Interleaved);
    let weights = Weights::of_test(TestModel::random(&config, TensorType::F32, true, 7), &config).unwrap();
    let options = EngineOptions::default().with_max_context(4);
    let engine = Engine::with_kernels(config, weights, Kernels::detect(), options).unwrap();
    assert_eq!(engine.max_context(), 4);
    let mut context = engine.context();
    assert!(matches!(
        context.sync(&[0; 5], &never()),
        Err(EngineError::ContextLimit { wanted: 5, limit: 4 })
    ));
}

#[test]
fn any_number_of_threads_computes_the_same_bits() {
    let tokens: Vec<u32> = (0..150).map(|i| i * 7 % 61).collect();
    let run = |engine: &Arc<Engine>| {
        let mut context = engine.context();
        let mut all = context.extend_all(&tokens, &never()).unwrap().to_vec();
        all.extend_from_slice(context.extend(&[3], &never()).unwrap());
        let mut tree = TokenTree::default();
        let root = tree.push(None, 4);
        for token in 0..20 {
            tree.push(Some(root), token);
        }
        all.extend_from_slice(context.score_tree(&tree, &never()).unwrap());
        all
    };
    let wanted = run(&ENGINE);
    let config = config(RopeLayout::Interleaved);
    for threads in [0, 2, 3, 8] {
        let weights =
            Weights::of_test(TestModel::random(&config, TensorType::Q4_0, true, 7), &config).unwrap();
        let options = EngineOptions::default().with_threads(threads);
        let engine = Engine::with_kernels(config.clone(), weights, Kernels::detect(), options).unwrap();
        assert_eq!(run(&engine), wanted, "{threads} threads");
        // contexts that run at once share the helpers, or do without
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert_eq!(run(&engine), wanted));
            }
        });
    }
}

#[test]
fn trim_gives_memory_back_and_batches_reuse_it() {
    let mut context = ENGINE.context();
    let empty = context.resident_bytes();
    context.extend(&[1; 100], &never()).unwrap();
    let full = context.resident_bytes();
    assert!(full > empty + 100 * 2 * 2 * 2 * (24 + 64));
    context.rollback(0);
    context.extend(&[2; 100], &never()).unwrap();
    assert_eq!(context.resident_bytes(), full);
    context.trim();
    assert_eq!((context.resident_bytes(), context.tokens()), (empty, &[][..]));
    assert_eq!(context.sync(&[5, 6], &never()).unwrap(), fresh(&ENGINE, &[5, 6]));
}

#[test]
fn incomplete_models_are_refused() {
    let good = config(RopeLayout::Interleaved);
    let model = || TestModel::random(&good, TensorType::Q8_0, true, 7);
    let missing = Weights::of_test(model().without("blk.1.ffn_up.weight"), &good).unwrap_err().to_string();
    assert!(missing.contains("`blk.1.ffn_up.weight`"), "{missing}");
    let wider = LlamaConfig { feed_forward_length: 640, ..good.clone() };
    let shape = Weights::of_test(model(), &wider).unwrap_err().to_string();
    assert!(shape.contains("512 × 256 of Q8_0") && shape.contains("640 × 256"), "{shape}");
    let uneven = check(&LlamaConfig { head_count_kv: 3, ..good.clone() }).unwrap_err().to_string();
    assert!(uneven.contains("head_count_kv = 3"), "{uneven}");
    assert!(check(&LlamaConfig { head_count_kv: 0, ..good.clone() }).is_err());
    assert!(check(&LlamaConfig { key_length: usize::MAX, ..good.clone() }).is_err());
    assert!(check(&LlamaConfig { head_count: usize::MAX / 2 * 2, ..good.clone() }).is_err());
    assert!(check(&good).is_ok());
}
