//! The to-be-signed part of a certificate (RFC 5280 section 4.1.2), and times in it.

use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{constructed, integer, sequence, sequence_of, time};
use crate::{Error, PublicKey, Serial};
use der::{Decode as _, Encode as _};
use time::{Duration, OffsetDateTime, UtcOffset};
use x509_cert::TbsCertificate;

/// The fields of a certificate, those that are copied from elsewhere as DER.
pub(crate) struct Fields<'a> {
    pub(crate) serial: &'a Serial,
    pub(crate) signature: SignatureAlgorithm,
    pub(crate) issuer: &'a [u8],
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
    pub(crate) subject: &'a [u8],
    pub(crate) spki: &'a [u8],
    pub(crate) extensions: &'a [Vec<u8>],
}

impl Fields<'_> {
    /// Writes a version 3 `TBSCertificate`.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        sequence(&[
            &constructed(0, &integer(2)),
            &self.serial.to_der(),
            self.signature.identifier(),
            self.issuer,
            &sequence(&[&time(self.not_before), &time(self.not_after)]),
            self.subject,
            self.spki,
            &constructed(3, &sequence_of(self.extensions)),
        ])
    }
}

/// SHA-256 of the key (`SubjectPublicKeyInfo`) in what was or is to be signed, the same as
/// [`crate::Certificate::key_sha256`] of the certificate.
pub fn tbs_key_sha256(tbs_der: &[u8]) -> Result<[u8; 32], Error> {
    let tbs = TbsCertificate::from_der(tbs_der)?;
    let spki = tbs.subject_public_key_info().to_der()?;
    Ok(PublicKey::from_spki(&spki)?.spki_sha256())
}

/// A time as certificates hold it: UTC, whole seconds.
pub(crate) fn whole_seconds(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(UtcOffset::UTC);
    at.replace_nanosecond(0).unwrap_or(at)
}

/// The last second of a period, which itself belongs to it (RFC 5280 section 4.1.2.5).
pub(crate) fn last_second(start: OffsetDateTime, length: Duration) -> OffsetDateTime {
    start.saturating_add(length) - Duration::SECOND
}

/// Reads a time from a certificate.
pub(crate) fn from_x509(time: x509_cert::time::Time) -> OffsetDateTime {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
