//! Opens a model package: one GGUF file with weights, vocabulary and Spatz's own sections, memory-mapped.
//!
//! [`Model::open`] checks everything before anything is used (magic, version, alignment, bounds, shapes against the
//! metadata, types), so the rooms above can trust what they are handed. Weights are never copied: a [`TensorView`]
//! borrows the map.
//!
//! The way of a file through this room: [`gguf`] walks the header and bounds-checks it, candle reads scalars and the
//! tensor table, `metadata` gives typed access, `tensor` checks the tensors, `llama` and `bert` the architecture, `section`
//! what lies behind the tensors, and [`tokenizer`] the vocabulary.
//!
//! # Sections
//!
//! A package carries more than weights: a compiled lexicon, say. llama.cpp refuses a file with tensors it does not
//! know, and candle copies metadata arrays into heap values of 32 bytes each, so Spatz puts these bytes *behind* the
//! last tensor, where both readers ignore them, and names them in the metadata (`docs/adr/0002`). The keys are in
//! [`section::key`]; `spatz-tailor` writes them.

mod architecture;
mod bert;
mod checksum;
mod error;
mod everyday;
mod family;
pub mod gguf;
mod llama;
mod map;
mod metadata;
pub mod section;
mod tensor;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub mod tokenizer;

pub use architecture::Architecture;
pub use bert::{BertConfig, Normalizer};
pub use error::ModelError;
pub use everyday::Everyday;
pub use family::{Family, Gate, LocalLayers};
pub use llama::{LlamaConfig, RopeConfig, RopeLayout, RopeScaling};
pub use tensor::{TensorType, TensorView};
pub use tokenizer::{BytePairEncoder, Vocabulary, WordPieceEncoder};

use error::Fault;
use gguf::Layout;
use map::Map;
use metadata::Metadata;
use section::Sections;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use tensor::Table;

/// An open model package. Cloning is an `Arc` clone; all clones share one map.
#[derive(Clone, Debug)]
pub struct Model(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What the caller called the file, for messages.
    file: String,
    map: Arc<Map>,
    data_start: usize,
    tensors: Table,
    sections: Sections,
    architecture: Architecture,
    vocabulary: Vocabulary,
    chat_template: Option<String>,
    /// Bytes of the file: the vectors of [`Everyday`].
    everyday: Range<usize>,
    tensors_crc32: Option<u32>,
    info: ModelInfo,
}

/// What a package says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// `general.name`, or the file's name.
    pub name: String,
    /// `general.architecture`.
    pub architecture: String,
    /// `general.license` (SPDX), if given.
    pub license: Option<String>,
    /// `general.languages` (ISO 639-1), if given.
    pub languages: Vec<String>,
    /// Number of weights.
    pub parameters: u64,
    /// Size of the package in bytes.
    pub file_bytes: u64,
    /// `spatz.format_version`; `None` for a GGUF that Spatz did not make.
    pub format_version: Option<u32>,
    /// Names of the sections behind the tensors.
    pub sections: Vec<String>,
}

/// What [`Model::verify`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Bytes of tensors and sections that were read.
    pub read_bytes: u64,
    /// Bytes among them that a checksum of the package covers: 0 for a GGUF that Spatz did not make.
    pub checked_bytes: u64,
}

/// More than any list of languages: bounds what a hostile one makes us hold.
const MAX_LANGUAGES: usize = 256;

