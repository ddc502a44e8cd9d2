//! `test`: sets everything up by itself, runs every test, and ends with one line of numbers.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};

use super::tally::{Count, Tally};
use super::{check, e2e, generate};
use crate::ground::needs::Need;
use crate::ground::postgres::Postgres;
use crate::ground::{Repo, apt, node, python};

const EVERYTHING: &[Need] = &[
    Need::CCompiler,
    Need::Perl,
    Need::Node,
    Need::Chromium,
    Need::Postgres,
    Need::Readers,
    Need::Nginx,
    Need::Unbound,
    Need::Python,
];

/// What the tests find in their environment.
#[derive(Debug)]
struct Surroundings {
    postgres: Postgres,
    venv: PathBuf,
}

/// Everything, or with a filter the Rust tests whose name contains it.
pub(crate) fn test(repo: &Repo, filter: Option<&str>) -> ExitCode {
    let mut tally = Tally::default();
    everything(repo, filter, &mut tally);
    tally.print_parts();
    println!("{}", tally.summary());
    if tally.is_success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn everything(repo: &Repo, filter: Option<&str>, tally: &mut Tally) {
    let mut surroundings = None;
    tally.part("set-up", || {
        surroundings = Some(set_up(repo)?);
        Ok(Count::default())
    });
    let Some(surroundings) = surroundings else {
        return; // counted as a failure; nothing below would mean anything
    };
    tally.part("Rust tests", || {
        cargo_test(
            &mut repo.cargo(["test", "--no-fail-fast"]),
            &surroundings,
            filter,
        )
    });
    for tool in ["xtask", "bindgen"] {
        tally.part(&format!("tests of {tool}"), || {
            let mut cargo = repo.cargo(["test", "--quiet", "--package", tool]);
            cargo_test(&mut cargo, &surroundings, filter)
        });
    }
    drop(surroundings);
    if filter.is_none() {
        tally.part("browser tests", || e2e::count(repo, &[]));
        check::all(repo, tally);
        tally.single("generated documentation", || generate(repo, true));
    }
}

/// One `apt-get` for everything, not one for each part.
fn set_up(repo: &Repo) -> Result<Surroundings> {
    apt::ensure(EVERYTHING)?;
    node::ensure(repo)?;
    Ok(Surroundings {
        venv: python::ensure(repo)?,
        postgres: Postgres::start(repo)?,
    })
}

/// Runs one `cargo test`, shows what it writes, and adds its result lines up.
fn cargo_test(
    cargo: &mut Command,
    surroundings: &Surroundings,
    filter: Option<&str>,
) -> Result<Count> {
    let mut child = cargo
        .args(filter)
        .env("TEST_POSTGRES_URL", surroundings.postgres.url())
        .env("CERTPORTAL_VENV", &surroundings.venv)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut count = Count::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("cannot read what cargo writes")?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        count.add_line(&line);
    }
    let status = child.wait().context("cargo went away")?;
    Ok(count.with_exit(status.success()))
}
