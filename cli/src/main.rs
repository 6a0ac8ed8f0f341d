//! The command `spatz`: try the models, parse commands, chat, measure.
//!
//! Each subcommand is one file under `commands/`: a clap `Args` struct and a `run` function. Results go to standard
//! output, progress and errors to standard error; the exit code is 0, 1 (it failed) or 2 (it was called wrongly).

mod commands;
mod drawing;
mod registry;
mod term;

use clap::{Parser, Subcommand};
use commands::{
    bench, chat, complete, entities, eval, info, models, pack, parse, predict, sets, tailor, try_it, verify,
};
use std::process::ExitCode;

/// Text prediction and voice commands from a small language model, offline, in English and German.
#[derive(Parser)]
#[command(
    name = "spatz",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  spatz try                                          type on the shipped model
  spatz parse --commands home.yaml \"set a timer for ten minutes\"
  spatz models get smollm2-135m-instruct             install a chat model
  spatz chat --model smollm2-135m-instruct"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Try(try_it::TryArgs),
    Predict(predict::PredictArgs),
    Parse(parse::ParseArgs),
    Commands(sets::CommandsArgs),
    Entities(entities::EntitiesArgs),
    Chat(chat::ChatArgs),
    Complete(complete::CompleteArgs),
    Info(info::InfoArgs),
    Verify(verify::VerifyArgs),
    Models(models::ModelsArgs),
    Bench(bench::BenchArgs),
    Eval(eval::EvalArgs),
    Pack(pack::PackArgs),
    Tailor(tailor::TailorArgs),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Try(args) => try_it::run(args),
        Command::Predict(args) => predict::run(args),
        Command::Parse(args) => parse::run(args),
        Command::Commands(args) => sets::run(args),
        Command::Entities(args) => entities::run(args),
        Command::Chat(args) => chat::run(args),
        Command::Complete(args) => complete::run(args),
        Command::Info(args) => info::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Models(args) => models::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Pack(args) => pack::run(args),
        Command::Tailor(args) => tailor::run(args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that went away (`spatz predict | head`) is no failure worth a message.
        Err(error) if term::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            term::print_error(&error);
            ExitCode::FAILURE
        }
    }
}
