//! A certificate of whichever authority, as far as somebody who brings it along is asked about it.

use crate::{Certificate, Error, tbs};
use der::Decode;
use domain::Mailbox;
use openssl::nid::Nid;
use openssl::sha;
use openssl::x509::X509;
use time::OffsetDateTime;
use x509_cert::ext::pkix::BasicConstraints;

/// A certificate that may break any of our rules. Nothing in it is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCertificate {
    /// Serial number, as it stands there.
    pub serial: Vec<u8>,
    /// Subject as RFC 4514 text.
    pub subject: String,
    /// Issuer as RFC 4514 text.
    pub issuer: String,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
    /// Mail addresses in it: alternative names (RFC 8550 section 3), and the subject's
    /// `emailAddress` of older ones. What is no address is left out.
    pub mailboxes: Vec<Mailbox>,
    /// Whether it belongs to an authority.
    pub is_authority: bool,
    /// SHA-256 of the DER.
    pub thumbprint: [u8; 32],
}

impl ForeignCertificate {
    /// Reads a certificate in DER.
    pub fn parse(der: &[u8]) -> Result<Self, Error> {
        let certificate = x509_cert::Certificate::from_der(der)?;
        let tbs = certificate.tbs_certificate();
        let is_authority = tbs
            .get_extension::<BasicConstraints>()?
            .is_some_and(|(_, constraints)| constraints.ca);
        Ok(Self {
            serial: tbs.serial_number().as_bytes().to_vec(),
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
            mailboxes: mailboxes(der)?,
            is_authority,
            thumbprint: sha::sha256(der),
        })
    }
}

fn mailboxes(der: &[u8]) -> Result<Vec<Mailbox>, Error> {
    let certificate = X509::from_der(der)?;
    let mut texts = Vec::new();
    for name in certificate.subject_alt_names().iter().flatten() {
        texts.extend(name.email().map(str::to_owned));
    }
    for entry in certificate
        .subject_name()
        .entries_by_nid(Nid::PKCS9_EMAILADDRESS)
    {
        texts.extend(entry.data().to_string().ok());
    }
    let mut found: Vec<Mailbox> = Vec::new();
    // An address beyond ASCII (RFC 9598) is one of our own kind.
    let own = Certificate::parse(der).ok();
    let own = own.map(|own| own.named().mailboxes().to_vec());
    let typed = texts.iter().filter_map(|text| Mailbox::parse(text).ok());
    for mailbox in own.into_iter().flatten().chain(typed) {
        if !found.contains(&mailbox) {
            found.push(mailbox);
        }
    }
    Ok(found)
}
