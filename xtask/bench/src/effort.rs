//! What a piece of work took: time, and processor time of this process.
//!
//! On a machine where others work too, processor seconds tell more than the clock does.

use anyhow::{Context, Result};
use std::iter::Sum;
use std::time::{Duration, Instant};

/// Ticks in a second, in which Linux gives processor time (`USER_HZ`, the same everywhere).
const TICKS: f64 = 100.0;

/// Certificates, and what they took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Effort {
    count: u32,
    time: Duration,
    processor_seconds: f64,
}

impl Effort {
    /// Certificates per second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.count) / self.time.as_secs_f64()
    }

    /// Milliseconds of one core for a certificate.
    pub(crate) fn processor_ms(&self) -> f64 {
        self.processor_seconds * 1000.0 / f64::from(self.count)
    }
}

impl Sum for Effort {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |all, part| Self {
            count: all.count + part.count,
            time: all.time + part.time,
            processor_seconds: all.processor_seconds + part.processor_seconds,
        })
    }
}

/// The start of a piece of work.
#[derive(Debug)]
pub(crate) struct Started {
    at: Instant,
    processor_seconds: f64,
}

impl Started {
    pub(crate) fn now() -> Result<Self> {
        Ok(Self {
            processor_seconds: processor_seconds()?,
            at: Instant::now(),
        })
    }

    /// The work is done, and made so many certificates.
    pub(crate) fn end(self, count: u32) -> Result<Effort> {
        Ok(Effort {
            count,
            time: self.at.elapsed(),
            processor_seconds: processor_seconds()? - self.processor_seconds,
        })
    }
}

/// What this process has used, all its threads together, also those that ended (proc(5)).
fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name before it may contain anything, also blanks and brackets.
    let (_, rest) = stat
        .rsplit_once(") ")
        .context("no name in /proc/self/stat")?;
    let ticks: u32 = rest
        .split(' ')
        .skip(11)
        .take(2)
        .map(str::parse::<u32>)
        .sum::<Result<_, _>>()?;
    Ok(f64::from(ticks) / TICKS)
}
