//! What the verbs do, one file each.

mod bench;
mod build;
mod check;
mod e2e;
mod generate;
mod run;
mod screenshots;
mod tally;
mod test;

pub(crate) use bench::bench;
pub(crate) use build::{build, build_program};
pub(crate) use check::check;
pub(crate) use e2e::e2e;
pub(crate) use generate::generate;
pub(crate) use run::run;
pub(crate) use screenshots::screenshots;
pub(crate) use test::test;
