//! `[retention]`: how long what was issued is kept.

use super::{Key, Problem, Section, Values};

const NAME: &str = "retention";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "How long what was issued is kept.",
    keys: &[Key::number(
        "certificates_days",
        730,
        "Days after the end of a certificate before an administrator may delete its key and \
         password, 1 to 36500. Nothing is deleted by itself: old mail opens with them.",
    )],
};

/// How long what was issued is kept.
#[derive(Debug, Clone)]
pub struct Retention {
    /// Days for key and password of a certificate after its end.
    pub certificates_days: u16,
}

impl Retention {
    pub(super) fn from_values(values: &Values) -> Result<Self, Problem> {
        let days = values.number(NAME, "certificates_days", 1, 36_500)?;
        Ok(Self {
            certificates_days: u16::try_from(days).unwrap_or(u16::MAX),
        })
    }
}
