//! A request as it is read, with the names that belong to it.

use crate::column::{Maybe, Micros, Word};
use domain::{
    CertificateId, KeyAlgorithm, Mailbox, Name, PersonId, Reason, RequestId, RequestState, Step,
    TemplateId,
};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A request.
#[derive(Debug, Clone, FromRow)]
pub struct RequestRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: RequestId,
    /// Who asked.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// Their name.
    #[sqlx(try_from = "String")]
    pub person_name: Name,
    /// Where to write to them.
    #[sqlx(try_from = "String")]
    pub person_mailbox: Mailbox,
    /// The template.
    #[sqlx(rename = "template_id", try_from = "Uuid")]
    pub template: TemplateId,
    /// Its name.
    #[sqlx(try_from = "String")]
    pub template_name: Name,
    /// Days the certificate will be valid.
    #[sqlx(try_from = "i64")]
    pub valid_days: u16,
    /// The mailbox that the certificate is for.
    #[sqlx(try_from = "String")]
    pub mailbox: Mailbox,
    /// Kind of the private key.
    #[sqlx(try_from = "Word<KeyAlgorithm>")]
    pub key_algorithm: KeyAlgorithm,
    /// Why they asked.
    #[sqlx(try_from = "Maybe<String>")]
    pub reason: Option<Reason>,
    /// Where it stands.
    #[sqlx(try_from = "Word<RequestState>")]
    pub state: RequestState,
    /// The next step of the pipeline.
    #[sqlx(try_from = "Word<Step>")]
    pub step: Step,
    /// When they asked.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
    /// When an approver decided.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub decided_at: Option<OffsetDateTime>,
    /// The approver who decided.
    #[sqlx(try_from = "Maybe<Uuid>")]
    pub decided_by: Option<PersonId>,
    /// Their name.
    #[sqlx(try_from = "Maybe<String>")]
    pub decided_by_name: Option<Name>,
    /// What they gave as reason.
    #[sqlx(try_from = "Maybe<String>")]
    pub decision_reason: Option<Reason>,
    /// Why it was cancelled after a failure.
    #[sqlx(try_from = "Maybe<String>")]
    pub cancel_reason: Option<Reason>,
    /// Why the last try of a step did not succeed.
    pub problem: Option<String>,
    /// How often the current step was tried without success.
    pub attempts: i64,
    /// When the current step is tried next.
    #[sqlx(try_from = "Micros")]
    pub next_try_at: OffsetDateTime,
    /// The certificate, once it is signed.
    #[sqlx(rename = "certificate_id", try_from = "Maybe<Uuid>")]
    pub certificate: Option<CertificateId>,
    /// Rises with every change.
    pub version: i64,
    /// When it last changed.
    #[sqlx(try_from = "Micros")]
    pub updated_at: OffsetDateTime,
}

/// A statement that reads [`RequestRow`]s: `select_request!("WHERE ..")`, or with further columns
/// and joins before the condition.
macro_rules! select_request {
    ($rest:literal) => {
        select_request!("", "", $rest)
    };
    ($columns:literal, $joins:literal, $rest:expr) => {
        concat!(
            "SELECT request.id, request.person_id, person.name AS person_name,
                person.mailbox AS person_mailbox, request.template_id,
                template.name AS template_name, template.valid_days, request.mailbox,
                request.key_algorithm, request.reason, request.state, request.step,
                request.created_at, request.decided_at, request.decided_by,
                decider.name AS decided_by_name, request.decision_reason, request.cancel_reason,
                request.problem, request.attempts, request.next_try_at,
                certificate.id AS certificate_id, request.version, request.updated_at",
            $columns,
            " FROM request
            JOIN person ON person.id = request.person_id
            JOIN template ON template.id = request.template_id
            LEFT JOIN person decider ON decider.id = request.decided_by
            LEFT JOIN certificate ON certificate.request_id = request.id ",
            $joins,
            $rest
        )
    };
}
