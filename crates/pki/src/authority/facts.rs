//! What a certificate of an authority says about itself, also of one whose key is of a kind that is
//! not used here: the root of somebody else.

use crate::{Error, tbs};
use der::Decode;
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::sha;
use openssl::x509::X509;
use time::OffsetDateTime;

/// What a certificate of an authority says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityFacts {
    /// Common name, or the whole name where it has none.
    pub name: String,
    /// Kind and size of its key, for people.
    pub key: String,
    /// Serial number of its certificate.
    pub serial: Vec<u8>,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
    /// SHA-256 of the certificate.
    pub thumbprint: [u8; 32],
}

impl AuthorityFacts {
    /// Reads a certificate in DER.
    pub fn read(der: &[u8]) -> Result<Self, Error> {
        let certificate = x509_cert::Certificate::from_der(der)?;
        let tbs = certificate.tbs_certificate();
        let x509 = X509::from_der(der)?;
        let common_name = x509.subject_name().entries_by_nid(Nid::COMMONNAME).last();
        let common_name = common_name.and_then(|entry| entry.data().to_string().ok());
        let key = x509.public_key()?;
        let kind = match key.id() {
            Id::RSA => "RSA ",
            Id::EC => "P-",
            _ => "another kind, ",
        };
        Ok(Self {
            name: common_name.unwrap_or_else(|| tbs.subject().to_string()),
            key: format!("{kind}{}", key.bits()),
            serial: tbs.serial_number().as_bytes().to_vec(),
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
            thumbprint: sha::sha256(der),
        })
    }
}
