//! The engine computes what others compute: on 2,000 tokens of development text, half English, half German, its mean
//! negative log likelihood equals that of candle's Llama with the same file's weights.
//!
//! `tests/peers/llama_cpp_nll.py` compares with llama.cpp on the same tokens, which this test writes to the file that
//! `SPATZ_LIKELIHOOD_OUT` names.

use anyhow::{Context as _, Result};
use candle_core::quantized::gguf_file::Content;
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::llama2_c::{Cache, Config, Llama};
use spatz::engine::{Engine, EngineOptions};
use spatz::model::BytePairEncoder;
use spatz::{CancelToken, Model};
use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Tokens of a text that are scored.
const WINDOW: usize = 500;
/// One window each.
const TEXTS: [&str; 4] = ["en-smalltalk", "en-sentences", "de-sentences", "de-klexikon"];
/// Largest difference of the mean negative log likelihoods, in nats per token. The engine rounds what it multiplies with
/// packed weights to 8 bits, which costs base 0.002 and SmolLM2 in Q4_1 0.006; candle computes in 32 bits here.
const TOLERANCE: f64 = 0.01;
/// Largest mean of a token's difference.
const TOKEN_TOLERANCE: f64 = 0.1;

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
    let surprises = of_engine(model, &windows)?;
    let ours = mean(&surprises);
    if let Some(out) = std::env::var_os("SPATZ_LIKELIHOOD_OUT") {
        let report = serde_json::json!({ "model": model, "windows": windows, "mean_nll": ours });
        fs::write(out, serde_json::to_vec(&report)?)?;
    }
    let expected = of_candle(model, &windows)?;
    let candles = mean(&expected);
    let apart: Vec<f64> =
        surprises.iter().zip(&expected).map(|(ours, candles)| (ours - candles).abs()).collect();
    let apart = mean(&apart);
    println!("{}: nats per token: {ours:.5} here, {candles:.5} in candle, {apart:.5} apart", model.display());
    assert!(ours < 8.0, "the model knows nothing of this text: {ours} nats per token");
    assert!((ours - candles).abs() < TOLERANCE, "{ours} nats per token, in candle {candles}");
    assert!(apart < TOKEN_TOLERANCE, "a token's likelihood is {apart} nats from candle's in the mean");
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

/// Candle's Llama with the file's weights in 32 bits. Its model of packed weights gives the logits of one position a pass, in
/// products that only know the instructions of every processor: ten minutes instead of one.
fn of_candle(model: &Path, windows: &[Vec<u32>]) -> Result<Vec<f64>> {
    let (config, weights) = unpacked(model)?;
    let variables = VarBuilder::from_tensors(weights, DType::F32, &Device::Cpu);
    let mut cache = Cache::new(false, &config, variables.clone())?;
    let model = Llama::load(variables, config)?;
    let mut surprises = Vec::new();
    for window in windows {
        let tokens = Tensor::new(&window[..WINDOW], &Device::Cpu)?.unsqueeze(0)?;
        let logits: Vec<Vec<f32>> = model.forward(&tokens, 0, &mut cache)?.squeeze(0)?.to_vec2()?;
        surprises.extend(logits.iter().zip(&window[1..]).map(|(logits, next)| surprise(logits, *next)));
    }
    Ok(surprises)
}

/// The shape of a model and its tensors, under the names that candle has for them.
fn unpacked(model: &Path) -> Result<(Config, HashMap<String, Tensor>)> {
    let mut file = File::open(model)?;
    let content = Content::read(&mut file)?;
    let value = |key: &str| content.metadata.get(&format!("llama.{key}")).context(key.to_owned());
    let number = |key: &str| Ok::<_, anyhow::Error>(value(key)?.to_u32()? as usize);
    let mut weights = HashMap::new();
    for name in content.tensor_infos.keys() {
        let tensor = content.tensor(&mut file, name, &Device::Cpu)?.dequantize(&Device::Cpu)?;
        weights.insert(name_in_candle(name)?, tensor);
    }
    let embedding = weights["model.embed_tokens.weight"].clone();
    let config = Config {
        dim: number("embedding_length")?,
        hidden_dim: number("feed_forward_length")?,
        n_layers: number("block_count")?,
        n_heads: number("attention.head_count")?,
        n_kv_heads: number("attention.head_count_kv")?,
        vocab_size: embedding.dim(0)?,
        seq_len: WINDOW,
        norm_eps: value("attention.layer_norm_rms_epsilon")?.to_f32()?.into(),
    };
    weights.entry("lm_head.weight".to_owned()).or_insert(embedding);
    let angles = angles(config.dim / config.n_heads, value("rope.freq_base")?.to_f32()?)?;
    weights.insert("freq_cis_real".to_owned(), angles.cos()?);
    weights.insert("freq_cis_imag".to_owned(), angles.sin()?);
    Ok((config, weights))
}

fn name_in_candle(name: &str) -> Result<String> {
    let Some(rest) = name.strip_prefix("blk.") else {
        return Ok(match name {
            "token_embd.weight" => "model.embed_tokens.weight".to_owned(),
            "output_norm.weight" => "model.norm.weight".to_owned(),
            "output.weight" => "lm_head.weight".to_owned(),
            _ => anyhow::bail!("{name} is no tensor of a Llama"),
        });
    };
    let (layer, part) = rest.split_once('.').context(name.to_owned())?;
    let part = match part {
        "attn_norm.weight" => "input_layernorm",
        "attn_q.weight" => "self_attn.q_proj",
        "attn_k.weight" => "self_attn.k_proj",
        "attn_v.weight" => "self_attn.v_proj",
        "attn_output.weight" => "self_attn.o_proj",
        "ffn_norm.weight" => "post_attention_layernorm",
        "ffn_gate.weight" => "mlp.gate_proj",
        "ffn_up.weight" => "mlp.up_proj",
        "ffn_down.weight" => "mlp.down_proj",
        _ => anyhow::bail!("{name} is no tensor of a Llama"),
    };
    Ok(format!("model.layers.{layer}.{part}.weight"))
}

/// By how much each pair of a head's values is turned at each position, in radians.
fn angles(head: usize, base: f32) -> Result<Tensor> {
    let speeds = (0..head / 2).map(|pair| base.powf(-2.0 * pair as f32 / head as f32));
    let speeds: Vec<f32> = speeds.collect();
    let angles = (0..WINDOW).flat_map(|position| speeds.iter().map(move |speed| position as f32 * speed));
    Ok(Tensor::from_vec(angles.collect::<Vec<f32>>(), (WINDOW, head / 2), &Device::Cpu)?)
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
