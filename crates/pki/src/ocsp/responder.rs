//! The delegated responder (RFC 6960 section 4.2.2.2): a P-256 key, which signs quickly, and a
//! short-lived certificate of the authority it answers for.
//!
//! As with every certificate, the content is planned and linted, stored by the caller, and only
//! then signed.

use super::request::{CertId, Hash};
use crate::extension::{self, usage};
use crate::tbs::{self, Fields, last_second, whole_seconds};
use crate::{Error, IssuingCertificate, PrivateKey, PublicKey, Serial, SigningAuthority};
use crate::{asn1, name, oid};
use const_oid::AssociatedOid;
use der::{Decode, Encode};
use domain::KeyAlgorithm;
use openssl::sha;
use time::{Duration, OffsetDateTime};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::{TbsCertificate, Version};

/// Days a responder's certificate is valid. Its status cannot be asked for, so it ends soon.
pub const VALID_DAYS: u16 = 30;

/// It starts this long before it was planned, for clocks that are slow.
const BACKDATED: Duration = Duration::minutes(5);

/// The proof that these bytes are a responder's certificate for this authority, to be signed once.
#[derive(Debug)]
pub struct ResponderPlan {
    serial: Serial,
    tbs: Vec<u8>,
    not_after: OffsetDateTime,
    issuer_sha256: String,
}

impl ResponderPlan {
    /// Plans the certificate of a responder.
    pub fn new(
        authority: &IssuingCertificate,
        public_key: &PublicKey,
        serial: &Serial,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        let not_before = (whole_seconds(now) - BACKDATED).max(authority.not_before());
        let not_after = last_second(not_before, Duration::days(VALID_DAYS.into()));
        let tbs = Fields {
            serial,
            signature: authority.signature_algorithm(),
            issuer: authority.subject_der(),
            not_before,
            not_after: not_after.min(authority.not_after()),
            subject: &name::common_name("OCSP responder"),
            spki: public_key.spki_der(),
            extensions: &[
                extension::key_usage(usage::DIGITAL_SIGNATURE),
                extension::extended_key_usage(&[oid::OCSP_SIGNING]),
                extension::ocsp_no_check(),
                extension::authority_key_identifier(authority.key_id()),
                extension::subject_key_identifier(public_key.key_id()),
            ],
        }
        .to_der();
        Self::resume(&tbs, authority)
    }

    /// Takes up stored bytes again, and lints them anew.
    pub fn resume(tbs_der: &[u8], authority: &IssuingCertificate) -> Result<Self, Error> {
        let tbs = TbsCertificate::from_der(tbs_der)?;
        let serial = Serial::from_bytes(tbs.serial_number().as_bytes())?;
        let not_after = tbs::from_x509(tbs.validity().not_after);
        if tbs.to_der()? != tbs_der || !is_sound(&tbs, authority)? {
            return Err(Error::Certificate(
                "it is not that of an OCSP responder of this authority",
            ));
        }
        Ok(Self {
            serial,
            tbs: tbs_der.to_vec(),
            not_after,
            issuer_sha256: authority.sha256_thumbprint(),
        })
    }

    /// Serial number of the certificate.
    pub const fn serial(&self) -> &Serial {
        &self.serial
    }

    /// What is going to be signed.
    pub fn tbs_der(&self) -> &[u8] {
        &self.tbs
    }

    /// Last second of validity.
    pub const fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    /// Has the authority sign. The plan is consumed.
    pub fn sign(self, authority: &SigningAuthority) -> Result<Vec<u8>, Error> {
        if self.issuer_sha256 != authority.certificate().sha256_thumbprint() {
            return Err(Error::OtherAuthority);
        }
        authority.sign(&self.tbs)
    }
}

