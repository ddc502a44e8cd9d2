//! Sessions, as `tower-sessions` keeps them and as their owners see them.
//!
//! The identifier in the cookie (128 random bits, which is what `tower-sessions` has) is a
//! password, so only its SHA-256 is stored. People name their sessions by another, public one.
//!
//! What lists need is copied from the session's data into columns: `person` and `session` (UUIDs),
//! `address` and `user_agent` (text), `signed_in_at` and `last_used_at` (microseconds since 1970).

use crate::column::{Micros, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Record, Store, record};
use async_trait::async_trait;
use domain::{Clock, PersonId, SessionId};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record as Session};
use tower_sessions::session_store::{self, SessionStore};
use uuid::Uuid;

/// The sessions of a store, for `tower-sessions`. It asks for sessions without saying when, so
/// this needs a clock to know which of them have expired.
#[derive(Debug, Clone)]
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SessionRow {
    /// Its public identifier.
    #[sqlx(rename = "public_id", try_from = "Uuid")]
    pub id: SessionId,
    /// Network address it was used from.
    pub address: String,
    /// The browser, in its own words.
    pub user_agent: String,
    /// When it began.
    #[sqlx(try_from = "Micros")]
    pub signed_in_at: OffsetDateTime,
    /// When it was last used.
    #[sqlx(try_from = "Micros")]
    pub last_used_at: OffsetDateTime,
}

const CREATE: &str =
    "INSERT INTO session (id_hash, public_id, person_id, address, user_agent, data,
        signed_in_at, last_used_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
/// Not an upsert: a session that was ended meanwhile must stay ended.
const SAVE: &str = "UPDATE session SET public_id = $2, person_id = $3, address = $4,
        user_agent = $5, data = $6, signed_in_at = $7, last_used_at = $8, expires_at = $9
    WHERE id_hash = $1";
const LOAD: &str = "SELECT data, expires_at FROM session WHERE id_hash = $1 AND expires_at > $2";
const DELETE: &str = "DELETE FROM session WHERE id_hash = $1";
const OF_PERSON: &str = "SELECT public_id, COALESCE(address, '') AS address,
        COALESCE(user_agent, '') AS user_agent, COALESCE(signed_in_at, 0) AS signed_in_at,
        COALESCE(last_used_at, signed_in_at, 0) AS last_used_at
    FROM session WHERE person_id = $1 AND expires_at > $2 AND public_id IS NOT NULL
    ORDER BY last_used_at DESC, public_id";
const COUNT: &str = "SELECT COUNT(*) FROM session WHERE person_id = $1 AND expires_at > $2";
const END: &str = "DELETE FROM session WHERE person_id = $1 AND public_id = $2";
const END_ALL_BUT: &str = "DELETE FROM session
    WHERE person_id = $1 AND (public_id IS NULL OR public_id <> $2)";
const DELETE_EXPIRED: &str = "DELETE FROM session WHERE expires_at <= $1";

/// Characters of a user agent that are kept.
const USER_AGENT: usize = 200;
/// How often another identifier is tried. One collision in 2^64 sessions is more than enough.
const CREATE_TRIES: usize = 3;

impl Store {
    /// The sessions of this store, for the session layer.
    pub fn sessions(&self, clock: Arc<dyn Clock>) -> Sessions {
        Sessions {
            store: self.clone(),
            clock,
        }
    }

    /// Sessions of a person that have not expired, last used first.
    pub async fn sessions_of(
        &self,
        person: PersonId,
        now: OffsetDateTime,
    ) -> Result<Vec<SessionRow>, Error> {
        on_each!(self, fetch_all(OF_PERSON, person.0, micros(now)))
    }

    /// How many sessions of a person have not expired.
    pub async fn count_sessions(
        &self,
        person: PersonId,
        now: OffsetDateTime,
    ) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(COUNT, person.0, micros(now)))
    }

    /// Ends a session of a person. False, and nothing is recorded, if there is no such session.
    pub async fn end_session(
        &self,
        person: PersonId,
        session: SessionId,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(END, person.0, session.0))? == 0 {
                return Ok(false);
            }
            record::append(tx, &record, None).await?;
            Ok(true)
        })
    }

    /// Ends all sessions of a person but one; gives their number.
    pub async fn end_sessions_except(
        &self,
        person: PersonId,
        keep: Option<SessionId>,
        record: Record,
    ) -> Result<i64, Error> {
        transaction!(self, tx => {
            let ended = end_all(tx, person, keep).await?;
            record::append(tx, &record, None).await?;
            Ok(ended)
        })
    }

    /// Deletes expired sessions; gives their number.
    pub async fn delete_expired_sessions(&self, now: OffsetDateTime) -> Result<i64, Error> {
        transaction!(self, tx => {
            Ok(on_each!(tx, execute(DELETE_EXPIRED, micros(now)))?.cast_signed())
        })
    }
}

