//! `check`: everything that can be judged without running the program.

use anyhow::{Result, bail};

use super::tally::Tally;
use crate::ground::{Repo, node, program};
use crate::{tidy, ui};

/// All checks, each shown with its time.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    let mut tally = Tally::default();
    all(repo, &mut tally);
    tally.print_parts();
    if !tally.is_success() {
        bail!("{}", tally.summary());
    }
    println!("{}", tally.summary());
    Ok(())
}

/// All checks, one entry each.
pub(super) fn all(repo: &Repo, tally: &mut Tally) {
    tally.single("format", || {
        program::run(&mut repo.cargo(["fmt", "--all", "--check"]))
    });
    tally.single("house rules", || tidy::run(repo));
    tally.single("lints", || lints(repo));
    tally.single("documentation", || {
        let mut doc = repo.cargo(["doc", "--quiet", "--no-deps"]);
        program::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    tally.single("wasm", || ui::build(repo, ui::Options::SHIPPED));
    tally.single("types of the browser tests", || {
        node::ensure(repo)?;
        let mut tsc = repo.command(node::tool(repo, "tsc"), ["--noEmit", "--project", "."]);
        program::run(tsc.current_dir(repo.path("end2end")))
    });
}

/// The tools themselves are built apart, so that their features do not change the program's.
fn lints(repo: &Repo) -> Result<()> {
    for packages in [
        &[][..],
        &["--package", "xtask"],
        &["--package", "bindgen"],
        &["--package", "bench"],
    ] {
        let mut clippy = repo.cargo(["clippy", "--quiet", "--all-targets"]);
        program::run(clippy.args(packages).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}
