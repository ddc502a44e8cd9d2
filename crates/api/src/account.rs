//! Signing in and one's own account.

use crate::Password;
use domain::SessionId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The sign-in form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// Mail address.
    pub mailbox: String,
    /// Password.
    pub password: Password,
    /// Path of this portal to go to afterwards.
    #[serde(default)]
    pub next: Option<String>,
}

/// The form to change one's password.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The password until now.
    pub current: Password,
    /// The new one.
    pub password: Password,
    /// The new one again.
    pub password_again: Password,
}

/// The account page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub mailbox: String,
    /// Verified addresses for which certificates can be requested.
    pub mailboxes: Vec<String>,
    /// When the password was last changed.
    pub password_changed_at: OffsetDateTime,
    /// Where the person is signed in, this session first.
    pub sessions: Vec<SessionView>,
}

/// One place where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Identifier, not the value of the cookie.
    pub id: SessionId,
    /// Browser and system in words, for example "Firefox on Windows".
    pub browser: String,
    /// Network address.
    pub address: String,
    /// When the person signed in.
    pub signed_in_at: OffsetDateTime,
    /// When it was last used.
    pub last_used_at: OffsetDateTime,
    /// Whether this is the session that is asking.
    pub is_current: bool,
}
