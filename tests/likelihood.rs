//! The engine computes what others compute: on 2,000 tokens of development text, half English, half German, its mean
//! negative log likelihood equals that of candle's `quantized_llama` on the same file.
//!
//! `tests/peers/llama_cpp_nll.py` compares with llama.cpp on the same tokens, which this test writes to the file that
//! `SPATZ_LIKELIHOOD_OUT` names.

use anyhow::{Context as _, Result};
use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_llama::ModelWeights;
use spatz::engine::{Engine, EngineOptions};
use spatz::model::BytePairEncoder;
use spatz::{CancelToken, Model};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Candle's mask and cache are made for short windows; each scores this many tokens.
const WINDOW: usize = 500;
/// One window each.
const TEXTS: [&str; 4] = ["en-smalltalk", "en-sentences", "de-sentences", "de-klexikon"];
/// Largest difference of the mean negative log likelihoods, in nats per token.
const TOLERANCE: f64 = 0.002;

#[test]
fn smollm2_is_as_likely_as_in_candle() -> Result<()> {
    let path = std::env::var_os("SPATZ_CHAT_MODEL").map(PathBuf::from);
    check(&path.unwrap_or_default(), "set SPATZ_CHAT_MODEL, as `cargo xtask rust` does")
}

#[test]
fn our_model_is_as_likely_as_in_candle() -> Result<()> {
    check(&root().join("models/spatz-base.gguf"), "it comes with the repository")
}

fn check(model: &Path, how_to_get: &str) -> Result<()> {
    let shared = std::env::var_os("SPATZ_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let texts = shared.join("eval/text/dev");
    for (needed, how_to_get) in [(model, how_to_get), (&*texts, "set SPATZ_SHARED")] {
        if !needed.exists() {
            assert!(std::env::var_os("CI").is_none(), "{} is missing: {how_to_get}", needed.display());
            println!("skipped: {} is missing ({how_to_get})", needed.display());
            return Ok(());
        }
    }
    let windows = windows(model, &texts)?;
    let ours = mean(&of_engine(model, &windows)?);
    if let Some(out) = std::env::var_os("SPATZ_LIKELIHOOD_OUT") {
        let report = serde_json::json!({ "model": model, "windows": windows, "mean_nll": ours });
        fs::write(out, serde_json::to_vec(&report)?)?;
    }
    let candles = mean(&of_candle(model, &windows)?);
    println!("{}: nats per token: {ours:.5} here, {candles:.5} in candle", model.display());
    assert!(ours < 8.0, "the model knows nothing of this text: {ours} nats per token");
    assert!((ours - candles).abs() < TOLERANCE, "{ours} nats per token, in candle {candles}");
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The first tokens of each text, one more than are scored.
fn windows(model: &Path, texts: &Path) -> Result<Vec<Vec<u32>>> {
    let encoder = BytePairEncoder::new(Model::open(model)?.vocabulary())?;
    let window = |name: &&str| {
        let lines = fs::read_to_string(texts.join(name).with_extension("jsonl"))?;
        let mut tokens = Vec::new();
        for line in lines.lines() {
            let line: serde_json::Value = serde_json::from_str(line)?;
            encoder.encode(line["text"].as_str().context("a line without text")?, &mut tokens);
            encoder.encode("\n", &mut tokens);
            if tokens.len() > WINDOW {
                tokens.truncate(WINDOW + 1);
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
        let logits = context.extend_all(&window[..WINDOW], &CancelToken::new())?;
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

fn mean(values: &[f64]) -> f64 {
    assert_eq!(values.len(), TEXTS.len() * WINDOW);
    values.iter().sum::<f64>() / values.len() as f64
}
