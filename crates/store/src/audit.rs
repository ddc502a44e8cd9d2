//! Reading the audit log. It is written through [`Record`](crate::Record) only.

use crate::column::{Maybe, Micros, Word, maybe_micros, pattern};
use crate::{Error, Store};
use domain::{AuditAction, PersonId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// An entry of the audit log.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// Its number; there are no gaps.
    pub number: i64,
    /// When it happened.
    pub at: OffsetDateTime,
    /// Who did it; none for the portal itself.
    pub actor: Option<PersonId>,
    /// Who did it, in words.
    pub actor_label: String,
    /// What was done.
    pub action: AuditAction,
    /// What it was done to.
    pub subject: Option<Uuid>,
    /// What it was done to, in words.
    pub subject_label: String,
    /// Further facts as name and value.
    pub details: Vec<(String, String)>,
    /// Network address of the client.
    pub address: Option<String>,
    /// Hash of this entry and, through it, of all before it.
    pub hash: Vec<u8>,
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Part of the actor's name or address; empty for everybody.
    pub actor: String,
    /// Only this action.
    pub action: Option<AuditAction>,
    /// Only what was done to this.
    pub subject: Option<Uuid>,
    /// Not before.
    pub from: Option<OffsetDateTime>,
    /// Before.
    pub until: Option<OffsetDateTime>,
    /// Older than this entry: the next page.
    pub before_number: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

macro_rules! list {
    ($subject:literal) => {
        concat!(
            "SELECT number, recorded_at, actor_id, actor_label, action, subject, subject_label,
                details, address, hash
            FROM audit_entry
            WHERE number < $1 AND ",
            $subject,
            " AND ($3 = '%%' OR LOWER(actor_label) LIKE $3 ESCAPE '\\')
            AND ($4 = '' OR action = $4) AND recorded_at >= $5 AND recorded_at < $6
            ORDER BY number DESC LIMIT $7"
        )
    };
}
const LIST: &str = list!("$2 IS NULL");
const LIST_OF_SUBJECT: &str = list!("subject = $2");

#[derive(FromRow)]
struct StoredRow {
    number: i64,
    #[sqlx(try_from = "Micros")]
    recorded_at: OffsetDateTime,
    #[sqlx(try_from = "Maybe<Uuid>")]
    actor_id: Option<PersonId>,
    actor_label: String,
    #[sqlx(try_from = "Word<AuditAction>")]
    action: AuditAction,
    subject: Option<Uuid>,
    subject_label: String,
    details: String,
    address: Option<String>,
    hash: Vec<u8>,
}

impl TryFrom<StoredRow> for AuditRow {
    type Error = Error;

    fn try_from(row: StoredRow) -> Result<Self, Error> {
        Ok(Self {
            number: row.number,
            at: row.recorded_at,
            actor: row.actor_id,
            actor_label: row.actor_label,
            action: row.action,
            subject: row.subject,
            subject_label: row.subject_label,
            details: read_details(&row.details)?,
            address: row.address,
            hash: row.hash,
        })
    }
}

/// Reads the details of an entry.
pub(crate) fn read_details(json: &str) -> Result<Vec<(String, String)>, Error> {
    serde_json::from_str(json).map_err(|_| {
        Error::corrupt(
            "audit_entry",
            "details",
            "it is not a list of names and values",
        )
    })
}

impl Store {
    /// Entries of the audit log, newest first.
    pub async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRow>, Error> {
        let statement = if query.subject.is_some() {
            LIST_OF_SUBJECT
        } else {
            LIST
        };
        let rows: Vec<StoredRow> = on_each!(
            self,
            fetch_all(
                statement,
                query.before_number.unwrap_or(i64::MAX),
                query.subject,
                pattern(&query.actor),
                query.action.map_or("", AuditAction::as_str),
                maybe_micros(query.from).unwrap_or(i64::MIN),
                maybe_micros(query.until).unwrap_or(i64::MAX),
                query.limit
            )
        )?;
        rows.into_iter().map(AuditRow::try_from).collect()
    }
}
