//! The data folder: everything that the portal keeps, unless the configuration says otherwise.

use std::path::{Path, PathBuf};

/// The data folder, with an absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// Names a folder, which need not exist yet.
    pub fn new(path: &Path) -> std::io::Result<Self> {
        std::path::absolute(path).map(Self)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it; an absolute name stays as it is.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}
