//! What is asked: a domain, and what the certificate is for.

use domain::{HostName, MailDomain};

/// What a certificate is for, which decides the property that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Mail addresses in the domain: `issuemail` (RFC 9495 section 3).
    Mail,
    /// The host of this name: `issue` (RFC 8659 section 4.2).
    Host,
    /// Every host in the domain: `issuewild`, without one `issue` (RFC 8659 section 4.3).
    Wildcard,
}

impl Purpose {
    /// The property that an owner writes to permit it.
    pub(crate) const fn property(self) -> &'static str {
        match self {
            Self::Mail => "issuemail",
            Self::Host => "issue",
            Self::Wildcard => "issuewild",
        }
    }

    /// In plain English.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Mail => "for mail",
            Self::Host => "for hosts",
            Self::Wildcard => "for wildcards",
        }
    }
}

/// A domain to be asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// In A-labels, lower case, without a dot at the end.
    pub(crate) domain: String,
    pub(crate) purpose: Purpose,
}

impl Question {
    /// May certificates name mail addresses of this domain?
    pub fn mail(domain: &MailDomain) -> Self {
        Self {
            domain: domain.as_str().to_owned(),
            purpose: Purpose::Mail,
        }
    }

    /// May certificates name this host? IP addresses have no owner who could say.
    pub fn host(host: &HostName) -> Option<Self> {
        if host.address().is_some() {
            return None;
        }
        let (domain, purpose) = match host.as_str().strip_prefix("*.") {
            Some(domain) => (domain, Purpose::Wildcard),
            None => (host.as_str(), Purpose::Host),
        };
        Some(Self {
            domain: domain.to_owned(),
            purpose,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_addresses() {
        let host = |name| Question::host(&HostName::parse(name).unwrap());
        let question = host("www.example.com").unwrap();
        assert_eq!(question.domain, "www.example.com");
        assert_eq!(question.purpose, Purpose::Host);
        let question = host("*.example.com").unwrap();
        assert_eq!(question.domain, "example.com");
        assert_eq!(question.purpose, Purpose::Wildcard);
        assert_eq!(host("192.0.2.1"), None);
        assert_eq!(host("2001:db8::1"), None);
    }
}
