//! Holding, re-activating and revoking certificates, and what stands on a revocation list.
//!
//! Each change names the state it starts from in its `WHERE`, so that of several at the same time
//! exactly one wins. It also counts up at the authority, in the same transaction: whoever serves a
//! list sees from that number that it has to be made anew.

use crate::column::{Micros, Word, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Record, Store, record};
use domain::{AuthorityId, CertificateId, RevocationReason, RevocationState};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether a change of a certificate's end took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It did.
    Yes,
    /// Something else happened before. Nothing was changed or recorded.
    No {
        /// Where the certificate stands.
        state: RevocationState,
    },
}

/// An entry of a revocation list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RevokedRow {
    /// Which certificate.
    #[sqlx(try_from = "Uuid")]
    pub id: CertificateId,
    /// Its serial number.
    pub serial: Vec<u8>,
    /// When it expires.
    #[sqlx(try_from = "Micros")]
    pub not_after: OffsetDateTime,
    /// Since when it is not to be trusted: held, or else revoked.
    #[sqlx(try_from = "Micros")]
    pub since: OffsetDateTime,
    /// Why.
    #[sqlx(rename = "revocation_reason", try_from = "Word<RevocationReason>")]
    pub reason: RevocationReason,
}

const REVOKE: &str = "UPDATE certificate SET revoked_at = $2, revocation_reason = $3
    WHERE id = $1 AND revoked_at IS NULL AND held_at IS NULL";
/// The time of the hold stays: ITU-T X.509, on reason codes, has the date of a revocation that
/// follows a hold be that of the hold.
const REVOKE_HELD: &str = "UPDATE certificate SET revoked_at = $2, revocation_reason = $3
    WHERE id = $1 AND revoked_at IS NULL AND held_at IS NOT NULL";
const HOLD: &str = "UPDATE certificate SET held_at = $2, revocation_reason = 'certificateHold'
    WHERE id = $1 AND revoked_at IS NULL AND held_at IS NULL";
const REACTIVATE: &str = "UPDATE certificate SET held_at = NULL, revocation_reason = NULL
    WHERE id = $1 AND revoked_at IS NULL AND held_at IS NOT NULL";
pub(crate) const COUNT_UP: &str = "UPDATE authority SET revocations = revocations + 1
    WHERE id = (SELECT authority_id FROM certificate WHERE id = $1)";
const STATE: &str = "SELECT CASE WHEN revoked_at IS NOT NULL THEN 'revoked'
        WHEN held_at IS NOT NULL THEN 'held' ELSE 'valid' END AS state
    FROM certificate WHERE id = $1";
const REVOKED: &str = "SELECT id, serial, not_after, COALESCE(held_at, revoked_at) AS since,
        revocation_reason
    FROM certificate
    WHERE authority_id = $1 AND revocation_reason IS NOT NULL AND (not_after, id) > ($2, $3)
    ORDER BY not_after, id LIMIT $4";

#[derive(FromRow)]
struct Standing {
    #[sqlx(try_from = "Word<RevocationState>")]
    state: RevocationState,
}

impl Store {
    /// Revokes a certificate for good, if it still is in the state that was seen.
    pub async fn revoke(
        &self,
        id: CertificateId,
        seen: RevocationState,
        reason: RevocationReason,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<Ended, Error> {
        transaction!(self, tx => {
            let rows = on_each!(tx, execute(revoking(seen), id.0, micros(now), reason.as_str()))?;
            ended(tx, id, rows, &record).await
        })
    }

    /// Puts a certificate on hold.
    pub async fn hold(
        &self,
        id: CertificateId,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<Ended, Error> {
        transaction!(self, tx => {
            let rows = on_each!(tx, execute(HOLD, id.0, micros(now)))?;
            ended(tx, id, rows, &record).await
        })
    }

    /// Takes a certificate off hold.
    pub async fn reactivate(&self, id: CertificateId, record: Record) -> Result<Ended, Error> {
        transaction!(self, tx => {
            let rows = on_each!(tx, execute(REACTIVATE, id.0))?;
            ended(tx, id, rows, &record).await
        })
    }

    /// Held and revoked certificates of an authority that expire later than a time, by expiry, after
    /// one of them.
    pub async fn revoked_of(
        &self,
        authority: AuthorityId,
        expires_after: OffsetDateTime,
        after: Option<&RevokedRow>,
        limit: i64,
    ) -> Result<Vec<RevokedRow>, Error> {
        // No identifier is higher than the highest one, so the first page begins behind the time.
        let (time, id) = after.map_or((expires_after, Uuid::max()), |row| {
            (row.not_after, row.id.0)
        });
        on_each!(
            self,
            fetch_all(REVOKED, authority.0, micros(time), id, limit)
        )
    }
}

/// The statement that revokes a certificate that was seen in a state.
pub(crate) const fn revoking(seen: RevocationState) -> &'static str {
    match seen {
        RevocationState::Held => REVOKE_HELD,
        RevocationState::Valid | RevocationState::Revoked => REVOKE,
    }
}

async fn ended(tx: &mut Tx, id: CertificateId, rows: u64, record: &Record) -> Result<Ended, Error> {
    if rows == 0 {
        let found: Option<Standing> = on_each!(tx, fetch_optional(STATE, id.0))?;
        let Standing { state } = found.ok_or(Error::NotFound)?;
        return Ok(Ended::No { state });
    }
    exactly_one(rows)?;
    exactly_one(on_each!(tx, execute(COUNT_UP, id.0))?)?;
    record::append(tx, record, None).await?;
    Ok(Ended::Yes)
}
