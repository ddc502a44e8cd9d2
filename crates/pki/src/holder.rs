//! Whom a certificate names and what its key is for: what differs between certificates of one
//! profile.

use crate::{CertificateKind, Error, MailKind, SmimeProfile};
use domain::{Mailbox, Name};
use std::iter;

/// The holder of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The address. One with letters beyond ASCII becomes an `SmtpUTF8Mailbox` (RFC 9598).
    pub mailbox: Mailbox,
    /// Further addresses of the same person, none of them twice.
    pub more: Vec<Mailbox>,
    /// What the common name says: the address, for a person also their name.
    pub common_name: CommonName,
    /// Person and organisation, for a sponsor-validated certificate; without it the certificate is
    /// mailbox-validated and names nobody.
    pub sponsored: Option<SponsoredPerson>,
    /// What the key is for.
    pub purpose: KeyPurpose,
}

impl Holder {
    /// A mailbox with one key for everything, which is what the portal issues by default.
    pub fn of(mailbox: &Mailbox) -> Self {
        Self {
            mailbox: mailbox.clone(),
            more: Vec::new(),
            common_name: CommonName::Alternative,
            sponsored: None,
            purpose: KeyPurpose::Both,
        }
    }

    /// The kind of certificate this holder gets under a profile, which the linter is told when
    /// bytes are taken up again.
    pub fn kind(&self, profile: &SmimeProfile) -> CertificateKind<'_> {
        CertificateKind::Mail(MailKind {
            more: &self.more,
            is_sponsored: self.sponsored.is_some(),
            purpose: self.purpose,
            has_client_auth: profile.has_client_auth,
            reserved_policy: profile.policy.reserved(),
        })
    }

    /// All addresses, the one it is for first.
    pub fn mailboxes(&self) -> impl Iterator<Item = &Mailbox> {
        iter::once(&self.mailbox).chain(&self.more)
    }
}

/// What the common name of a certificate says. It is for people to read: programs compare the
/// alternative name (RFC 9525 section 2, RFC 8550 section 3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CommonName {
    /// The first address or DNS name in the alternative name, if it has at most 64 ASCII characters;
    /// otherwise nothing.
    #[default]
    Alternative,
    /// A name that was checked: that of the person or of the device.
    Checked(Name),
    /// There is no common name.
    Absent,
}

impl CommonName {
    /// The name that was checked, if that is what stands there.
    pub fn checked(&self) -> Option<&str> {
        match self {
            Self::Checked(name) => Some(name.as_str()),
            Self::Alternative | Self::Absent => None,
        }
    }
}

/// What a key is for (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyPurpose {
    /// Signing and encrypting mail.
    #[default]
    Both,
    /// Signing only: the key of a split pair that is never kept for anybody.
    Sign,
    /// Encrypting only: the key of a split pair that may be kept to read old mail.
    Encrypt,
}

/// A person whose organisation vouches for the name ("sponsor-validated" in the S/MIME Baseline
/// Requirements section 7.1.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SponsoredPerson {
    /// Given name.
    pub given_name: Name,
    /// Surname.
    pub surname: Name,
    /// The organisation's legal name.
    pub organisation: Name,
    /// Where the organisation is registered.
    pub identifier: OrganisationIdentifier,
}

impl SponsoredPerson {
    /// The personal name as common name; absent where both together are longer than that may be.
    pub fn common_name(&self) -> CommonName {
        let full_name = full_name(self.given_name.as_str(), self.surname.as_str());
        Name::parse(&full_name).map_or(CommonName::Absent, CommonName::Checked)
    }
}

pub(crate) fn full_name(given_name: &str, surname: &str) -> String {
    format!("{given_name} {surname}")
}

/// `organizationIdentifier` (2.5.4.97): a scheme, a country and a reference, for example
/// `NTRDE-DER3306.HRB12345` (S/MIME Baseline Requirements appendix A).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationIdentifier(String);

/// The country of schemes that belong to none.
const GLOBAL: &str = "XG";

impl OrganisationIdentifier {
    /// Reads an identifier. Schemes: `NTR`, `VAT` and `PSD` with a country and a reference, `LEI`
    /// with `XG` and a reference, `GOV` with a country and `INT` with `XG` without one.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if is_identifier(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Input(
                "an organisation identifier looks like NTRDE-DER3306.HRB12345 or VATDE-123456789",
            ))
        }
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country of registration (ISO 3166-1), none for a global scheme.
    pub fn country(&self) -> Option<&str> {
        self.0.get(3..5).filter(|country| *country != GLOBAL)
    }
}

fn is_identifier(text: &str) -> bool {
    let (Some(scheme), Some(country), Some(rest)) = (text.get(..3), text.get(3..5), text.get(5..))
    else {
        return false;
    };
    let (subdivision, reference) = match rest.split_once('-') {
        Some((before, reference)) => (before, Some(reference)),
        None => (rest, None),
    };
    let is_global = country == GLOBAL;
    let is_country = country.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_subdivision = subdivision.strip_prefix('+').is_some_and(|code| {
        (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let has_reference = reference
        .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()));
    let may_be_divided = subdivision.is_empty() || (is_subdivision && scheme == "NTR");
    text.len() <= crate::name::LONGEST
        && is_country
        && match scheme {
            "NTR" | "VAT" | "PSD" => has_reference && may_be_divided && !is_global,
            "LEI" => has_reference && subdivision.is_empty() && is_global,
            "GOV" => {
                reference.is_none() && (subdivision.is_empty() || is_subdivision) && !is_global
            }
            "INT" => rest.is_empty() && is_global,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_name_scheme_country_and_reference() {
        for (text, country) in [
            ("NTRDE-DER3306.HRB12345", Some("DE")),
            ("NTRUS+CA-12345", Some("US")),
            ("VATDE-123456789", Some("DE")),
            ("PSDDE-BAFIN-1234", Some("DE")),
            ("LEIXG-529900T8BM49AURSDO55", None),
            ("GOVUS+CA", Some("US")),
            ("INTXG", None),
        ] {
            let parsed = OrganisationIdentifier::parse(text).unwrap();
            assert_eq!((parsed.as_str(), parsed.country()), (text, country));
        }
        for bad in [
            "",
            "-",
            "NTRDE",
            "NTRDE-",
            "NTRde-1",
            "ntrDE-1",
            "NTRDE+-1",
            "NTRDE-a b",
            "LEIDE-1",
            "XYZDE-1",
            "VATXG-1",
            "INTXG-1",
            "NTRDE-ä",
            "äää",
            "VATDE+BY-1",
        ] {
            assert!(OrganisationIdentifier::parse(bad).is_err(), "{bad}");
        }
    }
}
