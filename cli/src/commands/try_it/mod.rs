//! `spatz try`: a keyboard in the terminal.
//!
//! `typing` is the keyboard without a terminal: text, strip, what was sent. `screen` draws it and reads keys. Without a
//! terminal `tour` types by itself and prints what happens.

mod calls;
mod screen;
mod tour;
mod typing;

use crate::registry;
use anyhow::Result;
use clap::Args;
use spatz::Model;
use spatz::predict::{PredictorOptions, TextPredictor};
use std::io::{self, IsTerminal};

/// Type on the model: three suggestions a key, 1–3 takes one, 4 an emoji; Tab or → takes the grey phrase. A space mends errors, Backspace undoes that. `/say …` gives a voice command.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz try
  spatz try < /dev/null       a short tour, without a terminal")]
pub(crate) struct TryArgs {
    /// A GGUF package with a lexicon [default: the shipped package].
    #[arg(long, short)]
    model: Option<String>,
    /// Languages to suggest words of.
    #[arg(long, value_delimiter = ',', default_value = "en,de")]
    languages: Vec<String>,
}

pub(crate) fn run(args: TryArgs) -> Result<()> {
    let model = Model::open(registry::resolve(args.model.as_deref())?)?;
    let mut options = PredictorOptions::default();
    options.languages = args.languages;
    options.emoji = 1;
    let predictor = TextPredictor::new(&model, options)?;
    let encoder = registry::shipped_encoder().map(Model::open).transpose()?;
    let commands = calls::Commands::samples(encoder);
    let typing = typing::Typing::new(&predictor, commands);
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        screen::run(typing, &model.info().name)
    } else {
        tour::play(typing, &mut io::stdout().lock())
    }
}
