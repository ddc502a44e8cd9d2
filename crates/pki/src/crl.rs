//! Revocation lists (RFC 5280 section 5), version 2.
//!
//! The caller sees to it that numbers only ever rise and that entries stay until their certificate
//! has expired.

use crate::asn1::{constructed, integer, sequence, sequence_of, time};
use crate::tbs::whole_seconds;
use crate::{Error, Serial, SigningAuthority, extension};
use time::OffsetDateTime;

/// Why a certificate was revoked (RFC 5280 section 5.3.1), as far as certificates of people go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationReason {
    /// No reason given; not written into the list.
    Unspecified,
    /// Somebody else may have the private key.
    KeyCompromise,
    /// The person no longer has this address.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// The certificate is no longer needed.
    CessationOfOperation,
    /// The person lost the right to it.
    PrivilegeWithdrawn,
}

impl RevocationReason {
    const fn code(self) -> Option<u8> {
        match self {
            Self::Unspecified => None,
            Self::KeyCompromise => Some(1),
            Self::AffiliationChanged => Some(3),
            Self::Superseded => Some(4),
            Self::CessationOfOperation => Some(5),
            Self::PrivilegeWithdrawn => Some(9),
        }
    }
}

/// One revoked certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevokedEntry {
    /// Its serial number.
    pub serial: Serial,
    /// When it was revoked.
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

/// Makes and signs a list that is valid from `now` to `next_update`, in DER.
pub fn create_crl(
    authority: &SigningAuthority,
    number: u64,
    now: OffsetDateTime,
    next_update: OffsetDateTime,
    revoked: &[RevokedEntry],
) -> Result<Vec<u8>, Error> {
    let (now, next_update) = (whole_seconds(now), whole_seconds(next_update));
    if next_update <= now {
        return Err(Error::Input(
            "the next revocation list is due after this one",
        ));
    }
    let issuer = authority.certificate();
    let entries: Vec<Vec<u8>> = revoked.iter().map(|entry| entry.to_der()).collect();
    // RFC 5280 section 5.1.2.6: absent rather than empty.
    let entries = if entries.is_empty() {
        Vec::new()
    } else {
        sequence_of(&entries)
    };
    let extensions = sequence(&[
        &extension::authority_key_identifier(issuer.key_id()),
        &extension::crl_number(number),
    ]);
    authority.sign(&sequence(&[
        &integer(1),
        issuer.signature_algorithm().identifier(),
        issuer.subject_der(),
        &time(now),
        &time(next_update),
        &entries,
        &constructed(0, &extensions),
    ]))
}
