//! How the portal is doing.

use domain::RequestId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The overview page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Certificates issued on each of the last 14 days, oldest first.
    pub issued_by_day: Vec<Bar>,
    /// Certificates that end in each of the next 12 weeks.
    pub expiring_by_week: Vec<Bar>,
    /// Active people.
    pub people: u64,
    /// Valid certificates.
    pub valid_certificates: u64,
    /// Waiting requests.
    pub waiting: u64,
    /// Age of the oldest waiting request in hours.
    pub oldest_waiting_hours: Option<u64>,
    /// Requests in the pipeline.
    pub issuing: u64,
    /// Requests whose step failed, newest first, at most 20.
    pub failed: Vec<FailedRequest>,
    /// Health of the parts.
    pub health: Vec<Health>,
    /// The server's time.
    pub now: OffsetDateTime,
}

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// Below the bar.
    pub label: String,
    /// Height.
    pub count: u64,
}

/// A request that needs an admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRequest {
    /// Identifier.
    pub id: RequestId,
    /// Who asked.
    pub person: String,
    /// Address the certificate is for.
    pub mailbox: String,
    /// Why it failed, in words.
    pub problem: String,
    /// When it failed.
    pub failed_at: OffsetDateTime,
}

/// Health of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// For example "Mail".
    pub part: String,
    /// Whether all is well.
    pub is_good: bool,
    /// What is known, and what to do where it is not good.
    pub detail: String,
}
