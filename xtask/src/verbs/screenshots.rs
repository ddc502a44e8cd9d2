//! `screenshots`: pictures of every page for every demo person, to look at as a whole.

use anyhow::Result;

use super::e2e;
use crate::ground::{Repo, node, program, screen};

/// Takes them into `target/screenshots`.
pub(crate) fn screenshots(repo: &Repo) -> Result<()> {
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
