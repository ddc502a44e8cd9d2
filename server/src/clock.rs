//! The system's clock, read in this one place.

use domain::Clock;
use time::OffsetDateTime;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the clock is read; everything else gets it as an argument"
    )]
    fn now(&self) -> OffsetDateTime {
        domain::to_micros(OffsetDateTime::now_utc())
    }
}
