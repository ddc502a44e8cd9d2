//! Revoking what only the signing journal knows: it was signed after the backup was made from which
//! this database was restored, so there is neither a certificate nor an intent.

use crate::column::micros;
use crate::{Error, LostKeys, Record, Store, lost_key, record};
use domain::{AuthorityId, RevocationReason};
use time::OffsetDateTime;

/// What is revoked by its line in the journal.
#[derive(Debug, Clone)]
pub struct JournalRevocation {
    /// Its serial number.
    pub serial: Vec<u8>,
    /// Who signed it; all that may have, where the journal does not say.
    pub authorities: Vec<AuthorityId>,
    /// SHA-256 of its public key, where the journal says it.
    pub key_id: Option<Vec<u8>>,
    /// Why.
    pub reason: RevocationReason,
    /// What else is revoked, where somebody else may have its key.
    pub lost: LostKeys,
    /// When.
    pub at: OffsetDateTime,
}

const INSERT: &str = "INSERT INTO journal_revocation (serial, authority_id, key_id, revoked_at,
        revocation_reason)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const COUNT_UP: &str = "UPDATE authority SET revocations = revocations + 1 WHERE id = $1";
const COUNT: &str = "SELECT COUNT(*) FROM journal_revocation WHERE serial = $1";

impl Store {
    /// Revokes what only the journal knows. Whether it was not revoked before; if it was, nothing is
    /// changed or recorded. Conflict as [`Store::revoke_lost`] has it.
    pub async fn revoke_journalled(
        &self,
        revocation: JournalRevocation,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            let JournalRevocation { serial, authorities, key_id, reason, lost, at } = &revocation;
            let mut count = 0;
            for authority in authorities {
                let (key, now, why) = (key_id.as_ref(), micros(*at), reason.as_str());
                count += on_each!(tx, execute(INSERT, serial, authority.0, key, now, why))?;
                on_each!(tx, execute(COUNT_UP, authority.0))?;
            }
            if count == 0 {
                return Ok(false);
            }
            lost_key::revoke_each(tx, lost, *at).await?;
            record::append(tx, &record, None).await?;
            lost_key::none_left(tx, lost, *at).await?;
            Ok(true)
        })
    }

    /// Whether a serial number that only the journal knows is revoked.
    pub async fn is_journalled_revoked(&self, serial: &[u8]) -> Result<bool, Error> {
        let count: i64 = on_each!(self, scalar fetch_one(COUNT, serial))?;
        Ok(count > 0)
    }
}
