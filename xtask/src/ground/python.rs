//! A private Python in `target/venv`: pkilint, which judges our certificates, and aiosmtpd.

use std::path::PathBuf;

use anyhow::Result;

use super::needs::{self, Need};
use super::{Repo, apt, fingerprint, program, screen};

const PACKAGES: &[&str] = &["pkilint==0.13.3", "cryptography", "aiosmtpd"];

/// Makes the environment, once, and returns its folder.
pub(crate) fn ensure(repo: &Repo) -> Result<PathBuf> {
    let folder = repo.path("target/venv");
    let stamp = folder.join(".fingerprint");
    let now = fingerprint::fingerprint(repo.root(), &[], PACKAGES)?;
    if fingerprint::is_fresh(&stamp, &now) {
        return Ok(folder);
    }
    apt::ensure(&[Need::Python])?;
    screen::stage("Python packages", || {
        program::run(&mut repo.command(needs::python(), ["-m", "venv", "--clear", "target/venv"]))?;
        let options = ["install", "--quiet", "--disable-pip-version-check"];
        program::run(repo.command(folder.join("bin/pip"), options).args(PACKAGES))?;
        fingerprint::keep(&stamp, &now)
    })?;
    Ok(folder)
}
