//! The npm packages of `end2end/`: Playwright, axe, the mail sink, and binaryen's wasm-opt.

use std::path::PathBuf;

use anyhow::Result;

use super::needs::Need;
use super::{Repo, apt, fingerprint, program, screen};

/// Installs exactly what the lock file says, once.
pub(crate) fn ensure(repo: &Repo) -> Result<()> {
    apt::ensure(&[Need::Node])?;
    let stamp = repo.path("end2end/node_modules/.lock-fingerprint");
    let now = fingerprint::fingerprint(repo.root(), &["end2end/package-lock.json"], &[])?;
    if fingerprint::is_fresh(&stamp, &now) {
        return Ok(());
    }
    screen::stage("npm packages", || {
        let mut npm = repo.command("npm", ["ci", "--no-audit", "--no-fund"]);
        npm.current_dir(repo.path("end2end"))
            // The browser is Debian's.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        program::run(&mut npm)?;
        fingerprint::keep(&stamp, &now)
    })
}

/// A program of an installed npm package.
pub(crate) fn tool(repo: &Repo, name: &str) -> PathBuf {
    repo.path("end2end/node_modules/.bin").join(name)
}
