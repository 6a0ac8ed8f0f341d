//! `spatz entities`: the numbers, amounts, dates and other values of a text.

use super::jsonl::answer_lines;
use anyhow::{Context, Result, bail};
use clap::Args;
use comfy_table::{Table, presets};
use jiff::civil::DateTime;
use spatz::entity::protocol::Request;
use spatz::entity::{Kind, Language, recognize};
use std::io::{self, Write};

/// Find numbers, amounts, dates and other values in text.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz entities \"half a million dollars\"
  spatz entities --language de --kind temperature --kind ordinal \"am dritten Tag auf 22,5 Grad\"
  echo '{\"text\": \"two feet\", \"types\": [\"dimension\"]}' | spatz entities --jsonl")]
pub(crate) struct EntitiesArgs {
    /// Language of the text, such as `de`.
    #[arg(long, short, default_value = "en")]
    language: String,
    /// What to look for, such as `number` [default: everything].
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,
    /// The local time that dates are resolved against, such as `2026-11-25T08:30` [default: now].
    #[arg(long)]
    reference: Option<DateTime>,
    /// Read requests and write responses as JSON, one a line.
    #[arg(long, conflicts_with = "text")]
    jsonl: bool,
    /// The text.
    #[arg(required_unless_present = "jsonl")]
    text: Option<String>,
}

pub(crate) fn run(args: EntitiesArgs) -> Result<()> {
    let Some(language) = Language::find(&args.language) else {
        let known: Vec<_> = Language::ALL.iter().map(|language| language.code).collect();
        bail!("no rules for the language {:?}; there are {}", args.language, known.join(", "));
    };
    let mut out = io::stdout().lock();
    if args.jsonl {
        return answer_lines(io::stdin().lock(), &mut out, |line| {
            let request: Request = serde_json::from_str(line).context("no request {\"text\": …}")?;
            Ok(serde_json::to_string(&request.answer(language))?)
        });
    }
    let text = args.text.unwrap_or_default();
    let kinds = kinds(&args.kinds)?;
    let reference = args.reference.unwrap_or_else(|| jiff::ZonedDateTime::now().datetime());
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["text", "span", "kind", "value"]);
    for entity in recognize(&text, language, Some(reference), &kinds) {
        let span = format!("{}..{}", entity.start, entity.end);
        let value = entity.value.to_string();
        table.add_row([entity.text, span, entity.value.kind().name().to_owned(), value]);
    }
    writeln!(out, "{table}")?;
    Ok(())
}

fn kinds(names: &[String]) -> Result<Vec<Kind>> {
    if names.is_empty() {
        return Ok(Kind::ALL.to_vec());
    }
    let all = || Kind::ALL.map(Kind::name).join(", ");
    names
        .iter()
        .map(|name| Kind::find(name).with_context(|| format!("no kind {name:?}; there are {}", all())))
        .collect()
}
