//! One's own account, and API tokens.

use api::{AccountView, ApiTokens, Done, Password};
use domain::{ApiTokenId, PersonId, SessionId};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// One's account.
#[server(name = ReadAccount, prefix = "/api/ui", endpoint = "read/account", input = GetUrl)]
pub async fn read_account() -> Result<AccountView, Failure> {
    super::call(|portal| async move { portal.account().await }).await
}

/// Changes one's password.
#[server(name = ChangePassword, prefix = "/api/ui", endpoint = "change-password", input = PostUrl)]
pub async fn change_password(
    current: Password,
    password: Password,
    password_again: Password,
) -> Result<Done, Failure> {
    let form = api::ChangePassword {
        current,
        password,
        password_again,
    };
    super::call(|portal| async move { portal.change_password(form).await }).await
}

/// Ends one of one's sessions.
#[server(name = EndSession, prefix = "/api/ui", endpoint = "end-session", input = PostUrl)]
pub async fn end_session(id: SessionId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.end_session(id).await }).await
}

/// Ends all of one's sessions but this one.
#[server(name = EndOtherSessions, prefix = "/api/ui", endpoint = "end-other-sessions", input = PostUrl)]
pub async fn end_other_sessions() -> Result<Done, Failure> {
    super::call(|portal| async move { portal.end_other_sessions().await }).await
}

/// One's API tokens.
#[server(name = ReadTokens, prefix = "/api/ui", endpoint = "read/tokens", input = GetUrl)]
pub async fn read_tokens() -> Result<ApiTokens, Failure> {
    super::call(|portal| async move { portal.api_tokens().await }).await
}

/// Revokes one of one's API tokens.
#[server(name = RevokeToken, prefix = "/api/ui", endpoint = "revoke-token", input = PostUrl)]
pub async fn revoke_token(id: ApiTokenId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.revoke_token(id).await }).await
}

/// Revokes all API tokens of a person.
#[server(name = RevokeTokens, prefix = "/api/ui", endpoint = "revoke-tokens", input = PostUrl)]
pub async fn revoke_tokens(id: PersonId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.revoke_tokens(id).await }).await
}
