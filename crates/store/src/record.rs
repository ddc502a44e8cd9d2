//! What a change leaves behind: audit entries and mails, written in its transaction.

use crate::{Error, Store, chain, outbox, pool::Tx};
use domain::{AuditAction, MailId, Mailbox, PersonId, RequestId};
use time::OffsetDateTime;
use uuid::Uuid;

/// Everything that has to be recorded together with a change.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Entries for the audit log, in order.
    pub audits: Vec<NewAudit>,
    /// Mails to be sent.
    pub mails: Vec<NewMail>,
}

/// An entry for the audit log.
#[derive(Debug, Clone)]
pub struct NewAudit {
    /// When it happened.
    pub at: OffsetDateTime,
    /// Who did it; none for the portal itself.
    pub actor: Option<PersonId>,
    /// Who did it, in words that stay readable when the person is gone.
    pub actor_label: String,
    /// What was done.
    pub action: AuditAction,
    /// What it was done to.
    pub subject: Option<Uuid>,
    /// What it was done to, in words.
    pub subject_label: String,
    /// Further facts as name and value. Never a secret.
    pub details: Vec<(String, String)>,
    /// Network address of the client.
    pub address: Option<String>,
}

/// A mail for the outbox.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Identifier.
    pub id: MailId,
    /// Names the occasion; a second mail for the same one is dropped silently.
    pub dedupe: String,
    /// To whom.
    pub to: Mailbox,
    /// Which message it is.
    pub kind: String,
    /// Subject line.
    pub subject: String,
    /// Body as plain text.
    pub text: String,
    /// Body as HTML.
    pub html: String,
    /// When it was written; it is due at once.
    pub created_at: OffsetDateTime,
    /// What is attached when it is sent: `certificate:ID` or `pfx:ID`, several with blanks between.
    pub attachment: Option<String>,
}

impl Record {
    /// Adds an audit entry.
    pub fn audit(mut self, audit: NewAudit) -> Self {
        self.audits.push(audit);
        self
    }

    /// Adds a mail.
    pub fn mail(mut self, mail: NewMail) -> Self {
        self.mails.push(mail);
        self
    }
}

impl Store {
    /// Records something that changes no other table: a sign-in, a reveal.
    pub async fn record(&self, record: Record) -> Result<(), Error> {
        transaction!(self, tx => append(tx, &record, None).await)
    }
}

/// Writes a record as the last act of a transaction: the audit log's head is a lock that every
/// writer needs, so it is taken when nothing but the commit is left to do.
pub(crate) async fn append(
    tx: &mut Tx,
    record: &Record,
    request: Option<RequestId>,
) -> Result<(), Error> {
    outbox::queue(tx, &record.mails).await?;
    chain::append(tx, &record.audits, request).await
}
