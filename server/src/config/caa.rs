//! `[caa]`: whether the owners of domains are asked who may issue certificates for them.

use std::net::SocketAddr;

use domain::HostName;

use super::{Key, Problem, Section, Values};

const NAME: &str = "caa";

pub(super) const SECTION: Section = Section {
    name: NAME,
    meaning: "Whether the owners of domains are asked who may issue certificates for them (CAA, RFC 8659; \
              for mail RFC 9495).",
    keys: &[
        Key::flag(
            "check",
            "Asks before each certificate is signed. Where a domain forbids it, or its records cannot be \
             read, nothing is signed.",
        ),
        Key::list(
            "identities",
            "Names by which records permit it, for example \"ca.example.com\"; the first one is what \
             owners are told to add.",
        ),
        Key::text(
            "resolver",
            "",
            "Address and port of the resolver, for example \"127.0.0.1:53\"; empty is the system's. It \
             should validate DNSSEC.",
        ),
    ],
};

/// How the owners of domains are asked.
#[derive(Debug, Clone)]
pub struct CaaCheck {
    /// Names by which records permit it, at least one.
    pub identities: Vec<HostName>,
    /// The resolver; nothing means the system's.
    pub resolver: Option<SocketAddr>,
}

impl CaaCheck {
    /// Nothing where nobody is to be asked; what is wrong is said in any case.
    pub(super) fn from_values(values: &Values) -> Result<Option<Self>, Problem> {
        let mut identities = Vec::new();
        for name in values.list(NAME, "identities") {
            let parsed = HostName::parse_international(&name).ok();
            let parsed = parsed.filter(|host| host.address().is_none() && !host.is_wildcard());
            identities.push(parsed.ok_or_else(|| {
                let message = format!("{name:?} is not a domain name such as \"ca.example.com\"");
                values.problem(NAME, "identities", &message)
            })?);
        }
        let resolver = match values.some_text(NAME, "resolver") {
            Some(_) => {
                let expected = "an address with a port such as \"127.0.0.1:53\"";
                Some(values.parsed(NAME, "resolver", expected)?)
            }
            None => None,
        };
        if !values.flag(NAME, "check") {
            return Ok(None);
        }
        if identities.is_empty() {
            let message =
                "please give the names by which records permit certificates of this portal";
            return Err(values.problem(NAME, "identities", message));
        }
        Ok(Some(Self {
            identities,
            resolver,
        }))
    }
}
