//! One's own account.

use api::{AccountView, Done, Password};
use domain::SessionId;
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
