//! Private keys made ahead, sealed. A key leaves in the transaction that stores the credential it
//! became (see [`Store::record_prepared`]), so that it is used once or is still here.

use crate::column::{Word, micros};
use crate::pool::exactly_one;
use crate::{Error, Store};
use domain::{KeyAlgorithm, PoolKeyId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A private key made ahead.
#[derive(Clone, FromRow)]
pub struct PoolKeyRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: PoolKeyId,
    /// What kind of key it is.
    #[sqlx(rename = "key_algorithm", try_from = "Word<KeyAlgorithm>")]
    pub algorithm: KeyAlgorithm,
    /// The key, sealed.
    pub sealed_key: Vec<u8>,
}

impl std::fmt::Debug for PoolKeyRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolKeyRow")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// How many keys of a kind are ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct PoolCount {
    /// The kind.
    #[sqlx(rename = "key_algorithm", try_from = "Word<KeyAlgorithm>")]
    pub algorithm: KeyAlgorithm,
    /// How many.
    pub count: i64,
}

#[derive(FromRow)]
struct Used {
    #[sqlx(rename = "key_algorithm", try_from = "Word<KeyAlgorithm>")]
    algorithm: KeyAlgorithm,
}

const ADD: &str = "INSERT INTO pool_key (id, key_algorithm, sealed_key, created_at)
    SELECT $1, $2, $3, $4
    WHERE (SELECT COUNT(*) FROM pool_key WHERE key_algorithm = $2) < $5";
const IDS: &str = "SELECT id FROM pool_key WHERE key_algorithm = $1 ORDER BY id LIMIT $2";
const FIND: &str = "SELECT id, key_algorithm, sealed_key FROM pool_key WHERE id = $1";
const COUNTS: &str = "SELECT key_algorithm, COUNT(*) AS count FROM pool_key GROUP BY key_algorithm
    ORDER BY key_algorithm";
const AFTER: &str = "SELECT id, key_algorithm, sealed_key FROM pool_key
    WHERE id > $1 ORDER BY id LIMIT $2";
/// Two bounds: a time, and a number, so that a busy day costs no more than a quiet week.
const USED: &str = "SELECT DISTINCT key_algorithm FROM (
        SELECT key_algorithm FROM certificate WHERE issued_at > $1
        ORDER BY issued_at DESC LIMIT 500
    ) AS recent ORDER BY key_algorithm";
const IS_ISSUING: &str = "SELECT COUNT(*) FROM (
        SELECT id FROM request
        WHERE state = 'issuing' AND (next_try_at <= $1 OR lease_until > $1) LIMIT 1
    ) AS busy";

impl Store {
    /// Adds a key made ahead, unless there are `most` of its kind. Whether it was added.
    pub async fn add_pool_key(
        &self,
        row: PoolKeyRow,
        most: i64,
        now: OffsetDateTime,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            let (id, algorithm, key) = (row.id.0, row.algorithm.as_str(), &row.sealed_key);
            match on_each!(tx, execute(ADD, id, algorithm, key, micros(now), most))? {
                0 => Ok(false),
                rows => exactly_one(rows).map(|()| true),
            }
        })
    }

    /// Keys of a kind, oldest first.
    pub async fn pool_key_ids(
        &self,
        algorithm: KeyAlgorithm,
        limit: i64,
    ) -> Result<Vec<PoolKeyId>, Error> {
        let ids: Vec<Uuid> = on_each!(self, scalar fetch_all(IDS, algorithm.as_str(), limit))?;
        Ok(ids.into_iter().map(PoolKeyId).collect())
    }

    /// A key made ahead; nothing once it is used.
    pub async fn pool_key(&self, id: PoolKeyId) -> Result<Option<PoolKeyRow>, Error> {
        on_each!(self, fetch_optional(FIND, id.0))
    }

    /// How many keys there are of each kind that there is.
    pub async fn pool_counts(&self) -> Result<Vec<PoolCount>, Error> {
        on_each!(self, fetch_all(COUNTS))
    }

    /// Keys made ahead by identifier, after one.
    pub async fn pool_keys_after(
        &self,
        after: Option<PoolKeyId>,
        limit: i64,
    ) -> Result<Vec<PoolKeyRow>, Error> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        on_each!(self, fetch_all(AFTER, after, limit))
    }

    /// Kinds of keys that were certified since a time.
    pub async fn key_algorithms_since(
        &self,
        since: OffsetDateTime,
    ) -> Result<Vec<KeyAlgorithm>, Error> {
        let rows: Vec<Used> = on_each!(self, fetch_all(USED, micros(since)))?;
        Ok(rows.into_iter().map(|row| row.algorithm).collect())
    }

    /// Whether a node works on a request, or one is due.
    pub async fn is_issuing(&self, now: OffsetDateTime) -> Result<bool, Error> {
        let count: i64 = on_each!(self, scalar fetch_one(IS_ISSUING, micros(now)))?;
        Ok(count > 0)
    }
}
