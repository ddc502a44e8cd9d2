//! Revoking all certificates of a key that somebody else may have: the key is compromised, not one
//! certificate (RFC 5280 section 5.3.1; S/MIME Baseline Requirements section 4.9.1.1).
//!
//! All in one transaction, with what else is revoked for the same reason. It names each certificate in
//! the state that was seen, and leaves none of the key that is good: if another one came in the
//! meantime, nothing is changed and the caller looks again.

use crate::column::micros;
use crate::pool::Tx;
use crate::revocation::{COUNT_UP, revoking};
use crate::{Error, Record, Store, record};
use domain::{CertificateId, RevocationReason, RevocationState};
use time::OffsetDateTime;
use uuid::Uuid;

/// Why nothing was revoked: a certificate of the key was held, re-activated, revoked or made.
pub const KEY_MOVED_ON: &str = "the certificates of the key are no longer as they were seen";

/// Keys that somebody else may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LostKeys {
    /// What they are recognised by: SHA-256 of each `SubjectPublicKeyInfo`.
    pub keys: Vec<Vec<u8>>,
    /// Certificates of them, and the state in which each was seen. Those that are good now are all
    /// among them, or are revoked in the same transaction anyway.
    pub certificates: Vec<(CertificateId, RevocationState)>,
}

const GOOD: &str = "SELECT COUNT(*) FROM certificate
    WHERE key_id = $1 AND revoked_at IS NULL AND not_after > $2";
const OTHERS: &str = "SELECT other.id FROM certificate
    JOIN certificate AS other ON other.key_id = certificate.key_id
    WHERE certificate.id = $1 AND other.id <> $1 AND other.revoked_at IS NULL
        AND other.not_after > $2";

impl Store {
    /// Revokes certificates because somebody else may have their keys. Conflict with
    /// [`KEY_MOVED_ON`] if they are no longer as they were seen: nothing was changed.
    pub async fn revoke_lost(
        &self,
        lost: LostKeys,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            revoke_each(tx, &lost, now).await?;
            record::append(tx, &record, None).await?;
            none_left(tx, &lost, now).await
        })
    }

    /// Other certificates with the key of one that are neither revoked nor expired.
    pub async fn others_of_key(
        &self,
        certificate: CertificateId,
        now: OffsetDateTime,
    ) -> Result<Vec<CertificateId>, Error> {
        let found: Vec<Uuid> =
            on_each!(self, scalar fetch_all(OTHERS, certificate.0, micros(now)))?;
        Ok(found.into_iter().map(CertificateId).collect())
    }
}

/// Revokes each certificate that was named.
pub(crate) async fn revoke_each(
    tx: &mut Tx,
    lost: &LostKeys,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let reason = RevocationReason::KeyCompromise.as_str();
    let mut named = lost.certificates.clone();
    // In one order, so that two who do the same do not wait for each other.
    named.sort_by_key(|(id, _)| *id);
    for (id, seen) in &named {
        let rows = on_each!(tx, execute(revoking(*seen), id.0, micros(now), reason))?;
        if rows != 1 || *seen == RevocationState::Revoked {
            return Err(Error::Conflict(KEY_MOVED_ON));
        }
    }
    // Authorities after certificates, as everybody else takes them.
    for (id, _) in &named {
        on_each!(tx, execute(COUNT_UP, id.0))?;
    }
    Ok(())
}

/// That no certificate of the keys is good any more. Asked behind the audit log, whose head every
/// writer locks: what others did before is seen, and what they do later finds the key lost.
pub(crate) async fn none_left(
    tx: &mut Tx,
    lost: &LostKeys,
    now: OffsetDateTime,
) -> Result<(), Error> {
    for key in &lost.keys {
        let good: i64 = on_each!(tx, scalar fetch_one(GOOD, key, micros(now)))?;
        if good > 0 {
            return Err(Error::Conflict(KEY_MOVED_ON));
        }
    }
    Ok(())
}
