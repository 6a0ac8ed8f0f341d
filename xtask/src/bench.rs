//! `cargo xtask bench`: this engine, llama.cpp and candle on the same files, and `docs/benchmarks.md` from that.
//!
//! Each measurement is a fresh process, and the three engines take turns, so that whatever else the machine does
//! disturbs all of them alike. llama.cpp is built into a folder of its own the first time (ten minutes on two cores), and
//! again for AVX2 alone: instructions are counted in a simulator that knows no more.

use crate::machine::{cache_folder, install};
use crate::{bindings, models, step};
use anyhow::{Context as _, Result, ensure};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use xshell::{Shell, cmd};

mod instructions;
mod report;

/// What every engine's program prints, in the order of the table.
const MEASURES: [&str; 4] =
    ["decode_tokens_per_s", "prefill_tokens_per_s", "open_to_first_token_ms", "resident_mb"];

/// In the order in which they take turns; ratios are to the second.
const ENGINES: [&str; 3] = ["Spatz", "llama.cpp", "candle"];

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Fresh processes of each engine on each file.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    repetitions: u32,
    /// Tokens of the prompt.
    #[arg(long, default_value_t = 128)]
    prompt: u32,
    /// Tokens to decode after it.
    #[arg(long, default_value_t = 32)]
    decode: u32,
    /// Count CPU seconds instead of seconds, for a machine that is not quiet.
    #[arg(long)]
    cpu_time: bool,
}

/// One file's measurements.
struct Row {
    file: String,
    /// Engine, then measure, then repetition; empty for an engine that could not run the file.
    runs: Vec<Vec<Vec<f64>>>,
    /// Instructions of a decoded token with AVX2, in millions: here and in llama.cpp.
    instructions: [f64; 2],
}

/// Millions of instructions with AVX2.
struct Keystroke {
    model: &'static str,
    key: f64,
    boundary: f64,
}

/// Measures and writes `docs/benchmarks.md` and its plot.
pub(crate) fn run(shell: &Shell, args: &BenchArgs) -> Result<()> {
    let python = llama_cpp(shell, "llama-cpp", &cmake_args(&fs::read_to_string("/proc/cpuinfo")?))?;
    let python_avx2 = llama_cpp(shell, "llama-cpp-avx2", &cmake_args("avx2 fma f16c bmi2"))?;
    install(shell, "valgrind", "valgrind")?;
    let folder = cache_folder()?.join("bench");
    let chat = models::chat(shell)?;
    step("files to measure on");
    cmd!(shell, "{python} tests/peers/bench_files.py {chat} {folder}").run()?;
    step("programs to measure");
    cmd!(shell, "cargo build --quiet --locked --release --package spatz-cli").run()?;
    cmd!(shell, "cargo build --quiet --locked --release --package spatz-tests --example candle_bench")
        .run()?;
    let release = bindings::target_folder(shell)?.join("release");

    let mut files = vec![("SmolLM2-135M Q4_1".to_owned(), chat)];
    for (name, file) in [
        ("SmolLM2-135M Q4_0", "smollm2-q4_0"),
        ("SmolLM2-135M Q8_0", "smollm2-q8_0"),
        ("SmolLM2-135M Q4_K_M", "smollm2-q4_k_m"),
        ("random 30 M Q8_0", "random-30m-q8_0"),
        ("random 30 M Q4_0", "random-30m-q4_0"),
    ] {
        files.push((name.to_owned(), folder.join(file).with_extension("gguf")));
    }
    let own = [("spatz-base", models::base(shell)?), ("spatz-large", models::large(shell))];
    files.extend(own.iter().map(|(name, path)| ((*name).to_owned(), path.clone())));

    let mut rows = Vec::new();
    for (name, file) in files {
        step(&format!("measuring {name}"));
        let mut row = measure(shell, args, &python, &release, name, &file)?;
        row.instructions = instructions::per_token(shell, &release.join("spatz"), &python_avx2, &file)?;
        rows.push(row);
    }
    step("instructions of a keystroke");
    let spatz = release.join("spatz");
    let keystrokes = own.iter().map(|(name, path)| {
        instructions::per_keystroke(shell, &spatz, path).map(|[key, boundary]| Keystroke {
            model: name,
            key,
            boundary,
        })
    });
    report::write(shell, args, &rows, &keystrokes.collect::<Result<Vec<_>>>()?)
}

