//! What a [`TextPredictor`] learns: kept in memory, and in a folder once one is attached.
//!
//! The folder's lock is taken before the answers', and held while the disk is waited for; so changes are saved in the
//! order in which they were made, and no keystroke waits for the disk.

use super::distribution::is_on;
use super::lexicon::Lexicon;
use super::lexicon::fold::lower;
use super::personal::{Field, KIND, LearnedWord, Personal, Record};
use super::supplementary::{Supplementary, SupplementaryWord};
use super::{SECTION, TextPredictor};
use crate::store::{Disk, Health, ReadOnly, Store, StoreError, System};
use std::mem;
use std::path::Path;
use std::sync::{MutexGuard, PoisonError};

/// Why something could not be learned, forgotten, saved or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LearningError {
    /// The folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A folder is attached already, and in use.
    #[error("this predictor has a folder already; make another predictor for another folder")]
    Attached,
    /// A text that is to be imported is not what it should be.
    #[error("line {line}: {why}; nothing was imported")]
    Import {
        /// From 1.
        line: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// Only words can be kept.
    #[error("only a word can be kept: letters without spaces, 40 at most")]
    NoWord,
}

/// A folder that was attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Why nothing can be saved there, if so. What is learned then lasts as long as the predictor.
    pub read_only: Option<ReadOnly>,
    /// Whether what was there could be read.
    pub health: Health,
}

/// Which learned words to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearnedQuery {
    /// Leave out words that the package lists too.
    pub own_only: bool,
    /// How many to pass over.
    pub offset: usize,
    /// How many to list at most.
    pub limit: usize,
}

impl Default for LearnedQuery {
    fn default() -> Self {
        Self { own_only: false, offset: 0, limit: usize::MAX }
    }
}

/// A part of the learned words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LearnedPage {
    /// In the order of their letters.
    pub words: Vec<LearnedWord>,
    /// How many there are in all.
    pub total: usize,
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Words taken.
    pub words: usize,
    /// Words left out: forgotten here, known to the package anyway, offensive, or no words.
    pub left_out: usize,
}

/// Where changes go.
#[derive(Debug, Default)]
pub(super) struct Saving {
    store: Option<Store>,
    /// What is to go from a folder that is not attached yet.
    due: Due,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Due {
    #[default]
    Nothing,
    ForgetSince(u64),
    Erase,
}

/// What a change of the memory asks of the disk.
enum Change {
    Nothing,
    Add(Record),
    /// Words went.
    Purge,
    Erase,
}

impl TextPredictor {
    /// Keeps what is learned in `folder`, which is made if it is missing and belongs to Spatz alone. What it holds is
    /// known from now on; what was learned before is added to it.
    ///
    /// It may be attached at any time: on Android, say, when the person unlocks the phone for the first time. A folder
    /// that turned out to be read-only may be attached again, to read what is there by now.
    ///
    /// # Errors
    ///
    /// [`LearningError::Store`] if the folder cannot be read, and then it may be tried again;
    /// [`LearningError::Attached`].
    pub fn attach_store(&self, folder: &Path) -> Result<Attached, LearningError> {
        self.attach_store_on(Box::new(System::default()), folder)
    }

    /// [`TextPredictor::attach_store`] on another disk than the system's.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn attach_store_on(&self, disk: Box<dyn Disk>, folder: &Path) -> Result<Attached, LearningError> {
        let mut saving = self.saving();
        let is_again = match &saving.store {
            Some(store) if store.read_only().is_none() => return Err(LearningError::Attached),
            known => known.is_some(),
        };
        let (mut store, found) = Store::open_on(disk, folder, KIND)?;
        let mut health = found.health;
        let mut personal = match Personal::read(&found.snapshot, &found.records) {
            Some(personal) => personal,
            None => {
                health = store.set_aside()?;
                Personal::default()
            }
        };
        let newer = {
            let mut answers = self.answers();
            answers.unsaved.clear();
            if is_again { Personal::default() } else { answers.personal.clone() }
        };
        let read_only = store.read_only();
        let due = if read_only.is_none() { saving.due } else { Due::Nothing };
        match due {
            Due::Nothing => {}
            Due::ForgetSince(at) => personal.forget_since(at),
            Due::Erase => {
                store.erase()?;
                personal = Personal::default();
            }
        }
        personal.catch_up(&newer);
        if read_only.is_none() && (due != Due::Nothing || !newer.is_empty()) {
            store.purge(&personal.snapshot())?;
        }
        let mut answers = self.answers();
        answers.unsaved.iter().for_each(|record| personal.redo(record));
        answers.personal = personal;
        drop(answers);
        *saving = Saving { store: Some(store), due: Due::Nothing };
        Ok(Attached { read_only, health })
    }

