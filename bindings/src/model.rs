//! A model package, opened from a path or from a descriptor.

use crate::error::{SpatzError, catching};
use crate::lifetime::Closable;
use crate::records::RustModelInfo;
use spatz::Model;
use std::fs::File;
use std::os::fd::{BorrowedFd, RawFd};
use std::sync::Arc;

/// An open package. Closing it lets go of this handle only: predictors and sessions on it keep the mapping until they
/// are closed as well.
#[derive(Debug, uniffi::Object)]
pub struct RustModel(Closable<Model>);

impl RustModel {
    /// A handle of core on the same mapping.
    pub(crate) fn core(&self) -> Result<Model, SpatzError> {
        self.0.with(|model| Ok(model.clone()))
    }
}

#[uniffi::export]
impl RustModel {
    /// Maps the package at `path`.
    #[uniffi::constructor]
    pub fn open(path: String) -> Result<Arc<Self>, SpatzError> {
        catching(|| Ok(Arc::new(Self(Closable::new(Model::open(path)?)))))
    }

    /// Maps the package that lies in the open file `fd` at `offset`, `length` bytes long: an asset in an APK, say.
    /// The descriptor stays the caller's, who may close it as soon as this returns.
    #[uniffi::constructor]
    pub fn open_fd(fd: i32, offset: u64, length: u64) -> Result<Arc<Self>, SpatzError> {
        catching(|| {
            let end = offset.checked_add(length).ok_or_else(|| {
                SpatzError::InvalidInput(format!(
                    "offset {offset} and length {length} reach beyond any file; pass the asset's startOffset and length"
                ))
            })?;
            Ok(Arc::new(Self(Closable::new(Model::open_at(duplicate(fd)?, offset..end)?))))
        })
    }

    /// What the package says of itself.
    pub fn info(&self) -> Result<RustModelInfo, SpatzError> {
        self.0.with(|model| Ok(model.info().into()))
    }

    /// Reads the whole package once and compares its checksums.
    pub fn verify(&self) -> Result<(), SpatzError> {
        self.0.with(|model| {
            model.verify()?;
            Ok(())
        })
    }

    /// Lets go of the package.
    pub fn release(&self) -> Result<(), SpatzError> {
        self.0.close();
        Ok(())
    }
}

/// A file of our own on the caller's descriptor.
fn duplicate(fd: RawFd) -> Result<File, SpatzError> {
    if fd < 0 {
        return Err(SpatzError::InvalidInput(format!(
            "{fd} is not a file descriptor; pass one that is open for reading"
        )));
    }
    // SAFETY: the borrow ends before this function returns, and a descriptor that is not open makes `dup` fail with
    // EBADF. That the number is one the caller may use is the contract of passing descriptors across languages.
    let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
    let owned = borrowed.try_clone_to_owned().map_err(|error| {
        SpatzError::InvalidInput(format!(
            "file descriptor {fd} cannot be used ({error}); pass one that is open for reading"
        ))
    })?;
    Ok(File::from(owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_fd(fd: i32, offset: u64, length: u64, expected: &str) {
        match RustModel::open_fd(fd, offset, length) {
            Err(SpatzError::InvalidInput(message)) => assert!(message.contains(expected), "{message}"),
            other => panic!("expected InvalidInput, got {other:?}"),
        }
    }

    #[test]
    fn a_wrong_descriptor_is_refused() {
        check_fd(-1, 0, 10, "-1 is not a file descriptor");
        check_fd(987_654, 0, 10, "file descriptor 987654 cannot be used");
        check_fd(0, u64::MAX, 10, "reach beyond any file");
    }
}
