//! A day as people say it, for what stands in sentences. Files and addresses keep RFC 3339.

use time::{OffsetDateTime, UtcOffset};

/// For example "3 May 2026", in UTC.
pub(crate) fn in_words(at: OffsetDateTime) -> String {
    let day = at.to_offset(UtcOffset::UTC).date();
    format!("{} {} {}", day.day(), day.month(), day.year())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    #[test]
    fn a_day_is_said_in_words_and_in_utc() {
        assert_eq!(
            super::in_words(datetime!(2026-05-03 14:05 UTC)),
            "3 May 2026"
        );
        assert_eq!(
            super::in_words(datetime!(2026-12-01 01:05 +2)),
            "30 November 2026"
        );
    }
}
