//! Names of servers and devices, as certificates carry them: DNS names and IP addresses.
//!
//! A name has one form: lower case, international labels as A-labels (`xn--`, RFC 5890), no dot at
//! the end; an address as RFC 5952 writes it. A wildcard stands for one label, the leftmost.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Why a host name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostNameError {
    /// Nothing was given.
    #[error("please enter a host name or an IP address")]
    Empty,
    /// It is a URL, or has a port or a path.
    #[error("please enter the host name alone, without https://, port or path")]
    Shape,
    /// RFC 1035 section 2.3.4: 63 octets in a label, 253 in all.
    #[error("a host name has at most 253 characters, and at most 63 between two dots")]
    TooLong,
    /// RFC 1123 section 2.1: letters, digits and hyphens.
    #[error(
        "a host name has letters, digits and hyphens between its dots, and begins and ends with a \
         letter or digit"
    )]
    Label,
    /// RFC 9525 section 6.3: `*` alone is the leftmost label.
    #[error("a wildcard stands alone at the left of a domain, as in *.example.com")]
    Wildcard,
    /// The last label has no letter, so it is not a name; nor is it an address.
    #[error("this is neither an IP address nor a host name, whose last part has a letter")]
    Number,
    /// Unspecified, broadcast or multicast.
    #[error("no single host has this IP address")]
    Address,
    /// Not a name that browsers would look up (RFC 5891 section 4.2).
    #[error(
        "this international host name is not valid; write it as the domain's registry shows it"
    )]
    International,
}

/// A DNS name, a wildcard or an IP address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostName(String);

impl HostName {
    /// The longest DNS name, in characters.
    pub const MAX: usize = 253;

    /// Trims, checks and lower-cases a name in ASCII. What is stored or sent is read by this one.
    pub fn parse(value: &str) -> Result<Self, HostNameError> {
        Self::parse_with(value, |name| {
            if name.is_ascii() {
                Ok(name.to_ascii_lowercase())
            } else {
                Err(HostNameError::International)
            }
        })
    }

    /// Like [`Self::parse`], for what a person typed: letters of every script become A-labels, and
    /// labels that already are have to be valid (UTS 46, RFC 5891 section 5).
    pub fn parse_international(value: &str) -> Result<Self, HostNameError> {
        use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
        Self::parse_with(value, |name| {
            Uts46::new()
                .to_ascii(
                    name.as_bytes(),
                    AsciiDenyList::STD3,
                    Hyphens::Allow,
                    DnsLength::Ignore,
                )
                .map(std::borrow::Cow::into_owned)
                .map_err(|_| HostNameError::International)
        })
    }

    // Unicode's tables are an argument so that the browser's half does not carry them.
    fn parse_with(
        value: &str,
        to_ascii: impl Fn(&str) -> Result<String, HostNameError>,
    ) -> Result<Self, HostNameError> {
        let value = value.trim();
        if value.is_empty() {
            return Err(HostNameError::Empty);
        }
        let bare = value.strip_prefix('[').and_then(|v| v.strip_suffix(']'));
        if let Ok(address) = bare.unwrap_or(value).parse() {
            return Self::of_address(address);
        }
        if value.contains(|c: char| c.is_whitespace() || "/:@?#[]\\".contains(c)) {
            return Err(HostNameError::Shape);
        }
        let value = value.strip_suffix('.').unwrap_or(value);
        let (star, name) = match value.strip_prefix("*.") {
            Some(rest) => ("*.", rest),
            None => ("", value),
        };
        if name.contains('*') {
            return Err(HostNameError::Wildcard);
        }
        if !name.chars().all(|c| !c.is_ascii() || is_label_character(c)) {
            return Err(HostNameError::Label);
        }
        let name = to_ascii(name)?;
        check_labels(&name, HostName::MAX - star.len())?;
        if !star.is_empty() && !name.contains('.') {
            return Err(HostNameError::Wildcard);
        }
        Ok(Self(format!("{star}{name}")))
    }

    fn of_address(address: IpAddr) -> Result<Self, HostNameError> {
        let is_broadcast = matches!(address, IpAddr::V4(four) if four.is_broadcast());
        if address.is_unspecified() || address.is_multicast() || is_broadcast {
            return Err(HostNameError::Address);
        }
        Ok(Self(address.to_string()))
    }

    /// The name or address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }

    /// Whether it stands for every name one label below a domain.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }
}

fn is_label_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
}

fn check_labels(name: &str, longest: usize) -> Result<(), HostNameError> {
    if name.len() > longest || name.split('.').any(|label| label.len() > 63) {
        return Err(HostNameError::TooLong);
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(is_label_character)
    };
    if !name.split('.').all(is_label) {
        return Err(HostNameError::Label);
    }
    let top = name.rsplit('.').next().unwrap_or_default();
    if top.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        Ok(())
    } else {
        Err(HostNameError::Number)
    }
}

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for HostName {
    type Err = HostNameError;

    fn from_str(value: &str) -> Result<Self, HostNameError> {
        Self::parse(value)
    }
}

impl TryFrom<String> for HostName {
    type Error = HostNameError;

    fn try_from(value: String) -> Result<Self, HostNameError> {
        Self::parse(&value)
    }
}

impl From<HostName> for String {
    fn from(value: HostName) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests;
