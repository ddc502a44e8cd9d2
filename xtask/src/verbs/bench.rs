//! `bench`: measures the optimised program; what is measured is decided in `certportal bench`.

use anyhow::Result;

use super::build::build_release;
use crate::ground::{Repo, program};

/// Builds the release and lets it measure itself.
pub(crate) fn bench(repo: &Repo, args: &[String]) -> Result<()> {
    build_release(repo, &[])?;
    let mut bench = repo.command(repo.certportal("release"), ["bench"]);
    program::run(bench.args(args).env_remove("LD_LIBRARY_PATH"))
}
