//! Instructions of a decoded token, counted by valgrind's callgrind: a figure for energy that no other program disturbs.
//!
//! valgrind's CPU has AVX2 and no more, so our kernels for that run, and llama.cpp must have been built for it.

use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::path::Path;
use xshell::{Cmd, Shell, cmd};

/// What makes valgrind count and leave no file.
const CALLGRIND: [&str; 2] = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];

/// Tokens decoded in the shorter of two runs, whose difference is what counts: opening and prompt are in both.
const FEW: u32 = 2;
/// Tokens more in the longer one.
const MORE: u32 = 8;
/// Tokens of the prompt, so that attention has something to read.
const PROMPT: u32 = 32;

/// Millions of instructions per token decoded from `file`, here and in llama.cpp.
pub(super) fn per_token(shell: &Shell, spatz: &Path, python: &Path, file: &Path) -> Result<[f64; 2]> {
    let prompt = PROMPT.to_string();
    let ours = difference(|decode| {
        cmd!(
            shell,
            "valgrind {CALLGRIND...} {spatz} bench --once --model {file} --prompt {prompt} --decode {decode}"
        )
    })?;
    let theirs = difference(|decode| {
        cmd!(
            shell,
            "valgrind {CALLGRIND...} {python} tests/peers/llama_cpp_bench.py {file} {prompt} {decode} 1"
        )
        // Python seeds its hash tables anew in each process.
        .env("PYTHONHASHSEED", "0")
    })?;
    Ok([ours, theirs])
}

fn difference<'a>(program: impl Fn(String) -> Cmd<'a>) -> Result<f64> {
    let few = count(program(FEW.to_string()))?;
    let more = count(program((FEW + MORE).to_string()))?;
    Ok((more - few) / f64::from(MORE) / 1e6)
}

/// What someone types, word by word.
const TYPED: &str = "Wir sehen uns morgen am Bahnhof";

/// Millions of instructions of a key inside a word and of a word boundary on `model`, on average over the words of
/// [`TYPED`].
pub(super) fn per_keystroke(shell: &Shell, spatz: &Path, model: &Path) -> Result<[f64; 2]> {
    let run = |requests: &str| {
        let program = cmd!(shell, "valgrind {CALLGRIND...} {spatz} predict --jsonl --model {model}");
        count(program.stdin(requests))
    };
    let (mut first, mut boundaries, mut keys) = (String::new(), String::new(), String::new());
    let (mut places, mut letters) = (0_u32, 0_u32);
    for (start, word) in words(TYPED) {
        let ask = |requests: &mut String, end: usize| {
            let [context, prefix] = [TYPED.get(..start), word.get(..end)];
            let request = serde_json::json!({"context": context, "prefix": prefix, "k": 3});
            writeln!(requests, "{request}")
        };
        // The first answer makes what all later ones share.
        if start == 0 {
            ask(&mut first, 0)?;
            ask(&mut first, 1)?;
            continue;
        }
        ask(&mut boundaries, 0)?;
        ask(&mut keys, 0)?;
        places += 1;
        for (end, _) in word.char_indices().skip(1) {
            ask(&mut keys, end)?;
            letters += 1;
        }
    }
    let [first, boundaries, keys] =
        [run(&first)?, run(&(first.clone() + &boundaries))?, run(&(first + &keys))?];
    Ok([(keys - boundaries) / f64::from(letters), (boundaries - first) / f64::from(places)]
        .map(|instructions| instructions / 1e6))
}

/// The words of `text` and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ').scan(0, |start, word| {
        let at = *start;
        *start += word.len() + 1;
        Some((at, word))
    })
}

/// Instructions of one run, which callgrind says at its end.
fn count(program: Cmd<'_>) -> Result<f64> {
    let log = program.quiet().ignore_stdout().output()?.stderr;
    collected(&String::from_utf8_lossy(&log)).context("callgrind counted nothing: is valgrind installed?")
}

fn collected(log: &str) -> Option<f64> {
    let line = log.lines().rev().find(|line| line.contains("Collected :"))?;
    line.rsplit(':').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_the_log() {
        let log = "==7== Events    : Ir\n==7== Collected : 1234567\n==7==\n==7== I   refs:      1,234,567\n";
        assert_eq!(collected(log), Some(1_234_567.0));
        assert_eq!(collected("valgrind: unrecognised instruction"), None);
    }
}
