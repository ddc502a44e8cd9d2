//! Making an API token: it is on the page that answers, and nowhere else.

use api::{Error, MadeToken, MakeToken, Password, url};
use app::PostOutcome;
use axum::response::Response;

use super::certificates;
use super::form_page::Sent;
use super::forms::SentForm;
use super::guest::Guest;
use super::visit::Visit;

/// Makes a token for whoever is signed in.
pub(super) async fn make(sent: Sent) -> Response {
    let result = made(&sent.guest, &sent.form).await;
    let page = sent.on(url::MAKE_TOKEN, url::TOKENS);
    page.show(result, PostOutcome::Token).await
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
