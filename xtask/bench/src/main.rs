//! Measures the portal, beside a peer in the same run, because machines are noisy.
//!
//! What counts are the ratios: issuance against the same chain of `openssl` commands, and against
//! the bare cost of key generation plus signature in one process. The contestants take turns, so
//! that all of them see the same machine. Where there is a goal, the line says whether it was
//! reached.

#![expect(
    clippy::print_stdout,
    reason = "printing numbers is what this program is for"
)]

mod bare;
mod burst;
mod chain;
mod crl;
mod effort;
mod ground;
mod issuance;
mod ocsp;
mod process;
mod report;
mod script;

use anyhow::Result;
use bare::Floor;
use clap::{Parser, ValueEnum};
use domain::KeyAlgorithm;
use effort::Effort;
use ground::Ground;
use issuance::Contestant;
use std::path::PathBuf;

/// Measures the portal.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask bench")]
struct Bench {
    /// What to measure; by default all but `crl`, which takes minutes
    parts: Vec<Part>,
    /// The release build of the program
    #[arg(long)]
    certportal: PathBuf,
    /// A PostgreSQL server on which databases may be made; without it only SQLite is measured
    #[arg(long)]
    postgres: Option<String>,
    /// A Python with the package `cryptography`; without it that peer is not measured
    #[arg(long)]
    python: Option<PathBuf>,
    /// Part of the usual number of certificates, for a quick look
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// In `issuance` only keys of one kind, for example rsa2048
    #[arg(long)]
    only: Option<KeyAlgorithm>,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Certificates per second without keys made ahead, beside `openssl` and Python
    Issuance,
    /// Answers about the status of certificates, beside `openssl ocsp`
    Ocsp,
    /// 100 RSA-3072 requests approved together, with keys made ahead
    Burst,
    /// The real program: start, memory, pages while certificates are made
    Pages,
    /// A revocation list of 1,000,000 entries
    Crl,
}

const DEFAULT: [Part; 4] = [Part::Issuance, Part::Ocsp, Part::Burst, Part::Pages];

/// Algorithm, and how many certificates make a steady number: the time to make an RSA key varies by
/// more than half from key to key.
const SERIES: [(KeyAlgorithm, u32); 4] = [
    (KeyAlgorithm::P256, 1200),
    (KeyAlgorithm::Rsa2048, 1000),
    (KeyAlgorithm::Rsa3072, 320),
    (KeyAlgorithm::Rsa4096, 120),
];

/// Turns that each contestant takes.
const TURNS: u32 = 4;

#[tokio::main]
async fn main() -> Result<()> {
    let bench = Bench::parse();
    let parts = if bench.parts.is_empty() {
        DEFAULT.as_slice()
    } else {
        &bench.parts
    };
    for part in parts {
        match part {
            Part::Issuance => issuance_of_all(&bench).await?,
            Part::Ocsp => status(&bench).await?,
            Part::Burst => report::burst(&bench).await?,
            Part::Pages => process::measure(&bench.certportal).await?,
            Part::Crl => report::crl(&bench).await?,
        }
        println!();
    }
    Ok(())
}

async fn issuance_of_all(bench: &Bench) -> Result<()> {
    println!(
        "Issuance: request accepted to PFX stored, on {} cores, no key made ahead. Certificates per second, and core
milliseconds for one (without those of PostgreSQL's own processes); efficiency is the share that
key and signature have in it, by time and by core milliseconds. Where others use the machine too,
go by the core milliseconds.",
        workers()
    );
    println!(
        "{:<9} {:>16} {:>15} {:>29} {:>29}",
        "", "bare", "openssl", "SQLite", "PostgreSQL"
    );
    println!(
        "{:<9} {:>8} {:>7} {:>8} {:>6} {:>8} {:>7} {:>6} {:>5} {:>8} {:>7} {:>6} {:>5}",
        "key", "/s", "ms", "/s", "x", "/s", "ms", "by t", "by ms", "/s", "ms", "by t", "by ms"
    );
    let kinds = SERIES
        .into_iter()
        .filter(|(kind, _)| bench.only.is_none_or(|only| only == *kind));
    let mut largest = 0.0;
    for (algorithm, count) in kinds {
        largest = series(bench, algorithm, scaled(count, bench.scale)).await?;
    }
    if let (Some(python), None) = (&bench.python, bench.only) {
        let script = script::rate(python, scaled(24, bench.scale)).await?;
        println!(
            "RSA-4096 by a script with Python's cryptography: {script:.1}/s; the portal on SQLite makes {:.1} times as many",
            largest / script
        );
    }
    Ok(())
}

/// Gives the rate on SQLite.
async fn series(bench: &Bench, algorithm: KeyAlgorithm, count: u32) -> Result<f64> {
    let each = count.div_ceil(TURNS);
    let floor = Floor::new()?;
    let mut sqlite = Contestant::new(Ground::sqlite(0).await?, each * TURNS).await?;
    let mut postgres = match &bench.postgres {
        Some(server) => {
            Some(Contestant::new(Ground::postgres(server, 0).await?, each * TURNS).await?)
        }
        None => None,
    };
    let (mut bare, mut on_sqlite, mut on_postgres) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bare.push(floor.run(algorithm, each).await?);
        on_sqlite.push(sqlite.run(algorithm, each).await?);
        if let Some(postgres) = &mut postgres {
            on_postgres.push(postgres.run(algorithm, each).await?);
        }
    }
    let openssl = chain::rate(algorithm, count.min(40)).await?;
    let sum = |efforts: Vec<Effort>| efforts.into_iter().sum::<Effort>();
    let (bare, on_sqlite) = (sum(bare), sum(on_sqlite));
    print!(
        "{:<9} {:>8.1} {:>7.1} {openssl:>8.1} {:>6.1}",
        algorithm.label(),
        bare.rate(),
        bare.processor_ms(),
        on_sqlite.rate() / openssl,
    );
    print_beside(&bare, &on_sqlite);
    if on_postgres.is_empty() {
        println!();
    } else {
        print_beside(&bare, &sum(on_postgres));
        println!();
    }
    Ok(on_sqlite.rate())
}

fn print_beside(bare: &Effort, portal: &Effort) {
    print!(
        " {:>8.1} {:>7.1} {:>6.2} {:>5.2}",
        portal.rate(),
        portal.processor_ms(),
        portal.rate() / bare.rate(),
        bare.processor_ms() / portal.processor_ms(),
    );
}

/// Kept answers that make a steady number.
const ANSWERS: u32 = 200_000;

async fn status(bench: &Bench) -> Result<()> {
    println!("Status of certificates (OCSP), answers per second");
    println!(
        "{:<9} {:>9} {:>11} {:>9}",
        "database", "kept", "with nonce", "openssl"
    );
    let mut grounds = vec![("SQLite", Ground::sqlite(0).await?)];
    if let Some(server) = &bench.postgres {
        grounds.push(("Postgres", Ground::postgres(server, 0).await?));
    }
    for (name, ground) in grounds {
        let rates = ocsp::rates(&ground, scaled(ANSWERS, bench.scale)).await?;
        println!(
            "{name:<9} {:>9.0} {:>11.0} {:>9.0}",
            rates.kept, rates.with_nonce, rates.openssl
        );
    }
    Ok(())
}

/// Workers of every contestant: as many as there are cores.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small positive numbers"
)]
fn scaled(count: u32, scale: f64) -> u32 {
    ((f64::from(count) * scale) as u32).max(4)
}
