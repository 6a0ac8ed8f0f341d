//! The engine computes what others compute: on 2,000 tokens of development text, half English, half German, its mean
//! negative log likelihood equals that of candle's `quantized_llama` on the same file.
//!
//! Candle takes two minutes for these tokens with SmolLM2, so that every fourth of them has to do in everyday runs. All of
//! them are scored where `SPATZ_LIKELIHOOD_OUT` names a file: there they are written, and `tests/peers/llama_cpp_nll.py`
//! compares with llama.cpp on them.

use anyhow::{Context as _, Result};
use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_llama::ModelWeights;
use spatz::engine::{Engine, EngineOptions};
use spatz::model::BytePairEncoder;
use spatz::{CancelToken, Model};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Tokens scored a window: candle's mask and cache are made for short ones.
const WINDOW: usize = 500;
/// One window each.
const TEXTS: [&str; 4] = ["en-smalltalk", "en-sentences", "de-sentences", "de-klexikon"];
/// Largest difference of the mean negative log likelihoods, in nats per token.
const TOLERANCE: f64 = 0.002;
/// Both round activations to 8 bits, each in its own way, so that a few tokens differ by chance: by so many standard errors at most.
const STANDARD_ERRORS: f64 = 4.0;

#[test]
fn smollm2_is_as_likely_as_in_candle() -> Result<()> {
    let path = std::env::var_os("SPATZ_CHAT_MODEL").map(PathBuf::from);
    let window = if std::env::var_os("SPATZ_LIKELIHOOD_OUT").is_some() { WINDOW } else { WINDOW / 4 };
    check(&path.unwrap_or_default(), window, "set SPATZ_CHAT_MODEL, as `cargo xtask rust` does")
}

#[test]
fn our_model_is_as_likely_as_in_candle() -> Result<()> {
    check(&root().join("models/spatz-base.gguf"), WINDOW, "it comes with the repository")
}

fn check(model: &Path, window: usize, how_to_get: &str) -> Result<()> {
    let shared = std::env::var_os("SPATZ_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let texts = shared.join("eval/text/dev");
    for (needed, how_to_get) in [(model, how_to_get), (&*texts, "set SPATZ_SHARED")] {
        if !needed.exists() {
            assert!(std::env::var_os("CI").is_none(), "{} is missing: {how_to_get}", needed.display());
            println!("skipped: {} is missing ({how_to_get})", needed.display());
            return Ok(());
        }
    }
    let windows = windows(model, &texts, window)?;
    let of_engine = of_engine(model, &windows)?;
    let ours = mean(&of_engine);
    if let Some(out) = std::env::var_os("SPATZ_LIKELIHOOD_OUT") {
        let report = serde_json::json!({ "model": model, "windows": windows, "mean_nll": ours });
        fs::write(out, serde_json::to_vec(&report)?)?;
    }
    let of_candle = of_candle(model, &windows)?;
    let candles = mean(&of_candle);
    let differences: Vec<f64> = of_engine.iter().zip(&of_candle).map(|(a, b)| a - b).collect();
    let chance = STANDARD_ERRORS * standard_error(&differences);
    let figures = format!(
        "{ours:.5} nats per token, in candle {candles:.5}; by chance they differ by up to {chance:.5}"
    );
    println!("{}: {figures}", model.display());
    assert!(ours < 8.0, "the model knows nothing of this text: {figures}");
    assert!((ours - candles).abs() < chance.max(TOLERANCE), "{figures}");
    assert!(chance < 5.0 * TOLERANCE, "single tokens differ too much: {figures}");
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The first tokens of each text, one more than are scored.
fn windows(model: &Path, texts: &Path, length: usize) -> Result<Vec<Vec<u32>>> {
    let encoder = BytePairEncoder::new(Model::open(model)?.vocabulary())?;
    let window = |name: &&str| {
        let lines = fs::read_to_string(texts.join(name).with_extension("jsonl"))?;
        let mut tokens = Vec::new();
        for line in lines.lines() {
            let line: serde_json::Value = serde_json::from_str(line)?;
            encoder.encode(line["text"].as_str().context("a line without text")?, &mut tokens);
            encoder.encode("\n", &mut tokens);
            if tokens.len() > length {
                tokens.truncate(length + 1);
                return Ok(tokens);
            }
        }
        anyhow::bail!("{name} is too short")
    };
    TEXTS.iter().map(window).collect()
}

/// The surprise at each token but the first of each window.
fn of_engine(model: &Path, windows: &[Vec<u32>]) -> Result<Vec<f64>> {
    let engine = Engine::new(&Model::open(model)?, EngineOptions::default())?;
    let mut context = engine.context();
    let mut surprises = Vec::new();
    for window in windows {
        context.rollback(0);
        let [scored @ .., _] = window.as_slice() else { continue };
        let logits = context.extend_all(scored, &CancelToken::new())?;
        let rows = logits.chunks_exact(engine.vocab_size());
        surprises.extend(rows.zip(&window[1..]).map(|(logits, next)| surprise(logits, *next)));
    }
    Ok(surprises)
}

fn of_candle(model: &Path, windows: &[Vec<u32>]) -> Result<Vec<f64>> {
    let mut file = File::open(model)?;
    let content = Content::read(&mut file)?;
    let mut model = ModelWeights::from_gguf(content, &mut file, &Device::Cpu)?;
    let mut surprises = Vec::new();
    for window in windows {
        for (position, pair) in window.windows(2).enumerate() {
            let token = Tensor::new(&pair[..1], &Device::Cpu)?.unsqueeze(0)?;
            let logits: Vec<f32> = model.forward(&token, position)?.squeeze(0)?.to_vec1()?;
            surprises.push(surprise(&logits, pair[1]));
        }
    }
    Ok(surprises)
}

/// The negative log likelihood of `next` in nats.
fn surprise(logits: &[f32], next: u32) -> f64 {
    let largest = logits.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let total: f64 = logits.iter().map(|logit| f64::from(logit - largest).exp()).sum();
    total.ln() - f64::from(logits[next as usize] - largest)
}

/// Of the mean of `values`.
fn standard_error(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    squares.sqrt() / values.len() as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
