//! Checking the certificate of an issuing authority that somebody else's root has signed.
//!
//! Whoever runs the root may have used any tool. What is wrong is said so that they know what to
//! sign instead.

use crate::{Error, IssuerPurpose, IssuingCertificate, PublicKey, lint, oid, tbs};
use const_oid::ObjectIdentifier;
use der::{Decode, Encode};
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::x509::X509;
use time::OffsetDateTime;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::{Certificate, TbsCertificate};

/// Critical extensions that this crate and its linter understand (RFC 5280 section 4.2).
const UNDERSTOOD: [ObjectIdentifier; 5] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::CERTIFICATE_POLICIES,
    oid::NAME_CONSTRAINTS,
];

/// Checks that a certificate makes this key an issuing authority below this root, and reads it:
/// signature and name of the root, an authority that may sign certificates and revocation lists,
/// its key, validity at this time, purpose and path length (RFC 5280 section 6.1).
pub fn check_issuing_certificate(
    der: &[u8],
    root_der: &[u8],
    public_key: &PublicKey,
    now: OffsetDateTime,
) -> Result<IssuingCertificate, Error> {
    let certificate = Certificate::from_der(der)
        .map_err(|_| wrong("it is not a certificate in DER; convert it if it is PEM"))?;
    let root = Certificate::from_der(root_der)
        .map_err(|_| wrong("the root's is not a certificate in DER; convert it if it is PEM"))?;
    let (tbs, root_tbs) = (certificate.tbs_certificate(), root.tbs_certificate());
    check_root(root_tbs, root_der)?;
    check_names(tbs, root_tbs)?;
    if !is_signed_by(der, root_der)? {
        return Err(wrong(
            "the root's key did not sign it, though the names fit; give the root that did",
        ));
    }
    check_hash(der)?;
    check_authority(tbs, root_tbs)?;
    if tbs.subject_public_key_info().to_der()? != public_key.spki_der() {
        return Err(wrong(
            "it is for another key; have the request signed that was made here",
        ));
    }
    check_validity(tbs, root_tbs, now)?;
    let issuing = IssuingCertificate::parse(der)?;
    if !issuing.name_constraints().is_none_or(lint::are_understood) {
        return Err(wrong(
            "its name constraints are about other names than mail addresses, DNS names and IP \
             addresses; leave those out",
        ));
    }
    if issuing.purpose() == IssuerPurpose::Other {
        return Err(wrong(
            "its extended key usage allows neither mail nor servers; it has to list \
             emailProtection, or serverAuth and clientAuth",
        ));
    }
    Ok(issuing)
}

const fn wrong(reason: &'static str) -> Error {
    Error::Certificate(reason)
}

fn check_root(root: &TbsCertificate, der: &[u8]) -> Result<(), Error> {
    if root.issuer() != root.subject() || !is_signed_by(der, der)? {
        return Err(wrong(
            "the root's did not sign itself; give the root that stands at the top",
        ));
    }
    let constraints = constraints(root)?;
    if !constraints.as_ref().is_some_and(|found| found.ca) {
        return Err(wrong("the root's does not belong to an authority"));
    }
    let usage = root.get_extension::<KeyUsage>();
    if usage
        .map_err(|_| wrong("the root's key usage cannot be read"))?
        .is_some_and(|(_, usage)| !usage.key_cert_sign())
    {
        return Err(wrong(
            "the root's key usage does not allow to sign certificates",
        ));
    }
    if constraints.and_then(|found| found.path_len_constraint) == Some(0) {
        return Err(wrong(
            "the root's path length is 0, which allows no authority below it",
        ));
    }
    Ok(())
}

fn check_names(tbs: &TbsCertificate, root: &TbsCertificate) -> Result<(), Error> {
    if tbs.issuer().to_der()? != root.subject().to_der()? {
        return Err(wrong("another authority than this root has issued it"));
    }
    if tbs.subject() == root.subject() {
        return Err(wrong("it has the root's name; an authority has its own"));
    }
    Ok(())
}

