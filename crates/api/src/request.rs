//! Requests for certificates.

use domain::{CertificateId, KeyAlgorithm, PersonId, RequestId, RequestState, TemplateId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What the request page needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestForm {
    /// The person's verified addresses; the first is filled in.
    pub mailboxes: Vec<String>,
    /// Templates they may use; the first is filled in.
    pub templates: Vec<TemplateChoice>,
    /// Whom it is for, where that is somebody else.
    pub person: Option<RequestedFor>,
    /// The address that is filled in, where it is not the first.
    pub mailbox: String,
    /// The template that is chosen, where it is not the first.
    pub template: Option<TemplateId>,
    /// Host names that are filled in.
    pub names: String,
    /// Name of the device that is filled in.
    pub device: String,
    /// The algorithm that is chosen; empty for the template's default.
    pub key_algorithm: String,
    /// Made anew for each form, so that sending it twice gives one request.
    pub idempotency_key: String,
}

/// What a request form is opened for; all empty for oneself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFor {
    /// Identifier of somebody else.
    #[serde(default)]
    pub person: String,
    /// Identifier of a certificate to be repeated.
    #[serde(default)]
    pub copy: String,
}

/// Somebody else whom a request is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedFor {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// A template as a choice.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says what the form shows"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChoice {
    /// Identifier.
    pub id: TemplateId,
    /// Name.
    pub name: String,
    /// One sentence: what it is for.
    pub summary: String,
    /// What its certificates are, in words.
    pub kind: String,
    /// Who decides, for example "2 approvers decide".
    pub decides: String,
    /// Whether the organisation keeps a copy of the key that decrypts.
    pub is_escrowed: bool,
    /// Whether an approver decides first; a reason is asked for only then.
    pub needs_approval: bool,
    /// Whether it names servers or devices, which the requester enters.
    pub names_hosts: bool,
    /// Whether devices have a name of their own, which the requester enters.
    pub names_device: bool,
    /// Whether it is for all addresses of the person.
    pub all_addresses: bool,
    /// Whether one may bring a signing request of one's own.
    pub takes_own_key: bool,
    /// Algorithms to choose from; the first is the default.
    pub key_algorithms: Vec<KeyAlgorithm>,
    /// Days of validity.
    pub valid_days: u16,
}

/// The request form as sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RequestCertificate {
    /// Which template.
    pub template: String,
    /// One of the person's verified addresses.
    pub mailbox: String,
    /// Why; needed where an approver decides.
    #[serde(default)]
    pub reason: String,
    /// Another algorithm than the template's default; empty for the default.
    #[serde(default)]
    pub key_algorithm: String,
    /// Host names and IP addresses, separated by blanks or commas; for servers and devices.
    #[serde(default)]
    pub names: String,
    /// What a device is called, where the template asks for it.
    #[serde(default)]
    pub device: String,
    /// A signing request of one's own, PEM; empty where the portal makes the key.
    #[serde(default)]
    pub csr: String,
    /// The same as a file, PEM or DER; none where no file was chosen.
    #[serde(default)]
    pub csr_file: Option<Vec<u8>>,
    /// Somebody else whom it is for; empty for oneself.
    #[serde(default)]
    pub person: String,
    /// From [`RequestForm::idempotency_key`].
    pub idempotency_key: String,
}

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCard {
    /// Identifier.
    pub id: RequestId,
    /// Address the certificate is for.
    pub mailbox: String,
    /// Name of the template.
    pub template: String,
    /// Where it stands.
    pub state: RequestState,
    /// When it was received.
    pub requested_at: OffsetDateTime,
    /// Where it stands in words, for example "Waits for an approver".
    pub summary: String,
}

/// A request with its timeline.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says which button the page shows"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// Identifier.
    pub id: RequestId,
    /// Rises with every change; a live page reloads when it does.
    pub version: i64,
    /// Address the certificate is for.
    pub mailbox: String,
    /// Name of the person it is for.
    pub person: String,
    /// Whether that is who is looking.
    pub is_own: bool,
    /// Name of the template.
    pub template: String,
    /// Algorithm of the key.
    pub key_algorithm: KeyAlgorithm,
    /// Why it was requested.
    pub reason: Option<String>,
    /// Host names or further addresses that it is for, separated by blanks.
    pub names: String,
    /// What the device is called; empty for all others.
    pub device: String,
    /// Whether a signing request was brought along, so that the key is not here.
    pub is_own_key: bool,
    /// Name of the administrator who asked for them.
    pub requested_by: Option<String>,
    /// Where it stands.
    pub state: RequestState,
    /// When it was received.
    pub requested_at: OffsetDateTime,
    /// What happened and what will happen.
    pub timeline: Vec<TimelineEntry>,
    /// Why it failed or was refused, in words.
    pub problem: Option<String>,
    /// The certificate, once issued and only for its owner, admins and auditors.
    pub certificate: Option<CertificateId>,
    /// Whether the viewer may withdraw it now.
    pub may_withdraw: bool,
    /// Whether the viewer may approve or reject it now.
    pub may_decide: bool,
    /// Whether the viewer may retry or cancel it now.
    pub may_mend: bool,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// What, for example "Private key made".
    pub title: String,
    /// More, for example "by Bob Brown: welcome".
    pub detail: Option<String>,
    /// When it happened.
    pub at: Option<OffsetDateTime>,
    /// Whether it happened.
    pub state: TimelineState,
}

/// Whether a line of the timeline has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineState {
    /// Happened.
    Done,
    /// Happens now, or is waited for.
    Current,
    /// Is still to come.
    Ahead,
    /// Failed, or was refused.
    Stopped,
}
