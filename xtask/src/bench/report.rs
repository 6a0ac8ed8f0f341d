//! The table and the plot.

use super::{BenchArgs, ENGINES, Keystroke, Row};
use anyhow::Result;
use std::fmt::Write as _;
use std::fs;
use xshell::{Shell, cmd};

/// What stands behind a generated table, written by hand.
const NOTES: &str = "<!-- written by hand from here on -->";

const TITLES: [&str; 4] =
    ["Decode, tokens/s", "Prefill, tokens/s", "Open to first token, ms", "Resident, MB"];

/// Writes `docs/benchmarks.md`, keeping what was written by hand, and `docs/images/benchmarks.svg`.
pub(super) fn write(shell: &Shell, args: &BenchArgs, rows: &[Row], keystrokes: &[Keystroke]) -> Result<()> {
    let path = shell.current_dir().join("docs/benchmarks.md");
    let notes = fs::read_to_string(&path)
        .ok()
        .and_then(|old| old.split_once(NOTES).map(|(_, notes)| notes.to_owned()))
        .unwrap_or_else(|| "\n".to_owned());
    let clock = if args.cpu_time { "CPU seconds of the process" } else { "wall clock" };
    let mut text = format!(
        "# Benchmarks\n\nOne thread, a prompt of {} tokens, then {} decoded; medians of {} fresh processes of each \
         engine, interleaved, by {clock}, ± half the distance between the quartiles in percent of the median. Made \
         by\n\n```sh\ncargo xtask bench --repetitions {}{}\n```\n\nat commit `{}` on {}, with llama.cpp as \
         llama-cpp-python {} brings it. Memory of llama.cpp is what it adds to the Python process.\n\n\
         ![Decoding speed of the three engines](images/benchmarks.svg)\n",
        args.prompt,
        args.decode,
        args.repetitions,
        args.repetitions,
        if args.cpu_time { " --cpu-time" } else { "" },
        cmd!(shell, "git rev-parse --short HEAD").quiet().read()?,
        machine(),
        llama_cpp_version(shell)?,
    );
    for (measure, title) in TITLES.iter().enumerate() {
        write!(text, "\n## {title}\n\n| file |")?;
        for engine in ENGINES {
            write!(text, " {engine} |")?;
        }
        text += " Spatz / llama.cpp |\n|---|---:|---:|---:|---:|\n";
        for row in rows {
            write!(text, "| {} |", row.file)?;
            for engine in &row.runs {
                match median(&engine[measure]) {
                    Some(value) => write!(text, " {value:.1} ± {:.0} % |", spread(&engine[measure]))?,
                    None => text += " – |",
                }
            }
            let ratio = median(&row.runs[0][measure]).zip(median(&row.runs[1][measure]));
            writeln!(text, " {} |", ratio.map_or("–".to_owned(), |(a, b)| format!("{:.2}", a / b)))?;
        }
    }
    text += "\n## Instructions per decoded token, millions, AVX2\n\n| file | Spatz | llama.cpp | Spatz / llama.cpp |\n\
             |---|---:|---:|---:|\n";
    for row in rows {
        let [ours, theirs] = row.instructions;
        writeln!(text, "| {} | {ours:.2} | {theirs:.2} | {:.2} |", row.file, ours / theirs)?;
    }
    text += "\n## Instructions per keystroke, millions, AVX2\n\n| model | a key | a word boundary |\n|---|---:|---:|\n";
    for Keystroke { model, key, boundary } in keystrokes {
        writeln!(text, "| {model} | {key:.2} | {boundary:.1} |")?;
    }
    write!(text, "\n{NOTES}{notes}")?;
    fs::write(path, text)?;
    fs::write(shell.current_dir().join("docs/images/benchmarks.svg"), plot(rows)?)?;
    Ok(())
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let middle = sorted.get(sorted.len() / 2)?;
    Some(if sorted.len() % 2 == 1 { *middle } else { (sorted[sorted.len() / 2 - 1] + middle) / 2.0 })
}

/// Half the distance between the quartiles, in percent of the median.
fn spread(values: &[f64]) -> f64 {
    let (sorted, last) = (sorted(values), values.len() - 1);
    let quartiles = (sorted[last / 4], sorted[last - last / 4]);
    median(values).map_or(0.0, |median| 50.0 * (quartiles.1 - quartiles.0) / median)
}

/// A group of bars a file: decoded tokens per second relative to llama.cpp.
fn plot(rows: &[Row]) -> Result<String> {
    const COLOURS: [&str; 3] = ["#1f6f8b", "#b0b7bd", "#e0a458"];
    const LEFT: usize = 170;
    const ROW: usize = 56;
    const BAR: usize = 14;
    /// Length of llama.cpp's bars.
    const UNIT: f64 = 260.0;
    let height = 50 + ROW * rows.len();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (engine, (name, colour)) in ENGINES.iter().zip(COLOURS).enumerate() {
        let x = LEFT + 100 * engine;
        writeln!(svg, "<rect x=\"{x}\" y=\"14\" width=\"12\" height=\"12\" fill=\"{colour}\"/>")?;
        writeln!(svg, "<text x=\"{}\" y=\"24\">{name}</text>", x + 18)?;
    }
    for (i, row) in rows.iter().enumerate() {
        let y = 40 + ROW * i;
        writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", LEFT - 8, y + 26, row.file)?;
        let Some(unit) = median(&row.runs[1][0]) else { continue };
        for (engine, colour) in COLOURS.iter().enumerate() {
            let Some(value) = median(&row.runs[engine][0]) else { continue };
            let (y, width) = (y + BAR * engine, UNIT * value / unit);
            writeln!(
                svg,
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.0}\" height=\"{}\" fill=\"{colour}\"/>",
                BAR - 2
            )?;
            writeln!(svg, "<text x=\"{:.0}\" y=\"{}\">{value:.0}</text>", LEFT as f64 + width + 6.0, y + 11)?;
        }
    }
    writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"{}\">Decoded tokens per second; bars are scaled to llama.cpp</text>",
        height - 4
    )?;
    svg += "</svg>\n";
    Ok(svg)
}

/// The CPU and what it offers the kernels.
fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        cpu.lines()
            .find(|line| line.starts_with(name))
            .and_then(|line| line.split_once(": "))
            .map(|(_, value)| value)
    };
    let sets: Vec<&str> = field("flags")
        .unwrap_or_default()
        .split_whitespace()
        .filter(|flag| ["avx2", "avx512f", "avx512_vnni", "avx_vnni"].contains(flag))
        .collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "{} (family {}, model {}; {}; {cores} cores)",
        field("model name").unwrap_or("an unknown CPU"),
        field("cpu family").unwrap_or("?"),
        field("model\t").unwrap_or("?"),
        sets.join(", "),
    )
}

fn llama_cpp_version(shell: &Shell) -> Result<String> {
    let python = crate::machine::cache_folder()?.join("llama-cpp/bin/python");
    Ok(cmd!(shell, "{python} -c 'import llama_cpp; print(llama_cpp.__version__)'").quiet().read()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_quartiles() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
        assert_eq!(spread(&[10.0, 8.0, 9.0, 11.0, 12.0]), 10.0);
    }
}
