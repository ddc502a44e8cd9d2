//! The signing journal: one line for every signature, written just before it is made.
//!
//! It is kept beside the database, not in it, so that comparing both shows a signature that left
//! no row. It is only ever appended to. A line is `serial sha256-of-tbs`, both hexadecimal.

use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Serial number of the certificate.
    pub serial: Vec<u8>,
    /// SHA-256 of what was signed.
    pub tbs_sha256: Vec<u8>,
}

impl Journal {
    /// Opens a journal for appending; creates it where there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }

    /// Notes that this is about to be signed. One `write`, so that a crash leaves whole lines.
    pub fn append(&self, serial: &pki::Serial, tbs: &[u8]) -> io::Result<()> {
        let line = format!("{} {}\n", serial.to_hex(), hex::encode(Sha256::digest(tbs)));
        self.file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(line.as_bytes())
    }

    /// Reads a journal; none is an empty one.
    pub fn read(path: &Path) -> io::Result<Vec<JournalEntry>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        BufReader::new(file)
            .lines()
            .map(|line| parse(&line?))
            .collect()
    }
}

fn parse(line: &str) -> io::Result<JournalEntry> {
    let read = || {
        let (serial, tbs) = line.split_once(' ')?;
        Some(JournalEntry {
            serial: hex::decode(serial).ok()?,
            tbs_sha256: hex::decode(tbs).ok()?,
        })
    };
    read().ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{line:?} is not a line of a signing journal"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.log");
        assert_eq!(Journal::read(&path).unwrap(), []);
        let mut rng: rand::rngs::StdRng = rand::SeedableRng::seed_from_u64(1);
        let serials = [
            pki::Serial::generate(&mut rng),
            pki::Serial::generate(&mut rng),
        ];
        for serial in &serials {
            Journal::open(&path)
                .unwrap()
                .append(serial, b"tbs")
                .unwrap();
        }
        let entries = Journal::read(&path).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].serial, serials[1].as_bytes());
        assert_eq!(entries[1].tbs_sha256, Sha256::digest(b"tbs").as_slice());
    }

    #[test]
    fn a_damaged_line_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.log");
        std::fs::write(&path, "nonsense\n").unwrap();
        assert!(Journal::read(&path).is_err());
    }
}
