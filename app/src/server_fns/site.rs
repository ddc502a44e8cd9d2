//! The site, and its first set-up.

#![expect(clippy::too_many_arguments, reason = "the fields of a form")]

use api::{Done, Password, SetUpForm, Site};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// The organisation and who is looking.
#[server(name = ReadSite, prefix = "/api/ui", endpoint = "read/site", input = GetUrl)]
pub async fn read_site() -> Result<Site, Failure> {
    super::call(|portal| async move { portal.site().await }).await
}

/// Whether a set-up link is still good.
#[server(name = ReadSetUpForm, prefix = "/api/ui", endpoint = "read/set-up-form", input = GetUrl)]
pub async fn read_set_up_form(token: String) -> Result<SetUpForm, Failure> {
    super::call(|portal| async move { portal.set_up_form(token).await }).await
}

/// Sets the portal up.
#[server(name = SetUpPortal, prefix = "/api/ui", endpoint = "set-up", input = PostUrl)]
pub async fn set_up(
    token: String,
    organisation: String,
    country: String,
    mail_domains: String,
    #[server(default)] confine: String,
    name: String,
    mailbox: String,
    password: Password,
    password_again: Password,
) -> Result<Done, Failure> {
    let form = api::SetUp {
        token,
        organisation,
        country,
        mail_domains,
        confine,
        name,
        mailbox,
        password,
        password_again,
    };
    super::call(|portal| async move { portal.set_up(form).await }).await
}
