//! Where the repository is, and the cargo that belongs to it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The repository that this tool was built from.
#[derive(Debug)]
pub(crate) struct Repo {
    root: PathBuf,
    cargo: OsString,
}

impl Repo {
    /// The repository around this crate.
    pub(crate) fn here() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies in no repository: run it as `cargo xtask`")?;
        Ok(Self {
            root: root.to_path_buf(),
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        })
    }

    /// Absolute path of something in the repository.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The repository itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The pinned toolchain's cargo, started in the repository.
    pub(crate) fn cargo<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(&self.cargo);
        command
            .current_dir(&self.root)
            // We look for results here, wherever the developer's other builds go.
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .args(args);
        command
    }

    /// A program, started in the repository.
    pub(crate) fn command<'a>(
        &self,
        program: impl AsRef<std::ffi::OsStr>,
        args: impl IntoIterator<Item = &'a str>,
    ) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).args(args);
        command
    }

    /// The program `certportal` of a build: `debug` or `release`.
    pub(crate) fn certportal(&self, profile: &str) -> PathBuf {
        self.path(&format!("target/{profile}/certportal"))
    }
}