impl Model {
    /// Opens the package at `path`. Costs a few milliseconds: weights are paged in when they are first used.
    ///
    /// The file must not be changed in place while it is open; to replace a package, write the new one aside and
    /// rename it over the old, which leaves open models on the old one.
    ///
    /// # Errors
    ///
    /// [`ModelError`] names the file, the key or tensor, what was found and what is supported.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let io_error = |source| ModelError::Io { file: name.clone(), source };
        let file = File::open(path).map_err(io_error)?;
        let size = file.metadata().map_err(io_error)?;
        if !size.is_file() {
            return Err(io_error(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
        }
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        Self::map(file, 0..size.len(), name, stem.unwrap_or_default())
    }

    /// Opens a package that lies inside another file: an asset in an APK, at `range` in bytes.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); also if `range` is not inside the file.
    pub fn open_at(file: File, range: Range<u64>) -> Result<Self, ModelError> {
        let name = format!("at bytes {}..{} of an open file", range.start, range.end);
        Self::map(file, range, name, String::from("unnamed"))
    }

    fn map(file: File, range: Range<u64>, name: String, fallback: String) -> Result<Self, ModelError> {
        let map = Map::new(&file, range).map_err(|source| ModelError::Io { file: name.clone(), source })?;
        Self::read(Arc::new(map), &name, fallback).map_err(|fault| fault.in_file(&name))
    }

    fn read(map: Arc<Map>, file: &str, fallback: String) -> Result<Self, Fault> {
        let layout = Layout::scan(&map)?;
        tensor::check_types(&layout)?;
        let content = layout.content()?;
        let tensors = Table::new(&layout, &content, map.len())?;
        let metadata = Metadata { scalars: content.metadata, layout: &layout };
        section::format_version(&metadata)?;
        checksum::check_header(&metadata, &map)?;
        architecture::check_architecture(&metadata)?;
        let sections = Sections::new(&metadata, tensors.end().max(layout.data_start), map.len())?;
        let architecture = Architecture::read(&metadata, &tensors, &map)?;
        let vocabulary = Vocabulary::read(&metadata, &map, file, architecture.vocab_size())?;
        let info = ModelInfo {
            name: metadata.string("general.name")?.map_or(fallback, str::to_owned),
            architecture: metadata.required_string("general.architecture")?.to_owned(),
            license: metadata.string("general.license")?.map(str::to_owned),
            languages: languages(&metadata)?,
            parameters: tensors.iter().map(tensor::Tensor::elements).sum(),
            file_bytes: map.len() as u64,
            format_version: sections.format_version,
            sections: sections.sections.iter().map(|section| section.name.to_string()).collect(),
        };
        let chat_template = metadata.string("tokenizer.chat_template")?.map(str::to_owned);
        let everyday = everyday::vectors(&metadata, &map)?;
        let tensors_crc32 = metadata.u32(section::key::TENSORS_CHECKSUM)?;
        let data_start = layout.data_start;
        let file = file.to_owned();
        Ok(Self(Arc::new(Inner {
            file,
            map,
            data_start,
            tensors,
            sections,
            architecture,
            vocabulary,
            chat_template,
            everyday,
            tensors_crc32,
            info,
        })))
    }

    /// The architecture with its hyperparameters.
    pub fn architecture(&self) -> &Architecture {
        &self.0.architecture
    }

    /// The hyperparameters of a language model.
    ///
    /// # Errors
    ///
    /// [`ModelError::Unsupported`] if the file holds another kind of model.
    pub fn llama(&self) -> Result<&LlamaConfig, ModelError> {
        self.0.architecture.llama().map_err(|fault| fault.in_file(&self.0.file))
    }

    /// The hyperparameters of a sentence encoder.
    ///
    /// # Errors
    ///
    /// [`ModelError::Unsupported`] if the file holds another kind of model.
    pub fn bert(&self) -> Result<&BertConfig, ModelError> {
        self.0.architecture.bert().map_err(|fault| fault.in_file(&self.0.file))
    }

    /// The vectors of [`Everyday`], `count × width` signed bytes; empty in a model that has none.
    pub(crate) fn everyday(&self) -> &[u8] {
        self.0.map.get(self.0.everyday.clone()).unwrap_or_default()
    }

    /// The pieces of the vocabulary and the special tokens.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.0.vocabulary
    }

    /// The Jinja chat template, if the model brings one.
    pub fn chat_template(&self) -> Option<&str> {
        self.0.chat_template.as_deref()
    }

    /// What the file says of itself: name, licence, languages, size, format version.
    pub fn info(&self) -> &ModelInfo {
        &self.0.info
    }

    /// Reads every byte once and compares checksums where the package has them (`spatz.checksum.*`).
    ///
    /// # Errors
    ///
    /// [`ModelError::Invalid`] names the part whose checksum differs.
    pub fn verify(&self) -> Result<Verification, ModelError> {
        let Inner { map, data_start, sections, tensors_crc32, file, .. } = &*self.0;
        checksum::verify(map, *data_start, sections, *tensors_crc32).map_err(|fault| fault.in_file(file))
    }

    /// What tells these weights from others: a CRC-32 of names, shapes and first bytes of all tensors. It stays the same when
    /// they are packed with other sections.
    pub fn fingerprint(&self) -> u32 {
        const LOOKED_AT: usize = 64;
        let mut hash = crc32fast::Hasher::new();
        for tensor in self.0.tensors.iter() {
            hash.update(tensor.name.as_bytes());
            tensor.shape.iter().for_each(|side| hash.update(&(*side as u64).to_le_bytes()));
            let bytes = self.0.map.get(tensor.range.clone()).unwrap_or_default();
            hash.update(bytes.get(..LOOKED_AT).unwrap_or(bytes));
        }
        hash.finalize()
    }

    /// The tensor called `name`, if the file has it.
    pub fn tensor(&self, name: &str) -> Option<TensorView<'_>> {
        let tensor = self.0.tensors.get(name)?;
        let bytes = self.0.map.get(tensor.range.clone())?;
        Some(TensorView { name: &tensor.name, shape: &tensor.shape, dtype: tensor.dtype, bytes })
    }

    /// The whole package; [`tensor`](Self::tensor) and [`section`](Self::section) borrow parts of it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0.map
    }

    /// One of Spatz's own sections, such as `lexicon`; borrowed from the map.
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        self.0.map.get(self.0.sections.get(name)?.range.clone())
    }
}

fn languages(metadata: &Metadata<'_>) -> Result<Vec<String>, Fault> {
    const KEY: &str = "general.languages";
    let Some(array) = metadata.array(KEY)? else { return Ok(Vec::new()) };
    if array.len > MAX_LANGUAGES {
        return Err(Fault::invalid(KEY, format!("has {} entries, more than {MAX_LANGUAGES}", array.len)));
    }
    Ok(array.strings(KEY)?.map(str::to_owned).collect())
}
