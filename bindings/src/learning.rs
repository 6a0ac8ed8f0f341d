//! What a predictor learns.

use crate::error::SpatzError;
use crate::predictor::RustTextPredictor;
use spatz::predict::{Attached, Field, Imported, LearnedPage, LearnedQuery, LearnedWord, SupplementaryWord};
use spatz::store::{Health, ReadOnly};
use std::path::Path;

/// Mirrors [`spatz::predict::Field`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustField {
    /// Running text.
    Message,
    /// A password.
    Password,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// Digits.
    Number,
    /// A field whose app asks not to learn.
    Private,
}

/// Mirrors [`spatz::predict::Attached`].
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustAttached {
    /// Why nothing can be saved there, if so.
    pub read_only: Option<RustReadOnly>,
    /// Whether what was there could be read.
    pub health: RustHealth,
}

/// Mirrors [`spatz::store::ReadOnly`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustReadOnly {
    /// Somebody else has it open.
    InUse,
    /// A newer version wrote it.
    Newer,
    /// The system lets this process only read.
    Refused,
}

/// Mirrors [`spatz::store::Health`].
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustHealth {
    /// All was read.
    Sound,
    /// The last change was not saved whole.
    TailCut {
        /// How much was left out.
        bytes: u64,
    },
    /// Nothing could be read.
    Damaged {
        /// Where the file is now.
        kept: Option<String>,
    },
}

/// Mirrors [`spatz::predict::LearnedWord`].
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustLearnedWord {
    /// As it is written.
    pub text: String,
    /// Messages it was sent in.
    pub sent: u32,
    /// Whether it was kept by hand or by a list.
    pub kept: bool,
    /// Whether the package lists it too.
    pub listed: bool,
}

/// Mirrors [`spatz::predict::LearnedPage`].
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustLearnedPage {
    /// In the order of their letters.
    pub words: Vec<RustLearnedWord>,
    /// How many there are in all.
    pub total: u32,
}

/// Mirrors [`spatz::predict::LearnedQuery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustLearnedQuery {
    /// Leave out words that the package lists too.
    pub own_only: bool,
    /// How many to pass over.
    pub offset: u32,
    /// How many to list at most.
    pub limit: u32,
}

/// Mirrors [`spatz::predict::Imported`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustImported {
    /// Words taken.
    pub words: u32,
    /// Words left out.
    pub left_out: u32,
}

/// Mirrors [`spatz::predict::SupplementaryWord`].
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RustSupplementaryWord {
    /// What is typed.
    pub text: String,
    /// What it stands for.
    pub expansion: Option<String>,
}

/// Times are seconds since 1970.
#[uniffi::export]
impl RustTextPredictor {
    /// Keeps what is learned in a folder.
    pub fn attach_store(&self, folder: String) -> Result<RustAttached, SpatzError> {
        self.0.with(|predictor| Ok(predictor.attach_store(Path::new(&folder))?.into()))
    }

    /// Learns from a message that was sent.
    pub fn learn(&self, message: String, field: RustField, at: u64) -> Result<(), SpatzError> {
        self.0.with(|predictor| Ok(predictor.learn(&message, field.into(), at)?))
    }

    /// Keeps a word by hand.
    pub fn keep(&self, word: String, at: u64) -> Result<(), SpatzError> {
        self.0.with(|predictor| Ok(predictor.keep(&word, at)?))
    }

    /// The person took an autocorrection of `typed` back. Does not wait for the disk: [`RustTextPredictor::save`] does.
    pub fn reject(&self, typed: String, at: u64) -> Result<(), SpatzError> {
        self.0.with(|predictor| {
            predictor.reject(&typed, at);
            Ok(())
        })
    }

    /// Saves what was rejected.
    pub fn save(&self) -> Result<(), SpatzError> {
        self.0.with(|predictor| Ok(predictor.save()?))
    }

