//! Opening a full folder of learned words, learning a message with and without it, and a keystroke beside them. What is
//! saved waits for the disk.
//!
//! ```sh
//! cargo bench -p spatz --bench learning
//! ```

#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::unwrap_used, reason = "a bench stops where it cannot go on")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use spatz::predict::{Evidence, Field, PredictorOptions, TextInput, TextPredictor};
use spatz::{CancelToken, Model};
use std::path::PathBuf;

/// Messages after which the 20,000 counts are there that are kept at most.
const MESSAGES: usize = 1_200;

fn learning(criterion: &mut Criterion) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/spatz-base.gguf"));
    let Ok(model) = Model::open(path) else { return };
    let keyboard = || {
        let mut options = PredictorOptions::default();
        options.evidence = Evidence::Ngram;
        TextPredictor::new(&model, options).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let full = keyboard();
    (0..MESSAGES)
        .for_each(|number| full.learn(&message(number), Field::Message, number as u64 * 600).unwrap());
    full.attach_store(folder.path()).unwrap();
    let counts = full.export().lines().filter(|line| line.starts_with("phrase")).count();
    let bytes = std::fs::metadata(folder.path().join("personal.store")).unwrap().len();
    let mut group = criterion.benchmark_group(format!("learned/{counts} counts/{bytes} bytes"));
    group.sample_size(30);
    group.bench_function("keystroke", |bencher| {
        let input =
            TextInput { context: "see you in the ", composing: "s", limit: 3, ..TextInput::default() };
        bencher.iter(|| full.suggest(&input, &CancelToken::new()).unwrap());
    });
    drop(full);

    group.bench_function("open", |bencher| {
        bencher.iter_batched_ref(
            keyboard,
            |keyboard| keyboard.attach_store(folder.path()).unwrap(),
            BatchSize::PerIteration,
        );
    });
    let mut number = MESSAGES;
    let mut learn = |keyboard: &TextPredictor| {
        number += 1;
        keyboard.learn(&message(number), Field::Message, number as u64 * 600).unwrap();
    };
    let saved = keyboard();
    saved.attach_store(folder.path()).unwrap();
    group.bench_function("learn a message, saved", |bencher| bencher.iter(|| learn(&saved)));
    drop(saved);
    let unsaved = keyboard();
    unsaved
        .import(
            &{
                let full = keyboard();
                full.attach_store(folder.path()).unwrap();
                full.export()
            },
            0,
        )
        .unwrap();
    group.bench_function("learn a message", |bencher| bencher.iter(|| learn(&unsaved)));
    group.finish();
}

/// Twelve words, some of them common, some seldom.
fn message(number: usize) -> String {
    let word = |place: usize| {
        let seed = (number * 12 + place).wrapping_mul(2_654_435_761) >> 7;
        let mut rest = if seed.is_multiple_of(3) { seed % 4_000 } else { seed % 60 };
        let mut word = String::from(char::from(b'a' + (rest % 23) as u8));
        while rest > 0 {
            word.push(char::from(b'a' + (rest % 26) as u8));
            rest /= 26;
        }
        word
    };
    (0..12).map(word).collect::<Vec<_>>().join(" ")
}

criterion_group!(benches, learning);
criterion_main!(benches);
