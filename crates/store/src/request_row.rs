//! A request as it is read, with the names that belong to it.

use crate::column::{Json, Maybe, Micros, Word};
use domain::{
    CertificateId, KeyAlgorithm, Mailbox, Name, PersonId, Reason, RequestId, RequestState, Role,
    Step, TemplateContent, TemplateId,
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
    /// The version of the template that it keeps.
    pub template_version: i64,
    /// What that version says.
    #[sqlx(try_from = "Json")]
    pub content: TemplateContent,
    /// The mailbox that the certificate is for.
    #[sqlx(try_from = "String")]
    pub mailbox: Mailbox,
    /// What it names besides the mailbox, separated by blanks: host names and addresses of a server or
    /// device, further mailboxes of a person.
    pub names: String,
    /// What a device is called; empty for all others.
    pub device: String,
    /// Kind of the private key.
    #[sqlx(try_from = "Word<KeyAlgorithm>")]
    pub key_algorithm: KeyAlgorithm,
    /// The administrator who asked for them, if they did not themselves.
    #[sqlx(try_from = "Maybe<Uuid>")]
    pub requested_by: Option<PersonId>,
    /// Their name.
    #[sqlx(try_from = "Maybe<String>")]
    pub requested_by_name: Option<Name>,
    /// The certificate that it renews.
    #[sqlx(try_from = "Maybe<Uuid>")]
    pub renews: Option<CertificateId>,
    /// Whether the new certificate has the key of the one that it renews.
    pub keeps_key: bool,
    /// Whether a signing request was brought along, so that there is no key and no password.
    pub is_own_key: bool,
    /// How many people have to agree.
    pub approvals_needed: i64,
    /// Of which role.
    #[sqlx(try_from = "Word<Role>")]
    pub approver_role: Role,
    /// How many agreed.
    pub approvals: i64,
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
    /// The certificate, once it is signed; of a split pair the one that signs.
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
                template.name AS template_name, request.template_version, template_version.content,
                request.mailbox, request.names, request.device, request.requested_by,
                requester.name AS requested_by_name, request.renews, request.keeps_key,
                request.csr IS NOT NULL AS is_own_key, request.approvals_needed,
                request.approver_role, (SELECT COUNT(*) FROM approval
                    WHERE approval.request_id = request.id) AS approvals,
                request.key_algorithm, request.reason, request.state, request.step,
                request.created_at, request.decided_at, request.decided_by,
                decider.name AS decided_by_name, request.decision_reason, request.cancel_reason,
                request.problem, request.attempts, request.next_try_at,
                certificate.id AS certificate_id, request.version, request.updated_at",
            $columns,
            " FROM request
            JOIN person ON person.id = request.person_id
            JOIN template ON template.id = request.template_id
            JOIN template_version ON template_version.template_id = request.template_id
                AND template_version.number = request.template_version
            LEFT JOIN person requester ON requester.id = request.requested_by
            LEFT JOIN person decider ON decider.id = request.decided_by
            LEFT JOIN certificate ON certificate.request_id = request.id
                AND certificate.part <> 'encrypt' ",
            $joins,
            $rest
        )
    };
}
