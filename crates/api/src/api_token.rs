//! API tokens, with which programs act for whoever made them.

use crate::Password;
use domain::{ApiTokenId, TokenScope};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// One's tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokens {
    /// Newest first; those that have expired lately too.
    pub tokens: Vec<TokenCard>,
    /// Whether identity must be confirmed with the password before one is made.
    pub must_confirm: bool,
    /// The server's time.
    pub now: OffsetDateTime,
}

/// A token in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCard {
    /// Identifier, not the token.
    pub id: ApiTokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scope: TokenScope,
    /// When it was made.
    pub made_at: OffsetDateTime,
    /// From when on it is refused.
    pub expires_at: OffsetDateTime,
    /// Whether that has come.
    pub is_expired: bool,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<OffsetDateTime>,
}

/// The form to make a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeToken {
    /// What it is called.
    pub name: String,
    /// One word of [`TokenScope`].
    pub scope: String,
    /// After how many days it expires.
    pub days: String,
    /// The password for signing in, where identity must be confirmed.
    #[serde(default)]
    pub password: Password,
}

/// A token that was just made, on its only way to its owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MadeToken {
    /// What it is called.
    pub name: String,
    /// What a program sends; not kept in clear anywhere.
    pub token: Password,
    /// From when on it is refused.
    pub expires_at: OffsetDateTime,
}