    /// Learns from a message that was sent at `at`, in seconds since 1970; from a field other than [`Field::Message`],
    /// nothing.
    ///
    /// Its words and which followed which are counted; its text is kept nowhere. On `Ok` that is on the disk, if a
    /// folder is attached that is not read-only.
    ///
    /// # Errors
    ///
    /// [`LearningError::Store`]: then it is learned, and saved with the next change.
    pub fn learn(&self, message: &str, field: Field, at: u64) -> Result<(), LearningError> {
        if field != Field::Message {
            return Ok(());
        }
        self.change(|personal| personal.learn(message, at).map_or(Change::Nothing, Change::Add))
    }

    /// Keeps a word by hand, so that it is known and offered at once; also one that was forgotten.
    ///
    /// # Errors
    ///
    /// [`LearningError::NoWord`], [`LearningError::Store`].
    pub fn keep(&self, word: &str, at: u64) -> Result<(), LearningError> {
        self.check_writable()?;
        let mut is_word = true;
        self.change(|personal| {
            let record = personal.keep(word, at);
            is_word = record.is_some();
            record.map_or(Change::Nothing, Change::Add)
        })?;
        if is_word { Ok(()) } else { Err(LearningError::NoWord) }
    }

    /// The person took an autocorrection of `typed` back: it is kept as a word of theirs, and not replaced again. Letters
    /// that are no word are left alone anyway.
    ///
    /// The next keystroke is to know it, so this does not wait for the disk: [`TextPredictor::save`] does, or the next
    /// change.
    pub fn reject(&self, typed: &str, at: u64) {
        let mut answers = self.answers();
        let record = answers.personal.keep(typed, at);
        answers.unsaved.extend(record);
    }

    /// Saves what [`TextPredictor::reject`] left for later. Where nothing can be saved, that holds as long as the
    /// predictor.
    ///
    /// # Errors
    ///
    /// [`LearningError::Store`]: then it is saved with the next change.
    pub fn save(&self) -> Result<(), LearningError> {
        self.change(|_| Change::Nothing)
    }

    /// Forgets a word that was learned, and does not learn it again unless it is kept by hand. On `Ok` it is gone from
    /// the disk.
    ///
    /// # Errors
    ///
    /// [`LearningError::Store`]: then the word may be on the disk still, and this should be called again.
    pub fn forget(&self, word: &str) -> Result<(), LearningError> {
        self.check_writable()?;
        self.change(|personal| {
            personal.forget(word);
            Change::Purge
        })
    }

    /// Forgets what was learned or kept at `at` or later. As much of the time before goes as cannot be told apart:
    /// about an hour of yesterday, a day of last week, at most twice as long as `at` is ago.
    ///
    /// # Errors
    ///
    /// As [`TextPredictor::forget`].
    pub fn forget_since(&self, at: u64) -> Result<(), LearningError> {
        self.check_writable()?;
        let mut saving = self.saving();
        if saving.store.is_none() {
            saving.due = match saving.due {
                Due::Nothing => Due::ForgetSince(at),
                Due::ForgetSince(other) => Due::ForgetSince(other.min(at)),
                Due::Erase => Due::Erase,
            };
        }
        drop(saving);
        self.change(|personal| {
            personal.forget_since(at);
            Change::Purge
        })
    }

    /// Forgets everything that was learned, also what was forgotten, and removes it from the disk.
    ///
    /// # Errors
    ///
    /// As [`TextPredictor::forget`].
    pub fn erase(&self) -> Result<(), LearningError> {
        self.check_writable()?;
        let mut saving = self.saving();
        if saving.store.is_none() {
            saving.due = Due::Erase;
        }
        drop(saving);
        self.change(|personal| {
            *personal = Personal::default();
            Change::Erase
        })
    }

