//! What the OCSP responder needs: the status of a certificate by its serial number, and the
//! responder's own keys and certificates.

use crate::column::{Maybe, Micros, micros};
use crate::pool::exactly_one;
use crate::{Error, Record, Store, record};
use domain::{AuthorityId, ResponderId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// Status of a certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRow {
    /// When it was signed.
    pub issued_at: OffsetDateTime,
    /// Since when it is revoked or held, and the word for why.
    pub revoked: Option<(OffsetDateTime, String)>,
}

#[derive(FromRow)]
struct StoredStatus {
    #[sqlx(try_from = "Micros")]
    issued_at: OffsetDateTime,
    #[sqlx(try_from = "Maybe<Micros>")]
    ended_at: Option<OffsetDateTime>,
    revocation_reason: Option<String>,
}

/// A responder's key with its certificate.
#[derive(Clone, FromRow)]
pub struct ResponderRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: ResponderId,
    /// The authority it answers for.
    #[sqlx(rename = "authority_id", try_from = "Uuid")]
    pub authority: AuthorityId,
    /// Its private key, sealed.
    pub sealed_key: Vec<u8>,
    /// Its certificate, DER.
    pub certificate: Vec<u8>,
}

/// A responder whose certificate is about to be signed.
#[derive(Clone)]
pub struct NewResponder {
    /// Identifier.
    pub id: ResponderId,
    /// The authority it answers for.
    pub authority: AuthorityId,
    /// Serial number of its certificate.
    pub serial: Vec<u8>,
    /// What is to be signed.
    pub tbs: Vec<u8>,
    /// Its private key, sealed.
    pub sealed_key: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl std::fmt::Debug for ResponderRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponderRow")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for NewResponder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewResponder")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

const STATUS: &str =
    "SELECT issued_at, COALESCE(revoked_at, held_at) AS ended_at, revocation_reason
    FROM certificate WHERE serial = $2 AND authority_id = $1";
const NEWEST: &str = "SELECT id, authority_id, sealed_key, certificate FROM ocsp_responder
    WHERE authority_id = $1 AND certificate IS NOT NULL
    ORDER BY created_at DESC, id DESC LIMIT 1";
const AFTER: &str = "SELECT id, authority_id, sealed_key, certificate FROM ocsp_responder
    WHERE certificate IS NOT NULL AND id > $1 ORDER BY id LIMIT $2";
const RESERVE: &str = "INSERT INTO ocsp_responder (id, authority_id, serial, tbs, sealed_key,
        created_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const SIGNED: &str = "UPDATE ocsp_responder SET certificate = $2
    WHERE id = $1 AND certificate IS NULL";

impl Store {
    /// Status of a certificate; nothing where none with this serial number was issued. A serial
    /// number that is only reserved has none, unless it was revoked.
    pub async fn certificate_status(
        &self,
        authority: AuthorityId,
        serial: &[u8],
    ) -> Result<Option<StatusRow>, Error> {
        let row: Option<StoredStatus> =
            on_each!(self, fetch_optional(STATUS, authority.0, serial))?;
        match row {
            Some(row) => Ok(Some(StatusRow {
                issued_at: row.issued_at,
                revoked: row.ended_at.zip(row.revocation_reason),
            })),
            None => self.unrecorded_status(authority, serial).await,
        }
    }

    /// The newest responder of an authority whose certificate is signed.
    pub async fn newest_responder(
        &self,
        authority: AuthorityId,
    ) -> Result<Option<ResponderRow>, Error> {
        on_each!(self, fetch_optional(NEWEST, authority.0))
    }

    /// Responders by identifier, after one.
    pub async fn responders_after(
        &self,
        after: Option<ResponderId>,
        limit: i64,
    ) -> Result<Vec<ResponderRow>, Error> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        on_each!(self, fetch_all(AFTER, after, limit))
    }

    /// A responder's key was made and the content of its certificate fixed.
    pub async fn reserve_responder(&self, row: NewResponder, record: Record) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(RESERVE, row.id.0, row.authority.0, &row.serial, &row.tbs, &row.sealed_key, micros(row.created_at)))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// Its certificate was signed, which happens once.
    pub async fn record_responder_signed(
        &self,
        id: ResponderId,
        certificate: Vec<u8>,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(SIGNED, id.0, &certificate))?)?;
            record::append(tx, &record, None).await
        })
    }
}
