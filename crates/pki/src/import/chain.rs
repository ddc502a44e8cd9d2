//! From an authority to its root: who issued whom, and whether they could.

use super::ImportError;
use crate::{PublicKey, oid, tbs};
use der::Decode;
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::x509::X509;
use std::cmp::Ordering;
use time::OffsetDateTime;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

/// Most authorities above each other.
const LONGEST: usize = 8;

/// What an authority may issue for.
#[derive(Clone, Copy)]
pub(super) struct Purposes {
    pub(super) mail: bool,
    pub(super) tls: bool,
}

/// A certificate of an authority, as far as the chain needs it.
pub(super) struct Link {
    pub(super) der: Vec<u8>,
    x509: X509,
    subject: String,
    issuer: String,
    not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    constraints: Option<BasicConstraints>,
    usage: Option<KeyUsage>,
    purposes: Option<ExtendedKeyUsage>,
}

impl Link {
    pub(super) fn read(der: &[u8]) -> Result<Self, ImportError> {
        Self::parse(der).ok_or(ImportError::Unreadable)
    }

    fn parse(der: &[u8]) -> Option<Self> {
        let certificate = x509_cert::Certificate::from_der(der).ok()?;
        let tbs = certificate.tbs_certificate();
        Some(Self {
            der: der.to_vec(),
            x509: X509::from_der(der).ok()?,
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
            constraints: tbs.get_extension().ok()?.map(|(_, found)| found),
            usage: tbs.get_extension().ok()?.map(|(_, found)| found),
            purposes: tbs.get_extension().ok()?.map(|(_, found)| found),
        })
    }

    /// What people call it.
    pub(super) fn name(&self) -> String {
        self.subject.clone()
    }

    /// Without key usage all is allowed (RFC 5280 section 4.2.1.3), as without purposes.
    fn may(&self, what: impl Fn(&KeyUsage) -> bool) -> bool {
        self.usage.as_ref().is_none_or(what)
    }

    pub(super) fn may_sign_lists(&self) -> bool {
        self.may(KeyUsage::crl_sign)
    }

    /// Whether its extended key usage lets it issue for mail, and for TLS. Verifiers apply that to
    /// all below it, and certificates for devices and people who sign in have `clientAuth`.
    pub(super) fn purposes(&self) -> Purposes {
        let allows = |purpose| {
            self.purposes.as_ref().is_none_or(|purposes| {
                purposes.0.contains(&purpose) || purposes.0.contains(&oid::ANY_PURPOSE)
            })
        };
        Purposes {
            mail: allows(oid::EMAIL_PROTECTION),
            tls: allows(oid::SERVER_AUTH) && allows(oid::CLIENT_AUTH),
        }
    }

    pub(super) fn certifies(&self, key: &PublicKey) -> bool {
        self.x509
            .public_key()
            .is_ok_and(|certified| certified.public_eq(key.pkey()))
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.is_named_as_issuer_of(self)
    }

    fn is_named_as_issuer_of(&self, other: &Self) -> bool {
        let name = self.x509.subject_name();
        let compared = name.try_cmp(other.x509.issuer_name());
        compared.is_ok_and(Ordering::is_eq)
    }

    fn signed(&self, other: &Self) -> bool {
        // OpenSSL would also verify with 16384 bits, which takes long.
        self.x509
            .public_key()
            .is_ok_and(|key| key.bits() <= 8192 && other.x509.verify(&key).unwrap_or(false))
    }

    pub(super) fn check_authority(&self) -> Result<(), ImportError> {
        if !self.constraints.as_ref().is_some_and(|found| found.ca) {
            return Err(ImportError::NotAuthority(self.name()));
        }
        if !self.may(KeyUsage::key_cert_sign) {
            return Err(ImportError::MayNotSign(self.name()));
        }
        Ok(())
    }

    fn check(&self, below: usize, now: OffsetDateTime) -> Result<(), ImportError> {
        self.check_authority()?;
        if now < self.not_before {
            return Err(ImportError::NotYetValid(self.name()));
        }
        if now > self.not_after {
            return Err(ImportError::Expired(self.name()));
        }
        let most_below = self
            .constraints
            .as_ref()
            .and_then(|found| found.path_len_constraint);
        if most_below.is_some_and(|most| usize::from(most) < below) {
            return Err(ImportError::PathTooLong(self.name()));
        }
        let is_weak = self
            .x509
            .public_key()
            .map_or(true, |key| key.id() == Id::RSA && key.bits() < 2048);
        if is_weak {
            return Err(ImportError::WeakIssuer(self.name()));
        }
        // A root's own signature proves nothing, so its hash does not matter.
        if !self.is_self_issued() && self.has_weak_signature() {
            return Err(ImportError::WeakSignature(self.name()));
        }
        Ok(())
    }

    fn has_weak_signature(&self) -> bool {
        let algorithm = self.x509.signature_algorithm().object().nid();
        algorithm
            .signature_algorithms()
            .is_some_and(|parts| [Nid::MD5, Nid::SHA1, Nid::MDC2].contains(&parts.digest))
    }
}

/// Finds those above an authority, its issuer first. Everything is checked, the authority too.
pub(super) fn build<'a>(
    own: &'a Link,
    all: &'a [Link],
    now: OffsetDateTime,
) -> Result<Vec<&'a Link>, ImportError> {
    own.check(0, now)?;
    let mut above: Vec<&Link> = Vec::new();
    let mut current = own;
    while !current.is_self_issued() {
        // This also ends the round of two that certified each other.
        if above.len() >= LONGEST {
            return Err(ImportError::ChainTooLong);
        }
        let issuer = issuer_of(current, all)?;
        issuer.check(above.len() + 1, now)?;
        above.push(issuer);
        current = issuer;
    }
    if current.signed(current) {
        Ok(above)
    } else {
        Err(ImportError::OtherIssuer {
            subject: current.name(),
            issuer: current.name(),
        })
    }
}

/// Of several certificates of one key, a self-signed one ends the chain soonest, and then the one that
/// lasts longest.
fn issuer_of<'a>(current: &Link, all: &'a [Link]) -> Result<&'a Link, ImportError> {
    let mut named = all
        .iter()
        .filter(|link| link.is_named_as_issuer_of(current))
        .peekable();
    let (subject, issuer) = (current.name(), current.issuer.clone());
    if named.peek().is_none() {
        return Err(ImportError::MissingIssuer { subject, issuer });
    }
    named
        .filter(|link| link.signed(current))
        .max_by_key(|link| (link.is_self_issued(), link.not_after))
        .ok_or(ImportError::OtherIssuer { subject, issuer })
}
