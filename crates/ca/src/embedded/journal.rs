//! The signing journal: one line for every signature, written just before it is made.
//!
//! It is kept beside the database, not in it, so that comparing both shows a signature that left
//! no row. It is only ever appended to. A line is `serial sha256-of-tbs authority sha256-of-key`, with
//! the identifier of the authority and the rest hexadecimal: enough to revoke the certificate where the
//! database knows nothing of it. Earlier versions wrote the first two words only.

use domain::AuthorityId;
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
    /// Who signed it.
    pub authority: Option<AuthorityId>,
    /// SHA-256 of the certified key (`SubjectPublicKeyInfo`).
    pub key_id: Option<Vec<u8>>,
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
    pub fn append(&self, entry: &JournalEntry) -> io::Result<()> {
        let mut line = hex::encode(&entry.serial) + " " + &hex::encode(&entry.tbs_sha256);
        if let (Some(authority), Some(key)) = (entry.authority, &entry.key_id) {
            line = format!("{line} {authority} {}", hex::encode(key));
        }
        line.push('\n');
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
        let mut words = line.split(' ');
        let entry = JournalEntry {
            serial: hex::decode(words.next()?).ok()?,
            tbs_sha256: hex::decode(words.next()?).ok()?,
            authority: words.next().map(str::parse).transpose().ok()?,
            key_id: words.next().map(hex::decode).transpose().ok()?,
        };
        (words.next().is_none() && entry.authority.is_some() == entry.key_id.is_some())
            .then_some(entry)
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

    fn entry(n: u8, rest: Option<u8>) -> JournalEntry {
        JournalEntry {
            serial: vec![n; 16],
            tbs_sha256: vec![n; 32],
            authority: rest.map(|n| format!("{n:032x}").parse().unwrap()),
            key_id: rest.map(|n| vec![n; 32]),
        }
    }

    #[test]
    fn what_was_written_is_read_back_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.log");
        assert_eq!(Journal::read(&path).unwrap(), []);
        // The first as earlier versions wrote it.
        let entries = [entry(1, None), entry(2, Some(7)), entry(3, Some(8))];
        for entry in &entries {
            Journal::open(&path).unwrap().append(entry).unwrap();
        }
        assert_eq!(Journal::read(&path).unwrap(), entries);
    }

    #[test]
    fn a_damaged_line_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.log");
        let id = "0".repeat(32);
        for line in [
            "nonsense".to_owned(),
            "01".to_owned(),
            "01 0g".to_owned(),
            format!("01 02 {id}"),
            "01 02 id 03".to_owned(),
            format!("01 02 {id} 0"),
            format!("01 02 {id} 03 04"),
        ] {
            std::fs::write(&path, format!("{line}\n")).unwrap();
            assert!(Journal::read(&path).is_err(), "{line}");
        }
    }
}
