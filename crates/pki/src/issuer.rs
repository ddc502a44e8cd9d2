//! Authorities as issuers: what a certificate takes from its issuer, parsed once.

use crate::algorithm::SignatureAlgorithm;
use crate::{Error, PrivateKey, PublicKey, oid, tbs};
use const_oid::ObjectIdentifier;
use der::{Decode, Encode};
use domain::KeyAlgorithm;
use openssl::sha;
use time::OffsetDateTime;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectKeyIdentifier,
};

/// What an authority may issue for, as its extended key usage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerPurpose {
    /// For mail, and not for servers.
    Mail,
    /// For servers and perhaps for those who sign in to them, and not for mail.
    Tls,
    /// For both: it says so, or does not say (RFC 5280 section 4.2.1.12).
    Any,
    /// For something else.
    Other,
}

/// An authority's certificate, which suffices to plan a certificate but not to sign one.
#[derive(Debug, Clone)]
pub struct IssuingCertificate {
    der: Vec<u8>,
    subject: Vec<u8>,
    subject_text: String,
    public_key: PublicKey,
    key_id: Vec<u8>,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    is_root: bool,
    purposes: Option<Vec<ObjectIdentifier>>,
    name_constraints: Option<NameConstraints>,
}

impl IssuingCertificate {
    /// Reads an authority's certificate and checks that it may issue (RFC 5280 section 6.1.4 k-n).
    pub fn parse(der: &[u8]) -> Result<Self, Error> {
        let certificate = x509_cert::Certificate::from_der(der)?;
        let tbs = certificate.tbs_certificate();
        let is_authority = tbs
            .get_extension::<BasicConstraints>()?
            .is_some_and(|(_, constraints)| constraints.ca);
        let may_sign = tbs
            .get_extension::<KeyUsage>()?
            .is_some_and(|(_, usage)| usage.key_cert_sign() && usage.crl_sign());
        if !is_authority || !may_sign {
            return Err(Error::Certificate(
                "it does not belong to an authority that may issue",
            ));
        }
        let (_, key_id) =
            tbs.get_extension::<SubjectKeyIdentifier>()?
                .ok_or(Error::Certificate(
                    "an authority needs a subject key identifier",
                ))?;
        Ok(Self {
            der: der.to_vec(),
            subject: tbs.subject().to_der()?,
            subject_text: tbs.subject().to_string(),
            public_key: PublicKey::from_spki(&tbs.subject_public_key_info().to_der()?)?,
            key_id: key_id.0.as_bytes().to_vec(),
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
            is_root: tbs.issuer() == tbs.subject(),
            purposes: tbs
                .get_extension::<ExtendedKeyUsage>()?
                .map(|(_, purposes)| purposes.0),
            name_constraints: tbs
                .get_extension::<NameConstraints>()?
                .map(|(_, constraints)| constraints),
        })
    }

    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The authority's name as RFC 4514 text, for example `CN=Issuing CA,O=Example,C=DE`.
    pub fn subject(&self) -> &str {
        &self.subject_text
    }

    /// The authority's public key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Start of validity.
    pub const fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// Last second of validity.
    pub const fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// Whether it signed itself.
    pub const fn is_root(&self) -> bool {
        self.is_root
    }

    /// SHA-256 of the certificate, in lower-case hexadecimal digits.
    pub fn sha256_thumbprint(&self) -> String {
        hex::encode(sha::sha256(&self.der))
    }

    /// What it may issue for.
    pub fn purpose(&self) -> IssuerPurpose {
        let mail = self.allows(oid::EMAIL_PROTECTION);
        match (mail, self.allows(oid::SERVER_AUTH)) {
            (true, true) => IssuerPurpose::Any,
            (true, false) => IssuerPurpose::Mail,
            (false, true) => IssuerPurpose::Tls,
            (false, false) => IssuerPurpose::Other,
        }
    }

    /// Whether it may issue for signing in to servers (`clientAuth`).
    pub fn allows_client_auth(&self) -> bool {
        self.allows(oid::CLIENT_AUTH)
    }

    /// Whether certificates below it may have this extended key usage. Verifiers apply an
    /// authority's to everything below it.
    pub(crate) fn allows(&self, purpose: ObjectIdentifier) -> bool {
        self.purposes
            .as_ref()
            .is_none_or(|allowed| allowed.contains(&purpose) || allowed.contains(&oid::ANY_PURPOSE))
    }

    /// What the authority's own issuer confines it to (RFC 5280 section 4.2.1.10).
    pub(crate) const fn name_constraints(&self) -> Option<&NameConstraints> {
        self.name_constraints.as_ref()
    }

    pub(crate) fn subject_der(&self) -> &[u8] {
        &self.subject
    }

    pub(crate) fn key_id(&self) -> &[u8] {
        &self.key_id
    }

    /// The algorithm this authority signs with. A root lives twenty years: RSA with SHA-384.
    pub(crate) fn signature_algorithm(&self) -> SignatureAlgorithm {
        signature_algorithm(self.public_key.algorithm(), self.is_root)
    }
}

pub(crate) fn signature_algorithm(key: KeyAlgorithm, is_root: bool) -> SignatureAlgorithm {
    if key.is_rsa() && is_root {
        SignatureAlgorithm::RsaSha384
    } else {
        SignatureAlgorithm::for_key(key)
    }
}

/// An authority with its private key.
#[derive(Debug)]
pub struct SigningAuthority {
    certificate: IssuingCertificate,
    key: PrivateKey,
}

impl SigningAuthority {
    /// Reads the certificate and checks that the key belongs to it.
    pub fn new(certificate_der: &[u8], key: PrivateKey) -> Result<Self, Error> {
        let certificate = IssuingCertificate::parse(certificate_der)?;
        if key.public_key()? == certificate.public_key {
            Ok(Self { certificate, key })
        } else {
            Err(Error::KeyMismatch)
        }
    }

    /// The public half.
    pub const fn certificate(&self) -> &IssuingCertificate {
        &self.certificate
    }

    /// Signs and checks the signature, which a fault in the machine would otherwise turn into a
    /// leak of an RSA key (Boneh, `DeMillo` and Lipton 1997). Returns certificate or list in DER.
    pub(crate) fn sign(&self, content: &[u8]) -> Result<Vec<u8>, Error> {
        let algorithm = self.certificate.signature_algorithm();
        let signature = algorithm.sign(self.key.pkey(), content)?;
        if algorithm.verifies(&self.certificate.public_key, content, &signature) {
            Ok(crate::asn1::join_signed(
                content,
                algorithm.identifier(),
                &signature,
            ))
        } else {
            Err(Error::BadSignature)
        }
    }
}
