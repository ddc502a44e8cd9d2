//! Measures the portal, beside a peer in the same run, because machines are noisy.
//!
//! What counts are the ratios: issuance against the same chain of `openssl` commands, and against
//! the bare cost of key generation plus signature in one process.

#![expect(
    clippy::print_stdout,
    reason = "printing numbers is what this program is for"
)]

mod bare;
mod chain;
mod ground;
mod issuance;
mod ocsp;
mod process;

use anyhow::Result;
use clap::Parser;
use domain::KeyAlgorithm;
use ground::Ground;
use std::path::PathBuf;

/// Measures the portal.
#[derive(Debug, Parser)]
struct Bench {
    /// The release build of the program
    #[arg(long)]
    certportal: PathBuf,
    /// A PostgreSQL server on which databases may be made; without it only SQLite is measured
    #[arg(long)]
    postgres: Option<String>,
    /// Part of the usual number of certificates, for a quick look
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
}

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
    println!(
        "Issuance: request accepted to PFX stored, certificates per second on {} cores",
        workers()
    );
    println!(
        "{:<9} {:>9} {:>9} {:>9} {:>9} {:>11} {:>11}",
        "key", "bare", "openssl", "SQLite", "Postgres", "x openssl", "efficiency"
    );
    for (algorithm, count) in SERIES {
        series(&bench, algorithm, scaled(count, bench.scale)).await?;
    }
    println!();
    status(&bench).await?;
    println!();
    process::measure(&bench.certportal).await
}

async fn series(bench: &Bench, algorithm: KeyAlgorithm, count: u32) -> Result<()> {
    let bare = bare::rate(algorithm, count).await?;
    let openssl = chain::rate(algorithm, count.min(40)).await?;
    let sqlite = issuance::rate(&Ground::sqlite().await?, algorithm, count).await?;
    let postgres = match &bench.postgres {
        Some(server) => {
            Some(issuance::rate(&Ground::postgres(server).await?, algorithm, count).await?)
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
    Ok(())
}

/// Kept answers that make a steady number.
const ANSWERS: u32 = 200_000;

async fn status(bench: &Bench) -> Result<()> {
    println!("Status of certificates (OCSP), answers per second");
    println!(
        "{:<9} {:>9} {:>11} {:>9}",
        "database", "kept", "with nonce", "openssl"
    );
    let mut grounds = vec![("SQLite", Ground::sqlite().await?)];
    if let Some(server) = &bench.postgres {
        grounds.push(("Postgres", Ground::postgres(server).await?));
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
