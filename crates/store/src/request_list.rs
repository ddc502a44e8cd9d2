//! Lists and numbers of requests.

use crate::column::{Maybe, Micros, micros, pattern};
use crate::{Error, RequestRow, Store};
use domain::{Mailbox, PersonId, RequestId, Role};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many requests are open.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RequestCounts {
    /// Waiting for an approver.
    pub waiting: i64,
    /// In the pipeline.
    pub issuing: i64,
    /// Waiting for an administrator.
    pub failed: i64,
    /// Since when the oldest waits for an approver.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub oldest_waiting_at: Option<OffsetDateTime>,
}

const OF_PERSON: &str = select_request!(
    "WHERE request.person_id = $1 ORDER BY request.created_at DESC, request.id DESC LIMIT $2"
);
const WAITING: &str = select_request!(
    "WHERE request.state = 'waiting' AND (request.created_at, request.id) > ($1, $2)
        AND ($3 = '%%' OR person.name_lower LIKE $3 ESCAPE '\\'
            OR request.mailbox LIKE $3 ESCAPE '\\')
    ORDER BY request.created_at, request.id LIMIT $4"
);
const FAILED: &str = select_request!(
    "WHERE request.state = 'failed' ORDER BY request.updated_at, request.id LIMIT $1"
);
const COUNT_WAITING: &str = "SELECT COUNT(*) FROM request WHERE state = 'waiting'";
const COUNT_WAITING_FOR: &str =
    "SELECT COUNT(*) FROM request WHERE state = 'waiting' AND approver_role = $2
        AND person_id <> $1 AND (requested_by IS NULL OR requested_by <> $1)
        AND NOT EXISTS (SELECT 1 FROM approval
            WHERE approval.request_id = request.id AND approval.person_id = $1)";
const COUNTS: &str = "SELECT
        (SELECT COUNT(*) FROM request WHERE state = 'waiting') AS waiting,
        (SELECT COUNT(*) FROM request WHERE state = 'issuing') AS issuing,
        (SELECT COUNT(*) FROM request WHERE state = 'failed') AS failed,
        (SELECT MIN(created_at) FROM request WHERE state = 'waiting') AS oldest_waiting_at";
const OPEN_FOR_MAILBOX: &str = "SELECT COUNT(*) FROM request
    WHERE mailbox = $1 AND state IN ('waiting', 'issuing') AND id <> $2";

impl Store {
    /// Requests of a person, newest first.
    pub async fn requests_of(
        &self,
        person: PersonId,
        limit: i64,
    ) -> Result<Vec<RequestRow>, Error> {
        on_each!(self, fetch_all(OF_PERSON, person.0, limit))
    }

    /// Requests that wait for an approver, oldest first, with part of the person's name or of the
    /// mailbox. `after` is the last of the page before.
    pub async fn waiting_requests(
        &self,
        search: &str,
        after: Option<(OffsetDateTime, RequestId)>,
        limit: i64,
    ) -> Result<Vec<RequestRow>, Error> {
        let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |(at, id)| (micros(at), id.0));
        on_each!(self, fetch_all(WAITING, at, id, pattern(search), limit))
    }

    /// How many requests wait for an approver.
    pub async fn waiting_count(&self) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(COUNT_WAITING))
    }

    /// How many requests wait for this person of this role: not their own, not those that they
    /// asked for or have agreed to.
    pub async fn waiting_count_for(&self, approver: PersonId, role: Role) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(COUNT_WAITING_FOR, approver.0, role.as_str()))
    }

    /// Requests that wait for an administrator, oldest failure first.
    pub async fn failed_requests(&self, limit: i64) -> Result<Vec<RequestRow>, Error> {
        on_each!(self, fetch_all(FAILED, limit))
    }

    /// How many requests are open.
    pub async fn request_counts(&self) -> Result<RequestCounts, Error> {
        on_each!(self, fetch_one(COUNTS))
    }

    /// How many other open requests there are for a mailbox.
    pub async fn open_requests_for(
        &self,
        mailbox: &Mailbox,
        except: RequestId,
    ) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(OPEN_FOR_MAILBOX, mailbox.as_str(), except.0))
    }
}
