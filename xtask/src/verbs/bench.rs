//! `bench`: measures the optimised program; what is measured is decided in `xtask/bench`, and for
//! `bench search`, which needs a database full of rows, in `crates/store/benches`.

use anyhow::Result;

use super::build::build_release;
use crate::ground::needs::Need;
use crate::ground::postgres::Postgres;
use crate::ground::{Repo, apt, program, python};

/// Builds the release and measures it beside its peers, on both databases. `search` is measured
/// first, where it is among the parts.
pub(crate) fn bench(repo: &Repo, args: &[String]) -> Result<()> {
    let (searches, args): (Vec<_>, Vec<_>) = args.iter().partition(|what| *what == "search");
    if !searches.is_empty() {
        search(repo)?;
        if args.is_empty() {
            return Ok(());
        }
    }
    apt::ensure(&[Need::Postgres, Need::Readers])?;
    build_release(repo, &[])?;
    program::run(&mut repo.cargo(["build", "--release", "--package", "bench"]))?;
    let postgres = Postgres::start(repo)?;
    let mut bench = repo.command(repo.path("target/release/bench"), ["--certportal"]);
    bench
        .arg(repo.certportal("release"))
        .args(["--postgres", postgres.url()])
        .arg("--python")
        .arg(python::ensure(repo)?.join("bin/python"))
        .args(args)
        .env_remove("LD_LIBRARY_PATH");
    program::run(&mut bench)
}

/// Searches among 250,000 certificates on both databases; fails above 100 ms at p95.
fn search(repo: &Repo) -> Result<()> {
    let postgres = Postgres::start(repo)?;
    let mut bench = repo.cargo(["bench", "--package", "store", "--bench", "search"]);
    bench.env("TEST_POSTGRES_URL", postgres.url());
    program::run(&mut bench)
}
