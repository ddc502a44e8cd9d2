//! Certificates that were or may have been signed, but never became rows: the database refused the
//! row, or the request ended before. They are known by what was written down before they were
//! signed, and by that they are revoked.
//!
//! The lease does not keep them from being revoked: whoever still works on the request finds it
//! ended and records nothing.

use crate::column::{Maybe, Micros, Word, micros};
use crate::pool::Tx;
use crate::{Error, LostKeys, Record, StatusRow, Store, lost_key, record};
use domain::{
    AuthorityId, CertificateId, Mailbox, Reason, RequestId, RequestState, RevocationReason, Step,
};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A serial number that was given out, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SignedRow {
    /// The request it was given out for.
    #[sqlx(rename = "request_id", try_from = "Uuid")]
    pub request: RequestId,
    /// Where that stands.
    #[sqlx(try_from = "Word<RequestState>")]
    pub state: RequestState,
    /// Its next step.
    #[sqlx(try_from = "Word<Step>")]
    pub step: Step,
    /// The mailbox of the request.
    #[sqlx(try_from = "String")]
    pub mailbox: Mailbox,
    /// The number.
    pub serial: Vec<u8>,
    /// What was to be signed, DER.
    pub tbs: Vec<u8>,
    /// The certificate, where there is a row.
    #[sqlx(rename = "certificate_id", try_from = "Maybe<Uuid>")]
    pub certificate: Option<CertificateId>,
    /// When it was revoked for good.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub revoked_at: Option<OffsetDateTime>,
}

/// An entry of a revocation list that no certificate stands behind.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RevokedIntentRow {
    /// Its serial number.
    pub serial: Vec<u8>,
    /// Since when it is not to be trusted.
    #[sqlx(rename = "revoked_at", try_from = "Micros")]
    pub since: OffsetDateTime,
    /// Why.
    #[sqlx(rename = "revocation_reason", try_from = "Word<RevocationReason>")]
    pub reason: RevocationReason,
}

/// The end of a request whose certificates never reached their owner.
#[derive(Debug, Clone)]
pub struct RequestEnd {
    /// The request.
    pub id: RequestId,
    /// Its step as it was seen: with another one, other certificates may have been signed.
    pub step: Step,
    /// The state that it may be in besides failed.
    pub or_state: RequestState,
    /// Why it ends.
    pub why: Reason,
    /// Why what was signed for it is revoked.
    pub reason: RevocationReason,
    /// What else is revoked, where somebody else may have its keys.
    pub lost: LostKeys,
    /// When.
    pub at: OffsetDateTime,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT intent.request_id, request.state, request.step, request.mailbox, intent.serial,
                intent.tbs, certificate.id AS certificate_id,
                COALESCE(certificate.revoked_at, intent.revoked_at) AS revoked_at
            FROM intent
            JOIN request ON request.id = intent.request_id
            LEFT JOIN certificate ON certificate.request_id = intent.request_id
                AND certificate.part = intent.part ",
            $rest
        )
    };
}
const BY_SERIAL: &str = select!(
    "WHERE intent.serial = $1 AND certificate.id IS NULL
    ORDER BY intent.request_id LIMIT 1"
);
const OF_REQUEST: &str = select!("WHERE intent.request_id = $1 ORDER BY intent.part DESC");
const END: &str = "UPDATE request SET state = 'cancelled', cancel_reason = $3, lease_owner = NULL,
        lease_until = NULL, version = version + 1, updated_at = $2
    WHERE id = $1 AND step = $4 AND state IN ('failed', $5)";
const REVOKE_INTENTS: &str = "UPDATE intent SET revoked_at = $2, revocation_reason = $3
    WHERE request_id = $1 AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM certificate
        WHERE certificate.request_id = intent.request_id AND certificate.part = intent.part)";
const REVOKE_CERTIFICATES: &str = "UPDATE certificate
    SET revoked_at = $2, revocation_reason = $3
    WHERE request_id = $1 AND revoked_at IS NULL";
const COUNT_UP: &str = "UPDATE authority SET revocations = revocations + 1
    WHERE id IN (SELECT authority_id FROM intent WHERE request_id = $1)";
/// What only the journal knows was given out before it was revoked; when, nobody can tell.
const REVOKED: &str = "SELECT serial, revoked_at, revocation_reason FROM (
        SELECT serial, revoked_at, revocation_reason, reserved_at FROM intent
        WHERE authority_id = $1 AND revoked_at IS NOT NULL AND reserved_at > $2
        UNION ALL
        SELECT serial, revoked_at, revocation_reason, revoked_at AS reserved_at
        FROM journal_revocation WHERE authority_id = $1 AND revoked_at > $2
    ) AS revoked ORDER BY reserved_at";
