//! Making a request and reading one.

use crate::audit::read_details;
use crate::column::{Micros, micros};
use crate::pool::Tx;
use crate::{Error, Record, RequestRow, Store, record};
use domain::{
    ApprovalRule, CertificateId, KeyAlgorithm, Mailbox, PersonId, Reason, RequestId, RequestState,
    TemplateId,
};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A request to be made.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Identifier.
    pub id: RequestId,
    /// Who asks.
    pub person: PersonId,
    /// The template.
    pub template: TemplateId,
    /// Its version, which the request and the certificate keep.
    pub template_version: i64,
    /// Who has to agree.
    pub approval: ApprovalRule,
    /// The mailbox that the certificate is for.
    pub mailbox: Mailbox,
    /// What it names besides the mailbox, separated by blanks: host names and addresses of a server or
    /// device, further mailboxes of a person.
    pub names: String,
    /// What a device is called; empty for all others.
    pub device: String,
    /// Kind of the private key.
    pub key_algorithm: KeyAlgorithm,
    /// A signing request that was brought along, DER; without it the portal makes the key.
    pub csr: Option<Vec<u8>>,
    /// The administrator who asks for somebody else.
    pub requested_by: Option<PersonId>,
    /// The certificate that it renews.
    pub renews: Option<Renews>,
    /// Why they ask.
    pub reason: Option<Reason>,
    /// Chosen by the client; the same key means the same request.
    pub idempotency_key: String,
    /// Waiting for an approver, or issuing at once.
    pub state: RequestState,
    /// When they ask.
    pub created_at: OffsetDateTime,
}

/// What a renewal renews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renews {
    /// The certificate.
    pub certificate: CertificateId,
    /// Whether the new one has the same key.
    pub keeps_key: bool,
}

/// Whether a request was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It is new.
    New,
    /// There is one already: with the same idempotency key, or an open one of the same person for
    /// the same mailbox, template and names. Nothing was changed or recorded.
    Existing(RequestId),
}

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestEvent {
    /// The audit action's word.
    pub kind: String,
    /// When it happened.
    pub at: OffsetDateTime,
    /// Who did it, as a name.
    pub by: String,
    /// The reason or the problem that was recorded with it.
    pub detail: Option<String>,
}

const INSERT: &str = "INSERT INTO request (id, person_id, template_id, mailbox, key_algorithm,
        reason, idempotency_key, state, step, created_at, attempts, next_try_at, version,
        updated_at, template_version, approvals_needed, approver_role, names, csr, requested_by,
        renews, keeps_key, device)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'prepare', $9, 0, $9, 1, $9, $10, $11, $12, $13, $14,
        $15, $16, $17, $18)
    ON CONFLICT DO NOTHING";
const EXISTING: &str = "SELECT id FROM request
    WHERE person_id = $1 AND (idempotency_key = $2
        OR (mailbox = $3 AND template_id = $4 AND names = $5 AND device = $6
            AND state IN ('waiting', 'issuing')))
    ORDER BY CASE WHEN idempotency_key = $2 THEN 0 ELSE 1 END LIMIT 1";
const FIND: &str = select_request!("WHERE request.id = $1");
const VERSION: &str = "SELECT version FROM request WHERE id = $1";
const EVENTS: &str = "SELECT action, recorded_at, actor_label, details FROM audit_entry
    WHERE request_id = $1 ORDER BY number";

/// How often a request is tried that meets another one which then ends.
const TRIES: usize = 3;
/// Names of the audit details that a person wants to see in the course of a request.
const TOLD: [&str; 2] = ["reason", "problem"];

#[derive(FromRow)]
struct StoredEvent {
    action: String,
    #[sqlx(try_from = "Micros")]
    recorded_at: OffsetDateTime,
    actor_label: String,
    details: String,
}

impl Store {
    /// Makes a request, unless there is one already. Issuing ones are due at once.
    pub async fn create_request(
        &self,
        request: NewRequest,
        record: Record,
    ) -> Result<Created, Error> {
        transaction!(self, tx => {
            for _ in 0..TRIES {
                if insert(tx, &request).await? {
                    record::append(tx, &record, Some(request.id)).await?;
                    return Ok(Created::New);
                }
                if let Some(id) = existing(tx, &request).await? {
                    return Ok(Created::Existing(id));
                }
            }
            Err(Error::Busy)
        })
    }

    /// A request.
    pub async fn request(&self, id: RequestId) -> Result<Option<RequestRow>, Error> {
        on_each!(self, fetch_optional(FIND, id.0))
    }

    /// Version of a request, for telling cheaply whether it has changed.
    pub async fn request_version(&self, id: RequestId) -> Result<Option<i64>, Error> {
        on_each!(self, scalar fetch_optional(VERSION, id.0))
    }

    /// What happened to a request, in order.
    pub async fn request_events(&self, id: RequestId) -> Result<Vec<RequestEvent>, Error> {
        let events: Vec<StoredEvent> = on_each!(self, fetch_all(EVENTS, id.0))?;
        events
            .into_iter()
            .map(|event| {
                let mut details = read_details(&event.details)?.into_iter();
                Ok(RequestEvent {
                    kind: event.action,
                    at: event.recorded_at,
                    by: name_of(&event.actor_label),
                    detail: details
                        .find(|(name, _)| TOLD.contains(&&**name))
                        .map(|(_, text)| text),
                })
            })
            .collect()
    }
}

/// A label is `Alice Adams <alice@example.com>`, or a name alone.
fn name_of(label: &str) -> String {
    let name = label.split_once(" <").map_or(label, |(name, _)| name);
    name.to_owned()
}

async fn insert(tx: &mut Tx, request: &NewRequest) -> Result<bool, Error> {
    let rows = on_each!(
        tx,
        execute(
            INSERT,
            request.id.0,
            request.person.0,
            request.template.0,
            request.mailbox.as_str(),
            request.key_algorithm.as_str(),
            request.reason.as_ref().map(Reason::as_str),
            &request.idempotency_key,
            request.state.as_str(),
            micros(request.created_at),
            request.template_version,
            i64::from(request.approval.count),
            request.approval.role.as_str(),
            &request.names,
            request.csr.as_ref(),
            request.requested_by.map(|id| id.0),
            request.renews.map(|renews| renews.certificate.0),
            request.renews.is_some_and(|renews| renews.keeps_key),
            &request.device
        )
    )?;
    Ok(rows == 1)
}

async fn existing(tx: &mut Tx, request: &NewRequest) -> Result<Option<RequestId>, Error> {
    let (person, template) = (request.person.0, request.template.0);
    let (key, mailbox) = (&request.idempotency_key, request.mailbox.as_str());
    let found: Option<Uuid> = on_each!(tx, scalar fetch_optional(EXISTING, person, key, mailbox, template, &request.names, &request.device))?;
    Ok(found.map(RequestId))
}
