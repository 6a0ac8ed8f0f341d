//! `spatz commands report`: what a command set confuses, and whether its confidence means what it says.

use super::plot;
use crate::commands::parse::parser;
use crate::term;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde::Deserialize;
use spatz::command::{CommandSet, Parse, ParseContext};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Measure a command set on labelled utterances; draw what is confused and how well confidence holds.
///
/// Writes `confusion.svg` and `calibration.svg`. Utterances are JSON objects, one a line: {"text": "…", "intent": "…"};
/// an intent of null means that the set should refuse it. Without --test, PATH must be labelled examples: each fifth of an
/// intent is held out, and the set learns from the others.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz commands report examples.jsonl -o report
  spatz commands report lights.yaml --test utterances.jsonl --language de -o report")]
pub(super) struct ReportArgs {
    /// A command file in YAML, a folder of them, or labelled examples (.jsonl).
    path: PathBuf,
    /// Labelled utterances that the set has not seen.
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// Language of the utterances, such as `de` [default: all that the set has].
    #[arg(long, short)]
    language: Option<String>,
    /// The sentence encoder [default: the shipped one, if it is there].
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// The folder for the pictures.
    #[arg(long, short, default_value = ".")]
    output: PathBuf,
}

/// A labelled utterance.
#[derive(Debug, Deserialize)]
struct Row {
    text: String,
    intent: Option<String>,
}

/// How many of an intent's examples one is held out of, without `--test`.
const HELD_OUT: usize = 5;
/// What is drawn and listed for an utterance that is refused, or should be.
pub(super) const NO_INTENT: &str = "(out of scope)";
/// Bins of confidence: 0 to 10 %, and so on.
pub(super) const BINS: usize = 10;
/// Confusions that are listed.
const LISTED: usize = 10;

/// What was measured.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Utterances by what they mean and what was answered.
    pub(super) confusion: BTreeMap<(String, String), usize>,
    /// Answers by confidence: their number, the sum of their confidences, those that were right.
    pub(super) bins: [(usize, f64, usize); BINS],
}

impl Report {
    fn add(&mut self, expected: Option<&str>, parse: &Parse) {
        let command = match parse {
            Parse::Command(command) | Parse::NeedsValue { command, .. } => Some(command),
            Parse::OutOfScope { .. } => None,
        };
        let name = |intent: Option<&str>| intent.unwrap_or(NO_INTENT).to_owned();
        let answered = command.map(|command| command.intent.as_str());
        *self.confusion.entry((name(expected), name(answered))).or_default() += 1;
        if let Some(command) = command {
            let confidence = f64::from(command.confidence);
            let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
            if let Some((count, sum, right)) = self.bins.get_mut(bin) {
                *count += 1;
                *sum += confidence;
                *right += usize::from(answered == expected);
            }
        }
    }

    /// Utterances that mean an intent (or, if not `in_scope`, none), and those of them that were answered right.
    fn accuracy(&self, in_scope: bool) -> (usize, usize) {
        let rows = self.confusion.iter().filter(|((expected, _), _)| (expected != NO_INTENT) == in_scope);
        rows.fold((0, 0), |(all, right), ((expected, answered), count)| {
            (all + count, right + if expected == answered { *count } else { 0 })
        })
    }

    /// Expected calibration error: how far confidence is from the share of right answers, on average over the answers.
    fn calibration_error(&self) -> f64 {
        let answers: usize = self.bins.iter().map(|(count, ..)| count).sum();
        let off: f64 = self.bins.iter().map(|(_, sum, right)| (sum - *right as f64).abs()).sum();
        off / answers.max(1) as f64
    }
}

