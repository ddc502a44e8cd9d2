//! Authorities, as admins and auditors see them, and as everybody installs them.

use crate::Password;
use domain::{AuthorityId, AuthorityPurpose, Secret};
use serde::{Deserialize, Serialize};

/// All authorities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthoritiesView {
    /// Each below its root.
    pub authorities: Vec<AuthorityView>,
    /// Those that wait for their certificate from an offline root.
    pub requests: Vec<AuthorityRequestView>,
    /// Roots that can sign a new authority: value and label, that of elsewhere last.
    pub roots: Vec<(String, String)>,
    /// The organisation's mail domains.
    pub mail_domains: String,
    /// Whether the viewer may change something.
    pub may_manage: bool,
}

/// An authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityView {
    /// Identifier.
    pub id: AuthorityId,
    /// How many stand above it.
    pub depth: u8,
    /// Common name.
    pub name: String,
    /// What it signs.
    pub purpose: AuthorityPurpose,
    /// Whether it signs new certificates.
    pub is_active: bool,
    /// Whether its key is here.
    pub has_key: bool,
    /// What there is to know, as name and value.
    pub facts: Vec<(String, String)>,
    /// What needs attention, in words.
    pub warnings: Vec<String>,
    /// Whether there is a revocation list.
    pub has_list: bool,
}

/// An authority that waits for its certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityRequestView {
    /// That of the authority to be.
    pub id: AuthorityId,
    /// Common name.
    pub name: String,
    /// What it will sign.
    pub purpose: AuthorityPurpose,
    /// Since when it waits, as a date.
    pub since: String,
}

/// A new issuing authority.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateAuthority {
    /// Identifier of the root, or `elsewhere`.
    pub parent: String,
    /// Common name.
    pub name: String,
    /// `mail` or `tls`.
    pub purpose: String,
    /// `rsa4096` or `p384`.
    pub key_algorithm: String,
    /// The domains it is confined to; empty for none.
    pub domains: String,
}

/// An authority that exists already, to be taken over.
#[derive(Debug, Default)]
pub struct ImportAuthority {
    /// The file that was chosen: PEM with key and certificates, or a PFX.
    pub file: Option<Secret<Vec<u8>>>,
    /// The same pasted, as PEM; empty where a file was chosen.
    pub material: Password,
    /// What opens the key.
    pub password: Password,
    /// `mail`, `tls`, or empty for what its certificate says.
    pub purpose: String,
}

/// How to make devices trust the organisation's roots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityHelp {
    /// The roots.
    pub roots: Vec<RootFile>,
    /// Steps, by system.
    pub steps: Vec<(String, Vec<String>)>,
}

/// A root to install.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFile {
    /// Identifier.
    pub id: AuthorityId,
    /// Common name.
    pub name: String,
    /// SHA-256 of its certificate, in hexadecimal digits.
    pub thumbprint: String,
}
