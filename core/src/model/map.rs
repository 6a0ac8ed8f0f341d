//! The memory map: the one place of this room with `unsafe`.

use memmap2::{Mmap, MmapOptions};
use std::fs::File;
use std::io;
use std::ops::{Deref, Range};

/// A read-only, private view of a file or of a range in one.
#[derive(Debug)]
pub(crate) struct Map(Mmap);

impl Map {
    /// Maps `range` of `file`; it need not start at a page.
    pub(crate) fn new(file: &File, range: Range<u64>) -> io::Result<Self> {
        let size = file.metadata()?.len();
        if range.start > range.end || range.end > size {
            let problem = format!("bytes {}..{} of a file of {size} bytes", range.start, range.end);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        let too_large = |_| io::Error::new(io::ErrorKind::OutOfMemory, "larger than the address space");
        let len = usize::try_from(range.end - range.start).map_err(too_large)?;
        // SAFETY: the map is only ever read, as plain bytes that are checked before they are trusted. What remains is
        // that someone shortens or rewrites the file while it is mapped, which no reader can rule out: packages are
        // therefore replaced by rename, never written in place (`Model::open` says so).
        let map = unsafe { MmapOptions::new().offset(range.start).len(len).map(file)? };
        Ok(Self(map))
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
