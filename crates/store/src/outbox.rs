//! The outbox: mails that wait to be sent, sent ones, and those that could not be sent.
//!
//! A mail is queued in the transaction of what it tells about. It is sent at least once; a node
//! that dies while sending leaves a lease that expires.

use crate::column::{Maybe, Micros, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, NewMail, Store};
use domain::{MailId, Mailbox, NodeId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A mail to be sent.
#[derive(Debug, Clone, FromRow)]
pub struct MailRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: MailId,
    /// Names the occasion; good for a `Message-ID`.
    pub dedupe: String,
    /// To whom.
    #[sqlx(rename = "recipient", try_from = "String")]
    pub to: Mailbox,
    /// Which message it is.
    pub kind: String,
    /// Subject line.
    pub subject: String,
    /// Body as plain text.
    #[sqlx(rename = "body_text")]
    pub text: String,
    /// Body as HTML.
    #[sqlx(rename = "body_html")]
    pub html: String,
    /// When it was written.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
    /// How often sending was tried without success.
    pub attempts: i64,
    /// What is attached when it is sent, see [`NewMail::attachment`].
    pub attachment: Option<String>,
}

/// How the outbox stands.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OutboxCounts {
    /// Mails to be sent.
    pub waiting: i64,
    /// Mails given up.
    pub failed: i64,
    /// Since when the oldest waits.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub oldest_waiting_at: Option<OffsetDateTime>,
}

const QUEUE: &str = "INSERT INTO mail (id, dedupe, recipient, kind, subject, body_text, body_html,
        created_at, attempts, next_try_at, attachment)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $8, $9)
    ON CONFLICT DO NOTHING";

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE mail SET lease_owner = $1, lease_until = $2
            WHERE id IN (SELECT id FROM mail
                WHERE sent_at IS NULL AND failed_at IS NULL AND next_try_at <= $3
                    AND (lease_until IS NULL OR lease_until <= $3)
                ORDER BY next_try_at, id LIMIT $4",
            $lock,
            ") RETURNING id, dedupe, recipient, kind, subject, body_text, body_html, created_at,
                attempts, attachment"
        )
    };
}
const CLAIM: &str = claim!("");
const CLAIM_SKIPPING_LOCKED: &str = claim!(" FOR UPDATE SKIP LOCKED");
const SENT: &str = "UPDATE mail SET sent_at = $2, problem = NULL, lease_owner = NULL,
        lease_until = NULL
    WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL";
const POSTPONED: &str = "UPDATE mail SET attempts = attempts + 1, next_try_at = $2, problem = $3,
        lease_owner = NULL, lease_until = NULL
    WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL";
const FAILED: &str = "UPDATE mail SET attempts = attempts + 1, failed_at = $2, problem = $3,
        lease_owner = NULL, lease_until = NULL
    WHERE id = $1 AND sent_at IS NULL AND failed_at IS NULL";
const RELEASE: &str = "UPDATE mail SET lease_owner = NULL, lease_until = NULL
    WHERE lease_owner = $1";
const COUNTS: &str = "SELECT
        (SELECT COUNT(*) FROM mail WHERE sent_at IS NULL AND failed_at IS NULL) AS waiting,
        (SELECT COUNT(*) FROM mail WHERE failed_at IS NOT NULL) AS failed,
        (SELECT MIN(created_at) FROM mail WHERE sent_at IS NULL AND failed_at IS NULL)
            AS oldest_waiting_at";
const NEXT_DUE: &str = "SELECT MIN(CASE WHEN lease_until > next_try_at THEN lease_until
        ELSE next_try_at END)
    FROM mail WHERE sent_at IS NULL AND failed_at IS NULL";

/// Queues mails as part of a transaction, in the order of their keys: two transactions that queue
/// the same mails must not wait for each other.
pub(crate) async fn queue(tx: &mut Tx, mails: &[NewMail]) -> Result<(), Error> {
    let mut mails: Vec<_> = mails.iter().collect();
    mails.sort_by(|a, b| a.dedupe.cmp(&b.dedupe));
    for mail in mails {
        on_each!(
            tx,
            execute(
                QUEUE,
                mail.id.0,
                &mail.dedupe,
                mail.to.as_str(),
                &mail.kind,
                &mail.subject,
                &mail.text,
                &mail.html,
                micros(mail.created_at),
                mail.attachment.as_ref()
            )
        )?;
    }
    Ok(())
}

impl Store {
    /// Takes mails that are due, for `node` alone until the lease ends. Oldest first.
    pub async fn claim_mails(
        &self,
        node: NodeId,
        now: OffsetDateTime,
        lease_until: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<MailRow>, Error> {
        let mut mails: Vec<MailRow> = transaction!(self, tx => {
            let claim = tx.locking(CLAIM, CLAIM_SKIPPING_LOCKED);
            on_each!(tx, fetch_all(claim, node.0, micros(lease_until), micros(now), limit))
        })?;
        mails.sort_by_key(|mail| (mail.created_at, mail.id));
        Ok(mails)
    }

    /// A mail was handed over to the mail server.
    pub async fn mail_sent(&self, id: MailId, now: OffsetDateTime) -> Result<(), Error> {
        transaction!(self, tx => exactly_one(
            on_each!(tx, execute(SENT, id.0, micros(now)))?
        ))
    }

    /// A mail could not be sent and is tried again.
    pub async fn mail_postponed(
        &self,
        id: MailId,
        next_try_at: OffsetDateTime,
        problem: &str,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(POSTPONED, id.0, micros(next_try_at), problem))?)
        })
    }

    /// A mail cannot be sent and is not tried again.
    pub async fn mail_failed(
        &self,
        id: MailId,
        problem: &str,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        transaction!(self, tx => exactly_one(
            on_each!(tx, execute(FAILED, id.0, micros(now), problem))?
        ))
    }

    /// Gives back what a node has claimed, when it stops.
    pub async fn release_mail_leases(&self, node: NodeId) -> Result<(), Error> {
        transaction!(self, tx => {
            on_each!(tx, execute(RELEASE, node.0)).map(drop)
        })
    }

    /// How the outbox stands.
    pub async fn outbox_counts(&self) -> Result<OutboxCounts, Error> {
        on_each!(self, fetch_one(COUNTS))
    }

    /// When the next mail is due, which may be in the past; none if none waits.
    pub async fn next_mail_due(&self) -> Result<Option<OffsetDateTime>, Error> {
        let due: Option<i64> = on_each!(self, scalar fetch_one(NEXT_DUE))?;
        Maybe(due.map(Micros))
            .try_into()
            .map_err(|_| Error::corrupt("mail", "next_try_at", "it is out of range"))
    }
}
