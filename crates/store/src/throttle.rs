//! Counters against guessing. What is counted, and for whom, is part of the key.

use crate::{Error, Store, column::Micros, column::micros};
use time::{Duration, OffsetDateTime};

/// Whether something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Throttle {
    /// Go on.
    Allowed,
    /// Not before a time.
    Blocked {
        /// When it may be tried again.
        until: OffsetDateTime,
    },
}

/// No delay is longer.
const LONGEST_DELAY: Duration = Duration::minutes(15);

const FIND: &str = "SELECT blocked_until FROM throttle
    WHERE throttle_key = $1 AND blocked_until > $2";
/// Each failure opens the window again, so that waiting for its end costs more than it gains.
const COUNT_FAILURE: &str =
    "INSERT INTO throttle (throttle_key, count, window_until, blocked_until)
    VALUES ($1, 1, $3, 0)
    ON CONFLICT (throttle_key) DO UPDATE SET window_until = excluded.window_until,
        count = CASE WHEN throttle.window_until > $2 THEN throttle.count + 1 ELSE 1 END
    RETURNING count";
const BLOCK: &str = "UPDATE throttle SET blocked_until = $2,
        window_until = CASE WHEN window_until > $2 THEN window_until ELSE $2 END
    WHERE throttle_key = $1";
const COUNT_USE: &str = "INSERT INTO throttle (throttle_key, count, window_until, blocked_until)
    VALUES ($1, 1, $3, 0)
    ON CONFLICT (throttle_key) DO UPDATE SET
        count = CASE WHEN throttle.window_until > $2 THEN throttle.count + 1 ELSE 1 END,
        window_until = CASE WHEN throttle.window_until > $2 THEN throttle.window_until
            ELSE excluded.window_until END
    RETURNING count, window_until";
const CLEAR: &str = "DELETE FROM throttle WHERE throttle_key = $1";
const DELETE_OLD: &str = "DELETE FROM throttle WHERE window_until <= $1 AND blocked_until <= $1";

impl Store {
    /// Whether something may be tried now. Counts nothing.
    pub async fn throttle_check(&self, key: &str, now: OffsetDateTime) -> Result<Throttle, Error> {
        let until: Option<i64> = on_each!(self, scalar fetch_optional(FIND, key, micros(now)))?;
        until.map_or(Ok(Throttle::Allowed), blocked)
    }

    /// Counts a failure. After `free` of them within `window` of each other the next try has to
    /// wait: `base_delay` at first, then twice as long each time, up to 15 minutes.
    pub async fn throttle_failure(
        &self,
        key: &str,
        now: OffsetDateTime,
        free: i64,
        window: Duration,
        base_delay: Duration,
    ) -> Result<Throttle, Error> {
        transaction!(self, tx => {
            let (from, to) = (micros(now), micros(now + window));
            let count: i64 = on_each!(tx, scalar fetch_one(COUNT_FAILURE, key, from, to))?;
            if count <= free {
                return Ok(Throttle::Allowed);
            }
            let until = now + delay(count - free, base_delay);
            on_each!(tx, execute(BLOCK, key, micros(until)))?;
            Ok(Throttle::Blocked { until })
        })
    }

    /// Forgets the failures after a success.
    pub async fn throttle_clear(&self, key: &str) -> Result<(), Error> {
        transaction!(self, tx => {
            on_each!(tx, execute(CLEAR, key)).map(drop)
        })
    }

    /// Counts a use, of which `limit` are allowed in a window that starts with the first.
    pub async fn throttle_count(
        &self,
        key: &str,
        now: OffsetDateTime,
        limit: i64,
        window: Duration,
    ) -> Result<Throttle, Error> {
        transaction!(self, tx => {
            let (from, to) = (micros(now), micros(now + window));
            let (count, until): (i64, i64) = on_each!(tx, fetch_one(COUNT_USE, key, from, to))?;
            if count <= limit { Ok(Throttle::Allowed) } else { blocked(until) }
        })
    }

    /// Deletes counters that have no effect any more; gives their number.
    pub async fn delete_old_throttles(&self, now: OffsetDateTime) -> Result<u64, Error> {
        transaction!(self, tx => on_each!(tx, execute(DELETE_OLD, micros(now))))
    }
}

/// How long the try after the `nth` failure too many has to wait.
fn delay(nth: i64, base: Duration) -> Duration {
    let doublings = u32::try_from(nth - 1).unwrap_or(u32::MAX);
    2_i32
        .checked_pow(doublings)
        .map_or(LONGEST_DELAY, |factor| base.saturating_mul(factor))
        .min(LONGEST_DELAY)
}

fn blocked(until: i64) -> Result<Throttle, Error> {
    let until = Micros(until)
        .try_into()
        .map_err(|_| Error::corrupt("throttle", "blocked_until", "it is out of range"))?;
    Ok(Throttle::Blocked { until })
}