/// Ends all sessions of a person but one, as part of a transaction.
pub(crate) async fn end_all(
    tx: &mut Tx,
    person: PersonId,
    keep: Option<SessionId>,
) -> Result<i64, Error> {
    // No session has the nil identifier.
    let keep = keep.map_or(Uuid::nil(), |id| id.0);
    Ok(on_each!(tx, execute(END_ALL_BUT, person.0, keep))?.cast_signed())
}

/// A session's columns.
struct Columns {
    id_hash: Vec<u8>,
    public_id: Option<Uuid>,
    person_id: Option<Uuid>,
    address: Option<String>,
    user_agent: Option<String>,
    data: String,
    signed_in_at: Option<i64>,
    last_used_at: Option<i64>,
    expires_at: i64,
}

impl Columns {
    fn new(session: &Session) -> session_store::Result<Self> {
        let user_agent: Option<String> = read(session, "user_agent");
        Ok(Self {
            id_hash: hash(session.id),
            public_id: read(session, "session"),
            person_id: read(session, "person"),
            address: read(session, "address"),
            user_agent: user_agent.map(|text| text.chars().take(USER_AGENT).collect()),
            data: serde_json::to_string(&session.data)
                .map_err(|error| session_store::Error::Encode(error.to_string()))?,
            signed_in_at: read(session, "signed_in_at"),
            last_used_at: read(session, "last_used_at"),
            expires_at: micros(session.expiry_date),
        })
    }

    async fn write(&self, tx: &mut Tx, statement: &'static str) -> Result<u64, Error> {
        on_each!(
            tx,
            execute(
                statement,
                &self.id_hash,
                self.public_id,
                self.person_id,
                &self.address,
                &self.user_agent,
                &self.data,
                self.signed_in_at,
                self.last_used_at,
                self.expires_at
            )
        )
    }
}

fn read<T: DeserializeOwned>(session: &Session, key: &str) -> Option<T> {
    session
        .data
        .get(key)
        .and_then(|value| T::deserialize(value).ok())
}

fn hash(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, session: &mut Session) -> session_store::Result<()> {
        for _ in 0..CREATE_TRIES {
            let columns = Columns::new(session)?;
            let created: Result<u64, Error> =
                transaction!(self.store, tx => columns.write(tx, CREATE).await);
            if created? == 1 {
                return Ok(());
            }
            session.id = Id::default();
        }
        Err(Error::Duplicate("session").into())
    }

    async fn save(&self, session: &Session) -> session_store::Result<()> {
        let columns = Columns::new(session)?;
        let saved: Result<(), Error> =
            transaction!(self.store, tx => exactly_one(columns.write(tx, SAVE).await?));
        match saved {
            // It was ended while it was in use; the next request will notice.
            Err(Error::NotFound) => Ok(()),
            saved => Ok(saved?),
        }
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Session>> {
        let found = load(&self.store, *id, self.clock.now()).await?;
        let Some((data, expires_at)) = found else {
            return Ok(None);
        };
        let decode = |what: String| session_store::Error::Decode(what);
        Ok(Some(Session {
            id: *id,
            data: serde_json::from_str(&data).map_err(|error| decode(error.to_string()))?,
            expiry_date: Micros(expires_at)
                .try_into()
                .map_err(|error: time::error::ComponentRange| decode(error.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let id_hash = hash(*id);
        let deleted: Result<u64, Error> = transaction!(self.store, tx => {
            on_each!(tx, execute(DELETE, &id_hash))
        });
        deleted?;
        Ok(())
    }
}

async fn load(store: &Store, id: Id, now: OffsetDateTime) -> Result<Option<(String, i64)>, Error> {
    on_each!(store, fetch_optional(LOAD, hash(id), micros(now)))
}

impl From<Error> for session_store::Error {
    fn from(error: Error) -> Self {
        Self::Backend(error.to_string())
    }
}