/// What a responder's certificate must hold (RFC 6960 section 4.2.2.2 and S/MIME Baseline
/// Requirements section 4.9.9), and nothing else. Common linters do not notice a missing nocheck.
fn is_sound(tbs: &TbsCertificate, authority: &IssuingCertificate) -> Result<bool, Error> {
    let key = PublicKey::from_spki(&tbs.subject_public_key_info().to_der()?)?;
    let found = tbs.extensions().map_or(&[][..], Vec::as_slice);
    let value = |id, is_critical| {
        found
            .iter()
            .find(|one| one.extn_id == id && one.critical == is_critical)
            .map(|one| one.extn_value.as_bytes())
            .unwrap_or_default()
    };
    let usage = KeyUsage::from_der(value(KeyUsage::OID, true))?;
    let purpose = ExtendedKeyUsage::from_der(value(ExtendedKeyUsage::OID, false))?;
    let own = SubjectKeyIdentifier::from_der(value(SubjectKeyIdentifier::OID, false))?;
    let issuers = AuthorityKeyIdentifier::from_der(value(AuthorityKeyIdentifier::OID, false))?;
    let issuers = issuers
        .key_identifier
        .ok_or(Error::Certificate("it has no authority key identifier"))?;
    let from = tbs::from_x509(tbs.validity().not_before);
    let until = tbs::from_x509(tbs.validity().not_after);
    Ok(found.len() == 5
        && tbs.version() == Version::V3
        && tbs.signature().to_der()? == authority.signature_algorithm().identifier()
        && tbs.issuer().to_der()? == authority.subject_der()
        && key.algorithm() == KeyAlgorithm::P256
        && usage.0 == KeyUsages::DigitalSignature
        && purpose.0 == [oid::OCSP_SIGNING]
        && value(oid::OCSP_NO_CHECK, false) == asn1::NULL
        && own.0.as_bytes() == key.key_id()
        && issuers.as_bytes() == authority.key_id()
        && from >= authority.not_before()
        && until <= authority.not_after()
        && until - from < Duration::days(VALID_DAYS.into()))
}

/// An authority as requests name it: hashes of its name and of its key (RFC 6960 section 4.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerId {
    sha1: [[u8; 20]; 2],
    sha256: [[u8; 32]; 2],
}

impl IssuerId {
    /// The hashes of an authority.
    pub fn of(authority: &IssuingCertificate) -> Result<Self, Error> {
        let spki = authority.public_key().spki_der();
        let bits = x509_cert::spki::SubjectPublicKeyInfoRef::from_der(spki)?.subject_public_key;
        let name = authority.subject_der();
        Ok(Self {
            sha1: [name, bits.raw_bytes()].map(sha::sha1),
            sha256: [name, bits.raw_bytes()].map(sha::sha256),
        })
    }

    /// Whether a request means a certificate of this authority.
    pub fn is_issuer_of(&self, id: &CertId) -> bool {
        let is = |name: &[u8], key: &[u8]| id.name_hash == name && id.key_hash == key;
        match id.hash() {
            Some(Hash::Sha1) => is(&self.sha1[0], &self.sha1[1]),
            Some(Hash::Sha256) => is(&self.sha256[0], &self.sha256[1]),
            None => false,
        }
    }
}

/// A responder that can sign.
#[derive(Debug)]
pub struct Responder {
    certificate: Vec<u8>,
    key: PrivateKey,
    key_id: [u8; 20],
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl Responder {
    /// Reads the certificate, checks that the authority signed it and that the key belongs to it.
    pub fn new(
        certificate: &[u8],
        key: PrivateKey,
        authority: &IssuingCertificate,
    ) -> Result<Self, Error> {
        let signed = asn1::split_signed(certificate)?;
        let algorithm = authority.signature_algorithm();
        let is_signed = signed.algorithm == algorithm.identifier()
            && algorithm.verifies(authority.public_key(), signed.content, signed.signature);
        if !is_signed {
            return Err(Error::BadSignature);
        }
        let plan = ResponderPlan::resume(signed.content, authority)?;
        let tbs = TbsCertificate::from_der(signed.content)?;
        let public_key = key.public_key()?;
        if tbs.subject_public_key_info().to_der()? != public_key.spki_der() {
            return Err(Error::KeyMismatch);
        }
        Ok(Self {
            certificate: certificate.to_vec(),
            key,
            key_id: *public_key.key_id(),
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: plan.not_after,
        })
    }

    /// Start of validity.
    pub const fn not_before(&self) -> OffsetDateTime {
        self.not_before
    }

    /// Last second of validity.
    pub const fn not_after(&self) -> OffsetDateTime {
        self.not_after
    }

    pub(super) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    pub(super) const fn key(&self) -> &PrivateKey {
        &self.key
    }

    pub(super) const fn key_id(&self) -> &[u8; 20] {
        &self.key_id
    }
}
