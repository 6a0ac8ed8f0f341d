//! The architectures that can be opened, and what their checks share.

use super::bert::BertConfig;
use super::error::Fault;
use super::family::Family;
use super::llama::LlamaConfig;
use super::metadata::Metadata;
use super::tensor::{self, Table, Tensor};

/// A model's architecture with its hyperparameters: to add one, add its configuration beside `llama.rs` and its pass to
/// `engine`.
#[derive(Clone, Debug, PartialEq)]
pub enum Architecture {
    /// `llama` and its kin ([`Family`]): a language model, for prediction and chat.
    Llama(LlamaConfig),
    /// `bert`: an encoder, for sentence vectors.
    Bert(BertConfig),
}

const KEY: &str = "general.architecture";
const SUPPORTED: &str = "llama, qwen2, qwen3 and gemma3 (language models) and bert (sentence encoders)";
pub(super) const TOKEN_EMBEDDING: &str = "token_embd.weight";
/// More than any model was trained for; what a cache for it would need must stay computable in 64 bits.
pub(super) const MAX_CONTEXT: usize = 1 << 24;
/// More than any model's widths and counts.
pub(super) const MAX_WIDTH: usize = 1 << 20;

/// Refuses other architectures, before keys are missed that they do not have.
pub(super) fn check_architecture(metadata: &Metadata<'_>) -> Result<(), Fault> {
    match metadata.required_string(KEY)? {
        "bert" => Ok(()),
        name if Family::named(name).is_some() => Ok(()),
        other => Err(Fault::unsupported(KEY, format!("{other:?}"), SUPPORTED)),
    }
}

impl Architecture {
    /// Reads the hyperparameters and checks the tensors of `table` against them; `file` is all of it.
    pub(super) fn read(metadata: &Metadata<'_>, table: &Table, file: &[u8]) -> Result<Self, Fault> {
        let name = metadata.required_string(KEY)?;
        match Family::named(name) {
            Some(family) => LlamaConfig::new(family, metadata, table, file).map(Self::Llama),
            None => BertConfig::new(metadata, table).map(Self::Bert),
        }
    }

    /// Rows of the embedding.
    pub fn vocab_size(&self) -> usize {
        match self {
            Self::Llama(config) => config.vocab_size,
            Self::Bert(config) => config.vocab_size,
        }
    }

    pub(super) fn llama(&self) -> Result<&LlamaConfig, Fault> {
        match self {
            Self::Llama(config) => Ok(config),
            Self::Bert(_) => Err(wrong("bert", "llama where text is predicted: give it a language model")),
        }
    }

    pub(super) fn bert(&self) -> Result<&BertConfig, Fault> {
        match self {
            Self::Bert(config) => Ok(config),
            Self::Llama(config) => {
                Err(wrong(config.family.name, "bert where sentences are encoded: give it an encoder"))
            }
        }
    }
}

fn wrong(found: &str, wanted: &str) -> Fault {
    Fault::unsupported(KEY, format!("{found:?}"), wanted)
}

/// Checks tensors and counts those it has seen.
pub(super) struct Known<'a> {
    pub(super) table: &'a Table,
    /// The prefix of the keys, for messages.
    pub(super) architecture: &'static str,
    pub(super) count: usize,
}

impl<'a> Known<'a> {
    pub(super) fn matrix(&mut self, name: &str, shape: [usize; 2]) -> Result<(), Fault> {
        let tensor = self.find(name)?;
        self.check(tensor, &shape)
    }

    /// A norm's weights or a bias, which the pass reads as floats.
    pub(super) fn vector(&mut self, name: &str, width: usize) -> Result<(), Fault> {
        let tensor = self.find(name)?;
        if !tensor.dtype.is_plain() {
            return Err(Fault::unsupported(
                tensor::place(name),
                format!("{:?}", tensor.dtype),
                "F32, F16 and BF16 here",
            ));
        }
        self.check(tensor, &[width])
    }

    fn find(&self, name: &str) -> Result<&'a Tensor, Fault> {
        self.table.get(name).ok_or_else(|| Fault::invalid(tensor::place(name), "is missing"))
    }

    pub(super) fn check(&mut self, tensor: &Tensor, shape: &[usize]) -> Result<(), Fault> {
        self.count += 1;
        if *tensor.shape == *shape {
            return Ok(());
        }
        let problem = format!(
            "has shape {:?}, but the metadata's {}.* keys ask for {shape:?}",
            tensor.shape, self.architecture
        );
        Err(Fault::invalid(tensor::place(&tensor.name), problem))
    }

    /// Refuses a tensor of the file that is not the pass's: without it, the model would silently compute something
    /// else. `is_known` tells those of the pass apart.
    pub(super) fn finish(self, blocks: usize, is_known: impl Fn(&str) -> bool) -> Result<(), Fault> {
        if self.count == self.table.iter().count() {
            return Ok(());
        }
        let names = self.table.iter().map(|tensor| &*tensor.name);
        let name = names.into_iter().find(|name| !is_known(name)).unwrap_or_default();
        Err(Fault::unsupported(
            tensor::place(name),
            "part of the model",
            format!("no such tensor in architecture {0} with {0}.block_count {blocks}", self.architecture),
        ))
    }
}

/// The part of `blk.3.attn_q.weight` behind the number of a block below `blocks`: `attn_q.weight`.
pub(super) fn part_of_block(name: &str, blocks: usize) -> Option<&str> {
    let (block, part) = name.strip_prefix("blk.")?.split_once('.')?;
    block.parse().is_ok_and(|block: usize| block < blocks).then_some(part)
}

pub(super) fn bounded(key: &str, value: usize, max: usize) -> Result<usize, Fault> {
    match value {
        value if (1..=max).contains(&value) => Ok(value),
        value => Err(Fault::invalid(key, format!("is {value}, expected 1 to {max}"))),
    }
}

/// The epsilon of a norm, under `key`.
pub(super) fn epsilon(metadata: &Metadata<'_>, key: &str) -> Result<f32, Fault> {
    match metadata.float(key)? {
        Some(value) if value > 0.0 && value < 1.0 => Ok(value),
        Some(value) => Err(Fault::invalid(key, format!("is {value}, not between 0 and 1"))),
        None => Err(Fault::invalid(key, "is missing from the metadata")),
    }
}

/// Rows of the embedding; `key` must agree, if it is there.
pub(super) fn vocab_size(metadata: &Metadata<'_>, table: &Table, key: &str) -> Result<usize, Fault> {
    let embedding = table.get(TOKEN_EMBEDDING);
    let embedding = embedding.ok_or_else(|| Fault::invalid(tensor::place(TOKEN_EMBEDDING), "is missing"))?;
    let rows = embedding.shape.first().copied().unwrap_or(0);
    if let Some(size) = metadata.uint(key)?
        && size != rows
    {
        return Err(Fault::invalid(key, format!("is {size}, but {TOKEN_EMBEDDING} has {rows} rows")));
    }
    Ok(rows)
}
