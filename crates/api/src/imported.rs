//! What people need to read old mail: certificates that they brought along, and all keys together.

use crate::Password;
use domain::{CertificateId, Device, ImportedId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A certificate that somebody brought along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedCard {
    /// Identifier.
    pub id: ImportedId,
    /// Address in it.
    pub name: String,
    /// Issuer, RFC 4514 string.
    pub issuer: String,
    /// End of validity.
    pub not_after: OffsetDateTime,
}

/// One's keys that open old mail, in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldMail {
    /// How many keys.
    pub keys: usize,
    /// The certificate whose password opens the file; without it, that of what was brought along
    /// last.
    pub password_of: Option<CertificateId>,
}

/// Asks for all of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenOldMail {
    /// The password for signing in; always asked for.
    #[serde(default)]
    pub password: Password,
    /// Where it will be used.
    pub device: Device,
}
