//! Points in time as people say them. Written by hand: the formatting machinery of a library would
//! be a large part of what the browser has to load.

use time::OffsetDateTime;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The day, for example "3 May 2026".
pub fn day(at: OffsetDateTime) -> String {
    let month = MONTHS
        .get(usize::from(u8::from(at.month())) - 1)
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", at.day(), at.year())
}

/// Day and time, for example "3 May 2026, 14:05 UTC".
pub fn exact(at: OffsetDateTime) -> String {
    let at = utc(at);
    format!("{}, {:02}:{:02} UTC", day(at), at.hour(), at.minute())
}

/// For the attribute `datetime`, for example "2026-05-03T14:05:00Z" (RFC 3339).
pub fn machine(at: OffsetDateTime) -> String {
    let at = utc(at);
    let month = u8::from(at.month());
    format!(
        "{:04}-{month:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// For fields and filters of kind `date`, for example "2026-05-03".
pub fn machine_day(at: OffsetDateTime) -> String {
    let mut text = machine(at);
    text.truncate("2026-05-03".len());
    text
}

/// How far from `now`, for example "3 hours ago" or "in 12 days".
pub fn relative(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let seconds = at.unix_timestamp() - now.unix_timestamp();
    let far = seconds.abs();
    let (number, unit) = match far {
        0..MINUTE => return "just now".to_owned(),
        MINUTE..HOUR => (far / MINUTE, "minute"),
        HOUR..DAY => (far / HOUR, "hour"),
        _ if far < 60 * DAY => (far / DAY, "day"),
        _ if far < 730 * DAY => (far / (30 * DAY), "month"),
        _ => (far / (365 * DAY), "year"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if seconds < 0 {
        format!("{number} {unit}{plural} ago")
    } else {
        format!("in {number} {unit}{plural}")
    }
}

fn utc(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(time::UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-05-03 14:05:09 UTC);

    #[test]
    fn distances_are_said_in_the_largest_fitting_unit() {
        for (seconds, words) in [
            (0, "just now"),
            (-59, "just now"),
            (-60, "1 minute ago"),
            (-7200, "2 hours ago"),
            (86_400, "in 1 day"),
            (12 * 86_400 + 5, "in 12 days"),
            (365 * 86_400, "in 12 months"),
            (-3 * 365 * 86_400, "3 years ago"),
        ] {
            assert_eq!(relative(NOW + Duration::seconds(seconds), NOW), words);
        }
    }

    #[test]
    fn exact_times_are_in_utc() {
        let at = datetime!(2026-05-03 01:05:09 +2);
        assert_eq!(exact(at), "2 May 2026, 23:05 UTC");
        assert_eq!(machine(at), "2026-05-02T23:05:09Z");
        assert_eq!(machine(NOW), "2026-05-03T14:05:09Z");
        assert_eq!(machine_day(at), "2026-05-02");
    }
}
