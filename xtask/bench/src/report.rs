//! Lines about what has a goal.

use crate::ground::Ground;
use crate::{Bench, burst, crl, scaled};
use anyhow::Result;

/// Certificates per second of a burst with keys made ahead, at least.
const BURST_RATE: f64 = 50.0;
/// From approval to stored PFX at p95, milliseconds at most.
const BURST_WAIT: f64 = 1_000.0;
/// Seconds for a list, at most.
const LIST_SECS: f64 = 20.0;
/// Resident memory while a list is made, MB at most.
const LIST_MB: f64 = 600.0;

/// Grounds on all databases there are, each made when the one before is measured.
async fn grounds(bench: &Bench, at: usize, key_pool: u32) -> Result<Option<(&str, Ground)>> {
    Ok(match (at, &bench.postgres) {
        (0, _) => Some(("SQLite", Ground::sqlite(key_pool).await?)),
        (1, Some(server)) => Some(("Postgres", Ground::postgres(server, key_pool).await?)),
        _ => None,
    })
}

/// Measures and prints the burst.
pub(crate) async fn burst(bench: &Bench) -> Result<()> {
    let count = scaled(burst::REQUESTS, bench.scale).min(burst::REQUESTS);
    println!("{count} RSA-3072 requests approved at once, keys made ahead");
    println!(
        "{:<9} {:>11} {:>11} {:>9} {:>9}",
        "database", "filled in s", "per second", "p50 ms", "p95 ms"
    );
    for at in 0..2 {
        let Some((name, ground)) = grounds(bench, at, count).await? else {
            break;
        };
        let made = burst::measure(&ground, count).await?;
        let (p50, p95) = (percentile(&made.waits, 50), percentile(&made.waits, 95));
        println!(
            "{name:<9} {:>11.1} {:>11.1} {p50:>9.0} {p95:>9.0}  {}",
            made.filled_secs,
            made.per_second,
            verdict(made.per_second >= BURST_RATE && p95 < BURST_WAIT)
        );
    }
    Ok(())
}

/// Measures and prints the large revocation list.
pub(crate) async fn crl(bench: &Bench) -> Result<()> {
    let count = scaled(crl::ENTRIES, bench.scale);
    println!("A revocation list of {count} entries");
    println!(
        "{:<9} {:>9} {:>9} {:>12}",
        "database", "seconds", "MB", "resident MB"
    );
    for at in 0..2 {
        let Some((name, ground)) = grounds(bench, at, 0).await? else {
            break;
        };
        let made = crl::measure(&ground, count).await?;
        println!(
            "{name:<9} {:>9.1} {:>9.1} {:>12.0}  {}",
            made.seconds,
            made.list_mb,
            made.resident_mb,
            verdict(made.seconds <= LIST_SECS && made.resident_mb <= LIST_MB)
        );
    }
    Ok(())
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

const fn verdict(is_reached: bool) -> &'static str {
    if is_reached {
        "goal reached"
    } else {
        "MISSES ITS GOAL"
    }
}
