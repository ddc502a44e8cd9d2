//! Certificate templates: what a certificate contains and who decides.

use crate::{KeyAlgorithm, Name, PfxPasswordPolicy, TemplateId, words};
use serde::{Deserialize, Serialize};

/// Whether somebody has to agree before a certificate is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Approval {
    /// Issued as soon as it is requested.
    None,
    /// One approver, who is not the requester.
    One,
}

words!(Approval, "approval rule", { None => "none", One => "one" });

/// A template for S/MIME certificates of one mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Identifier.
    pub id: TemplateId,
    /// Name as shown to people.
    pub name: Name,
    /// One sentence: what it is for.
    pub summary: String,
    /// Who has to agree.
    pub approval: Approval,
    /// Algorithms that may be chosen; the first is the default. Never empty.
    pub key_algorithms: Vec<KeyAlgorithm>,
    /// Days a certificate is valid, at most 730.
    pub valid_days: u16,
    /// How the password of the PFX is made.
    pub password_policy: PfxPasswordPolicy,
}

impl Template {
    /// The algorithm used when nobody chooses another one.
    pub fn default_key_algorithm(&self) -> KeyAlgorithm {
        self.key_algorithms
            .first()
            .copied()
            .unwrap_or(KeyAlgorithm::Rsa3072)
    }
}
