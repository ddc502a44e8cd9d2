//! Mail addresses: the part of RFC 5321 and RFC 5322 that certificates carry.
//!
//! An address is compared without regard to case (mail systems do, whatever the standard allows),
//! so it is lower-cased once, here; certificates then match `From` lines in every mail program.

use serde::{Deserialize, Serialize};

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// Nothing was given.
    #[error("please enter a mail address")]
    Empty,
    /// There is not exactly one `@` with something on both sides.
    #[error("a mail address looks like name@example.com")]
    Shape,
    /// RFC 5321 section 4.5.3.1: 64 octets before the `@`, 254 in all.
    #[error("this mail address is too long")]
    TooLong,
    /// A character that `rfc822Name` cannot hold (RFC 5280 section 4.2.1.6: ASCII only).
    #[error("only ASCII letters, digits and . _ - + ' can stand before the @")]
    Local,
    /// The domain is not a host name of at least two labels.
    #[error("the part after the @ is not a domain name such as example.com")]
    Domain,
}

/// A mail address, lower-cased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox(String);

impl Mailbox {
    /// Trims, checks and lower-cases an address.
    pub fn parse(value: &str) -> Result<Self, MailboxError> {
        Self::parse_with(value, is_atom_character, str::to_ascii_lowercase)
    }

    /// Like [`Self::parse`], and letters of every script may stand before the `@` (RFC 6532 section
    /// 3.2). A certificate holds such an address as `SmtpUTF8Mailbox` (RFC 9598 section 3). The
    /// domain is given in A-labels. What is stored or sent as JSON is read by [`Self::parse`], so
    /// such an address stays within the process until the portal offers it.
    pub fn parse_international(value: &str) -> Result<Self, MailboxError> {
        let is_atom = |c| is_atom_character(c) || is_international_character(c);
        Self::parse_with(value, is_atom, str::to_lowercase)
    }

    // Lower-casing is an argument so that the browser's half, which takes ASCII only, does not
    // carry Unicode's tables.
    fn parse_with(
        value: &str,
        is_atom: fn(char) -> bool,
        lower_case: fn(&str) -> String,
    ) -> Result<Self, MailboxError> {
        let value = value.trim();
        if value.is_empty() {
            return Err(MailboxError::Empty);
        }
        let (local, domain) = value.rsplit_once('@').ok_or(MailboxError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(MailboxError::Shape);
        }
        // Before lower-casing: other characters must not turn into these.
        if !is_dot_atom(local, is_atom) {
            return Err(MailboxError::Local);
        }
        let local = lower_case(local);
        let domain = MailDomain::parse(domain)?;
        if local.len() > 64 || local.len() + 1 + domain.as_str().len() > 254 {
            return Err(MailboxError::TooLong);
        }
        Ok(Self(format!("{local}@{domain}")))
    }

    /// Whether the address fits an `rfc822Name` (RFC 5280 section 4.2.1.6).
    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    pub fn domain(&self) -> MailDomain {
        MailDomain(
            self.0
                .rsplit_once('@')
                .map(|(_, d)| d.to_owned())
                .unwrap_or_default(),
        )
    }
}

/// RFC 5322 section 3.2.3 `dot-atom`.
fn is_dot_atom(local: &str, is_atom: fn(char) -> bool) -> bool {
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// What an atom may hold, less the symbols that break shells and file names.
fn is_atom_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'')
}

/// Anything beyond ASCII that can be seen: no controls, spaces, invisible or directional
/// characters, byte order mark (RFC 9598 section 3) or private use; nor what becomes ASCII in lower
/// case, as the Kelvin sign does, because it would turn one address into another.
fn is_international_character(c: char) -> bool {
    !c.is_ascii()
        && !c.to_lowercase().any(|lower| lower.is_ascii())
        && !c.is_control()
        && !c.is_whitespace()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{10ffff}')
}

/// A mail domain, lower-cased, with international labels as A-labels (`xn--`, RFC 5890).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailDomain(String);

