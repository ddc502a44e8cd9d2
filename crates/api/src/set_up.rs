//! First start of a real portal.

use crate::Password;
use serde::{Deserialize, Serialize};

/// What the set-up page needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpForm {
    /// Whether the one-time link is still good.
    pub is_valid: bool,
}

/// What the first administrator enters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetUp {
    /// From the one-time link.
    pub token: String,
    /// Name of the organisation, as it stands in the authorities' names.
    pub organisation: String,
    /// Country of the organisation, two letters (ISO 3166-1).
    pub country: String,
    /// Mail domains, separated by commas, blanks or line ends.
    pub mail_domains: String,
    /// `yes` where the authority for mail is to be confined to those domains.
    #[serde(default)]
    pub confine: String,
    /// The administrator's name.
    pub name: String,
    /// The administrator's mail address, inside one of the domains.
    pub mailbox: String,
    /// The administrator's password.
    pub password: Password,
    /// The same again.
    pub password_again: Password,
}
