//! Messages of the Cryptographic Message Syntax (RFC 5652): certificates in one file, and signed
//! profiles for Apple's devices.
//!
//! Written here rather than by OpenSSL, whose safe bindings take the signing time from the machine's
//! clock.

use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{constructed, integer, octet_string, oid, sequence, set_of, time};
use crate::key::spki_identifier;
use crate::tbs::whole_seconds;
use crate::{Error, PrivateKey, PublicKey, oid};
use const_oid::ObjectIdentifier;
use der::{Decode, Encode};
use openssl::sha::sha256;
use time::OffsetDateTime;

/// Most certificates in one file.
const MOST: usize = 200;

/// Certificates in one file, `.p7b`, as Windows and others import a chain: a `SignedData` that
/// nobody signed (RFC 5652 section 5.1, RFC 8551 section 3.8). In DER.
pub fn p7b<T: AsRef<[u8]>>(certificates: &[T]) -> Result<Vec<u8>, Error> {
    if !(1..=MOST).contains(&certificates.len()) {
        return Err(Error::Input("a .p7b file holds 1 to 200 certificates"));
    }
    Ok(signed_data(
        &[],
        &sequence(&[&oid(oid::DATA)]),
        &implicit_set(certificates)?,
        Vec::new(),
    ))
}

/// Signs a profile for Apple's devices, the XML inside the signature (RFC 5652 section 5), with
/// SHA-256. The certificates above the signer's own are added, so that the device can tell who signed
/// it. In DER.
pub fn sign_mobileconfig(
    plist: &[u8],
    key: &PrivateKey,
    certificate_der: &[u8],
    chain: &[Vec<u8>],
    signed_at: OffsetDateTime,
) -> Result<Vec<u8>, Error> {
    let certificate = x509_cert::Certificate::from_der(certificate_der)?;
    let tbs = certificate.tbs_certificate();
    let certified = PublicKey::from_spki(&tbs.subject_public_key_info().to_der()?)?;
    if certified != key.public_key()? {
        return Err(Error::KeyMismatch);
    }
    let attribute = |id, value: Vec<u8>| sequence(&[&oid(id), &set_of(vec![value])]);
    let attributes = set_of(vec![
        attribute(oid::CONTENT_TYPE, oid(oid::DATA)),
        attribute(oid::SIGNING_TIME, time(whole_seconds(signed_at))),
        attribute(oid::MESSAGE_DIGEST, octet_string(&sha256(plist))),
    ]);
    // What is signed is the set under its own tag; it is sent under another (section 5.4).
    let (algorithm, identifier) = signature_algorithm(key);
    let signature = algorithm.sign(key.pkey(), &attributes)?;
    if !algorithm.verifies(&certified, &attributes, &signature) {
        return Err(Error::BadSignature);
    }
    let digest = sequence(&[&oid(oid::SHA256)]);
    let signer = sequence(&[
        &integer(1),
        &sequence(&[&tbs.issuer().to_der()?, &tbs.serial_number().to_der()?]),
        &digest,
        &retagged(&attributes, 0xa0),
        identifier,
        &octet_string(&signature),
    ]);
    let content = sequence(&[&oid(oid::DATA), &constructed(0, &octet_string(plist))]);
    let mut certificates = vec![certificate_der];
    certificates.extend(chain.iter().map(Vec::as_slice));
    Ok(signed_data(
        &[digest],
        &content,
        &implicit_set(&certificates)?,
        vec![signer],
    ))
}

/// The signature with SHA-256 whatever the key. For RSA the identifier is that of the key, which
/// readers of every age take (RFC 5754 section 3.2).
fn signature_algorithm(key: &PrivateKey) -> (SignatureAlgorithm, &'static [u8]) {
    if key.algorithm().is_rsa() {
        let identifier = spki_identifier(key.algorithm());
        (SignatureAlgorithm::RsaSha256, identifier)
    } else {
        let algorithm = SignatureAlgorithm::EcdsaSha256;
        (algorithm, algorithm.identifier())
    }
}

fn signed_data(
    digests: &[Vec<u8>],
    content: &[u8],
    certificates: &[u8],
    signers: Vec<Vec<u8>>,
) -> Vec<u8> {
    let inner = sequence(&[
        &integer(1),
        &set_of(digests.to_vec()),
        content,
        certificates,
        &set_of(signers),
    ]);
    wrapped(oid::SIGNED_DATA, &inner)
}

/// `ContentInfo` (RFC 5652 section 3).
fn wrapped(id: ObjectIdentifier, inner: &[u8]) -> Vec<u8> {
    sequence(&[&oid(id), &constructed(0, inner)])
}

/// `[0] IMPLICIT CertificateSet`, each certificate once.
fn implicit_set<T: AsRef<[u8]>>(certificates: &[T]) -> Result<Vec<u8>, Error> {
    let mut ders: Vec<Vec<u8>> = Vec::new();
    for der in certificates {
        x509_cert::Certificate::from_der(der.as_ref())?;
        ders.push(der.as_ref().to_vec());
    }
    ders.sort();
    ders.dedup();
    Ok(constructed(0, &ders.concat()))
}

/// The same element under another tag.
fn retagged(der: &[u8], tag: u8) -> Vec<u8> {
    let rest = der.get(1..).unwrap_or_default();
    [&[tag], rest].concat()
}
