//! One portal per data folder: the second one is told, and ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;

use anyhow::Context as _;

use crate::config::DataFolder;

/// Held for as long as the process uses the data folder. The system gives it back even after a
/// crash.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub(crate) fn take(folder: &DataFolder) -> anyhow::Result<Self> {
        Self::try_take(folder)?.with_context(|| {
            format!(
                "another certportal already uses the data folder {}; end it first, or choose \
                 another folder with --data",
                folder.path().display()
            )
        })
    }

    /// Takes the lock, if nobody has it.
    pub(crate) fn try_take(folder: &DataFolder) -> anyhow::Result<Option<Self>> {
        let path = folder.file("lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_at_a_time() {
        let folder = tempfile::tempdir().expect("folder");
        let folder = DataFolder::new(folder.path()).expect("path");
        let first = Lock::take(&folder).expect("free");
        let error = Lock::take(&folder).expect_err("taken").to_string();
        assert!(error.contains("another certportal already uses"), "{error}");
        drop(first);
        Lock::take(&folder).expect("free again");
    }
}
