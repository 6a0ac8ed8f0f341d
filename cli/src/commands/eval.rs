//! `spatz eval`: the measures of the README, by the harness in `shared/eval/text`.

use crate::commands::phrases;
use crate::commands::predict::EvidenceName;
use crate::{registry, term};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use serde::Deserialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;

mod plot;

/// Development sets, shortest first.
const SETS: [&str; 5] = ["en-tasks", "en-smalltalk", "en-sentences", "de-sentences", "de-klexikon"];

/// Measure suggestions on development messages: how often the word is first or among three, keystrokes saved, latency.
#[derive(Args)]
#[command(after_help = "\
Example:
  spatz eval --messages 150 --sets en-tasks,de-sentences
  spatz eval --model models/spatz-base.gguf --model models/spatz-large.gguf \\
             --peer \"n-gram:4:spatz predict --jsonl --evidence ngram\" --plot sizes.svg
  spatz eval --phrases          how often the inline phrase is shown, and how often it is exact")]
pub(crate) struct EvalArgs {
    /// A GGUF package with a lexicon, several one after the other [default: the shipped package].
    #[arg(long, short)]
    model: Vec<String>,
    /// Another program that speaks the harness's protocol, with a size for the plot.
    #[arg(long, value_name = "NAME:MB:COMMAND")]
    peer: Vec<System>,
    /// Draw the keystrokes saved over the sizes of all models and peers.
    #[arg(long, value_name = "SVG")]
    plot: Option<PathBuf>,
    /// The folder with `eval/text` [default: $SPATZ_SHARED or ../shared].
    #[arg(long)]
    shared: Option<PathBuf>,
    /// Development sets.
    #[arg(long, value_delimiter = ',', default_values = SETS)]
    sets: Vec<String>,
    /// Messages of each set.
    #[arg(long, short = 'n', default_value_t = 150)]
    messages: usize,
    /// What speaks for words.
    #[arg(long, value_enum, default_value_t)]
    evidence: EvidenceName,
    /// Let the predictor learn from each message once it was asked about it, writer by writer.
    #[arg(long)]
    adapt: bool,
    /// A folder to keep what is learned in meanwhile [default: it is kept in memory].
    #[arg(long, value_name = "FOLDER", requires = "adapt")]
    learned: Option<PathBuf>,
    /// Measure phrases instead: how often one is shown by its probability, and how often the message goes on with exactly it.
    #[arg(long, conflicts_with_all = ["adapt", "json", "peer", "plot"])]
    phrases: bool,
    /// Letters of the word at the cursor that are typed already.
    #[arg(long, default_value_t = 0, requires = "phrases")]
    letters: usize,
    /// Print the harness's lines of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// What `eval_suggest.py` prints.
#[derive(Debug, Deserialize)]
struct Measures {
    words: usize,
    top1: f64,
    top3: f64,
    top3_ci: [f64; 2],
    ksr: f64,
    ksr_ci: [f64; 2],
    lat_p50: f64,
    lat_p95: f64,
    rss_mb: Option<f64>,
}

/// What is measured.
#[derive(Clone, Debug)]
struct System {
    name: String,
    megabytes: f64,
    command: String,
}

impl System {
    /// This program on a package.
    fn package(path: &Path, args: &EvalArgs) -> Result<Self> {
        let size = path.metadata().with_context(|| format!("cannot read {}", path.display()))?.len();
        let learned = args.learned.as_ref().map(|folder| format!(" --learned {}", quoted(folder)));
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            megabytes: size as f64 / 1e6,
            command: format!(
                "{} predict --jsonl --evidence {} --model {}{}",
                quoted(&std::env::current_exe().context("cannot tell where this program lies")?),
                args.evidence.name(),
                quoted(path),
                learned.unwrap_or_default()
            ),
        })
    }
}

impl FromStr for System {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let (Some(name), Some(megabytes), Some(command)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("write it as NAME:MB:COMMAND".into());
        };
        let megabytes = megabytes.trim().parse();
        let megabytes = megabytes.map_err(|_| format!("`{text}` has no size in MB between its colons"))?;
        Ok(Self { name: name.into(), megabytes, command: command.into() })
    }
}