const STATUS: &str = "SELECT reserved_at, revoked_at, revocation_reason FROM intent
    WHERE serial = $2 AND authority_id = $1 AND revoked_at IS NOT NULL
    UNION ALL
    SELECT revoked_at AS reserved_at, revoked_at, revocation_reason FROM journal_revocation
    WHERE serial = $2 AND authority_id = $1";

#[derive(FromRow)]
struct StoredStatus {
    #[sqlx(try_from = "Micros")]
    reserved_at: OffsetDateTime,
    #[sqlx(try_from = "Micros")]
    revoked_at: OffsetDateTime,
    revocation_reason: String,
}

impl Store {
    /// A serial number that was given out but has no certificate.
    pub async fn unrecorded(&self, serial: &[u8]) -> Result<Option<SignedRow>, Error> {
        on_each!(self, fetch_optional(BY_SERIAL, serial))
    }

    /// The serial numbers that were given out for a request: those that were or may have been
    /// signed.
    pub async fn signed_for(&self, request: RequestId) -> Result<Vec<SignedRow>, Error> {
        on_each!(self, fetch_all(OF_REQUEST, request.0))
    }

    /// Ends a request whose certificates never reached their owner, and revokes all that was or may
    /// have been signed for it. Whether it was still as it was seen; if not, nothing is changed.
    /// Conflict as [`Store::revoke_lost`] has it.
    pub async fn end_request(&self, end: RequestEnd, record: Record) -> Result<bool, Error> {
        transaction!(self, tx => {
            let (id, at) = (end.id.0, micros(end.at));
            let (why, step, or_state) = (end.why.as_str(), end.step.as_str(), end.or_state.as_str());
            if on_each!(tx, execute(END, id, at, why, step, or_state))? == 0 {
                return Ok(false);
            }
            revoke_all(tx, end.id, end.at, end.reason).await?;
            lost_key::revoke_each(tx, &end.lost, end.at).await?;
            record::append(tx, &record, Some(end.id)).await?;
            lost_key::none_left(tx, &end.lost, end.at).await?;
            Ok(true)
        })
    }

    /// Revokes what was or may have been signed for a request that has ended. Whether there was
    /// anything to revoke; if not, nothing is recorded. Conflict as [`Store::revoke_lost`] has it.
    pub async fn revoke_unrecorded(
        &self,
        id: RequestId,
        (reason, lost): (RevocationReason, LostKeys),
        now: OffsetDateTime,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            if revoke_all(tx, id, now, reason).await? == 0 {
                return Ok(false);
            }
            lost_key::revoke_each(tx, &lost, now).await?;
            record::append(tx, &record, Some(id)).await?;
            lost_key::none_left(tx, &lost, now).await?;
            Ok(true)
        })
    }

    /// What was revoked without having been recorded, of serial numbers given out later than a
    /// time; what only the journal knows is among them. Each was revoked by hand, so they are few.
    pub async fn revoked_intents(
        &self,
        authority: AuthorityId,
        reserved_after: OffsetDateTime,
    ) -> Result<Vec<RevokedIntentRow>, Error> {
        on_each!(
            self,
            fetch_all(REVOKED, authority.0, micros(reserved_after))
        )
    }

    /// Status of a serial number that was revoked without having been recorded.
    pub(crate) async fn unrecorded_status(
        &self,
        authority: AuthorityId,
        serial: &[u8],
    ) -> Result<Option<StatusRow>, Error> {
        let row: Option<StoredStatus> =
            on_each!(self, fetch_optional(STATUS, authority.0, serial))?;
        Ok(row.map(|row| StatusRow {
            issued_at: row.reserved_at,
            revoked: Some((row.revoked_at, row.revocation_reason)),
        }))
    }
}

/// How many of its serial numbers are revoked by this.
async fn revoke_all(
    tx: &mut Tx,
    id: RequestId,
    now: OffsetDateTime,
    reason: RevocationReason,
) -> Result<u64, Error> {
    let (now, reason) = (micros(now), reason.as_str());
    let mut count = 0;
    for revoke in [REVOKE_INTENTS, REVOKE_CERTIFICATES] {
        count += on_each!(tx, execute(revoke, id.0, now, reason))?;
    }
    if count > 0 {
        on_each!(tx, execute(COUNT_UP, id.0))?;
    }
    Ok(count)
}
