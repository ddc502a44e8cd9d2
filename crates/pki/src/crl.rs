//! Revocation lists (RFC 5280 section 5), version 2.
//!
//! The caller sees to it that numbers only ever rise and that entries stay until their certificate
//! has expired.

mod foreign;

pub use foreign::{ForeignCrl, read_foreign_crl};

use crate::asn1::{constructed, head, integer, sequence, time};
use crate::tbs::whole_seconds;
use crate::{Error, Serial, SigningAuthority, extension};
use der::Decode;
use domain::RevocationReason;
use time::OffsetDateTime;
use x509_cert::crl::CertificateList;

/// One revoked certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevokedEntry {
    /// Its serial number.
    pub serial: Serial,
    /// When it was revoked or held.
    pub revoked_at: OffsetDateTime,
    /// Why.
    pub reason: RevocationReason,
}

impl RevokedEntry {
    fn to_der(self) -> Vec<u8> {
        let reason = self
            .reason
            .code()
            .map(|code| sequence(&[&extension::reason_code(code)]))
            .unwrap_or_default();
        sequence(&[&self.serial.to_der(), &time(self.revoked_at), &reason])
    }
}

/// Entries of a list to be, encoded as they come: a list may have a million of them.
#[derive(Clone, Default)]
pub struct CrlEntries {
    der: Vec<u8>,
    count: usize,
}

impl CrlEntries {
    /// Adds entries at the end.
    pub fn add(&mut self, revoked: impl IntoIterator<Item = RevokedEntry>) {
        for entry in revoked {
            self.der.extend_from_slice(&entry.to_der());
            self.count = self.count.saturating_add(1);
        }
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.count
    }
}

impl std::fmt::Debug for CrlEntries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CrlEntries({})", self.count)
    }
}

/// Makes and signs a list that is valid from `now` to `next_update`, in DER.
pub fn create_crl(
    authority: &SigningAuthority,
    number: u64,
    now: OffsetDateTime,
    next_update: OffsetDateTime,
    revoked: &[RevokedEntry],
) -> Result<Vec<u8>, Error> {
    let mut entries = CrlEntries::default();
    entries.add(revoked.iter().copied());
    create_crl_of(authority, number, now, next_update, entries)
}

/// As [`create_crl`], of entries that are encoded already. Needs twice their size.
pub fn create_crl_of(
    authority: &SigningAuthority,
    number: u64,
    now: OffsetDateTime,
    next_update: OffsetDateTime,
    entries: CrlEntries,
) -> Result<Vec<u8>, Error> {
    let (now, next_update) = (whole_seconds(now), whole_seconds(next_update));
    if next_update <= now {
        return Err(Error::Input(
            "the next revocation list is due after this one",
        ));
    }
    let issuer = authority.certificate();
    // RFC 5280 section 5.1.2.6: absent rather than empty.
    let list_head = match entries.der.len() {
        0 => Vec::new(),
        length => head(0x30, length),
    };
    let extensions = sequence(&[
        &extension::authority_key_identifier(issuer.key_id()),
        &extension::crl_number(number),
    ]);
    let content = sequence(&[
        &integer(1),
        issuer.signature_algorithm().identifier(),
        issuer.subject_der(),
        &time(now),
        &time(next_update),
        &list_head,
        &entries.der,
        &constructed(0, &extensions),
    ]);
    drop(entries);
    authority.sign(&content)
}

/// Reads the entries of a list, to compare it with what should be on it. The signature is not
/// looked at.
pub fn read_crl(der: &[u8]) -> Result<Vec<RevokedEntry>, Error> {
    let unreadable = |_| Error::Input("this is not a revocation list");
    let list: CertificateList = CertificateList::from_der(der).map_err(unreadable)?;
    let revoked = list.tbs_cert_list.revoked_certificates.unwrap_or_default();
    revoked
        .iter()
        .map(|entry| {
            let reason = match entry.crl_entry_extensions.as_deref().and_then(<[_]>::first) {
                None => RevocationReason::Unspecified,
                // `CRLReason` is an `ENUMERATED` of one byte.
                Some(extension) => match extension.extn_value.as_bytes() {
                    [0x0a, 1, code] => from_code(*code),
                    _ => None,
                }
                .ok_or(Error::Input("an entry has a reason that is never given"))?,
            };
            let seconds = entry.revocation_date.to_unix_duration().as_secs();
            let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
            Ok(RevokedEntry {
                serial: Serial::from_bytes(entry.serial_number.as_bytes())?,
                revoked_at: OffsetDateTime::from_unix_timestamp(seconds)
                    .map_err(|_| Error::Input("an entry has a date that cannot be"))?,
                reason,
            })
        })
        .collect()
}

fn from_code(code: u8) -> Option<RevocationReason> {
    RevocationReason::ALL
        .iter()
        .copied()
        .find(|reason| reason.code() == Some(code))
}
