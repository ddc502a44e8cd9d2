//! Whose certificates hold a key already, whether they were made here or brought along, and which
//! keys somebody else may have.

use crate::pool::Tx;
use crate::{Error, Store};
use domain::{PersonId, RequestId, RevocationReason};
use sqlx::FromRow;
use uuid::Uuid;

/// A certificate whose key was not looked at yet.
#[derive(Debug, Clone, FromRow)]
pub struct UnreadKeyRow {
    /// Identifier of the row; of what never became a certificate that of its request.
    pub id: Uuid,
    /// The certificate, DER; of what never became one its to-be-signed part.
    pub der: Vec<u8>,
    /// Whether it was brought along.
    pub is_imported: bool,
    /// Whether it was revoked without ever having become a certificate.
    pub is_intent: bool,
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
const COMPROMISED: &str = "SELECT
    (SELECT COUNT(*) FROM certificate WHERE key_id = $1 AND revocation_reason = $2)
    + (SELECT COUNT(*) FROM intent WHERE key_id = $1 AND revocation_reason = $2)
    + (SELECT COUNT(*) FROM journal_revocation WHERE key_id = $1 AND revocation_reason = $2)";
const UNREAD: &str = "SELECT id, der, is_imported, is_intent FROM (
        SELECT id, der, FALSE AS is_imported, FALSE AS is_intent
        FROM certificate WHERE key_id IS NULL
        UNION ALL
        SELECT id, der, TRUE AS is_imported, FALSE AS is_intent
        FROM imported_certificate WHERE key_id IS NULL
        UNION ALL
        SELECT request_id AS id, tbs AS der, FALSE AS is_imported, TRUE AS is_intent
        FROM intent WHERE key_id IS NULL AND revoked_at IS NOT NULL
    ) AS unread LIMIT $1";
const SET: &str = "UPDATE certificate SET key_id = $2 WHERE id = $1 AND key_id IS NULL";
const SET_IMPORTED: &str = "UPDATE imported_certificate SET key_id = $2
    WHERE id = $1 AND key_id IS NULL";
/// The halves of a pair have different keys, so the content tells which one it is.
const SET_INTENT: &str = "UPDATE intent SET key_id = $2
    WHERE request_id = $1 AND tbs = $3 AND key_id IS NULL";

impl Store {
    /// Everybody who has a certificate of the key with this identifier: SHA-256 of its
    /// `SubjectPublicKeyInfo`.
    pub async fn key_owners(&self, key_id: &[u8]) -> Result<Vec<PersonId>, Error> {
        let found: Vec<Uuid> = on_each!(self, scalar fetch_all(OWNERS, key_id))?;
        Ok(found.into_iter().map(PersonId).collect())
    }

    /// Whether a certificate of this key, stored or only signed, was revoked because somebody else
    /// may have the key.
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

    /// Certificates whose key was not looked at yet, and what was revoked without having become one.
    pub async fn unread_keys(&self, limit: i64) -> Result<Vec<UnreadKeyRow>, Error> {
        on_each!(self, fetch_all(UNREAD, limit))
    }

    /// Writes down what keys are recognised by. No person did anything: there is nothing to record.
    pub async fn put_key_ids(&self, keys: &[(UnreadKeyRow, Vec<u8>)]) -> Result<(), Error> {
        transaction!(self, tx => {
            for (row, key_id) in keys {
                match row {
                    UnreadKeyRow { is_intent: true, id, der, .. } => {
                        on_each!(tx, execute(SET_INTENT, *id, key_id, der))?;
                    }
                    UnreadKeyRow { is_imported: true, id, .. } => {
                        on_each!(tx, execute(SET_IMPORTED, *id, key_id))?;
                    }
                    UnreadKeyRow { id, .. } => {
                        on_each!(tx, execute(SET, *id, key_id))?;
                    }
                }
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
