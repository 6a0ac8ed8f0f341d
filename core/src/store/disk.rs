//! The few things that a store does with files, behind a trait so that tests can let each of them fail.

use std::fmt::Debug;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Operations on files. Nothing is taken to be on the disk before [`Disk::sync`].
pub trait Disk: Debug + Send {
    /// Makes a folder and those above it; it may be there already.
    ///
    /// # Errors
    ///
    /// The system's, here and in all functions below.
    fn make_folder(&mut self, folder: &Path) -> io::Result<()>;

    /// Takes the exclusive lock of a file, which is made if it is missing, until `self` is dropped. `false` if somebody
    /// else holds it.
    fn lock(&mut self, path: &Path) -> io::Result<bool>;

    /// The whole of a file.
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>>;

    /// Makes a file of these bytes, in the place of one that may be there.
    fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Adds bytes to the end of a file that is there.
    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Shortens a file to `length` bytes.
    fn cut(&mut self, path: &Path, length: u64) -> io::Result<()>;

    /// Waits until a file's bytes, or a folder's names, are on the disk.
    fn sync(&mut self, path: &Path) -> io::Result<()>;

    /// Gives a file another name, in the place of one that may have it.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&mut self, path: &Path) -> io::Result<()>;

    /// The names in a folder.
    fn names(&mut self, folder: &Path) -> io::Result<Vec<String>>;
}

/// The system's files, readable for their owner only.
#[derive(Debug, Default)]
pub struct System {
    lock: Option<File>,
}

impl Disk for System {
    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)
    }

    fn lock(&mut self, path: &Path) -> io::Result<bool> {
        let file = private().create(true).truncate(false).open(path)?;
        let taken = try_lock(&file)?;
        self.lock = taken.then_some(file);
        Ok(taken)
    }

    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        private().create(true).truncate(true).open(path)?.write_all(bytes)
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().append(true).open(path)?.write_all(bytes)
    }

    fn cut(&mut self, path: &Path, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.set_len(length)
    }

    fn sync(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            // Windows has no such thing, and needs none.
            return if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) };
        }
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn names(&mut self, folder: &Path) -> io::Result<Vec<String>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }
}

/// Options for a file that only its owner may open.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// `File::try_lock` refuses on Android, though the system has `flock`.
#[cfg(unix)]
fn try_lock(file: &File) -> io::Result<bool> {
    match rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}
