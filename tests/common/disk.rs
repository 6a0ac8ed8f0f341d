//! The system's disk with somebody who is asked before each operation.

use spatz::store::{Disk, System};
use std::fmt;
use std::io;
use std::path::Path;

/// What a disk is about to do, as far as tests tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Waiting for what was written to be there.
    Sync,
    /// Anything else.
    Other,
}

/// A disk whose operations may be made to wait or fail. What is written when it fails is written by half.
pub(crate) struct WatchedDisk<F> {
    disk: System,
    before: F,
}

impl<F: Fn(Operation) -> io::Result<()> + Send + 'static> WatchedDisk<F> {
    /// A disk that asks `before`.
    pub(crate) fn boxed(before: F) -> Box<dyn Disk> {
        Box::new(Self { disk: System::default(), before })
    }

    fn other(&self) -> io::Result<()> {
        (self.before)(Operation::Other)
    }
}

impl<F> fmt::Debug for WatchedDisk<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchedDisk").finish_non_exhaustive()
    }
}

impl<F: Fn(Operation) -> io::Result<()> + Send + 'static> Disk for WatchedDisk<F> {
    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.other().and_then(|()| self.disk.make_folder(folder))
    }
    fn lock(&mut self, path: &Path) -> io::Result<bool> {
        self.other().and_then(|()| self.disk.lock(path))
    }
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        self.other().and_then(|()| self.disk.read(path))
    }
    fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match self.other() {
            Ok(()) => self.disk.write(path, bytes),
            Err(error) => self.disk.write(path, &bytes[..bytes.len() / 2]).and(Err(error)),
        }
    }
    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match self.other() {
            Ok(()) => self.disk.append(path, bytes),
            Err(error) => self.disk.append(path, &bytes[..bytes.len() / 2]).and(Err(error)),
        }
    }
    fn cut(&mut self, path: &Path, length: u64) -> io::Result<()> {
        self.other().and_then(|()| self.disk.cut(path, length))
    }
    fn sync(&mut self, path: &Path) -> io::Result<()> {
        (self.before)(Operation::Sync).and_then(|()| self.disk.sync(path))
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.other().and_then(|()| self.disk.rename(from, to))
    }
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.other().and_then(|()| self.disk.remove(path))
    }
    fn names(&mut self, folder: &Path) -> io::Result<Vec<String>> {
        self.other().and_then(|()| self.disk.names(folder))
    }
}
