//! What is learned on the device, as bytes in one folder: a *snapshot* and a few *records* behind it.
//!
//! The room knows bytes, not words. Who uses it turns its state into a snapshot and each small change into a record,
//! and reads both back in order. What was saved survives a kill and a power cut: [`Store::append`] has returned `Ok`
//! only when the record is on the disk, and [`Store::replace`] puts the new file in the old one's place in one step.
//!
//! ```
//! use spatz::store::{Kind, Store};
//!
//! const NOTES: Kind = Kind { name: "notes", number: 900, version: 1 };
//! let folder = tempfile::tempdir()?;
//! let (mut store, _) = Store::open(folder.path(), NOTES)?;
//! store.replace(b"all there was")?;
//! store.append(b"something new")?;
//! drop(store);
//! let (_, found) = Store::open(folder.path(), NOTES)?;
//! assert_eq!(found.snapshot, b"all there was");
//! assert_eq!(found.records, [b"something new"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The folder
//!
//! | file | what |
//! |---|---|
//! | `NAME.store` | the snapshot and the records |
//! | `NAME.store.new` | a new file before it takes the place; left over only by a kill, and then removed |
//! | `NAME.store.corrupt-N` | a file that could not be read, set aside: at most three, gone at the next [`Store::purge`] |
//! | `NAME.lock` | empty; who holds its lock (`flock`) may write, everybody else reads |
//!
//! # The file
//!
//! Numbers are little-endian. The header has this form in every version, so that an older Spatz can tell a newer file
//! from a damaged one.
//!
//! ```text
//! header    magic `SPATZST\0` · u16 format (1) · u16 kind · u16 version of the kind · u16 zero ·
//!           u64 bytes of the snapshot · u32 crc32 of the snapshot · u32 crc32 of the 28 bytes before
//! snapshot  bytes
//! records   each: u32 bytes · u32 crc32 of the length and the bytes · bytes; until the end of the file
//! ```
//!
//! What stands behind the last whole record was being written when the power went: it is cut off and reported
//! ([`Health::TailCut`]). A file that is damaged elsewhere is set aside and reported once ([`Health::Damaged`]). A file
//! of a newer version is read-only, and never overwritten.

mod disk;
mod error;
mod format;
#[cfg(test)]
pub(crate) mod simulated;

pub use disk::{Disk, System};
pub use error::{ReadOnly, StoreError};

use format::{Header, Unreadable, frame, records};
use std::io;
use std::path::{Path, PathBuf};

/// What a store holds, and in which version of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The files' name.
    pub name: &'static str,
    /// Told apart by this number in the file.
    pub number: u16,
    /// Version of the snapshot's and the records' form. Files of a greater one are read-only.
    pub version: u16,
}

/// What was in the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Empty if there is none.
    pub snapshot: Vec<u8>,
    /// In the order in which they were appended.
    pub records: Vec<Vec<u8>>,
    /// Whether that is all that was saved.
    pub health: Health,
}

/// Whether a file was read as it was saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// All of it, or there was none.
    #[default]
    Sound,
    /// The end was no whole record, and was left out: at most what was being saved at a kill.
    TailCut {
        /// How much was left out.
        bytes: usize,
    },
    /// Nothing could be read.
    Damaged {
        /// Where the file is kept now; `None` if it may only be read.
        kept: Option<PathBuf>,
    },
}

/// An open store. The lock is let go with it.
#[derive(Debug)]
pub struct Store {
    disk: Box<dyn Disk>,
    folder: PathBuf,
    kind: Kind,
    read_only: Option<ReadOnly>,
    /// Bytes and number of the records behind the snapshot.
    tail: usize,
    tail_records: usize,
    /// Whether the file is missing or in doubt, so that only a whole new one helps.
    needs_whole: bool,
}

/// Records behind a snapshot, and their bytes, from which a new snapshot is due.
const MOST_RECORDS: usize = 64;
const MOST_TAIL: usize = 64 << 10;
/// Files that are kept aside at most.
const MOST_ASIDE: usize = 3;

