//! Templates: reading them, and offering one or no longer.
//!
//! Adding, changing and previewing take the editor's whole form; they are plain routes of the
//! server and not here.

use api::{Done, TemplateList, TemplateView};
use domain::TemplateId;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// The templates.
#[server(name = ReadTemplates, prefix = "/api/ui", endpoint = "read/templates", input = GetUrl)]
pub async fn read_templates() -> Result<TemplateList, Failure> {
    super::call(|portal| async move { portal.templates().await }).await
}

/// A template with its versions; without an identifier, the form for a new one.
#[server(name = ReadTemplate, prefix = "/api/ui", endpoint = "read/template", input = GetUrl)]
pub async fn read_template(id: Option<TemplateId>) -> Result<TemplateView, Failure> {
    super::call(|portal| async move { portal.template(id).await }).await
}

/// Offers a template again.
#[server(name = OfferTemplate, prefix = "/api/ui", endpoint = "offer-template", input = PostUrl)]
pub async fn offer_template(id: TemplateId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.offer_template(id, true).await }).await
}

/// Offers a template no longer.
#[server(name = WithdrawTemplate, prefix = "/api/ui", endpoint = "withdraw-template", input = PostUrl)]
pub async fn withdraw_template(id: TemplateId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.offer_template(id, false).await }).await
}
