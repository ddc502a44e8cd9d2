//! The list of all certificates, as admins and auditors see it.

use crate::{CertificateState, Page};
use domain::{CertificateId, TemplateId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Which certificates. The fields are also the parameters of the page and of the export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFilter {
    /// Beginning of a mail address or of a word of it or of the name; a serial or a thumbprint.
    #[serde(default)]
    pub search: String,
    /// `valid` (not ended), `expiring` (valid, ends within 30 days) or `expired`; empty for all.
    #[serde(default)]
    pub state: String,
    /// Identifier of a template; empty for all.
    #[serde(default)]
    pub template: String,
    /// First day on which they may end, `YYYY-MM-DD`; empty for no limit.
    #[serde(default)]
    pub ends_from: String,
    /// Last day on which they may end, `YYYY-MM-DD`; empty for no limit.
    #[serde(default)]
    pub ends_to: String,
    /// From [`Page::next`].
    #[serde(default)]
    pub after: Option<String>,
}

/// The list and what its filters offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateList {
    /// One page, newest first.
    pub page: Page<CertificateRow>,
    /// How many there are in all, where that is known.
    pub count: Option<u64>,
    /// Identifier and name of every template.
    pub templates: Vec<(TemplateId, String)>,
    /// Whether the viewer may change several at once.
    pub may_change: bool,
    /// The server's time.
    pub now: OffsetDateTime,
}

/// A certificate in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRow {
    /// Identifier.
    pub id: CertificateId,
    /// Name of the owner.
    pub person: String,
    /// Address it is for.
    pub mailbox: String,
    /// What it names besides the address, in words: host names, the name of a device, further
    /// addresses.
    pub names: String,
    /// State.
    pub state: CertificateState,
    /// Name of the template.
    pub template: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// End of validity.
    pub not_after: OffsetDateTime,
}
