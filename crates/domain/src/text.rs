//! Text that people type: names and reasons, trimmed and bounded.

use serde::{Deserialize, Serialize};

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing was left after trimming.
    #[error("please fill this in")]
    Empty,
    /// Longer than the field can hold.
    #[error("at most {max} characters, please; this has {actual}")]
    TooLong {
        /// The longest allowed, in characters.
        max: usize,
        /// What was given, in characters.
        actual: usize,
    },
    /// A control character, for example from a copy out of another program.
    #[error("this contains a character that cannot be printed; please type it again")]
    Control,
}

fn parse(value: &str, max: usize, is_multiline: bool) -> Result<String, TextError> {
    let value = value.replace("\r\n", "\n");
    let value = value.trim();
    let actual = value.chars().count();
    if actual == 0 {
        return Err(TextError::Empty);
    }
    if actual > max {
        return Err(TextError::TooLong { max, actual });
    }
    if value.chars().any(|c| {
        (c.is_control() && !(is_multiline && matches!(c, '\n' | '\t'))) || is_direction_control(c)
    }) {
        return Err(TextError::Control);
    }
    Ok(value.to_owned())
}

/// Unicode's invisible direction controls, which can make a text read as another one.
fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $max:literal, $multiline:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The longest text allowed, in characters.
            pub const MAX: usize = $max;

            /// Trims and checks what somebody typed.
            pub fn parse(value: &str) -> Result<Self, TextError> {
                parse(value, Self::MAX, $multiline).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(value: String) -> Result<Self, TextError> {
                Self::parse(&value)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

text!(
    /// Name of a person, an organisation or a template. 64 characters is also the limit of a
    /// common name (RFC 5280 appendix A, `ub-common-name`).
    Name, 64, false
);
text!(
    /// Why something is asked for or refused.
    Reason, 500, true
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(
            Name::parse("  Alice Smith ").unwrap().as_str(),
            "Alice Smith"
        );
        assert_eq!(Name::parse(" \t "), Err(TextError::Empty));
        assert_eq!(
            Name::parse(&"é".repeat(65)),
            Err(TextError::TooLong {
                max: 64,
                actual: 65
            })
        );
        assert!(Name::parse(&"é".repeat(64)).is_ok());
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        for bad in ["a\nb", "a\u{0}b", "a\u{202E}b"] {
            assert_eq!(Name::parse(bad), Err(TextError::Control), "{bad:?}");
        }
        assert_eq!(Reason::parse("a\r\nb").unwrap().as_str(), "a\nb");
    }
}
