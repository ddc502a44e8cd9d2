//! Making an API token: it is on the page that answers, and nowhere else.

use api::{Error, MadeToken, MakeToken, Password, url};
use app::PostOutcome;
use axum::Extension;
use axum::response::Response;
use http::HeaderMap;

use super::form_page::FormPage;
use super::forms::SentForm;
use super::guest::Guest;
use super::headers::PageNonce;
use super::visit::Visit;
use super::{call, certificates};

/// Makes a token for whoever is signed in.
pub(super) async fn make(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    headers: HeaderMap,
) -> Response {
    let result = made(&guest, &form).await;
    if let Some(response) = call::json(&headers, &result) {
        return response;
    }
    let page = FormPage {
        guest,
        nonce,
        form: &form,
        headers: &headers,
        action: url::MAKE_TOKEN.to_owned(),
        page: url::TOKENS.to_owned(),
    };
    page.answer(result.map(PostOutcome::Token)).await
}

async fn made(guest: &Guest, form: &SentForm) -> Result<MadeToken, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let asked = MakeToken {
        name: form.text("name"),
        scope: form.text("scope"),
        days: form.text("days"),
        password: Password::new(form.text("password")),
    };
    let portal = guest.web().portal();
    let made = visit.told(portal.make_token(&actor, asked).await)?;
    certificates::confirmed(guest, made.confirmed_at).await?;
    Ok(made.value)
}
