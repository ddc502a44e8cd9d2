//! Who is signed in.
//!
//! A session lives in the store, under an [`Id`] of 128 bits. That is what the store's contract
//! offers, and it is not the secret: the cookie holds 256 random bits, the identifier is their
//! first half, and the record keeps SHA-256 of all of them, compared in constant time. Whoever
//! reads the database, or guesses an identifier, still cannot make the cookie.
//!
//! Only people who are signed in have a session, so a visitor cannot fill the database.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Clock, PersonId, SessionId};
use portal::{Client, Random};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Error;

use crate::config;

/// How often use of a session is written down, at most.
const WRITE_EVERY: Duration = Duration::minutes(1);

/// Begins, finds and ends sessions.
#[derive(Debug, Clone)]
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
    random: Random,
    idle: Duration,
    absolute: Duration,
}

/// A session that is alive.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// The cookie's value.
    pub(super) token: String,
    record: Record,
}

impl Sessions {
    /// Sessions in a store.
    pub fn new(
        store: Arc<dyn SessionStore>,
        clock: Arc<dyn Clock>,
        random: Random,
        limits: &config::Sessions,
    ) -> Self {
        Self {
            store,
            clock,
            random,
            idle: limits.idle,
            absolute: limits.absolute,
        }
    }

    /// Begins a session for somebody who has just proved who they are.
    pub(super) async fn begin(
        &self,
        person: PersonId,
        at: OffsetDateTime,
        client: &Client,
    ) -> Result<Session, Error> {
        let public = self
            .random
            .with(|mut rng| SessionId::generate(at, &mut rng));
        let mut session = self.blank(at)?;
        session.put("person", person.to_string());
        session.put("session", public.to_string());
        session.put("address", client.address.clone());
        session.put("user_agent", client.user_agent.clone());
        session.put_time("signed_in_at", at);
        session.put_time("last_used_at", at);
        session.put_time("confirmed_at", at);
        self.create(session).await
    }

    /// The living session of a cookie. Notes that it was used, at most once a minute.
    pub(super) async fn find(&self, token: &str) -> Result<Option<Session>, Error> {
        let Some(id) = id_of(token) else {
            return Ok(None);
        };
        let Some(record) = self.store.load(&id).await? else {
            return Ok(None);
        };
        let mut session = Session {
            token: token.to_owned(),
            record,
        };
        let expected = session.text("token_sha256").unwrap_or_default().to_owned();
        if !safe::is_same(expected.as_bytes(), token_sha256(token).as_bytes()) {
            return Ok(None);
        }
        let now = self.clock.now();
        let Some(used) = session.time("last_used_at").filter(|_| session.is_whole()) else {
            return Ok(None);
        };
        if self.expiry(&session, used) <= now {
            self.store.delete(&id).await?;
            return Ok(None);
        }
        if now - used >= WRITE_EVERY {
            session.put_time("last_used_at", now);
            self.save(&mut session).await?;
        }
        Ok(Some(session))
    }

    /// Notes that a person has proved again who they are.
    pub(super) async fn confirm(
        &self,
        session: &mut Session,
        at: OffsetDateTime,
    ) -> Result<(), Error> {
        session.put_time("confirmed_at", at);
        self.save(session).await
    }

    /// The same session with another cookie.
    pub(super) async fn renew(&self, session: &Session) -> Result<Session, Error> {
        self.end(session).await?;
        let mut renewed = self.blank(self.clock.now())?;
        let hash = renewed.record.data.remove("token_sha256");
        renewed.record.data.clone_from(&session.record.data);
        renewed
            .record
            .data
            .extend(hash.map(|hash| ("token_sha256".to_owned(), hash)));
        self.create(renewed).await
    }

    /// Ends a session.
    pub(super) async fn end(&self, session: &Session) -> Result<(), Error> {
        self.store.delete(&session.record.id).await
    }

    fn blank(&self, now: OffsetDateTime) -> Result<Session, Error> {
        let token = self.random.with(safe::random_token);
        let id =
            id_of(&token).ok_or_else(|| Error::Encode("a token is 43 characters".to_owned()))?;
        let data = [("token_sha256".to_owned(), Value::from(token_sha256(&token)))];
        let record = Record {
            id,
            data: data.into(),
            expiry_date: now,
        };
        Ok(Session { token, record })
    }

    async fn create(&self, mut session: Session) -> Result<Session, Error> {
        let wanted = session.record.id;
        session.record.expiry_date = self.expiry_of(&session);
        self.store.create(&mut session.record).await?;
        if session.record.id == wanted {
            return Ok(session);
        }
        // 128 random bits met twice; the cookie would not fit.
        self.end(&session).await?;
        Err(Error::Backend("please sign in again".to_owned()))
    }

    async fn save(&self, session: &mut Session) -> Result<(), Error> {
        session.record.expiry_date = self.expiry_of(session);
        self.store.save(&session.record).await
    }

    fn expiry_of(&self, session: &Session) -> OffsetDateTime {
        let used = session.time("last_used_at");
        self.expiry(session, used.unwrap_or(session.record.expiry_date))
    }

    /// A session ends some time after its last use, and some time after sign-in in any case.
    fn expiry(&self, session: &Session, last_used_at: OffsetDateTime) -> OffsetDateTime {
        let signed_in_at = session.time("signed_in_at").unwrap_or(last_used_at);
        (last_used_at + self.idle).min(signed_in_at + self.absolute)
    }
}

impl Session {
    /// Who is signed in.
    pub(super) fn person(&self) -> Option<PersonId> {
        self.text("person")?.parse().ok()
    }

    /// Its public name.
    pub(super) fn id(&self) -> Option<SessionId> {
        self.text("session")?.parse().ok()
    }

    /// When the person last proved who they are.
    pub(super) fn confirmed_at(&self) -> Option<OffsetDateTime> {
        self.time("confirmed_at")
    }

    fn is_whole(&self) -> bool {
        self.person().is_some() && self.id().is_some() && self.time("signed_in_at").is_some()
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.record.data.get(key)?.as_str()
    }

    fn time(&self, key: &str) -> Option<OffsetDateTime> {
        let micros = self.record.data.get(key)?.as_i64()?;
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000).ok()
    }

    fn put(&mut self, key: &str, value: String) {
        self.record.data.insert(key.to_owned(), Value::from(value));
    }

    fn put_time(&mut self, key: &str, at: OffsetDateTime) {
        // Every time that the crate can hold fits.
        let micros = i64::try_from(at.unix_timestamp_nanos() / 1000).unwrap_or_default();
        self.record.data.insert(key.to_owned(), Value::from(micros));
    }
}

/// The first half of a cookie's 256 bits.
fn id_of(token: &str) -> Option<Id> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (first, _) = bytes.split_first_chunk::<16>()?;
    Some(Id(i128::from_le_bytes(*first)))
}

fn token_sha256(token: &str) -> String {
    hex::encode(safe::hash_token(token))
}