/// Lets the engines take turns on `file`.
fn measure(
    shell: &Shell,
    args: &BenchArgs,
    python: &Path,
    release: &Path,
    name: String,
    file: &Path,
) -> Result<Row> {
    let (prompt, decode) = (args.prompt.to_string(), args.decode.to_string());
    let cpu_time = args.cpu_time.then_some("--cpu-time");
    let (spatz, candle) = (release.join("spatz"), release.join("examples/candle_bench"));
    let runs = vec![vec![Vec::new(); MEASURES.len()]; ENGINES.len()];
    let mut row = Row { file: name, runs, instructions: [0.0; 2] };
    // the first round brings the file into memory and is not counted
    for round in 0..=args.repetitions {
        let programs = [
            cmd!(shell, "{spatz} bench --once --model {file} --prompt {prompt} --decode {decode}"),
            cmd!(shell, "{python} tests/peers/llama_cpp_bench.py {file} {prompt} {decode} 1"),
            cmd!(shell, "{candle} {file} {prompt} {decode}").env("RAYON_NUM_THREADS", "1"),
        ];
        for (engine, program) in programs.into_iter().enumerate() {
            let output = program.args(cpu_time).quiet().ignore_stderr().ignore_status().output()?;
            let Ok(measures) = serde_json::from_slice::<serde_json::Value>(&output.stdout) else {
                // candle does not know every file; the others must
                ensure!(ENGINES[engine] == "candle", "{} failed on {}", ENGINES[engine], file.display());
                continue;
            };
            for (measure, values) in MEASURES.iter().zip(&mut row.runs[engine]) {
                let value =
                    measures[measure].as_f64().with_context(|| format!("no {measure} in {measures}"))?;
                if round > 0 {
                    values.push(value);
                }
            }
        }
    }
    Ok(row)
}

/// Python with llama-cpp-python built as `cmake_args` say, and gguf, in folder `name` of the cache.
fn llama_cpp(shell: &Shell, name: &str, cmake_args: &str) -> Result<PathBuf> {
    let folder = cache_folder()?.join(name);
    let python = folder.join("bin/python");
    if cmd!(shell, "{python} -c 'import llama_cpp, gguf'").quiet().ignore_stderr().run().is_ok() {
        return Ok(python);
    }
    step(&format!("building llama.cpp in {} (ten minutes)", folder.display()));
    cmd!(shell, "python3 -m venv {folder}").run()?;
    // what was built for other flags must not be taken from pip's cache
    cmd!(shell, "{python} -m pip install --quiet --no-cache-dir llama-cpp-python gguf")
        .env("CMAKE_ARGS", cmake_args)
        .run()?;
    Ok(python)
}

/// llama.cpp's best flags for this CPU. It is told each, because `GGML_NATIVE` also turns AMX on, in which it crashes
/// on some virtual machines.
fn cmake_args(cpu: &str) -> String {
    let mut args = "-DGGML_NATIVE=OFF".to_owned();
    for (flag, feature) in [
        ("AVX2", "avx2"),
        ("FMA", "fma"),
        ("F16C", "f16c"),
        ("BMI2", "bmi2"),
        ("AVX512", "avx512f"),
        ("AVX512_VNNI", "avx512_vnni"),
        ("AVX512_VBMI", "avx512vbmi"),
        ("AVX_VNNI", "avx_vnni"),
    ] {
        let known = cpu.split_whitespace().any(|word| word == feature);
        args += &format!(" -DGGML_{flag}={}", if known { "ON" } else { "OFF" });
    }
    args
}
