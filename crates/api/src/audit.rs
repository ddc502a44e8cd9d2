//! The audit log.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// Part of an actor's name or address; empty for all.
    #[serde(default)]
    pub actor: String,
    /// One word of [`domain::AuditAction`]; empty for all.
    #[serde(default)]
    pub action: String,
    /// Identifier of a request, certificate or person; empty for all.
    #[serde(default)]
    pub subject: String,
    /// First day, `YYYY-MM-DD`; empty for no limit.
    #[serde(default)]
    pub from: String,
    /// Last day, `YYYY-MM-DD`; empty for no limit.
    #[serde(default)]
    pub to: String,
    /// From [`crate::Page::next`].
    #[serde(default)]
    pub after: Option<String>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntryView {
    /// Place in the chain, from 1.
    pub number: i64,
    /// When.
    pub at: OffsetDateTime,
    /// Who: a name and an address, or "system".
    pub actor: String,
    /// What, one word of [`domain::AuditAction`].
    pub action: String,
    /// To what, in words.
    pub subject: String,
    /// Path of the page about it.
    pub subject_url: Option<String>,
    /// More, as name and value.
    pub details: Vec<(String, String)>,
    /// Hash of the entry, hexadecimal.
    pub hash: String,
}

/// Whether the chain holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditVerification {
    /// How many entries were checked.
    pub checked: u64,
    /// Number of the first entry that is changed, missing or added, and what is wrong.
    pub broken_at: Option<(i64, String)>,
}