impl Store {
    /// Opens or begins the store in `folder`, which is made if it is missing.
    ///
    /// If another process has it open, or its files may only be read or are newer, the store is read-only.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] if the folder cannot be made or read, [`StoreError::OtherKind`].
    pub fn open(folder: &Path, kind: Kind) -> Result<(Self, Found), StoreError> {
        Self::open_on(Box::new(System::default()), folder, kind)
    }

    /// Opens a store on another disk than the system's.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn open_on(disk: Box<dyn Disk>, folder: &Path, kind: Kind) -> Result<(Self, Found), StoreError> {
        let mut store = Self {
            disk,
            folder: folder.to_owned(),
            kind,
            read_only: None,
            tail: 0,
            tail_records: 0,
            needs_whole: true,
        };
        store.take_lock()?;
        let path = store.path();
        let found = match store.disk.read(&path) {
            Ok(bytes) => store.read(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Found::default(),
            Err(error) => return Err(StoreError::io("read", &path, error)),
        };
        if store.read_only.is_none() {
            // What a kill left of a file that never took its place.
            store.remove(&store.new_path())?;
        }
        Ok((store, found))
    }

    /// Why nothing can be saved, if so.
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.read_only
    }

    /// Whether the next change has to be saved by [`Store::replace`]: there is no file yet, the last change failed, or
    /// the records have become many.
    pub fn is_snapshot_due(&self) -> bool {
        self.needs_whole || self.tail_records >= MOST_RECORDS || self.tail >= MOST_TAIL
    }

    /// Adds a record. On `Ok` it is on the disk.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`]; [`StoreError::SnapshotDue`] where [`Store::is_snapshot_due`] says so;
    /// [`StoreError::Io`], and then the record may or may not be there until the next [`Store::replace`] succeeds.
    pub fn append(&mut self, record: &[u8]) -> Result<(), StoreError> {
        self.check_writable()?;
        if self.needs_whole {
            return Err(StoreError::SnapshotDue);
        }
        let path = self.path();
        let frame = frame(record);
        self.needs_whole = true;
        self.disk.append(&path, &frame).map_err(|error| StoreError::io("write", &path, error))?;
        self.disk.sync(&path).map_err(|error| StoreError::io("write", &path, error))?;
        self.needs_whole = false;
        self.tail += frame.len();
        self.tail_records += 1;
        Ok(())
    }

    /// Puts a new snapshot in the place of the old one and all records. On `Ok` it is on the disk.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`], [`StoreError::Io`]: then either the old or the new file is there, whole.
    pub fn replace(&mut self, snapshot: &[u8]) -> Result<(), StoreError> {
        self.check_writable()?;
        let (path, new) = (self.path(), self.new_path());
        self.needs_whole = true;
        let bytes = format::file(self.kind, snapshot);
        let written = self.disk.write(&new, &bytes).and_then(|()| self.disk.sync(&new));
        if let Err(error) = written {
            // It may hold what is to be forgotten; a kill would leave it there as well, so this is only the sooner.
            drop(self.disk.remove(&new));
            return Err(StoreError::io("write", &new, error));
        }
        self.disk.rename(&new, &path).map_err(|error| StoreError::io("replace", &path, error))?;
        self.sync_folder()?;
        (self.tail, self.tail_records, self.needs_whole) = (0, 0, false);
        Ok(())
    }

    /// Like [`Store::replace`], and removes whatever else there is: files set aside may hold what was taken out.
    ///
    /// # Errors
    ///
    /// As [`Store::replace`].
    pub fn purge(&mut self, snapshot: &[u8]) -> Result<(), StoreError> {
        self.replace(snapshot)?;
        self.remove_aside()
    }

    /// Removes all files but the empty one of the lock.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`], [`StoreError::Io`]: then something may be left.
    pub fn erase(&mut self) -> Result<(), StoreError> {
        self.check_writable()?;
        (self.tail, self.tail_records, self.needs_whole) = (0, 0, true);
        self.remove(&self.path())?;
        self.remove(&self.new_path())?;
        self.remove_aside()?;
        self.sync_folder()
    }

    /// Sets the file aside because what it holds makes no sense; as damaged ones are when the store is opened.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn set_aside(&mut self) -> Result<Health, StoreError> {
        if self.read_only.is_some() {
            return Ok(Health::Damaged { kept: None });
        }
        let path = self.path();
        let taken = self.aside()?;
        let number = (1..MOST_ASIDE).find(|number| !taken.contains(&self.aside_path(*number)));
        let kept = self.aside_path(number.unwrap_or(MOST_ASIDE));
        self.disk.rename(&path, &kept).map_err(|error| StoreError::io("set aside", &path, error))?;
        self.sync_folder()?;
        (self.tail, self.tail_records, self.needs_whole) = (0, 0, true);
        Ok(Health::Damaged { kept: Some(kept) })
    }

    fn take_lock(&mut self) -> Result<(), StoreError> {
        let lock = self.folder.join(format!("{}.lock", self.kind.name));
        let taken = self.disk.make_folder(&self.folder).and_then(|()| self.disk.lock(&lock));
        self.read_only = match taken {
            Ok(true) => None,
            Ok(false) => Some(ReadOnly::InUse),
            Err(error) if is_refusal(&error) => Some(ReadOnly::Refused),
            Err(error) => return Err(StoreError::io("open", &self.folder, error)),
        };
        Ok(())
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Found, StoreError> {
        let (snapshot, tail) = match Header::read(bytes, self.kind) {
            Ok(parts) => parts,
            Err(Unreadable::Newer) => {
                self.read_only = Some(ReadOnly::Newer);
                return Ok(Found::default());
            }
            Err(Unreadable::OtherKind) => return Err(StoreError::OtherKind { path: self.path() }),
            Err(Unreadable::Damaged) => {
                return Ok(Found { health: self.set_aside()?, ..Found::default() });
            }
        };
        let (records, whole) = records(tail);
        let mut health = Health::Sound;
        if whole < tail.len() {
            health = Health::TailCut { bytes: tail.len() - whole };
            if self.read_only.is_none() {
                let path = self.path();
                let length = bytes.len() - tail.len() + whole;
                let cut = self.disk.cut(&path, length as u64).and_then(|()| self.disk.sync(&path));
                cut.map_err(|error| StoreError::io("repair", &path, error))?;
            }
        }
        (self.tail, self.tail_records, self.needs_whole) = (whole, records.len(), false);
        Ok(Found { snapshot: snapshot.to_vec(), records, health })
    }

    fn check_writable(&self) -> Result<(), StoreError> {
        self.read_only.map_or(Ok(()), |reason| Err(StoreError::ReadOnly(reason)))
    }

    fn remove_aside(&mut self) -> Result<(), StoreError> {
        let aside = self.aside()?;
        for path in &aside {
            self.remove(path)?;
        }
        if aside.is_empty() { Ok(()) } else { self.sync_folder() }
    }

    /// Removes a file, which may be missing.
    fn remove(&mut self, path: &Path) -> Result<(), StoreError> {
        match self.disk.remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("remove", path, error))
            }
            _ => Ok(()),
        }
    }

    /// The files that were set aside.
    fn aside(&mut self) -> Result<Vec<PathBuf>, StoreError> {
        let names = self.disk.names(&self.folder);
        let names = names.map_err(|error| StoreError::io("read", &self.folder, error))?;
        let prefix = format!("{}.store.corrupt-", self.kind.name);
        let aside = names.into_iter().filter(|name| name.starts_with(&prefix));
        Ok(aside.map(|name| self.folder.join(name)).collect())
    }

    fn sync_folder(&mut self) -> Result<(), StoreError> {
        self.disk.sync(&self.folder).map_err(|error| StoreError::io("write", &self.folder, error))
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.store", self.kind.name))
    }

    fn new_path(&self) -> PathBuf {
        self.folder.join(format!("{}.store.new", self.kind.name))
    }

    fn aside_path(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{}.store.corrupt-{number}", self.kind.name))
    }
}

/// Whether the system lets nobody write there.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

#[cfg(test)]
mod tests;
