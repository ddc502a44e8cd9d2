//! Revocation lists that were made elsewhere: those of a root whose key is kept offline.

use crate::Error;
use crate::pem::blocks::blocks;
use der::asn1::Uint;
use der::{Decode, oid::ObjectIdentifier};
use openssl::asn1::Asn1Object;
use openssl::nid::Nid;
use openssl::x509::{X509, X509Crl};
use time::OffsetDateTime;
use x509_cert::crl::CertificateList;

/// `cRLNumber` (RFC 5280 section 5.2.3).
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");

/// A list that an authority elsewhere has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCrl {
    /// The list in DER.
    pub der: Vec<u8>,
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// When the next one comes at the latest.
    pub next_update: OffsetDateTime,
}

/// Reads a list in PEM or DER and checks that this authority made it and that it holds now
/// (RFC 5280 section 6.3.3).
pub fn read_foreign_crl(
    bytes: &[u8],
    issuer_der: &[u8],
    now: OffsetDateTime,
) -> Result<ForeignCrl, Error> {
    let der = der_of(bytes)?;
    let unreadable = Error::Input(
        "it is not a revocation list of version 2 in PEM; with `openssl ca`, set crlnumber",
    );
    let list: CertificateList = match CertificateList::from_der(&der) {
        Ok(list) => list,
        Err(_) => return Err(unreadable),
    };
    let (issuer, parsed) = (X509::from_der(issuer_der)?, X509Crl::from_der(&der)?);
    let same_name = parsed.issuer_name().try_cmp(issuer.subject_name())?;
    if !same_name.is_eq() {
        return Err(Error::Input("another authority has made this list"));
    }
    let key = issuer.public_key()?;
    // Whoever could have it checked with a key of 16384 bits could keep the machine busy.
    if key.bits() > 8192 || !parsed.verify(&key).unwrap_or(false) {
        return Err(Error::Input(
            "the authority's key did not sign this list, though the names fit",
        ));
    }
    let algorithm = Asn1Object::from_str(&list.signature_algorithm.oid.to_string())?.nid();
    if !is_strong(algorithm) {
        return Err(Error::Input(
            "this list is not signed with SHA-256, SHA-384 or SHA-512",
        ));
    }
    let this_update = seconds(list.tbs_cert_list.this_update)?;
    let next_update = list.tbs_cert_list.next_update.ok_or(Error::Input(
        "this list does not say when the next one comes",
    ))?;
    let next_update = seconds(next_update)?;
    if this_update > now {
        return Err(Error::Input(
            "this list is not valid yet; check both machines' clocks",
        ));
    }
    if next_update <= now {
        return Err(Error::Input("this list has ended already; make a new one"));
    }
    Ok(ForeignCrl {
        number: number(&list)?,
        der,
        this_update,
        next_update,
    })
}

fn der_of(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    match blocks(text).into_iter().find(|one| one.label == "X509 CRL") {
        Some(block) => block
            .content()
            .map(|der| der.to_vec())
            .ok_or(Error::Input("the text of this list is damaged")),
        None => Ok(bytes.to_vec()),
    }
}

fn number(list: &CertificateList) -> Result<i64, Error> {
    let extensions = list.tbs_cert_list.crl_extensions.as_deref();
    let found = extensions
        .into_iter()
        .flatten()
        .find(|one| one.extn_id == CRL_NUMBER)
        .ok_or(Error::Input(
            "this list has no number; let the authority count its lists (crlnumber of openssl ca)",
        ))?;
    let unusable = Error::Input("the number of this list is too large");
    let digits = Uint::from_der(found.extn_value.as_bytes())?;
    let mut number: i64 = 0;
    for digit in digits.as_bytes() {
        number = match number.checked_mul(256) {
            Some(number) => number + i64::from(*digit),
            None => return Err(unusable),
        };
    }
    Ok(number)
}

fn seconds(time: x509_cert::time::Time) -> Result<OffsetDateTime, Error> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds)
        .map_err(|_| Error::Input("this list has a date that cannot be"))
}

fn is_strong(algorithm: Nid) -> bool {
    algorithm
        .signature_algorithms()
        .is_some_and(|parts| [Nid::SHA256, Nid::SHA384, Nid::SHA512].contains(&parts.digest))
}
