//! `screenshots`: pictures of every page for every demo person, of the sample pages and of the
//! mails, to look at as a whole.

use anyhow::Result;

use super::e2e;
use crate::ground::{Repo, node, program, screen};

/// The tests that leave sample pages and mails in `target/gallery`.
const GALLERY: [&str; 9] = [
    "test",
    "--quiet",
    "--package",
    "app",
    "--package",
    "mail",
    "--features",
    "app/ssr",
    "--lib",
];

/// Takes them into `target/screenshots`.
pub(crate) fn screenshots(repo: &Repo) -> Result<()> {
    program::run(&mut repo.cargo(GALLERY))?;
    e2e::prepare(repo)?;
    let mut playwright = repo.command(
        node::tool(repo, "playwright"),
        ["test", "--config", "support/screenshots.config.ts"],
    );
    playwright
        .current_dir(repo.path("end2end"))
        .env_remove("LD_LIBRARY_PATH");
    program::run(&mut playwright)?;
    screen::note("pictures are in target/screenshots");
    Ok(())
}
