//! `spatz info`: what a model package says of itself.

use crate::registry;
use anyhow::Result;
use clap::Args;
use comfy_table::{Table, presets};
use spatz::Model;
use spatz::model::Architecture;
use std::io::{self, Write};

/// Show what a model package holds.
#[derive(Args)]
pub(crate) struct InfoArgs {
    /// A known model's name or a GGUF file [default: the shipped package].
    #[arg(long, short)]
    model: Option<String>,
}

pub(crate) fn run(args: InfoArgs) -> Result<()> {
    let path = registry::resolve(args.model.as_deref())?;
    let model = Model::open(&path)?;
    let info = model.info();
    let or_none = |text: &str| if text.is_empty() { "not given".to_owned() } else { text.to_owned() };
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let mut row = |key: &str, value: String| {
        table.add_row([key.to_owned(), value]);
    };
    row("file", path.display().to_string());
    row("name", info.name.clone());
    row("architecture", info.architecture.clone());
    row("licence", or_none(info.license.as_deref().unwrap_or_default()));
    row("languages", or_none(&info.languages.join(", ")));
    row("parameters", format!("{:.1} M", info.parameters as f64 / 1e6));
    row("size", format!("{:.1} MB", info.file_bytes as f64 / 1e6));
    let (shape, context) = match model.architecture() {
        Architecture::Llama(config) => (
            format!(
                "{} layers of width {}, {} heads ({} for keys and values), feed-forward {}",
                config.block_count,
                config.embedding_length,
                config.head_count,
                config.head_count_kv,
                config.feed_forward_length
            ),
            config.context_length,
        ),
        Architecture::Bert(config) => (
            format!(
                "{} layers of width {}, {} heads, feed-forward {}",
                config.block_count, config.embedding_length, config.head_count, config.feed_forward_length
            ),
            config.context_length,
        ),
    };
    row("shape", shape);
    row("vocabulary", format!("{} pieces", model.architecture().vocab_size()));
    row("context", format!("{context} tokens"));
    row("chat template", if model.chat_template().is_some() { "yes" } else { "no" }.into());
    row(
        "package format",
        info.format_version.map_or("plain GGUF".into(), |version| format!("Spatz {version}")),
    );
    row("sections", or_none(&info.sections.join(", ")));
    writeln!(io::stdout(), "{table}")?;
    Ok(())
}
