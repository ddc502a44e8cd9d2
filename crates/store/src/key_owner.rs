//! Whose certificates hold a key already, whether they were made here or brought along.

use crate::pool::Tx;
use crate::{Error, Store};
use domain::{PersonId, RequestId, RevocationReason};
use sqlx::FromRow;
use uuid::Uuid;

/// A certificate whose key was not looked at yet.
#[derive(Debug, Clone, FromRow)]
pub struct UnreadKeyRow {
    /// Identifier of the row.
    pub id: Uuid,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Whether it was brought along.
    pub is_imported: bool,
}

/// Why a step could not be recorded: somebody else had the key certified first.
pub const KEY_OF_SOMEBODY_ELSE: &str = "the key is somebody else's";

/// Changes a row, or adds it, only where the key is nobody else's. One statement, so that of two at
/// the same time one waits for the other and then finds its row.
const CLAIM: &str = "INSERT INTO brought_key (key_id, person_id)
    SELECT $1, person_id FROM request WHERE id = $2
    ON CONFLICT (key_id) DO UPDATE SET person_id = excluded.person_id
        WHERE brought_key.person_id = excluded.person_id";
const OWNERS: &str = "SELECT person_id FROM certificate WHERE key_id = $1
    UNION SELECT person_id FROM imported_certificate WHERE key_id = $1";
const COMPROMISED: &str = "SELECT COUNT(*) FROM certificate
    WHERE key_id = $1 AND revocation_reason = $2";
const UNREAD: &str = "SELECT id, der, is_imported FROM (
        SELECT id, der, FALSE AS is_imported FROM certificate WHERE key_id IS NULL
        UNION ALL
        SELECT id, der, TRUE AS is_imported FROM imported_certificate WHERE key_id IS NULL
    ) AS unread LIMIT $1";
const SET: &str = "UPDATE certificate SET key_id = $2 WHERE id = $1 AND key_id IS NULL";
const SET_IMPORTED: &str = "UPDATE imported_certificate SET key_id = $2
    WHERE id = $1 AND key_id IS NULL";

impl Store {
    /// Everybody who has a certificate of the key with this identifier: SHA-256 of its
    /// `SubjectPublicKeyInfo`.
    pub async fn key_owners(&self, key_id: &[u8]) -> Result<Vec<PersonId>, Error> {
        let found: Vec<Uuid> = on_each!(self, scalar fetch_all(OWNERS, key_id))?;
        Ok(found.into_iter().map(PersonId).collect())
    }

    /// Whether a certificate of this key was revoked because somebody else may have the key.
    pub async fn is_key_compromised(&self, key_id: &[u8]) -> Result<bool, Error> {
        let reason = RevocationReason::KeyCompromise.as_str();
        let count: i64 = on_each!(self, scalar fetch_one(COMPROMISED, key_id, reason))?;
        Ok(count > 0)
    }

    /// Claims a key that was brought along for the person of a request, where that was not done with
    /// what is to be signed: by a version before there were claims. Conflict with
    /// [`KEY_OF_SOMEBODY_ELSE`] if it is somebody else's.
    pub async fn claim_key(&self, request: RequestId, key_id: &[u8]) -> Result<(), Error> {
        transaction!(self, tx => claim(tx, request, key_id).await)
    }

    /// Certificates whose key was not looked at yet.
    pub async fn unread_keys(&self, limit: i64) -> Result<Vec<UnreadKeyRow>, Error> {
        on_each!(self, fetch_all(UNREAD, limit))
    }

    /// Writes down what keys are recognised by. No person did anything: there is nothing to record.
    pub async fn put_key_ids(&self, keys: &[(UnreadKeyRow, Vec<u8>)]) -> Result<(), Error> {
        transaction!(self, tx => {
            for (row, key_id) in keys {
                let set = if row.is_imported { SET_IMPORTED } else { SET };
                on_each!(tx, execute(set, row.id, key_id))?;
            }
            Ok(())
        })
    }
}

/// Claims a key that was brought along for the person of a request, who may have had it certified
/// before.
pub(crate) async fn claim(tx: &mut Tx, request: RequestId, key_id: &[u8]) -> Result<(), Error> {
    if on_each!(tx, execute(CLAIM, key_id, request.0))? == 1 {
        Ok(())
    } else {
        Err(Error::Conflict(KEY_OF_SOMEBODY_ELSE))
    }
}