impl MailDomain {
    /// Trims, checks and lower-cases a domain name (RFC 1123 section 2.1).
    pub fn parse(value: &str) -> Result<Self, MailboxError> {
        let value = value.trim().trim_start_matches('@').to_ascii_lowercase();
        let labels: Vec<&str> = value.split('.').collect();
        let is_host = labels.len() >= 2
            && value.len() <= 253
            && labels.iter().all(|label| is_label(label))
            && labels
                .last()
                .is_some_and(|top| top.chars().any(|c| c.is_ascii_alphabetic()));
        if is_host {
            Ok(Self(value))
        } else {
            Err(MailboxError::Domain)
        }
    }

    /// The domain name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

macro_rules! text_forms {
    ($($name:ident),+) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = MailboxError;

            fn from_str(value: &str) -> Result<Self, MailboxError> {
                Self::parse(value)
            }
        }

        impl TryFrom<String> for $name {
            type Error = MailboxError;

            fn try_from(value: String) -> Result<Self, MailboxError> {
                Self::parse(&value)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )+};
}
text_forms!(Mailbox, MailDomain);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn good_addresses_are_lower_cased() {
        for (typed, stored) in [
            (" Alice@Example.COM ", "alice@example.com"),
            (
                "o'brien+x@mail.example.co.uk",
                "o'brien+x@mail.example.co.uk",
            ),
            (
                "a.b-c_d@xn--mller-kva.example",
                "a.b-c_d@xn--mller-kva.example",
            ),
        ] {
            assert_eq!(Mailbox::parse(typed).unwrap().as_str(), stored);
        }
    }

    #[test]
    fn bad_addresses_say_why() {
        let long = format!("{}@example.com", "a".repeat(65));
        for (typed, why) in [
            ("", MailboxError::Empty),
            ("alice", MailboxError::Shape),
            ("@example.com", MailboxError::Shape),
            ("alice@", MailboxError::Shape),
            ("a b@example.com", MailboxError::Local),
            ("a@b@example.com", MailboxError::Local),
            (".a@example.com", MailboxError::Local),
            ("ä@example.com", MailboxError::Local),
            ("\u{212a}ate@example.com", MailboxError::Local),
            ("alice@localhost", MailboxError::Domain),
            ("alice@-x.com", MailboxError::Domain),
            ("alice@192.0.2.1", MailboxError::Domain),
            ("alice@exämple.com", MailboxError::Domain),
            ("a\r\nBcc: x@example.com", MailboxError::Local),
            (&long, MailboxError::TooLong),
        ] {
            assert_eq!(Mailbox::parse(typed), Err(why), "{typed:?}");
        }
    }

    #[test]
    fn international_addresses_are_taken_where_asked_for() {
        for (typed, stored) in [
            ("Älice@Example.com", "älice@example.com"),
            ("用户@xn--fsqu00a.example", "用户@xn--fsqu00a.example"),
            ("o'bríen+x@example.com", "o'bríen+x@example.com"),
            ("alice@example.com", "alice@example.com"),
        ] {
            let mailbox = Mailbox::parse_international(typed).unwrap();
            assert_eq!(mailbox.as_str(), stored);
            assert_eq!(Mailbox::parse(typed).is_ok(), mailbox.is_ascii());
        }
        let long = format!("{}@example.com", "ä".repeat(33));
        for (typed, why) in [
            ("\u{feff}älice@example.com", MailboxError::Local),
            ("ä\u{202e}lice@example.com", MailboxError::Local),
            ("ä\u{a0}b@example.com", MailboxError::Local),
            ("\u{212a}ate@example.com", MailboxError::Local),
            ("älice@exämple.com", MailboxError::Domain),
            (&long, MailboxError::TooLong),
        ] {
            assert_eq!(Mailbox::parse_international(typed), Err(why), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn international_parsing_is_stable(typed in "\\PC{1,30}@example\\.com") {
            if let Ok(mailbox) = Mailbox::parse_international(&typed) {
                prop_assert_eq!(Mailbox::parse_international(mailbox.as_str()), Ok(mailbox));
            }
        }

        #[test]
        fn parsing_never_panics_and_is_stable(typed in "\\PC{0,80}") {
            if let Ok(mailbox) = Mailbox::parse(&typed) {
                prop_assert_eq!(Mailbox::parse(mailbox.as_str()), Ok(mailbox));
            }
        }
    }
}
