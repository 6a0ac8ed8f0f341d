//! `spatz chat`: a conversation with a chat model.

use crate::commands::complete::{SamplingArgs, print_generation};
use crate::registry;
use anyhow::Result;
use clap::Args;
use spatz::Model;
use spatz::generate::Session;
use std::io::{self, BufRead, IsTerminal, Read, Write};

/// Chat with a model. Where standard input is no terminal, all of it is one question.
#[derive(Args)]
#[command(after_help = "\
Examples:
  spatz chat --model smollm2-135m-instruct
  echo \"What is the capital of France?\" | spatz chat --model smollm2-135m-instruct --temperature 0")]
pub(crate) struct ChatArgs {
    /// A known model's name or a GGUF file with a chat template.
    #[arg(long, short, default_value = "smollm2-135m-instruct")]
    model: String,
    /// The system message.
    #[arg(long)]
    instructions: Option<String>,
    #[command(flatten)]
    sampling: SamplingArgs,
}

pub(crate) fn run(args: ChatArgs) -> Result<()> {
    let model = Model::open(registry::resolve(Some(&args.model))?)?;
    let mut session = Session::new(&model)?;
    if let Some(instructions) = &args.instructions {
        session = session.with_instructions(instructions);
    }
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let mut question = String::new();
        stdin.lock().read_to_string(&mut question)?;
        return print_generation(session.respond(question.trim(), args.sampling.options())?);
    }
    writeln!(io::stdout(), "{}. An empty line or Ctrl-D ends the chat.", model.info().name)?;
    loop {
        write!(io::stdout(), "\n> ")?;
        io::stdout().flush()?;
        let mut question = String::new();
        if stdin.lock().read_line(&mut question)? == 0 || question.trim().is_empty() {
            return Ok(());
        }
        print_generation(session.respond(question.trim(), args.sampling.options())?)?;
    }
}
