//! `spatz complete`: continue a text.

use crate::registry;
use anyhow::{Result, bail};
use clap::Args;
use spatz::generate::{FinishReason, GenerateOptions, Generation, Session};
use spatz::{CancelToken, Model};
use std::io::{self, IsTerminal, Read, Write};

/// Continue a text as it stands, without a chat template.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz complete --max-tokens 20 \"Die Sonne scheint und\"
  echo \"Once upon a time\" | spatz complete --model smollm2-135m-instruct --seed 7")]
pub(crate) struct CompleteArgs {
    /// The text to continue [default: standard input].
    text: Option<String>,
    /// A known model's name or a GGUF file [default: the shipped package].
    #[arg(long, short)]
    model: Option<String>,
    #[command(flatten)]
    sampling: SamplingArgs,
}

/// How the next token is drawn; shared by `chat` and `complete`.
#[derive(Args)]
pub(crate) struct SamplingArgs {
    /// 0 always takes the likeliest token; higher is more varied.
    #[arg(long, default_value_t = 0.2)]
    temperature: f32,
    /// Keep the likeliest tokens that together have this probability.
    #[arg(long, default_value_t = 0.9)]
    top_p: f32,
    /// Keep this many of the likeliest tokens; 0 keeps all.
    #[arg(long, default_value_t = 0)]
    top_k: usize,
    /// Keep tokens of at least this share of the likeliest one's probability.
    #[arg(long, default_value_t = 0.0)]
    min_p: f32,
    /// Above 1, tokens that were just used become less likely.
    #[arg(long, default_value_t = 1.0)]
    repetition_penalty: f32,
    /// Tokens to generate at most.
    #[arg(long, default_value_t = 256)]
    max_tokens: usize,
    /// Same seed, same text.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// End before this text would appear (may be given several times).
    #[arg(long)]
    stop: Vec<String>,
}

impl SamplingArgs {
    pub(crate) fn options(&self) -> GenerateOptions {
        let mut options = GenerateOptions::default();
        options.temperature = self.temperature;
        options.top_p = self.top_p;
        options.top_k = self.top_k;
        options.min_p = self.min_p;
        options.repetition_penalty = self.repetition_penalty;
        options.max_tokens = self.max_tokens;
        options.seed = self.seed;
        options.stop.clone_from(&self.stop);
        options
    }
}

pub(crate) fn run(args: CompleteArgs) -> Result<()> {
    let text = match args.text {
        Some(text) => text,
        None if io::stdin().is_terminal() => bail!("no text; give it as an argument or on standard input"),
        None => io::read_to_string(io::stdin().lock().take(1 << 20))?,
    };
    let model = Model::open(registry::resolve(args.model.as_deref())?)?;
    let mut session = Session::new(&model)?;
    let text = text.trim_end_matches('\n');
    write!(io::stdout(), "{text}")?;
    print_generation(session.complete(text, args.sampling.options())?)
}

/// Prints the pieces as they come, and on standard error why the text stopped if the model did not end it.
pub(crate) fn print_generation(mut generation: Generation<'_>) -> Result<()> {
    let cancel = CancelToken::new();
    let mut out = io::stdout();
    while let Some(piece) = generation.next_piece(&cancel)? {
        write!(out, "{piece}")?;
        out.flush()?;
    }
    writeln!(out)?;
    match generation.finish_reason() {
        Some(FinishReason::MaxTokens) => writeln!(io::stderr(), "(stopped after --max-tokens)")?,
        Some(FinishReason::ContextFull) => writeln!(io::stderr(), "(stopped: the model's context is full)")?,
        _ => {}
    }
    Ok(())
}
