//! `[keys]`: what protects the secrets.

use std::path::PathBuf;

use super::{DataFolder, Key, Problem, Section, Values};

const NAME: &str = "keys";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "What protects the secrets in the database.",
    keys: &[Key::text(
        "key_ring",
        "keyring.toml",
        "The key ring. It is made at the first start; without it nothing in the database can be \
         opened, so keep a copy in another place than the copies of the database.",
    )],
};

/// What protects the secrets.
#[derive(Debug, Clone)]
pub struct Keys {
    /// File of the key ring.
    pub key_ring: PathBuf,
}

impl Keys {
    pub(super) fn from_values(values: &Values, folder: &DataFolder) -> Result<Self, Problem> {
        match values.some_text(NAME, "key_ring") {
            Some(file) => Ok(Self {
                key_ring: folder.file(&file),
            }),
            None => Err(values.problem(NAME, "key_ring", "please name a file")),
        }
    }
}
