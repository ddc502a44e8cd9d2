//! Decisions about requests. Of several at the same time exactly one wins: each names the state it
//! starts from in its `WHERE`.

use crate::column::{Maybe, Word, micros};
use crate::pool::Tx;
use crate::{Error, Record, Store, record};
use domain::{Name, PersonId, Reason, RequestId, RequestState};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether a decision took effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It did.
    Yes,
    /// Something else happened before. Nothing was changed or recorded.
    No {
        /// Where the request stands.
        state: RequestState,
        /// Who decided it, if somebody did.
        by: Option<Name>,
    },
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approved {
    /// It was the last one that was needed, or it came too late.
    Decided(Decided),
    /// It counts, and more people have to agree.
    NotYet,
    /// This person agreed before. Nothing was recorded.
    Again,
}

/// Also keeps other approvers of the same request waiting until this one is through, so that each
/// counts the one before.
const AGREE: &str = "UPDATE request SET version = version + 1, updated_at = $3
    WHERE id = $1 AND state = 'waiting' AND person_id <> $2
        AND (requested_by IS NULL OR requested_by <> $2)";
const INSERT_APPROVAL: &str = "INSERT INTO approval (request_id, person_id, reason, approved_at)
    VALUES ($1, $2, $4, $3) ON CONFLICT DO NOTHING";
const APPROVE: &str = "UPDATE request SET state = 'issuing', decided_at = $3, decided_by = $2,
        decision_reason = $4, next_try_at = $3
    WHERE id = $1 AND approvals_needed <= (SELECT COUNT(*) FROM approval
        WHERE approval.request_id = request.id)";
const REJECT: &str = "UPDATE request SET state = 'rejected', decided_at = $3, decided_by = $2,
        decision_reason = $4, version = version + 1, updated_at = $3
    WHERE id = $1 AND state = 'waiting' AND person_id <> $2
        AND (requested_by IS NULL OR requested_by <> $2)";
const WITHDRAW: &str = "UPDATE request SET state = 'withdrawn', version = version + 1,
        updated_at = $3
    WHERE id = $1 AND state = 'waiting' AND person_id = $2";
/// The step stays: what was done is not done again.
const RETRY: &str = "UPDATE request SET state = 'issuing', attempts = 0, next_try_at = $2,
        version = version + 1, updated_at = $2
    WHERE id = $1 AND state = 'failed'";
const STANDING: &str =
    "SELECT request.state, request.person_id, request.requested_by, decider.name AS decided_by_name
    FROM request LEFT JOIN person decider ON decider.id = request.decided_by
    WHERE request.id = $1";

#[derive(FromRow)]
struct Standing {
    #[sqlx(try_from = "Word<RequestState>")]
    state: RequestState,
    #[sqlx(try_from = "Uuid")]
    person_id: PersonId,
    #[sqlx(try_from = "Maybe<Uuid>")]
    requested_by: Option<PersonId>,
    #[sqlx(try_from = "Maybe<String>")]
    decided_by_name: Option<Name>,
}

impl Store {
    /// Agrees to a waiting request. With the last approval that its template asks for it is due at
    /// once, and `last` is recorded; before that, `record`. Conflict if it is the approver's own.
    pub async fn approve(
        &self,
        id: RequestId,
        approver: PersonId,
        reason: Option<Reason>,
        now: OffsetDateTime,
        [record, last]: [Record; 2],
    ) -> Result<Approved, Error> {
        transaction!(self, tx => {
            let reason = reason.as_ref().map(Reason::as_str);
            if on_each!(tx, execute(AGREE, id.0, approver.0, micros(now)))? == 0 {
                return Ok(Approved::Decided(not_decided(tx, id, approver).await?));
            }
            if on_each!(tx, execute(INSERT_APPROVAL, id.0, approver.0, micros(now), reason))? == 0 {
                return Ok(Approved::Again);
            }
            if on_each!(tx, execute(APPROVE, id.0, approver.0, micros(now), reason))? == 1 {
                return Ok(Approved::Decided(decided(tx, id, &last).await?));
            }
            record::append(tx, &record, Some(id)).await?;
            Ok(Approved::NotYet)
        })
    }

    /// Rejects a waiting request. Conflict if it is the approver's own.
    pub async fn reject(
        &self,
        id: RequestId,
        approver: PersonId,
        reason: Reason,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<Decided, Error> {
        transaction!(self, tx => {
            match on_each!(tx, execute(REJECT, id.0, approver.0, micros(now), reason.as_str()))? {
                0 => not_decided(tx, id, approver).await,
                _ => decided(tx, id, &record).await,
            }
        })
    }

    /// Takes a waiting request back. Not found if it is somebody else's.
    pub async fn withdraw(
        &self,
        id: RequestId,
        person: PersonId,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<Decided, Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(WITHDRAW, id.0, person.0, micros(now)))? == 1 {
                return decided(tx, id, &record).await;
            }
            let standing = standing(tx, id).await?;
            if standing.person_id == person { Ok(standing.into()) } else { Err(Error::NotFound) }
        })
    }

    /// Has the step of a failed request tried again, at once.
    pub async fn retry(
        &self,
        id: RequestId,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<Decided, Error> {
        transaction!(self, tx => {
            match on_each!(tx, execute(RETRY, id.0, micros(now))) {
                Ok(0) => Ok(standing(tx, id).await?.into()),
                Ok(_) => decided(tx, id, &record).await,
                Err(Error::Duplicate(_)) => {
                    Err(Error::Conflict("another request for the same mailbox is open"))
                }
                Err(error) => Err(error),
            }
        })
    }
}

async fn decided(tx: &mut Tx, id: RequestId, record: &Record) -> Result<Decided, Error> {
    record::append(tx, record, Some(id)).await?;
    Ok(Decided::Yes)
}

async fn not_decided(tx: &mut Tx, id: RequestId, approver: PersonId) -> Result<Decided, Error> {
    let standing = standing(tx, id).await?;
    if standing.person_id == approver || standing.requested_by == Some(approver) {
        return Err(Error::Conflict("own request"));
    }
    Ok(standing.into())
}

async fn standing(tx: &mut Tx, id: RequestId) -> Result<Standing, Error> {
    on_each!(tx, fetch_optional(STANDING, id.0))?.ok_or(Error::NotFound)
}

impl From<Standing> for Decided {
    fn from(standing: Standing) -> Self {
        Self::No {
            state: standing.state,
            by: standing.decided_by_name,
        }
    }
}
