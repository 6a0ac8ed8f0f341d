//! `spatz bench`: speed and memory of a model on this machine.
//!
//! Every repetition is a fresh process, so that opening is really opening and the memory is that of one run; the
//! best repetition is reported, as the one least disturbed by whatever else the machine does.

use crate::registry;
use anyhow::{Context, Result, bail};
use clap::Args;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use spatz::engine::{Engine, EngineOptions};
use spatz::{CancelToken, Model};
use std::io::{self, Write};
use std::process::Command;
use std::time::{Duration, Instant};

/// Measure prefill, decode, time to the first token and memory.
#[derive(Args)]
pub(crate) struct BenchArgs {
    /// A known model's name or a GGUF file [default: the shipped package].
    #[arg(long, short)]
    model: Option<String>,
    /// Tokens of the prompt.
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..))]
    prompt: u32,
    /// Tokens to decode after it.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..))]
    decode: u32,
    /// Threads.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    threads: u16,
    /// Fresh processes to run.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    repetitions: u32,
    /// Count CPU seconds instead of seconds: the same on a quiet machine, and comparable on a busy one.
    #[arg(long)]
    cpu_time: bool,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
    /// Run once, in this process.
    #[arg(long, hide = true)]
    once: bool,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Measures {
    prefill_tokens_per_s: f64,
    decode_tokens_per_s: f64,
    open_to_first_token_ms: f64,
    resident_mb: f64,
    anonymous_mb: f64,
}

pub(crate) fn run(args: BenchArgs) -> Result<()> {
    let mut out = io::stdout().lock();
    if args.once {
        writeln!(out, "{}", serde_json::to_string(&measure(&args)?)?)?;
        return Ok(());
    }
    let runs = (0..args.repetitions).map(|_| fresh_process(&args)).collect::<Result<Vec<_>>>()?;
    let best = runs.into_iter().reduce(best_of).context("no repetition ran")?;
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&best)?)?;
    } else {
        writeln!(out, "prefill              {:8.1} tokens/s", best.prefill_tokens_per_s)?;
        writeln!(out, "decode               {:8.1} tokens/s", best.decode_tokens_per_s)?;
        writeln!(out, "open to first token  {:8.1} ms", best.open_to_first_token_ms)?;
        writeln!(out, "resident memory      {:8.1} MB", best.resident_mb)?;
        writeln!(out, "  anonymous          {:8.1} MB", best.anonymous_mb)?;
    }
    Ok(())
}

fn fresh_process(args: &BenchArgs) -> Result<Measures> {
    let path = registry::resolve(args.model.as_deref())?;
    let output = Command::new(std::env::current_exe()?)
        .args(["bench", "--once", "--model"])
        .arg(path)
        .args(["--prompt", &args.prompt.to_string(), "--decode", &args.decode.to_string()])
        .args(["--threads", &args.threads.to_string()])
        .args(args.cpu_time.then_some("--cpu-time"))
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("error: "));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn best_of(a: Measures, b: Measures) -> Measures {
    Measures {
        prefill_tokens_per_s: a.prefill_tokens_per_s.max(b.prefill_tokens_per_s),
        decode_tokens_per_s: a.decode_tokens_per_s.max(b.decode_tokens_per_s),
        open_to_first_token_ms: a.open_to_first_token_ms.min(b.open_to_first_token_ms),
        resident_mb: a.resident_mb.min(b.resident_mb),
        anonymous_mb: a.anonymous_mb.min(b.anonymous_mb),
    }
}

fn measure(args: &BenchArgs) -> Result<Measures> {
    let path = registry::resolve(args.model.as_deref())?;
    let never = CancelToken::new();
    let begun = Instant::now();
    let now = || if args.cpu_time { cpu_time() } else { begun.elapsed() };
    let start = now();
    let model = Model::open(&path)?;
    let options = EngineOptions::default().with_threads(args.threads.into());
    let engine = Engine::new(&model, options)?;
    let mut context = engine.context();
    let vocab = u32::try_from(engine.vocab_size())?;
    // Spread over the vocabulary, so that no cache line of the embedding is met twice.
    let prompt: Vec<u32> = (0..args.prompt).map(|i| i.wrapping_mul(7919) % vocab).collect();

    let prefill = now();
    let mut token = argmax(context.extend(&prompt, &never)?);
    let first = now();

    for _ in 0..args.decode {
        token = argmax(context.extend(&[token], &never)?);
    }
    let end = now();
    let memory = memory_mb()?;
    Ok(Measures {
        prefill_tokens_per_s: f64::from(args.prompt) / (first - prefill).as_secs_f64(),
        decode_tokens_per_s: f64::from(args.decode) / (end - first).as_secs_f64(),
        open_to_first_token_ms: (first - start).as_secs_f64() * 1e3,
        resident_mb: memory.resident,
        anonymous_mb: memory.anonymous,
    })
}

/// What this process has spent on a CPU. valgrind cannot follow how rustix reads clocks, so it is called for this one only.
fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.try_into().unwrap_or_default())
}

fn argmax(logits: &[f32]) -> u32 {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(0, |(token, _)| u32::try_from(token).unwrap_or_default())
}

struct Memory {
    resident: f64,
    anonymous: f64,
}

/// This process's memory as the kernel counts it.
fn memory_mb() -> Result<Memory> {
    let status = std::fs::read_to_string("/proc/self/status")
        .context("spatz bench reads /proc/self/status, which this system lacks")?;
    let field = |name: &str| -> Result<f64> {
        let value =
            status.lines().find_map(|line| line.strip_prefix(name)).context("no such line in status")?;
        let kilobytes: f64 = value.trim_matches(|c: char| !c.is_ascii_digit()).parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    };
    Ok(Memory { resident: field("VmRSS:")?, anonymous: field("RssAnon:")? })
}