    /// Forgets a word for good.
    pub fn forget(&self, word: String) -> Result<(), SpatzError> {
        self.0.with(|predictor| Ok(predictor.forget(&word)?))
    }

    /// Forgets what was learned since a time.
    pub fn forget_since(&self, at: u64) -> Result<(), SpatzError> {
        self.0.with(|predictor| Ok(predictor.forget_since(at)?))
    }

    /// Forgets everything, on the disk too.
    pub fn erase(&self) -> Result<(), SpatzError> {
        self.0.with(|predictor| Ok(predictor.erase()?))
    }

    /// Whether a word is known because it was learned.
    pub fn has_learned(&self, word: String) -> Result<bool, SpatzError> {
        self.0.with(|predictor| Ok(predictor.has_learned(&word)))
    }

    /// A part of the words learned.
    pub fn learned(&self, query: RustLearnedQuery) -> Result<RustLearnedPage, SpatzError> {
        self.0.with(|predictor| Ok(predictor.learned(query.into()).into()))
    }

    /// All of it as text.
    pub fn export_text(&self) -> Result<String, SpatzError> {
        self.0.with(|predictor| Ok(predictor.export()))
    }

    /// Takes in such a text, or a word list of AOSP.
    pub fn import_text(&self, text: String, at: u64) -> Result<RustImported, SpatzError> {
        self.0.with(|predictor| Ok(predictor.import(&text, at)?.into()))
    }

    /// Replaces the words of the address book and the shortcuts.
    pub fn set_supplementary(&self, words: Vec<RustSupplementaryWord>) -> Result<(), SpatzError> {
        self.0.with(|predictor| {
            predictor.set_supplementary(words.into_iter().map(Into::into).collect());
            Ok(())
        })
    }
}

impl From<RustField> for Field {
    fn from(field: RustField) -> Self {
        match field {
            RustField::Message => Self::Message,
            RustField::Password => Self::Password,
            RustField::Email => Self::Email,
            RustField::Url => Self::Url,
            RustField::Number => Self::Number,
            RustField::Private => Self::Private,
        }
    }
}

impl From<Attached> for RustAttached {
    fn from(Attached { read_only, health }: Attached) -> Self {
        Self { read_only: read_only.map(Into::into), health: health.into() }
    }
}

impl From<ReadOnly> for RustReadOnly {
    fn from(reason: ReadOnly) -> Self {
        match reason {
            ReadOnly::InUse => Self::InUse,
            ReadOnly::Newer => Self::Newer,
            ReadOnly::Refused => Self::Refused,
        }
    }
}

impl From<Health> for RustHealth {
    fn from(health: Health) -> Self {
        match health {
            Health::Sound => Self::Sound,
            Health::TailCut { bytes } => Self::TailCut { bytes: bytes as u64 },
            Health::Damaged { kept } => Self::Damaged { kept: kept.map(|path| path.display().to_string()) },
        }
    }
}

impl From<LearnedWord> for RustLearnedWord {
    fn from(LearnedWord { text, sent, kept, listed }: LearnedWord) -> Self {
        Self { text, sent, kept, listed }
    }
}

impl From<LearnedPage> for RustLearnedPage {
    fn from(LearnedPage { words, total }: LearnedPage) -> Self {
        Self { words: words.into_iter().map(Into::into).collect(), total: total as u32 }
    }
}

impl From<RustLearnedQuery> for LearnedQuery {
    fn from(RustLearnedQuery { own_only, offset, limit }: RustLearnedQuery) -> Self {
        Self { own_only, offset: offset as usize, limit: limit as usize }
    }
}

impl From<Imported> for RustImported {
    fn from(Imported { words, left_out }: Imported) -> Self {
        Self { words: words as u32, left_out: left_out as u32 }
    }
}

impl From<RustSupplementaryWord> for SupplementaryWord {
    fn from(RustSupplementaryWord { text, expansion }: RustSupplementaryWord) -> Self {
        Self { text, expansion }
    }
}