/// Whether the root's key, of any kind, made the signature.
fn is_signed_by(der: &[u8], root_der: &[u8]) -> Result<bool, Error> {
    let key = X509::from_der(root_der)?
        .public_key()
        .map_err(|_| wrong("the root's key cannot be read"))?;
    // A signature is verified with any key; one of 16384 bits would take long.
    if key.id() == Id::RSA && !(2048..=8192).contains(&key.bits()) {
        return Err(wrong("the root's key is not RSA of 2048 to 8192 bits"));
    }
    Ok(X509::from_der(der)?.verify(&key).unwrap_or(false))
}

/// Others can make a second certificate that fits a SHA-1 signature. A root's own signature proves
/// nothing, so its hash does not matter.
fn check_hash(der: &[u8]) -> Result<(), Error> {
    let algorithm = X509::from_der(der)?.signature_algorithm().object().nid();
    let is_strong = algorithm
        .signature_algorithms()
        .is_some_and(|parts| [Nid::SHA256, Nid::SHA384, Nid::SHA512].contains(&parts.digest));
    if is_strong {
        Ok(())
    } else {
        Err(wrong(
            "it is not signed with SHA-256, SHA-384 or SHA-512 and RSA (PKCS#1) or ECDSA",
        ))
    }
}

fn constraints(tbs: &TbsCertificate) -> Result<Option<BasicConstraints>, Error> {
    tbs.get_extension::<BasicConstraints>()
        .map(|found| found.map(|(_, constraints)| constraints))
        .map_err(|_| wrong("its basic constraints cannot be read"))
}

fn check_authority(tbs: &TbsCertificate, root: &TbsCertificate) -> Result<(), Error> {
    let found = constraints(tbs)?;
    if !found.as_ref().is_some_and(|found| found.ca) {
        return Err(wrong(
            "it is not for an authority: sign it with the basic constraints CA:TRUE, as the \
             request asks",
        ));
    }
    let usage = tbs
        .get_extension::<KeyUsage>()
        .map_err(|_| wrong("its key usage cannot be read"))?;
    if !usage.is_some_and(|(_, usage)| usage.key_cert_sign() && usage.crl_sign()) {
        return Err(wrong(
            "its key usage has to be keyCertSign and cRLSign, as the request asks",
        ));
    }
    // A root that allows n authorities in a row allows n - 1 below the first of them.
    let allowed = constraints(root)?.and_then(|root| root.path_len_constraint);
    let asked = found.and_then(|found| found.path_len_constraint);
    if let (Some(allowed), Some(asked)) = (allowed, asked)
        && asked >= allowed
    {
        return Err(wrong(
            "its path length is not below the root's; sign it with pathlen:0, as the request asks",
        ));
    }
    let is_understood = tbs
        .extensions()
        .into_iter()
        .flatten()
        .all(|one| !one.critical || UNDERSTOOD.contains(&one.extn_id));
    if !is_understood {
        return Err(wrong(
            "it has a critical extension that this portal does not understand; leave that out",
        ));
    }
    Ok(())
}

fn check_validity(
    tbs: &TbsCertificate,
    root: &TbsCertificate,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let times = |tbs: &TbsCertificate| {
        let validity = tbs.validity();
        (
            tbs::from_x509(validity.not_before),
            tbs::from_x509(validity.not_after),
        )
    };
    let ((start, end), (root_start, root_end)) = (times(tbs), times(root));
    if now < start || now < root_start {
        Err(wrong(
            "it or its root is not valid yet; check both machines' clocks",
        ))
    } else if now > end || now > root_end {
        Err(wrong(
            "it or its root is not valid any more; have a new one signed",
        ))
    } else if end > root_end {
        Err(wrong(
            "it would be valid for longer than its root; have it signed for a shorter time",
        ))
    } else {
        Ok(())
    }
}
