//! `[keys]`: what protects the secrets, the keys made ahead, and keys that are never certified.

use std::path::PathBuf;

use super::{DataFolder, Key, Problem, Section, Values};

const NAME: &str = "keys";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "What protects the secrets in the database, keys made ahead, and keys of others.",
    keys: &[
        Key::text(
            "key_ring",
            "keyring.toml",
            "The key ring. It is made at the first start; without it nothing in the database can be \
             opened, so keep a copy in another place than the copies of the database.",
        ),
        Key::number(
            "pool_size",
            32,
            "RSA keys made ahead, sealed, for each algorithm in use, while nothing is issued; at most \
             1000. 0 makes none and uses none.",
        ),
        Key::list(
            "blocklists",
            "Files with keys that are never certified, one in each line: 64 hexadecimal digits, the SHA-256 \
             of the public key (SubjectPublicKeyInfo), or 20 as in Debian's openssl-blacklist.",
        ),
    ],
};

/// What protects the secrets, the keys made ahead, and keys that are never certified.
#[derive(Debug, Clone)]
pub struct Keys {
    /// File of the key ring.
    pub key_ring: PathBuf,
    /// Keys made ahead of each algorithm.
    pub pool_size: u32,
    /// Files with keys that are never certified.
    pub blocklists: Vec<PathBuf>,
}

impl Keys {
    pub(super) fn from_values(values: &Values, folder: &DataFolder) -> Result<Self, Problem> {
        let pool_size = values.number(NAME, "pool_size", 0, 1000)?;
        let blocklists = values.list(NAME, "blocklists");
        match values.some_text(NAME, "key_ring") {
            Some(file) => Ok(Self {
                key_ring: folder.file(&file),
                pool_size,
                blocklists: blocklists.iter().map(|file| folder.file(file)).collect(),
            }),
            None => Err(values.problem(NAME, "key_ring", "please name a file")),
        }
    }
}
