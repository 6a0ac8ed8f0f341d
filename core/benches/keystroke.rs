//! What a keyboard and a voice command wait for: a word boundary, a key, a key with a typing error; a sentence that a template
//! matches, one that only the learned parser understands.
//!
//! ```sh
//! cargo bench -p spatz --bench keystroke
//! ```
//! Models that are missing from `models/` are left out.

#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::unwrap_used, reason = "a bench stops where it cannot go on")]

use criterion::{Criterion, criterion_group, criterion_main};
use spatz::command::{CommandParser, CommandSet, ParseContext};
use spatz::predict::{PredictorOptions, TextInput, TextPredictor};
use spatz::{CancelToken, Model};
use std::path::PathBuf;

fn shipped(name: &str) -> Option<Model> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../models")).join(name);
    path.exists().then(|| Model::open(path).unwrap())
}

fn keystrokes(criterion: &mut Criterion) {
    for name in ["spatz-base", "spatz-large"] {
        let Some(model) = shipped(&format!("{name}.gguf")) else { continue };
        let predictor = TextPredictor::new(&model, PredictorOptions::default()).unwrap();
        let ask = |context: &str, composing: &str| {
            let input = TextInput { context, composing, limit: 3, ..TextInput::default() };
            predictor.suggest(&input, &CancelToken::new()).unwrap().candidates.len()
        };
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        group.bench_function("word boundary", |bencher| {
            // Each context has another last word, so none is known from before.
            let mut contexts = ["Wir sehen uns morgen ", "Wir sehen uns heute "].into_iter().cycle();
            bencher.iter(|| ask(contexts.next().unwrap(), ""));
        });
        for (what, letters) in [("one letter", "m"), ("three letters", "mor"), ("an error", "mprgen")] {
            group.bench_function(what, |bencher| bencher.iter(|| ask("Wir sehen uns ", letters)));
        }
    }
}

fn commands(criterion: &mut Criterion) {
    let set = include_str!("../../tests/commands/timers.yaml");
    let set = CommandSet::from_yaml("timers.yaml", set).unwrap();
    let context = ParseContext::in_language("de");
    let mut group = criterion.benchmark_group("timers");
    let mut parse = |what: &str, parser: &CommandParser, text: &str| {
        group.bench_function(what, |bencher| bencher.iter(|| parser.parse(text, &context)));
    };
    parse("a template", &CommandParser::new(set.clone()), "stell einen timer auf zehn minuten");
    if let Some(encoder) = shipped("spatz-sentence.gguf") {
        let parser = CommandParser::with_encoder(set, &encoder).unwrap();
        parse("learned", &parser, "gib mir in zehn minuten bescheid");
    }
}

criterion_group!(benches, keystrokes, commands);
criterion_main!(benches);
