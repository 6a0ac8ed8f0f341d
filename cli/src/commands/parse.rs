//! `spatz parse`: what utterances mean to a command set.

use super::jsonl::{answer_lines, lines};
use crate::registry;
use anyhow::{Context, Result, ensure};
use clap::Args;
use jiff::civil::DateTime;
use spatz::Model;
use spatz::command::protocol::{Request, Response};
use spatz::command::{Command, CommandParser, CommandSet, Conversation, ParseContext, Turn};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Parse utterances with a command file.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz parse --commands tests/commands/timers.yaml \"set a timer for ten minutes\"
  spatz parse --commands timers.yaml --language de < utterances.txt
  spatz parse --commands homeassistant/sentences/de --list \"area=Küche,Bad\" \"mach das Licht in der Küche an\"
  echo '{\"text\": \"set a timer\"}' | spatz parse --commands timers.yaml --jsonl
  spatz parse --commands examples.jsonl --language en --encoder models/spatz-sentence.gguf \"wake me at six\"")]
pub(crate) struct ParseArgs {
    /// A command file in YAML, a folder of them, or labelled examples (.jsonl).
    #[arg(long, short, value_name = "PATH")]
    commands: PathBuf,
    /// Language of the utterances, such as `de` [default: all that the set has].
    #[arg(long, short)]
    language: Option<String>,
    /// Entries of a list that an app would give at run time.
    #[arg(long = "list", value_name = "NAME=A,B,…")]
    lists: Vec<String>,
    /// What is known around the utterances, for `requires_context`.
    #[arg(long = "context", value_name = "NAME=VALUE")]
    context: Vec<String>,
    /// The sentence encoder that understands what no template matches [default: the shipped one, if it is there].
    #[arg(long, value_name = "FILE")]
    encoder: Option<PathBuf>,
    /// The local time that dates are resolved against, such as `2026-11-25T08:30` [default: now].
    #[arg(long)]
    reference: Option<DateTime>,
    /// Read requests and write responses as JSON, one a line.
    #[arg(long, conflicts_with = "utterances")]
    jsonl: bool,
    /// Utterances, each by itself; without any, a conversation is read from standard input, a turn a line.
    utterances: Vec<String>,
}

pub(crate) fn run(args: ParseArgs) -> Result<()> {
    let set = CommandSet::load(&args.commands)?;
    if let Some(language) = &args.language {
        let code = language.split(['-', '_']).next().unwrap_or_default();
        let known: Vec<&str> = set.languages().collect();
        let is_known = known.is_empty() || known.iter().any(|known| known.eq_ignore_ascii_case(code));
        ensure!(is_known, "the set has no language {language:?}; it has {}", known.join(", "));
    }
    let mut parser = parser(set, &args.commands, args.encoder)?;
    for list in &args.lists {
        let (name, values) =
            list.split_once('=').context("--list wants NAME=A,B,…, such as room=kitchen,bath")?;
        parser =
            parser.with_list(name, values.split(',').map(str::trim).filter(|value| !value.is_empty()))?;
    }
    let mut context = ParseContext::default();
    context.language = args.language;
    context.reference = Some(args.reference.unwrap_or_else(|| jiff::ZonedDateTime::now().datetime()));
    for known in &args.context {
        let (name, value) =
            known.split_once('=').context("--context wants NAME=VALUE, such as room=kitchen")?;
        context = context.with(name, value);
    }
    let mut out = io::stdout().lock();
    for utterance in &args.utterances {
        writeln!(out, "{utterance}")?;
        for turn in parser.converse(utterance, &mut Conversation::default(), &context) {
            writeln!(out, "{}", turn_text(&parser, &turn))?;
        }
    }
    if args.utterances.is_empty() {
        if !args.jsonl && io::stdin().is_terminal() {
            writeln!(
                io::stderr(),
                "Say something; a question can be answered, a command corrected. End with Ctrl-D."
            )?;
        }
        if args.jsonl {
            return answer_lines(io::stdin().lock(), &mut out, |line| {
                let request: Request = serde_json::from_str(line).context("no request {\"text\": …}")?;
                let parse = parser.parse(&request.text, &request.context(&context));
                Ok(serde_json::to_string(&Response::from(&parse))?)
            });
        }
        let mut conversation = Conversation::default();
        for line in lines(io::stdin().lock()) {
            for turn in parser.converse(&line?.1, &mut conversation, &context) {
                writeln!(out, "{}", turn_text(&parser, &turn))?;
            }
            out.flush()?;
        }
    }
    Ok(())
}

/// A parser of `set`, which was read from `path`, with `encoder` or the shipped one, if it is there.
pub(super) fn parser(set: CommandSet, path: &Path, encoder: Option<PathBuf>) -> Result<CommandParser> {
    if let Some(encoder) = encoder.or_else(registry::shipped_encoder) {
        return Ok(CommandParser::with_encoder(set, &Model::open(encoder)?)?);
    }
    if path.extension().is_some_and(|end| end == "jsonl") {
        let note = "examples are only understood with a sentence encoder: name one with --encoder FILE";
        writeln!(io::stderr(), "note: no {} here; {note}", registry::SHIPPED_ENCODER)?;
    }
    Ok(CommandParser::new(set))
}

/// The values of a command, a line each.
fn slots(command: &Command) -> String {
    let slots = command.slots.iter().map(|slot| {
        let said = if slot.text.is_empty() { "given".to_owned() } else { format!("\"{}\"", slot.text) };
        format!("\n    {} = {} ({}, {said})", slot.name, slot.value, slot.value.type_name())
    });
    slots.collect()
}

/// A turn of a conversation, for people.
fn turn_text(parser: &CommandParser, turn: &Turn) -> String {
    match turn {
        Turn::Run { command, corrects } => {
            let instead = if *corrects { "instead " } else { "" };
            let sure = 100.0 * command.confidence;
            let response = parser.response(command).map_or_else(String::new, |text| format!("\n  {text}"));
            format!("  → {instead}{} ({sure:.0} %){}{response}", command.intent, slots(command))
        }
        Turn::Ask { command, slot, prompt } => {
            format!("  → {} lacks {slot}{}\n  {prompt}", command.intent, slots(command))
        }
        Turn::Confirm { command, prompt } => format!("  → {}?{}\n  {prompt}", command.intent, slots(command)),
        Turn::Cancelled => "  → cancelled".to_owned(),
        Turn::NotUnderstood => "  → out of scope".to_owned(),
    }
}
