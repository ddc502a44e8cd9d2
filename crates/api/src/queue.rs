//! The approvers' queue.

use domain::{KeyAlgorithm, RequestId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Which part of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFilter {
    /// Part of a name or address; empty for all.
    #[serde(default)]
    pub search: String,
    /// From [`crate::Page::next`].
    #[serde(default)]
    pub after: Option<String>,
}

/// A waiting request with what an approver needs to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCard {
    /// Identifier.
    pub id: RequestId,
    /// Who asks.
    pub person: String,
    /// Address the certificate is for.
    pub mailbox: String,
    /// Name of the template.
    pub template: String,
    /// Algorithm of the key.
    pub key_algorithm: KeyAlgorithm,
    /// Days of validity.
    pub valid_days: u16,
    /// Why.
    pub reason: Option<String>,
    /// What it names besides the address, in words: host names, the name of a device, further
    /// addresses.
    pub names: String,
    /// Whether a signing request was brought along, so that the key is not here.
    pub is_own_key: bool,
    /// Name of the administrator who asked for them.
    pub requested_by: Option<String>,
    /// Since when it waits.
    pub requested_at: OffsetDateTime,
    /// What is known, good and bad.
    pub evidence: Vec<Evidence>,
    /// Whether the viewer may decide it; one's own request is shown but cannot be decided.
    pub may_decide: bool,
    /// Why not.
    pub why_not: Option<String>,
}

/// One fact about a waiting request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// For example "The mailbox belongs to this person since 3 May 2026".
    pub text: String,
    /// Whether it calls for a second look.
    pub is_warning: bool,
}

/// A decision about one or several requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which requests.
    pub requests: Vec<RequestId>,
    /// Why; needed to reject.
    #[serde(default)]
    pub reason: String,
}

/// What became of one request in a decision about several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOutcome {
    /// Which request.
    pub request: RequestId,
    /// Why it was not decided as asked; nothing where it was.
    pub problem: Option<String>,
}
