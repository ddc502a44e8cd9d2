//! Measures the portal, beside a peer in the same run, because machines are noisy.
//!
//! What counts are the ratios: issuance against the same chain of `openssl` commands, and against
//! the bare cost of key generation plus signature in one process. Where there is a goal, the line
//! says whether it was reached.

#![expect(
    clippy::print_stdout,
    reason = "printing numbers is what this program is for"
)]

mod bare;
mod burst;
mod chain;
mod crl;
mod ground;
mod issuance;
mod ocsp;
mod process;
mod report;
mod script;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use domain::KeyAlgorithm;
use ground::Ground;
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

/// Algorithm, and how many certificates make a steady number.
const SERIES: [(KeyAlgorithm, u32); 4] = [
    (KeyAlgorithm::P256, 600),
    (KeyAlgorithm::Rsa2048, 120),
    (KeyAlgorithm::Rsa3072, 60),
    (KeyAlgorithm::Rsa4096, 24),
];

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
        "Issuance: request accepted to PFX stored, certificates per second on {} cores, no key made ahead",
        workers()
    );
    println!(
        "{:<9} {:>9} {:>9} {:>9} {:>9} {:>11} {:>11}",
        "key", "bare", "openssl", "SQLite", "Postgres", "x openssl", "efficiency"
    );
    let mut largest = 0.0;
    for (algorithm, count) in SERIES {
        largest = series(bench, algorithm, scaled(count, bench.scale)).await?;
    }
    if let Some(python) = &bench.python {
        let script = script::rate(python, scaled(24, bench.scale)).await?;
        println!(
            "RSA-4096 by a script with Python's cryptography: {script:.1}; the portal on SQLite makes {:.1} times as many",
            largest / script
        );
    }
    Ok(())
}

/// Gives the rate on SQLite.
async fn series(bench: &Bench, algorithm: KeyAlgorithm, count: u32) -> Result<f64> {
    let bare = bare::rate(algorithm, count).await?;
    let openssl = chain::rate(algorithm, count.min(40)).await?;
    let sqlite = issuance::rate(&Ground::sqlite(0).await?, algorithm, count).await?;
    let postgres = match &bench.postgres {
        Some(server) => {
            Some(issuance::rate(&Ground::postgres(server, 0).await?, algorithm, count).await?)
        }
        None => None,
    };
    println!(
        "{:<9} {bare:>9.1} {openssl:>9.1} {sqlite:>9.1} {:>9} {:>11.1} {:>11.2}",
        algorithm.label(),
        postgres.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.1}")),
        sqlite / openssl,
        sqlite / bare,
    );
    Ok(sqlite)
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
