//! Signing in and out.

use api::{Done, Password};
use leptos::prelude::*;
use server_fn::codec::PostUrl;

use crate::Failure;

/// Signs in.
#[server(name = SignInHere, prefix = "/api/ui", endpoint = "sign-in", input = PostUrl)]
pub async fn sign_in(
    mailbox: String,
    password: Password,
    #[server(default)] next: Option<String>,
) -> Result<Done, Failure> {
    let form = api::SignIn {
        mailbox,
        password,
        next,
    };
    super::call(|portal| async move { portal.sign_in(form).await }).await
}

/// Signs out.
#[server(name = SignOut, prefix = "/api/ui", endpoint = "sign-out", input = PostUrl)]
pub async fn sign_out() -> Result<Done, Failure> {
    super::call(|portal| async move { portal.sign_out().await }).await
}
