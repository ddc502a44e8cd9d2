//! An issued certificate and what the portal shows of it.

use crate::{Error, IssuingCertificate, Named, PublicKey, Serial, asn1, tbs};
use der::{Decode, Encode};
use domain::Mailbox;
use openssl::sha;
use time::OffsetDateTime;
use x509_cert::ext::pkix::{BasicConstraints, SubjectAltName};

/// A certificate for the mailboxes of a person, a server or a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    serial: Serial,
    public_key: PublicKey,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    subject: String,
    issuer: String,
    named: Named,
}

impl Certificate {
    /// Reads a certificate in DER. It does not check the signature: see [`Self::is_signed_by`].
    pub fn parse(der: &[u8]) -> Result<Self, Error> {
        let certificate = x509_cert::Certificate::from_der(der)?;
        let tbs = certificate.tbs_certificate();
        let is_authority = tbs
            .get_extension::<BasicConstraints>()?
            .is_some_and(|(_, constraints)| constraints.ca);
        if is_authority {
            return Err(Error::Certificate("it belongs to an authority"));
        }
        let alternative = tbs.get_extension::<SubjectAltName>()?;
        let named = Named::read(alternative.as_ref().map(|(_, names)| names)).ok_or(
            Error::Certificate("it is neither for mail addresses alone nor for host names alone"),
        )?;
        Ok(Self {
            der: der.to_vec(),
            serial: Serial::from_bytes(tbs.serial_number().as_bytes())?,
            public_key: PublicKey::from_spki(&tbs.subject_public_key_info().to_der()?)?,
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
            subject: tbs.subject().to_string(),
            issuer: tbs.issuer().to_string(),
            named,
        })
    }

    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Serial number.
    pub const fn serial(&self) -> &Serial {
        &self.serial
    }

    /// The certified key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// SHA-256 of the certified key (`SubjectPublicKeyInfo`), which tells keys apart.
    pub fn key_sha256(&self) -> Result<[u8; 32], Error> {
        Ok(sha::sha256(self.public_key.spki_der()))
    }

    /// Start of validity.
    pub const fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// Last second of validity.
    pub const fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// The subject as RFC 4514 text; empty if the name does not fit a common name.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The issuer as RFC 4514 text.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whom it is for.
    pub const fn named(&self) -> &Named {
        &self.named
    }

    /// The mail address certified, if it is for a person.
    pub const fn mailbox(&self) -> Option<&Mailbox> {
        self.named.mailbox()
    }

    /// SHA-256 of the certificate, in lower-case hexadecimal digits.
    pub fn sha256_thumbprint(&self) -> String {
        hex::encode(sha::sha256(&self.der))
    }

    /// SHA-1 of the certificate, which Windows and others show as its thumbprint. It identifies
    /// the certificate to people; nothing trusts it.
    pub fn sha1_thumbprint(&self) -> String {
        hex::encode(sha::sha1(&self.der))
    }

    /// Whether this authority's key made the signature.
    pub fn is_signed_by(&self, authority: &IssuingCertificate) -> Result<bool, Error> {
        let signed = asn1::split_signed(&self.der)?;
        let algorithm = authority.signature_algorithm();
        Ok(signed.algorithm == algorithm.identifier()
            && algorithm.verifies(authority.public_key(), signed.content, signed.signature))
    }
}
