//! `[sessions]`: how long people stay signed in.

use time::Duration;

use super::{Key, Problem, Section, Values};

const NAME: &str = "sessions";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "How long people stay signed in.",
    keys: &[
        Key::text(
            "idle",
            "30m",
            "A session ends after this time without use, 1m to 12h.",
        ),
        Key::text(
            "absolute",
            "10h",
            "A session ends after this time in any case, at most 24h.",
        ),
        Key::text(
            "confirm_for",
            "5m",
            "How long nobody is asked again who they are before secrets are shown, at most 30m.",
        ),
    ],
};

/// How long people stay signed in.
#[derive(Debug, Clone)]
pub struct Sessions {
    /// Without use.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
    /// Until identity must be confirmed again.
    pub confirm_for: Duration,
}

impl Sessions {
    pub(super) fn from_values(values: &Values) -> Result<Self, Problem> {
        let between = |key, min: Duration, max: Duration| {
            let given = values.duration(NAME, key)?;
            if (min..=max).contains(&given) {
                return Ok(given);
            }
            let message = format!("please give a time from {min} to {max}");
            Err(values.problem(NAME, key, &message))
        };
        let idle = between("idle", Duration::minutes(1), Duration::hours(12))?;
        let absolute = between("absolute", Duration::minutes(1), Duration::hours(24))?;
        if idle > absolute {
            return Err(values.problem(NAME, "idle", "must not be longer than sessions.absolute"));
        }
        let confirm_for = between("confirm_for", Duration::seconds(10), Duration::minutes(30))?;
        Ok(Self {
            idle,
            absolute,
            confirm_for,
        })
    }
}