pub(super) fn run(args: ReportArgs) -> Result<()> {
    let (set, rows) = match &args.test {
        Some(test) => (CommandSet::load(&args.path)?, read(test)?.1),
        None => held_out(&args.path)?,
    };
    ensure!(!rows.is_empty(), "no utterances to measure with");
    let progress = term::spinner("learning the set");
    let parser = parser(set, &args.path, args.encoder)?;
    progress.set_message(format!("parsing {} utterances", rows.len()));
    let mut context = ParseContext::default();
    context.language = args.language;
    let mut report = Report::default();
    for row in &rows {
        report.add(row.intent.as_deref(), &parser.parse(&row.text, &context));
    }
    progress.finish_and_clear();

    fs::create_dir_all(&args.output).with_context(|| format!("cannot make {}", args.output.display()))?;
    let (confusion, calibration) = (args.output.join("confusion.svg"), args.output.join("calibration.svg"));
    plot::confusion(&report, &confusion)?;
    plot::calibration(&report, &calibration)?;
    write_summary(&report, &mut io::stdout().lock())?;
    writeln!(io::stderr(), "{} and {} drawn", confusion.display(), calibration.display())?;
    Ok(())
}

fn write_summary(report: &Report, out: &mut impl Write) -> Result<()> {
    let percent = |(all, right): (usize, usize)| 100.0 * right as f64 / all.max(1) as f64;
    for (in_scope, what) in [(true, "right intents"), (false, "refused as they should be")] {
        let (all, right) = report.accuracy(in_scope);
        if all > 0 {
            writeln!(out, "{what}: {right} of {all}, {:.1} %", percent((all, right)))?;
        }
    }
    writeln!(out, "expected calibration error: {:.1} %", 100.0 * report.calibration_error())?;
    let mut wrong: Vec<_> =
        report.confusion.iter().filter(|((expected, answered), _)| expected != answered).collect();
    wrong.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    if !wrong.is_empty() {
        writeln!(out, "\nmost often confused")?;
    }
    for ((expected, answered), count) in wrong.into_iter().take(LISTED) {
        writeln!(out, "{count:>6}  {expected} → {answered}")?;
    }
    Ok(())
}

/// The labelled utterances of `path`, and the lines they were read from.
fn read(path: &Path) -> Result<(Vec<String>, Vec<Row>)> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    let row = |(number, line): (usize, &String)| {
        serde_json::from_str(line).with_context(|| {
            format!(
                "{}: utterance {}: write {{\"text\": \"…\", \"intent\": \"…\"}}",
                path.display(),
                number + 1
            )
        })
    };
    let rows = lines.iter().enumerate().map(row).collect::<Result<_>>()?;
    Ok((lines, rows))
}

/// A set of four fifths of the examples at `path`, and the others to measure it with.
fn held_out(path: &Path) -> Result<(CommandSet, Vec<Row>)> {
    if path.extension().is_none_or(|end| end != "jsonl") {
        bail!("{} holds no labelled utterances; name some with --test FILE", path.display());
    }
    let (lines, rows) = read(path)?;
    let mut seen: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let (mut learned, mut kept) = (String::new(), Vec::new());
    for (line, row) in lines.iter().zip(rows) {
        let count = seen.entry(row.intent.clone()).or_default();
        *count += 1;
        if row.intent.is_none() || count.is_multiple_of(HELD_OUT) {
            kept.push(row);
        } else {
            learned.push_str(line);
            learned.push('\n');
        }
    }
    Ok((CommandSet::from_jsonl(&path.display().to_string(), &learned)?, kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use spatz::command::Command;

    fn answer(intent: &str, confidence: f32) -> Parse {
        let (intent, language) = (intent.to_owned(), "en".to_owned());
        Parse::Command(Command { intent, language, confidence, slots: Vec::new() })
    }

    #[test]
    fn right_answers_refusals_and_calibration_are_counted() {
        let mut report = Report::default();
        report.add(Some("A"), &answer("A", 1.0));
        report.add(Some("A"), &answer("B", 0.5));
        report.add(Some("B"), &Parse::OutOfScope { confidence: 0.9 });
        report.add(None, &Parse::OutOfScope { confidence: 0.9 });
        assert_eq!((report.accuracy(true), report.accuracy(false)), ((3, 1), (1, 1)));
        assert!((report.calibration_error() - 0.25).abs() < 1e-6, "{report:?}");
    }
}