    /// Whether a word is known and offered because it was learned: sent twice, or kept.
    pub fn has_learned(&self, word: &str) -> bool {
        self.answers().personal.is_established(word)
    }

    /// The words learned, those too that were sent once only.
    pub fn learned(&self, query: LearnedQuery) -> LearnedPage {
        let mut words: Vec<LearnedWord> = self.answers().personal.list().collect();
        words.iter_mut().for_each(|word| word.listed = self.lists(&word.text));
        words.retain(|word| !(query.own_only && word.listed));
        let total = words.len();
        let words = words.into_iter().skip(query.offset).take(query.limit).collect();
        LearnedPage { words, total }
    }

    /// All that was learned, as text that a person can read; its form is in `docs/learned-words.md`. Of words that were
    /// forgotten it has fingerprints only.
    pub fn export(&self) -> String {
        self.answers().personal.export()
    }

    /// Takes in what [`TextPredictor::export`] gave, or a word list of AOSP (`.combined`), as if learned at `at`. What
    /// was forgotten on either side stays forgotten, unless it is kept by hand here. Of a list, words are left out that
    /// the package knows.
    ///
    /// # Errors
    ///
    /// [`LearningError::Import`], [`LearningError::Store`].
    pub fn import(&self, text: &str, at: u64) -> Result<Imported, LearningError> {
        self.check_writable()?;
        let parsed = Personal::parse(text, at).map_err(|(line, why)| LearningError::Import { line, why })?;
        let mut other = parsed.personal;
        let is_needless = |text: &str| self.lists(text) || self.blocklist.has_letters(&lower(text));
        let mut imported = Imported { words: 0, left_out: parsed.unfit + other.drop_kept(is_needless) };
        self.change(|personal| {
            personal.import(&other);
            let taken = other.list().filter(|word| !personal.has_forgotten(&word.text)).count();
            imported.words = taken;
            imported.left_out += other.len() - taken;
            Change::Purge
        })?;
        Ok(imported)
    }

    /// Puts `words` in the place of the words of the address book and the shortcuts. They are never saved.
    pub fn set_supplementary(&self, words: Vec<SupplementaryWord>) {
        let words = Supplementary::new(words);
        self.answers().supplementary = words;
    }

    /// Changes what is in memory, then what is on the disk.
    fn change(&self, change: impl FnOnce(&mut Personal) -> Change) -> Result<(), LearningError> {
        let mut saving = self.saving();
        let mut answers = self.answers();
        let change = change(&mut answers.personal);
        let mut records = mem::take(&mut answers.unsaved);
        let Some(store) = saving.store.as_mut().filter(|store| store.read_only().is_none()) else {
            return Ok(());
        };
        match change {
            Change::Purge => {
                let snapshot = answers.personal.snapshot();
                drop(answers);
                store.purge(&snapshot)?;
            }
            Change::Erase => {
                drop(answers);
                store.erase()?;
            }
            Change::Nothing | Change::Add(_) => {
                if let Change::Add(record) = change {
                    records.push(record);
                }
                let is_whole = store.is_snapshot_due() && !records.is_empty();
                let snapshot = is_whole.then(|| answers.personal.snapshot());
                drop(answers);
                match snapshot {
                    Some(snapshot) => store.replace(&snapshot)?,
                    None => records.iter().try_for_each(|record| store.append(&record.bytes()))?,
                }
            }
        }
        Ok(())
    }

    /// What a person asks for must not look done where it cannot be saved.
    fn check_writable(&self) -> Result<(), LearningError> {
        match self.saving().store.as_ref().and_then(Store::read_only) {
            Some(reason) => Err(StoreError::ReadOnly(reason).into()),
            None => Ok(()),
        }
    }

    /// Whether the package has a word, in a language that is on.
    fn lists(&self, text: &str) -> bool {
        let section = self.model.section(SECTION).unwrap_or_default();
        let lexicon = Lexicon::new(&self.layout, section, self.model.vocabulary());
        lexicon.same_letters(text).any(|word| is_on(&lexicon, &self.languages, word))
    }

    /// A panic half-way leaves a store that writes all anew.
    fn saving(&self) -> MutexGuard<'_, Saving> {
        self.saving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
