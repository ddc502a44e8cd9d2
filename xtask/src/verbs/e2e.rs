//! `e2e`: browser tests, with Debian's Chromium against the real program.

use std::fs;

use anyhow::{Context, Result, bail};

use super::build_program;
use super::tally::Count;
use crate::ground::needs::Need;
use crate::ground::{Repo, apt, node};
use crate::ui;

const REPORT: &str = "target/playwright/report.json";

/// Builds what is needed and runs Playwright with these arguments.
pub(crate) fn e2e(repo: &Repo, args: &[String]) -> Result<()> {
    let count = count(repo, args)?;
    println!("{} passed, {} failed", count.passed, count.failed);
    if count.failed > 0 {
        bail!("browser tests failed; traces and pictures are in target/playwright");
    }
    Ok(())
}

/// The same, and how many passed.
pub(super) fn count(repo: &Repo, args: &[String]) -> Result<Count> {
    // What the tests use besides the browser: readers, a clock to turn back, a web server.
    apt::ensure(&[Need::Readers, Need::Nginx])?;
    prepare(repo)?;
    let report = repo.path(REPORT);
    if report.exists() {
        fs::remove_file(&report).context("cannot remove the report of the last run")?;
    }
    let mut playwright = repo.command(node::tool(repo, "playwright"), ["test"]);
    let status = playwright
        .args(args)
        .current_dir(repo.path("end2end"))
        .env_remove("LD_LIBRARY_PATH")
        .status()
        .context("cannot start Playwright")?;
    let text = fs::read_to_string(&report).context("Playwright ended without a report")?;
    Ok(Count::from_playwright(&text)?.with_exit(status.success()))
}

/// Program, user interface, browser and npm packages.
pub(super) fn prepare(repo: &Repo) -> Result<()> {
    apt::ensure(&[Need::Chromium])?;
    node::ensure(repo)?;
    build_program(repo)?;
    ui::build(repo, ui::Options::SHIPPED)
}
