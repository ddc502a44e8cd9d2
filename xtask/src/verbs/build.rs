//! `build`: the program, for development or to be installed elsewhere.

use std::fs;

use anyhow::{Context, Result};

use crate::ground::needs::Need;
use crate::ground::{Repo, apt, program, screen};
use crate::ui;

/// Builds user interface and program; a release carries the user interface inside.
pub(crate) fn build(repo: &Repo, release: bool) -> Result<()> {
    if !release {
        build_program(repo)?;
        return ui::build(repo, ui::Options::SHIPPED);
    }
    ui::build(repo, ui::Options::SHIPPED)?;
    build_release(repo, &["--features", "embed-ui"])?;
    let program = repo.certportal("release");
    let size = fs::metadata(&program)
        .with_context(|| format!("cargo made no {}", program.display()))?
        .len();
    screen::note(&format!(
        "{} ({:.1} MB)",
        program.display(),
        f64::from(u32::try_from(size / 1000).unwrap_or(u32::MAX)) / 1000.0
    ));
    Ok(())
}

/// The program for development, in `target/debug`.
pub(crate) fn build_program(repo: &Repo) -> Result<()> {
    apt::ensure(&[Need::CCompiler, Need::Perl])?;
    screen::stage("program certportal", || {
        program::run(&mut repo.cargo(["build", "--package", "server"]))
    })
}

/// The program for production, in `target/release`.
pub(super) fn build_release(repo: &Repo, options: &[&str]) -> Result<()> {
    apt::ensure(&[Need::CCompiler, Need::Perl])?;
    screen::stage("program certportal, optimised", || {
        let mut cargo = repo.cargo(["build", "--release", "--package", "server"]);
        program::run(cargo.args(options))
    })
}