/// One system on one set.
struct Measured {
    set: String,
    system: String,
    megabytes: f64,
    measures: Measures,
}

pub(crate) fn run(args: EvalArgs) -> Result<()> {
    let shared = args.shared.clone().or_else(|| std::env::var_os("SPATZ_SHARED").map(PathBuf::from));
    let harness = shared.unwrap_or_else(|| "../shared".into()).join("eval/text");
    ensure!(
        harness.join("eval_suggest.py").is_file(),
        "no eval_suggest.py in {}; say where it is with --shared or SPATZ_SHARED",
        harness.display()
    );
    let models = match args.model.is_empty() {
        true => vec![registry::resolve(None)?],
        false => args.model.iter().map(|model| registry::resolve(Some(model))).collect::<Result<_>>()?,
    };
    if args.phrases {
        return models.iter().try_for_each(|model| print_phrases(&harness, model, &args));
    }
    let systems = models.iter().map(|model| System::package(model, &args));
    let systems: Vec<System> = systems.chain(args.peer.iter().cloned().map(Ok)).collect::<Result<_>>()?;
    let mut measured = Vec::new();
    let mut out = io::stdout().lock();
    for set in &args.sets {
        for system in &systems {
            let progress = term::spinner(&format!("measuring {} on {set}", system.name));
            let line = measure(&harness, system, set, &args)?;
            progress.finish_and_clear();
            if args.json {
                writeln!(out, "{line}")?;
            }
            let measures =
                serde_json::from_str(&line).context("eval_suggest.py printed something unexpected")?;
            let System { name: system, megabytes, .. } = system.clone();
            measured.push(Measured { set: set.clone(), system, megabytes, measures });
        }
    }
    if !args.json {
        writeln!(out, "{}", table(&measured))?;
    }
    args.plot.as_ref().map_or(Ok(()), |path| plot::sizes(&measured, path))
}

fn table(measured: &[Measured]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["set", "system", "words", "top-1 %", "top-3 %", "KSR %", "p50 ms", "p95 ms", "MB"]);
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for Measured { set, system, measures: m, .. } in measured {
        table.add_row([
            set.clone(),
            system.clone(),
            m.words.to_string(),
            format!("{:.1}", m.top1),
            format!("{:.1} ({:.1}–{:.1})", m.top3, m.top3_ci[0], m.top3_ci[1]),
            format!("{:.1} ({:.1}–{:.1})", m.ksr, m.ksr_ci[0], m.ksr_ci[1]),
            format!("{:.2}", m.lat_p50),
            format!("{:.2}", m.lat_p95),
            m.rss_mb.map_or_else(|| "-".to_owned(), |mb| format!("{mb:.0}")),
        ]);
    }
    table
}

fn print_phrases(harness: &Path, model: &Path, args: &EvalArgs) -> Result<()> {
    let EvalArgs { evidence, messages, letters, .. } = *args;
    let wish = phrases::Wish { model, evidence: evidence.into(), messages, letters };
    let mut out = io::stdout().lock();
    for set in &args.sets {
        let progress = term::spinner(&format!("measuring {set}"));
        let table = phrases::measure(set, &data(harness, set)?, &wish)?;
        progress.finish_and_clear();
        writeln!(out, "{table}")?;
    }
    Ok(())
}

fn data(harness: &Path, set: &str) -> Result<PathBuf> {
    let data = harness.join(format!("dev/{set}.jsonl"));
    ensure!(data.is_file(), "there is no development set {}", data.display());
    Ok(data)
}

/// The harness's line for one set.
fn measure(harness: &Path, system: &System, set: &str, args: &EvalArgs) -> Result<String> {
    let data = data(harness, set)?;
    let output = Command::new("python3")
        .arg(harness.join("eval_suggest.py"))
        .args(["--cmd", &system.command, "--name", &system.name])
        .args(["--n", &args.messages.to_string(), "--data"])
        .arg(&data)
        .args(args.adapt.then_some("--adapt"))
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run python3, which the harness is written in")?;
    if !output.status.success() {
        bail!("eval_suggest.py failed with {} on {set} ({})", system.name, output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A path as one word of a shell command.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
