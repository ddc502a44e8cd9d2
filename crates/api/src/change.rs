//! Changing several certificates at once: what is asked, what would happen, what became of it.

use crate::CertificateFilter;
use domain::{CertificateChange, CertificateId};
use serde::{Deserialize, Serialize};

/// Asks for a change of several certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCertificates {
    /// A [`CertificateChange`].
    pub change: String,
    /// Which ones, where it is not everything that the filter finds.
    pub certificates: Vec<String>,
    /// Whether it is everything that the filter finds.
    pub is_everything: bool,
    /// The filter. After a first part, `after` says where the next one begins.
    pub filter: CertificateFilter,
    /// Why, where they are revoked.
    pub reason: String,
    /// What the owners read.
    pub comment: String,
}

/// What a change would do, to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePlan {
    /// What is to be done.
    pub change: CertificateChange,
    /// What was asked for; goes back with the confirmation.
    pub asked: ChangeCertificates,
    /// How many certificates would be changed.
    pub count: u64,
    /// Of how many people.
    pub people: u64,
    /// How many others have a key of those, and would end with them where somebody else may have
    /// the key.
    pub same_key: u64,
    /// Why others would be left as they are, and how many.
    pub exceptions: Vec<(String, u64)>,
    /// What was wrong with the confirmation, if it was tried.
    pub problem: Option<String>,
}

/// What became of a part of the certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeResult {
    /// What was done.
    pub change: CertificateChange,
    /// Each certificate of this part.
    pub rows: Vec<ChangeOutcome>,
    /// Asks for the next part, if there is one.
    pub next: Option<ChangeCertificates>,
}

/// What became of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOutcome {
    /// Which one.
    pub id: CertificateId,
    /// Address that it is for.
    pub mailbox: String,
    /// Why it was left as it is; nothing where it was changed.
    pub problem: Option<String>,
}
