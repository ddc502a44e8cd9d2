//! Taking over an authority that exists already: its key, its certificate and the chain to its root.
//!
//! Whoever brings the file may have any part of it wrong, so that each refusal says which
//! certificate is meant and what to do.

mod chain;
mod error;
mod material;
mod notice;

pub use error::ImportError;
pub use notice::AuthorityNotice;

use crate::{IssuerPurpose, IssuingCertificate, PrivateKey, PublicKey, lint};
use chain::Link;
use domain::{KeyAlgorithm, Secret};
use time::OffsetDateTime;
use x509_cert::ext::pkix::name::GeneralName;

/// Most certificates given; each may be tried as the issuer of each.
const MOST_CERTIFICATES: usize = 32;

/// A file, or several joined, with an authority's key and certificates.
#[derive(Clone, Copy)]
pub enum AuthorityFile<'a> {
    /// A PKCS#12 container.
    Pfx {
        /// The container.
        bytes: &'a [u8],
        /// Its password.
        password: &'a Secret<String>,
    },
    /// PEM text with one private key (PKCS#8, encrypted or not, or OpenSSL's older forms) and the
    /// certificates in any order.
    Pem {
        /// The text; where key and chain are in several files, one after the other.
        text: &'a [u8],
        /// The key's passphrase, if it is encrypted.
        passphrase: Option<&'a Secret<String>>,
    },
}

impl std::fmt::Debug for AuthorityFile<'_> {
    /// Without the content, which may be a key in the clear.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pfx { .. } => "AuthorityFile::Pfx",
            Self::Pem { .. } => "AuthorityFile::Pem",
        })
    }
}

/// An authority that can issue: [`crate::SigningAuthority::new`] takes its certificate and key.
#[derive(Debug)]
pub struct ImportedAuthority {
    /// The private key.
    pub key: PrivateKey,
    /// Its certificate in DER.
    pub certificate_der: Vec<u8>,
    /// The certificates above it in DER, its issuer first, the self-signed root last; empty if it is
    /// a root itself.
    pub chain: Vec<Vec<u8>>,
    /// What it may issue for: by its extended key usage, and where that says nothing by the names
    /// that it is confined to; [`IssuerPurpose::Any`] where it is for whoever takes it over to say.
    pub purpose: IssuerPurpose,
    /// What is not wrong but should be known before it is used.
    pub notices: Vec<AuthorityNotice>,
}

/// Reads an authority and checks that it can issue certificates for mail or for TLS now (RFC 5280
/// section 6.1): a strong key that belongs to the certificate, the right to sign, and a chain of good signatures to
/// a self-signed root, all within their validity.
pub fn read_authority(
    file: &AuthorityFile<'_>,
    now: OffsetDateTime,
) -> Result<ImportedAuthority, ImportError> {
    let material = material::read(file)?;
    if material.certificates.len() > MOST_CERTIFICATES {
        return Err(ImportError::TooManyCertificates);
    }
    let mut links = Vec::new();
    for der in &material.certificates {
        links.push(Link::read(der)?);
    }
    let public_key = material
        .key
        .public_key()
        .map_err(|error| error::of_key(&error))?;
    let own = links
        .iter()
        .filter(|link| link.certifies(&public_key))
        .max_by_key(|link| link.not_after)
        .ok_or(ImportError::KeyWithoutCertificate)?;
    let issuing = check_own(own, &public_key)?;
    let above = chain::build(own, &links, now)?;
    let purpose = purpose(own, &above, &issuing)?;
    Ok(ImportedAuthority {
        purpose,
        notices: notice::collect(own, &public_key, now),
        certificate_der: own.der.clone(),
        chain: above.into_iter().map(|link| link.der.clone()).collect(),
        key: material.key,
    })
}

/// What is asked of the authority itself, but not of those above it.
fn check_own(own: &Link, public_key: &PublicKey) -> Result<IssuingCertificate, ImportError> {
    own.check_authority()?;
    if !own.may_sign_lists() {
        return Err(ImportError::MayNotSignLists(own.name()));
    }
    if public_key.algorithm() == KeyAlgorithm::Rsa2048 {
        return Err(ImportError::SmallKey);
    }
    let issuing = IssuingCertificate::parse(&own.der).map_err(|error| match error {
        crate::Error::Certificate(reason) => ImportError::Unusable(own.name(), reason),
        _ => ImportError::Unusable(own.name(), "it is not written as the standard says"),
    })?;
    if !issuing.name_constraints().is_none_or(lint::are_understood) {
        let why = "its name constraints are about other names than mail addresses, DNS names and \
                   IP addresses";
        return Err(ImportError::Unusable(own.name(), why));
    }
    Ok(issuing)
}

/// What it and all those above it may issue for. A root is believed whatever it says of itself.
fn purpose(
    own: &Link,
    above: &[&Link],
    issuing: &IssuingCertificate,
) -> Result<IssuerPurpose, ImportError> {
    let mut allowed = own.purposes();
    let between = above.iter().copied().filter(|link| !link.is_self_issued());
    for link in std::iter::once(own).chain(between) {
        let one = link.purposes();
        allowed.mail &= one.mail;
        allowed.tls &= one.tls;
        if !allowed.mail && !allowed.tls {
            return Err(ImportError::NotForUs(link.name()));
        }
    }
    Ok(match (allowed.mail, allowed.tls) {
        (true, false) => IssuerPurpose::Mail,
        (false, true) => IssuerPurpose::Tls,
        _ => confined_to(issuing),
    })
}

/// What the names are for that an authority may certify (RFC 5280 section 4.2.1.10).
fn confined_to(issuing: &IssuingCertificate) -> IssuerPurpose {
    let permitted = issuing
        .name_constraints()
        .and_then(|constraints| constraints.permitted_subtrees.as_ref());
    let (mut mail, mut tls) = (false, false);
    for subtree in permitted.into_iter().flatten() {
        match subtree.base {
            GeneralName::Rfc822Name(_) => mail = true,
            GeneralName::DnsName(_) | GeneralName::IpAddress(_) => tls = true,
            _ => {}
        }
    }
    match (mail, tls) {
        (true, false) => IssuerPurpose::Mail,
        (false, true) => IssuerPurpose::Tls,
        _ => IssuerPurpose::Any,
    }
}
