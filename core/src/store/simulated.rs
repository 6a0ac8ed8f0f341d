//! A disk that fails and loses power when a test says so. What was not synced may be lost then, in whole or in part,
//! and names may come back in their old state.

use super::Disk;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// The disk; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Simulated {
    state: Arc<Mutex<State>>,
    /// The lock that this handle holds.
    held: Option<PathBuf>,
}

#[derive(Debug, Default)]
struct State {
    files: Vec<File>,
    names: BTreeMap<PathBuf, usize>,
    synced_names: BTreeMap<PathBuf, usize>,
    locked: BTreeSet<PathBuf>,
    operations: usize,
    fault: Option<(usize, Fault)>,
}

#[derive(Clone, Debug, Default)]
struct File {
    bytes: Vec<u8>,
    synced: Vec<u8>,
}

/// What happens at the chosen operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails without effect, and nothing else does.
    Refused,
    /// A write leaves half of its bytes; other operations fail without effect. Nothing else fails.
    Half,
    /// As [`Fault::Half`], and from then on everything fails.
    Down,
}

/// What of the unsynced is still there after a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    Nothing,
    Half,
    All,
}

pub(crate) const LEFT: [Left; 3] = [Left::Nothing, Left::Half, Left::All];

impl Simulated {
    /// Lets the operation number `at`, counted from now on, fail.
    pub(crate) fn fail(&self, at: usize, fault: Fault) {
        let mut state = self.state();
        let at = state.operations + at;
        state.fault = Some((at, fault));
    }

    /// Operations so far.
    pub(crate) fn operations(&self) -> usize {
        self.state().operations
    }

    /// The disk after a power cut.
    pub(crate) fn after_power_cut(&self, bytes: Left, names: Left) -> Self {
        let state = self.state();
        let files = state.files.iter().map(|file| {
            let bytes = match bytes {
                Left::Nothing => file.synced.clone(),
                Left::All => file.bytes.clone(),
                Left::Half => {
                    let middle = usize::midpoint(file.synced.len(), file.bytes.len());
                    file.bytes.get(..middle).unwrap_or(&file.bytes).to_vec()
                }
            };
            File { synced: bytes.clone(), bytes }
        });
        let names = if names == Left::All { &state.names } else { &state.synced_names };
        let state = State {
            files: files.collect(),
            names: names.clone(),
            synced_names: names.clone(),
            ..State::default()
        };
        Self { state: Arc::new(Mutex::new(state)), held: None }
    }

    /// Whether some file, as it was last synced, holds these bytes.
    pub(crate) fn holds(&self, text: &[u8]) -> bool {
        let state = self.state();
        let named = state.synced_names.values().chain(state.names.values());
        named
            .map(|&file| &state.files[file])
            .any(|file| [&file.synced, &file.bytes].iter().any(|bytes| contains(bytes, text)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// Whether `text` stands somewhere in `bytes`.
pub(crate) fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

impl State {
    /// How much of a write is done; an error if none.
    fn begin(&mut self) -> Result<Fault, io::Error> {
        self.operations += 1;
        match self.fault {
            Some((at, fault)) if at == self.operations => {
                if fault == Fault::Refused {
                    Err(broken())
                } else {
                    Ok(fault)
                }
            }
            Some((at, Fault::Down)) if at < self.operations => Err(broken()),
            _ => Ok(Fault::Refused),
        }
    }

    /// For operations that are done or not.
    fn whole(&mut self) -> io::Result<()> {
        if self.begin()? == Fault::Refused { Ok(()) } else { Err(broken()) }
    }

    fn file(&mut self, path: &Path) -> io::Result<&mut File> {
        let number = *self.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(&mut self.files[number])
    }
}

fn broken() -> io::Error {
    io::Error::other("the disk is broken")
}

impl Disk for Simulated {
    fn make_folder(&mut self, _folder: &Path) -> io::Result<()> {
        self.state().whole()
    }

    fn lock(&mut self, path: &Path) -> io::Result<bool> {
        let mut state = self.state();
        state.whole()?;
        let taken = state.locked.insert(path.to_owned());
        drop(state);
        if taken {
            self.held = Some(path.to_owned());
        }
        Ok(taken)
    }

    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        let mut state = self.state();
        state.whole()?;
        Ok(state.file(path)?.bytes.clone())
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let fault = state.begin()?;
        let written = if fault == Fault::Refused { bytes } else { &bytes[..bytes.len() / 2] };
        let number = state.files.len();
        state.files.push(File { bytes: written.to_vec(), synced: Vec::new() });
        state.names.insert(path.to_owned(), number);
        if fault == Fault::Refused { Ok(()) } else { Err(broken()) }
    }

    fn append(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        let fault = state.begin()?;
        let written = if fault == Fault::Refused { bytes } else { &bytes[..bytes.len() / 2] };
        state.file(path)?.bytes.extend(written);
        if fault == Fault::Refused { Ok(()) } else { Err(broken()) }
    }

    fn cut(&mut self, path: &Path, length: u64) -> io::Result<()> {
        let mut state = self.state();
        state.whole()?;
        state.file(path)?.bytes.truncate(length as usize);
        Ok(())
    }

    fn sync(&mut self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.whole()?;
        match state.file(path) {
            Ok(file) => file.synced.clone_from(&file.bytes),
            Err(_) => state.synced_names = state.names.clone(),
        }
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.whole()?;
        let number = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), number);
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.whole()?;
        state.names.remove(path).map(drop).ok_or(io::ErrorKind::NotFound.into())
    }

    fn names(&mut self, folder: &Path) -> io::Result<Vec<String>> {
        let mut state = self.state();
        state.whole()?;
        let inside = state.names.keys().filter_map(|path| path.strip_prefix(folder).ok());
        Ok(inside.map(|name| name.display().to_string()).collect())
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        if let Some(path) = self.held.take() {
            self.state().locked.remove(&path);
        }
    }
}
