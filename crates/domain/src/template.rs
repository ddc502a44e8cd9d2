//! Certificate templates: what a certificate contains, for whom, who decides, how it is delivered.
//!
//! A template changes by a new version. Requests and certificates keep the version they were made
//! from, so that one can always say why a certificate is as it is.

mod content;
mod kind;
mod names;
mod rules;

use crate::{KeyAlgorithm, Name, Role, TemplateId};

pub use content::{
    ApprovalRule, Delivery, LONGEST_DAYS, PfxChoice, PolicyChoice, Renewal, TemplateContent,
};
pub use kind::{AuthorityPurpose, KeyPart, TemplateKind};
pub use names::{AddressSource, CommonNameSource};
pub use rules::TemplateProblem;

/// One version of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Identifier, the same for all versions.
    pub id: TemplateId,
    /// Number of this version, from 1.
    pub version: i64,
    /// Name as shown to people; the same for all versions.
    pub name: Name,
    /// Whether new requests may use it.
    pub is_offered: bool,
    /// What this version says.
    pub content: TemplateContent,
}

impl Template {
    /// Whether somebody of this role may request it now; none is the portal itself.
    pub fn is_for(&self, role: Option<Role>) -> bool {
        let roles = &self.content.requesters;
        self.is_offered && (roles.is_empty() || role.is_none_or(|role| roles.contains(&role)))
    }

    /// The algorithm used when nobody chooses another one.
    pub fn default_key_algorithm(&self) -> KeyAlgorithm {
        let first = self.content.key_algorithms.first();
        first.copied().unwrap_or(KeyAlgorithm::Rsa3072)
    }
}
