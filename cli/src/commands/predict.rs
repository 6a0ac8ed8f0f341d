//! `spatz predict`: suggestions for text, as a person reads them or as JSON lines.

use super::jsonl::answer_lines;
use crate::registry;
use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::{Value, json};
use spatz::predict::{Attached, Evidence, Field, PredictorOptions, TextInput, TextPredictor, Touch};
use spatz::store::Health;
use spatz::{CancelToken, Model};
use std::io::{self, Write};
use std::path::PathBuf;

/// Suggest words for the text before the cursor.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz predict \"Wir sehen uns mor\"
  echo '{\"context\": \"See you \", \"prefix\": \"tom\", \"k\": 3}' | spatz predict --jsonl

With --jsonl, each line of standard input is a request and gets one line of answer:
  {\"context\": TEXT, \"prefix\": LETTERS, \"k\": N}   {\"suggestions\": [WORD, ...]}
                         with \"scores\": true also {\"scores\": [LN OF PROBABILITY, ...]}
  {\"context\": TEXT, \"typed\": WORD, \"k\": N}       {\"corrections\": [[WORD, PROBABILITY], ...], \"autocorrect\": BOOL}
                         with \"touch\": [[X, Y], ...], a tap a letter, in key widths from the key q on
  {\"context\": TEXT, \"prefix\": LETTERS, \"phrase\": true}   {\"phrase\": TEXT or null, \"scores\": [LN, ...]}
  {\"commit\": TEXT}, a message to learn from      {\"ok\": true}
  {\"reset\": true}, erase what was learned        {\"ok\": true}
A line that is no request gets {\"error\": WHY}.")]
pub(crate) struct PredictArgs {
    /// The text before the cursor; the word at its end is the one being typed.
    #[arg(required_unless_present = "jsonl")]
    text: Option<String>,
    /// A GGUF package with a lexicon [default: the shipped package].
    #[arg(long, short)]
    model: Option<String>,
    /// Answer requests on standard input, one JSON object a line.
    #[arg(long, conflicts_with = "text")]
    jsonl: bool,
    /// Suggestions to show.
    #[arg(long, short = 'n', default_value_t = 3, conflicts_with = "jsonl")]
    limit: usize,
    /// Languages to suggest words of.
    #[arg(long, value_delimiter = ',', default_value = "en,de")]
    languages: Vec<String>,
    /// What speaks for words.
    #[arg(long, value_enum, default_value_t)]
    evidence: EvidenceName,
    /// A folder to keep what is learned in [default: it is kept in memory].
    #[arg(long, value_name = "FOLDER")]
    learned: Option<PathBuf>,
}

/// Names of [`Evidence`], to compare its parts.
#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum EvidenceName {
    /// The model and the n-gram.
    #[default]
    All,
    /// The model alone.
    Model,
    /// The n-gram alone, without any forward pass.
    Ngram,
}

impl EvidenceName {
    /// The name as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Model => "model",
            Self::Ngram => "ngram",
        }
    }
}

impl From<EvidenceName> for Evidence {
    fn from(name: EvidenceName) -> Self {
        match name {
            EvidenceName::All => Self::All,
            EvidenceName::Model => Self::Model,
            EvidenceName::Ngram => Self::Ngram,
        }
    }
}

pub(crate) fn run(args: PredictArgs) -> Result<()> {
    let model = Model::open(registry::resolve(args.model.as_deref())?)?;
    let mut options = PredictorOptions::default();
    options.languages = args.languages;
    options.evidence = args.evidence.into();
    let predictor = TextPredictor::new(&model, options)?;
    if let Some(folder) = &args.learned {
        let Attached { read_only, health } = predictor.attach_store(folder)?;
        if let Some(reason) = read_only {
            bail!("nothing can be learned in {}: {reason}", folder.display());
        }
        ensure!(
            health == Health::Sound,
            "{} was damaged: {health:?}; run this again to go on",
            folder.display()
        );
    }
    let mut out = io::stdout().lock();
    match args.text {
        Some(text) => print_suggestions(&predictor, &text, args.limit, &mut out),
        None => answer_lines(io::stdin().lock(), &mut out, |line| Ok(answer(&predictor, line)?.to_string())),
    }
}

fn print_suggestions(
    predictor: &TextPredictor,
    text: &str,
    limit: usize,
    out: &mut impl Write,
) -> Result<()> {
    let (context, composing) = split(text);
    let input = TextInput { context, composing, limit, ..TextInput::default() };
    let answer = predictor.suggest(&input, &CancelToken::new())?;
    for candidate in answer.candidates {
        writeln!(out, "{:5.1} %  {}", 100.0 * candidate.score.exp(), candidate.text)?;
    }
    Ok(())
}

/// The text before the word at the end, and that word's letters.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let in_word = |letter: char| letter.is_alphabetic() || matches!(letter, '\'' | '’');
    let word = text.trim_end_matches(in_word).len();
    // An apostrophe that no letter precedes is a quotation mark.
    let rest = text.get(word..).unwrap_or_default();
    text.split_at(text.len() - rest.trim_start_matches(['\'', '’']).len())
}

