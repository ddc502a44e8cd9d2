//! `run`: from a machine with Rust and a C compiler to a portal that one can look at.

use std::os::unix::process::CommandExt;
use std::time::Instant;

use anyhow::{Context, Result};

use super::build_program;
use crate::ground::{Repo, screen};
use crate::ui;

/// Builds what is missing or changed, and becomes the portal.
pub(crate) fn run(repo: &Repo, args: &[String]) -> Result<()> {
    let start = Instant::now();
    build_program(repo)?;
    ui::build(repo, ui::Options::SOONEST)?;
    screen::note(&format!(
        "ready after {:.1} s, starting the portal; Ctrl-C ends it",
        start.elapsed().as_secs_f64()
    ));
    let program = repo.certportal("debug");
    let mut portal = repo.command(&program, ["serve", "--demo", "--data", "data"]);
    // `cargo xtask` sets it for this tool; the portal must see the machine's own.
    portal.args(args).env_remove("LD_LIBRARY_PATH");
    Err(portal.exec()).with_context(|| format!("cannot start {}", program.display()))
}
