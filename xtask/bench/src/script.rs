//! The peer: a script with Python's `cryptography`, run on every core, that makes password, RSA-4096
//! key, signing request, certificate and PFX, each kept in a file so that it could go on after a
//! failure.

use crate::workers;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use tokio::process::Command;

const SCRIPT: &str = include_str!("script.py");

/// Certificates per second.
pub(crate) async fn rate(python: &Path, count: u32) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    // It runs in a folder of its own.
    let python = std::path::absolute(python)?;
    let output = Command::new(&python)
        .args(["-c", SCRIPT, &count.to_string(), &workers().to_string()])
        .current_dir(folder.path())
        .output()
        .await
        .with_context(|| format!("{} does not run", python.display()))?;
    ensure!(
        output.status.success(),
        "the Python script failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.trim()
        .parse()
        .context("the Python script printed no number")
}
