//! Spans of time as people write them: "45s", "30m", "10h", "7d".

use time::Duration;

/// Reads a span of time; the message says what would be right.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!(
            "{text:?} is not a span of time; write a number and a unit, for example \"30m\" or \"10h\""
        )
    };
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let number: u32 = digits.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "" => {
            return Err(format!(
                "{text:?} has no unit; write for example \"{text}m\""
            ));
        }
        other => {
            return Err(format!(
                "{other:?} is not a unit of time; there are s, m, h and d"
            ));
        }
    };
    match i64::from(number) * seconds {
        0 => Err("please give more than nothing".to_owned()),
        seconds => Ok(Duration::seconds(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use time::Duration;

    #[test]
    fn number_and_unit() {
        assert_eq!(parse("45s"), Ok(Duration::seconds(45)));
        assert_eq!(parse("30m"), Ok(Duration::minutes(30)));
        assert_eq!(parse("10h"), Ok(Duration::hours(10)));
        assert_eq!(parse("7d"), Ok(Duration::days(7)));
    }

    #[test]
    fn everything_else_is_refused_with_words() {
        for (text, words) in [
            ("30", "no unit"),
            ("30 m", "not a unit"),
            ("30min", "not a unit"),
            ("m", "not a span"),
            ("", "not a span"),
            ("-5m", "not a span"),
            ("0h", "more than nothing"),
            ("99999999999d", "not a span"),
        ] {
            let problem = parse(text).expect_err(text);
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }
}
