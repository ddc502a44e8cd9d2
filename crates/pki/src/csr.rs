//! Signing requests, PKCS#10 (RFC 2986): how a key asks any authority for a certificate.

mod asked;
mod error;
mod read;
#[cfg(test)]
mod tests;

pub use error::RequestError;
pub use read::{LARGEST, check_csr, csr_der, read_csr};

use crate::asn1::{constructed, integer, join_signed, sequence};
use crate::{Error, PrivateKey, PublicKey, extension, name};
use domain::Mailbox;
use std::net::IpAddr;

/// Makes a request for a mailbox, signed by its key. The address stands in the common name, where
/// it fits, and in an `rfc822Name` of the requested extensions.
pub fn create_csr(key: &PrivateKey, mailbox: &Mailbox) -> Result<Vec<u8>, Error> {
    let (subject, is_subject_empty) = name::subject(name::short(mailbox));
    let names = extension::subject_alt_name(&[extension::address_name(mailbox)], is_subject_empty);
    let content = sequence(&[
        &integer(0),
        &subject,
        key.public_key()?.spki_der(),
        &constructed(0, &extension::extension_request(&[names])),
    ]);
    let (algorithm, signature) = key.sign(&content)?;
    Ok(join_signed(&content, algorithm.identifier(), &signature))
}

/// What a request asks for. Whoever made it held the private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificationRequest {
    /// The key to be certified; it tells its kind.
    pub public_key: PublicKey,
    /// The common name of the subject, if there is one.
    pub common_name: Option<String>,
    /// The addresses asked for, in the request's order.
    pub mailboxes: Vec<Mailbox>,
    /// The host names asked for, in lower case.
    pub dns_names: Vec<String>,
    /// The IP addresses asked for.
    pub ip_addresses: Vec<IpAddr>,
}

impl CertificationRequest {
    /// What the key is recognised by: SHA-256 of its `SubjectPublicKeyInfo`.
    pub fn key_id(&self) -> [u8; 32] {
        self.public_key.spki_sha256()
    }
}
