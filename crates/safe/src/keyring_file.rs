//! The key ring's file: TOML, readable by its owner alone.
//!
//! It is the one thing that a copy of the database does not contain, and it must be backed up
//! apart from it. It is only ever written whole and flushed to the disk before anything relies on
//! it. Errors name the file and the line, never what stands there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rand::CryptoRng;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::keyring_text::{self, TextError};
use crate::{KeyId, KeyRing};

/// Larger than any ring: a thousand keys.
const MAX_BYTES: u64 = 256 * 1024;

/// Why the key ring's file could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// There is no such file.
    #[error(
        "the key ring {path} does not exist; restore it from its backup (a new one cannot open \
         what was sealed before)"
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A ring is never overwritten by a new one.
    #[error(
        "{path} exists already; to make a new key ring, first move the old one to a safe place"
    )]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A directory, a device, or larger than a key ring can be.
    #[error("{path} is not a key ring file; check the configured path")]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// Other accounts of this computer may read or write it.
    #[error(
        "the key ring {path} is open to other accounts (mode {mode:04o}); run: chmod 600 {path}"
    )]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It belongs to another account than the one that runs this program.
    #[error(
        "the key ring {path} belongs to user {owner} but this program runs as user {user}; run it \
         as user {owner}, or change the owner of the file"
    )]
    WrongOwner {
        /// The file.
        path: PathBuf,
        /// The user number that owns the file.
        owner: u32,
        /// The user number of this process.
        user: u32,
    },
    /// Not what a key ring looks like.
    #[error("the key ring {path} cannot be read: {problem}; restore it from its backup")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// Written by a newer version of the program.
    #[error("the key ring {path} has version {version}, which this program cannot read; update it")]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// The version that was met.
        version: u32,
    },
    /// A key does not fit its identifier: a character was lost or changed.
    #[error("key {key_id} in the key ring {path} is damaged; restore the file from its backup")]
    DamagedKey {
        /// The file.
        path: PathBuf,
        /// The key.
        key_id: KeyId,
    },
    /// The system refused.
    #[error("{doing} {path} failed: {source}; check the disk and the rights of the directory")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was attempted.
        doing: &'static str,
        /// The system's answer.
        source: io::Error,
    },
}

impl KeyRing {
    /// Makes a ring with one key and writes it to a new file (mode 0600), flushed to the disk.
    pub fn create(
        path: &Path,
        now: OffsetDateTime,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, KeyRingError> {
        let made = Self::generate_in_memory(now, rng);
        write_new(path, &keyring_text::write(&made))?;
        sync_directory(path)?;
        Ok(made)
    }

    /// Replaces the file in one step, for use after [`rotate`](Self::rotate): after a power cut
    /// there is either the old ring or the new one. The new one holds all keys of the old one.
    pub fn save(&self, path: &Path) -> Result<(), KeyRingError> {
        let mut new = path.as_os_str().to_owned();
        new.push(format!(".{}.new", self.active_id()));
        let new = PathBuf::from(new);
        write_new(&new, &keyring_text::write(self))?;
        fs::rename(&new, path).map_err(|source| {
            // The old ring still stands; if this fails too, the first error matters.
            let _ = fs::remove_file(&new);
            io_error(path, "replacing", source)
        })?;
        sync_directory(path)
    }

    /// Reads a ring, after checking that nobody else can.
    pub fn load(path: &Path) -> Result<Self, KeyRingError> {
        let mut file = File::open(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => KeyRingError::Missing {
                path: path.to_owned(),
            },
            _ => io_error(path, "opening", source),
        })?;
        // The open file is looked at, not its name, which may mean another file by now.
        let length = check_file(path, &file)?;
        let mut text = Zeroizing::new(String::with_capacity(length + 1));
        file.read_to_string(&mut text)
            .map_err(|source| io_error(path, "reading", source))?;
        keyring_text::read(&text).map_err(|problem| {
            let path = path.to_owned();
            match problem {
                TextError::UnknownVersion(version) => {
                    KeyRingError::UnknownVersion { path, version }
                }
                TextError::DamagedKey(key_id) => KeyRingError::DamagedKey { path, key_id },
                TextError::Problem(problem) => KeyRingError::Malformed { path, problem },
            }
        })
    }
}

/// Checks kind, size, mode and owner; gives the length in bytes.
fn check_file(path: &Path, file: &File) -> Result<usize, KeyRingError> {
    let about = file
        .metadata()
        .map_err(|source| io_error(path, "looking at", source))?;
    let path = path.to_owned();
    if !about.is_file() || about.len() > MAX_BYTES {
        return Err(KeyRingError::NotAFile { path });
    }
    let (owner, user) = (about.uid(), rustix::process::geteuid().as_raw());
    if owner != user {
        return Err(KeyRingError::WrongOwner { path, owner, user });
    }
    let mode = about.mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyRingError::OpenToOthers { path, mode });
    }
    usize::try_from(about.len()).map_err(|_| KeyRingError::NotAFile { path })
}

/// Writes a file that must not exist yet, for its owner alone, and flushes it to the disk.
fn write_new(path: &Path, text: &str) -> Result<(), KeyRingError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => KeyRingError::Exists {
                path: path.to_owned(),
            },
            _ => io_error(path, "creating", source),
        })?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|source| {
            // Half a ring would only be in the way; if this fails too, the first error matters.
            let _ = fs::remove_file(path);
            io_error(path, "writing", source)
        })
}

/// Flushes the directory entry: without it a new file can be gone after a power cut.
fn sync_directory(path: &Path) -> Result<(), KeyRingError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(|source| io_error(directory, "flushing", source))
}

fn io_error(path: &Path, doing: &'static str, source: io::Error) -> KeyRingError {
    KeyRingError::Io {
        path: path.to_owned(),
        doing,
        source,
    }
}

#[cfg(test)]
mod tests;
