//! What `spatz bench --once` measures, in candle: one line of JSON, from one run in this process.
//!
//! ```sh
//! RAYON_NUM_THREADS=1 cargo run --release -p spatz-tests --example candle_bench -- FILE PROMPT DECODE [--cpu-time]
//! ```

use anyhow::{Context, Result};
use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, IndexOp, Tensor};
use candle_transformers::models::quantized_llama::ModelWeights;
use rustix::time::{ClockId, clock_gettime};
use std::fs::{self, File};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let [path, prompt, decode] =
        args.get(1..4).and_then(|args| args.as_array()).context("FILE PROMPT DECODE")?;
    let (prompt, decode): (u32, u32) = (prompt.parse()?, decode.parse()?);
    let clock =
        if args.iter().any(|arg| arg == "--cpu-time") { ClockId::ProcessCPUTime } else { ClockId::Monotonic };
    let seconds = || {
        let now = clock_gettime(clock);
        now.tv_sec as f64 + now.tv_nsec as f64 * 1e-9
    };

    let start = seconds();
    let mut file = File::open(path)?;
    let content = Content::read(&mut file)?;
    let vocab = content.tensor_infos["token_embd.weight"].shape.dims()[0] as u32;
    let mut model = ModelWeights::from_gguf(content, &mut file, &Device::Cpu)?;
    let tokens: Vec<u32> = (0..prompt).map(|i| i.wrapping_mul(7919) % vocab).collect();
    let mut run = |tokens: &[u32], position: usize| -> Result<u32> {
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        Ok(model.forward(&input, position)?.i(0)?.argmax(0)?.to_scalar()?)
    };
    let prefill = seconds();
    let mut token = run(&tokens, 0)?;
    let first = seconds();
    for i in 0..decode {
        token = run(&[token], (prompt + i) as usize)?;
    }
    let end = seconds();

    let status = fs::read_to_string("/proc/self/status")?;
    let memory = |field: &str| -> Result<f64> {
        let line =
            status.lines().find_map(|line| line.strip_prefix(field)).context("no such line in status")?;
        Ok(line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<f64>()? * 1024.0 / 1e6)
    };
    let measures = serde_json::json!({
        "prefill_tokens_per_s": f64::from(prompt) / (first - prefill),
        "decode_tokens_per_s": f64::from(decode) / (end - first),
        "open_to_first_token_ms": 1e3 * (first - start),
        "resident_mb": memory("VmRSS:")?,
        "anonymous_mb": memory("RssAnon:")?,
    });
    println!("{measures}");
    Ok(())
}
