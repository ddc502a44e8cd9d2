//! API tokens. What a program sends is a password, so only its SHA-256 is stored and looked up: who
//! reads the database, or measures how long a look-up takes, learns nothing that they could send.

use crate::column::{Maybe, Micros, Word, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Record, Store, record};
use domain::{ApiTokenId, Name, PersonId, TokenScope};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A token, without what a program sends.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiTokenRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: ApiTokenId,
    /// In whose name it is used.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// What its owner calls it.
    #[sqlx(try_from = "String")]
    pub name: Name,
    /// What it may be used for.
    #[sqlx(try_from = "Word<TokenScope>")]
    pub scope: TokenScope,
    /// When it was made.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
    /// From when on it is refused.
    #[sqlx(try_from = "Micros")]
    pub expires_at: OffsetDateTime,
    /// When it was last used, to about a minute.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub last_used_at: Option<OffsetDateTime>,
}

/// A token to be stored.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// Identifier.
    pub id: ApiTokenId,
    /// In whose name it is used.
    pub person: PersonId,
    /// What its owner calls it.
    pub name: Name,
    /// What it may be used for.
    pub scope: TokenScope,
    /// SHA-256 of what a program sends.
    pub sha256: [u8; 32],
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when on it is refused.
    pub expires_at: OffsetDateTime,
}

/// Only for who may sign in, and only while there are fewer than so many.
const INSERT: &str =
    "INSERT INTO api_token (id, person_id, name, scope, sha256, created_at, expires_at)
    SELECT $1, $2, $3, $4, $5, $6, $7
    WHERE (SELECT COUNT(*) FROM api_token WHERE person_id = $2 AND expires_at > $6) < $8
        AND EXISTS (SELECT 1 FROM person WHERE id = $2 AND state = 'active')";
/// Two that are made at once are counted one after the other.
const OWNER: &str = "SELECT COUNT(*) FROM person WHERE id = $1";
const OWNER_LOCKED: &str =
    "SELECT COUNT(*) FROM (SELECT 1 FROM person WHERE id = $1 FOR UPDATE) AS owner";
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person_id, name, scope, created_at, expires_at, last_used_at
            FROM api_token ",
            $rest
        )
    };
}
const LIVE: &str = select!("WHERE sha256 = $1 AND expires_at > $2");
const FIND: &str = select!("WHERE id = $1 AND person_id = $2");
const OF_PERSON: &str = select!("WHERE person_id = $1 ORDER BY created_at DESC, id DESC");
const COUNT: &str = "SELECT COUNT(*) FROM api_token WHERE person_id = $1 AND expires_at > $2";
const USED: &str = "UPDATE api_token SET last_used_at = $2 WHERE id = $1";
const REVOKE: &str = "DELETE FROM api_token WHERE id = $1 AND person_id = $2";
const REVOKE_ALL: &str = "DELETE FROM api_token WHERE person_id = $1";
const DELETE_EXPIRED: &str = "DELETE FROM api_token WHERE expires_at <= $1";

impl Store {
    /// Keeps a token. False, and nothing is recorded, if its owner has `most` live ones already or
    /// may not sign in.
    pub async fn make_api_token(
        &self,
        token: NewApiToken,
        most: i64,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            let owner = tx.locking(OWNER, OWNER_LOCKED);
            let _there: i64 = on_each!(tx, scalar fetch_one(owner, token.person.0))?;
            let rows = on_each!(
                tx,
                execute(
                    INSERT,
                    token.id.0,
                    token.person.0,
                    token.name.as_str(),
                    token.scope.as_str(),
                    token.sha256.as_slice(),
                    micros(token.created_at),
                    micros(token.expires_at),
                    most
                )
            )?;
            if rows == 0 {
                return Ok(false);
            }
            record::append(tx, &record, None).await?;
            Ok(true)
        })
    }

    /// The token with this hash, unless it has expired.
    pub async fn live_api_token(
        &self,
        sha256: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<Option<ApiTokenRow>, Error> {
        on_each!(self, fetch_optional(LIVE, sha256.as_slice(), micros(now)))
    }

    /// A token of a person.
    pub async fn api_token(
        &self,
        person: PersonId,
        id: ApiTokenId,
    ) -> Result<Option<ApiTokenRow>, Error> {
        on_each!(self, fetch_optional(FIND, id.0, person.0))
    }

    /// Tokens of a person, newest first; those that have expired too.
    pub async fn api_tokens_of(&self, person: PersonId) -> Result<Vec<ApiTokenRow>, Error> {
        on_each!(self, fetch_all(OF_PERSON, person.0))
    }

    /// How many tokens of a person have not expired.
    pub async fn count_api_tokens(
        &self,
        person: PersonId,
        now: OffsetDateTime,
    ) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(COUNT, person.0, micros(now)))
    }

    /// Notes that a token was used. One that was revoked meanwhile stays so.
    pub async fn use_api_token(&self, id: ApiTokenId, now: OffsetDateTime) -> Result<(), Error> {
        transaction!(self, tx => on_each!(tx, execute(USED, id.0, micros(now))).map(drop))
    }

    /// Revokes a token of a person.
    pub async fn revoke_api_token(
        &self,
        person: PersonId,
        id: ApiTokenId,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(REVOKE, id.0, person.0))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// Revokes all tokens of a person; gives their number. Nothing is recorded if there is none.
    pub async fn revoke_api_tokens(&self, person: PersonId, record: Record) -> Result<u64, Error> {
        transaction!(self, tx => {
            let revoked = revoke_all(tx, person).await?;
            if revoked > 0 {
                record::append(tx, &record, None).await?;
            }
            Ok(revoked)
        })
    }

    /// Deletes tokens that expired before a time; gives their number.
    pub async fn delete_expired_api_tokens(&self, before: OffsetDateTime) -> Result<u64, Error> {
        transaction!(self, tx => on_each!(tx, execute(DELETE_EXPIRED, micros(before))))
    }
}

/// Revokes all tokens of a person, as part of a transaction.
pub(crate) async fn revoke_all(tx: &mut Tx, person: PersonId) -> Result<u64, Error> {
    on_each!(tx, execute(REVOKE_ALL, person.0))
}