/// A request of any kind; which one it is shows in the keys that are there.
#[derive(Debug, Deserialize)]
struct Request {
    #[serde(default)]
    context: String,
    prefix: Option<String>,
    typed: Option<String>,
    k: Option<usize>,
    commit: Option<String>,
    reset: Option<bool>,
    #[serde(default)]
    scores: bool,
    #[serde(default)]
    phrase: bool,
    #[serde(default)]
    touch: Vec<[f32; 2]>,
}

fn answer(predictor: &TextPredictor, line: &str) -> Result<Value> {
    let request: Request = serde_json::from_str(line).context("the line is no request")?;
    if let Some(message) = &request.commit {
        let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
        predictor.learn(message, Field::Message, now)?;
        return Ok(json!({ "ok": true }));
    }
    if request.reset.is_some() {
        predictor.erase()?;
        return Ok(json!({ "ok": true }));
    }
    if let Some(typed) = &request.typed {
        return corrections(predictor, &request, typed);
    }
    let Some(prefix) = request.prefix else {
        bail!("the request has none of the keys `prefix`, `typed`, `commit`, `reset`");
    };
    let input = TextInput {
        context: &request.context,
        composing: &prefix,
        limit: request.k.unwrap_or(3),
        ..TextInput::default()
    };
    if request.phrase {
        let phrase = predictor.phrase(&input, &CancelToken::new())?;
        let scores = phrase.as_ref().map(|phrase| phrase.scores.as_slice()).unwrap_or_default();
        return Ok(json!({ "phrase": phrase.as_ref().map(|phrase| &phrase.text), "scores": scores }));
    }
    let suggestions = predictor.suggest(&input, &CancelToken::new())?;
    let scores: Vec<f32> = suggestions.candidates.iter().map(|candidate| candidate.score).collect();
    let words: Vec<String> = suggestions.candidates.into_iter().map(|candidate| candidate.text).collect();
    Ok(if request.scores {
        json!({ "suggestions": words, "scores": scores })
    } else {
        json!({ "suggestions": words })
    })
}

/// Replacements of a finished word with their probabilities. Without a layout of the host, taps are in key widths.
fn corrections(predictor: &TextPredictor, request: &Request, typed: &str) -> Result<Value> {
    let touches: Vec<Touch> = request.touch.iter().map(|[x, y]| Touch { x: *x, y: *y }).collect();
    let input = TextInput {
        context: &request.context,
        composing: typed,
        limit: request.k.unwrap_or(3),
        touches: &touches,
    };
    let answer = predictor.correct(&input, &CancelToken::new())?;
    let corrections: Vec<Value> =
        answer.candidates.iter().map(|candidate| json!([candidate.text, candidate.score.exp()])).collect();
    Ok(json!({ "corrections": corrections, "autocorrect": answer.autocorrection.is_some() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_at_the_end_is_being_typed() {
        fn check(text: &str, expected: (&str, &str)) {
            assert_eq!(split(text), expected);
        }
        check("Wir sehen uns mor", ("Wir sehen uns ", "mor"));
        check("I don't", ("I ", "don't"));
        check("Bis bald. ", ("Bis bald. ", ""));
        check("he said 'tom", ("he said '", "tom"));
        check("geht’", ("", "geht’"));
        check("", ("", ""));
        check("E-Ma", ("E-", "Ma"));
    }
}
