//! Finding, among what somebody brings from an offline root, the certificate that was asked for.

use super::check_issuing_certificate;
use crate::{Error, IssuingCertificate, PublicKey};
use der::{Decode, Encode};
use openssl::x509::X509;
use time::OffsetDateTime;
use x509_cert::Certificate;

/// Most certificates brought at a time.
const MOST: usize = 32;

/// Picks the certificate of this key among those that were brought, and its root among them and the
/// roots that are known; checks both with [`check_issuing_certificate`]. Gives the authority and the
/// root in DER.
pub fn find_issuing_certificate(
    brought: &[Vec<u8>],
    known_roots: &[Vec<u8>],
    public_key: &PublicKey,
    now: OffsetDateTime,
) -> Result<(IssuingCertificate, Vec<u8>), Error> {
    if brought.len() > MOST {
        return Err(Error::Certificate(
            "there are more than 32; give the new one and its root",
        ));
    }
    let own = brought
        .iter()
        .find(|der| certifies(der, public_key))
        .ok_or(Error::Certificate(
            "none is for the key of this request; have the request signed that was made here",
        ))?;
    let issuer = name(own, |tbs| tbs.issuer().to_der())?;
    let mut refused = Error::Certificate(
        "the root that issued it is not known here; add the root's certificate below it",
    );
    for root in brought.iter().chain(known_roots) {
        if root == own || name(root, |tbs| tbs.subject().to_der()).ok() != Some(issuer.clone()) {
            continue;
        }
        match check_issuing_certificate(own, root, public_key, now) {
            Ok(issuing) => return Ok((issuing, root.clone())),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

fn certifies(der: &[u8], public_key: &PublicKey) -> bool {
    X509::from_der(der)
        .and_then(|x509| x509.public_key())
        .is_ok_and(|key| key.public_eq(public_key.pkey()))
}

fn name(
    der: &[u8],
    part: impl Fn(&x509_cert::TbsCertificate) -> Result<Vec<u8>, der::Error>,
) -> Result<Vec<u8>, Error> {
    let certificate =
        Certificate::from_der(der).map_err(|_| Error::Certificate("one of them cannot be read"))?;
    Ok(part(certificate.tbs_certificate())?)
}
