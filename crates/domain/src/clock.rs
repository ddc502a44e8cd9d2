//! Time is an argument: whoever needs the time is given a clock.

use time::OffsetDateTime;

/// Tells the time. The system's clock lives in `server`, a settable one in the tests.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current time in UTC, cut to whole microseconds (see [`to_micros`]).
    fn now(&self) -> OffsetDateTime;
}

/// Cuts a time to whole microseconds, which is what PostgreSQL keeps; a time that was stored and
/// read back then equals the one that was written.
pub fn to_micros(time: OffsetDateTime) -> OffsetDateTime {
    time.replace_microsecond(time.microsecond()).unwrap_or(time)
}
