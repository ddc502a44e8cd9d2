//! Keys for old mail: bringing one along, having it given again, and all of them in one file. Each
//! answers a form with a file, or with the page that the form was on.

use api::{Error, OpenOldMail, Password, RevealedPassword};
use app::PostOutcome;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::{ImportedId, Secret};
use portal::{DownloadFile, ImportForm};

use super::certificates::{attachment, confirmed, device, download_form, download_kind};
use super::form_page::{FormPage, Sent};
use super::forms::{SentFile, SentForm};
use super::guest::Guest;
use super::visit::Visit;
use super::{answer, call, web::Web};

/// Keeps the certificates of an uploaded PFX.
pub(super) async fn add(sent: Sent) -> Response {
    let result = import(&sent).await;
    if let Some(response) = call::json(&sent.headers, &result) {
        return response;
    }
    match result {
        Ok(done) => {
            let said = call::said(api::url::IMPORT, done.message);
            sent.guest.put_flash(&said);
            answer::see_other(api::url::HOME)
        }
        Err(error) => at_home(&sent, api::url::IMPORT).answer(Err(error)).await,
    }
}

async fn import(sent: &Sent) -> Result<api::Done, Error> {
    let visit = sent.visit();
    let actor = visit.actor().await?;
    let pfx = sent.file.as_ref();
    let pfx = pfx.map(|SentFile(bytes)| bytes.expose().clone());
    let asked = ImportForm {
        pfx: Secret::new(pfx.unwrap_or_default()),
        password: Secret::new(sent.form.text("pfx_password")),
    };
    let portal = sent.guest.web().portal();
    visit.told(portal.import(&actor, asked).await)
}

/// Shows the password of what was brought along.
pub(super) async fn show_password(Path(id): Path<String>, sent: Sent) -> Response {
    let result = reveal(&sent.guest, &id, &sent.form).await;
    match id.parse() {
        Ok(id) => {
            let form = at_home(&sent, api::url::show_imported_password(id));
            form.show(result, PostOutcome::Revealed).await
        }
        Err(_) => answer::error(sent.guest.web(), &sent.headers, &Error::not_found()),
    }
}

async fn reveal(guest: &Guest, id: &str, form: &SentForm) -> Result<RevealedPassword, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: ImportedId = id.parse().map_err(|_| Error::not_found())?;
    let confirm = Secret::new(form.text("password"));
    let portal = guest.web().portal();
    let shown = visit.told(portal.show_imported_password(&actor, id, confirm).await)?;
    confirmed(guest, shown.confirmed_at).await?;
    Ok(shown.value)
}

/// Hands out what was brought along.
pub(super) async fn download(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let error = match fetch(&sent.guest, &id, &sent.form).await {
        Ok(file) => return attachment(&web, &file),
        Err(error) => error,
    };
    match id.parse() {
        Ok(id) => {
            let form = at_home(&sent, api::url::download_imported(id));
            form.refuse(error).await
        }
        Err(_) => answer::error(&web, &sent.headers, &Error::not_found()),
    }
}

async fn fetch(guest: &Guest, id: &str, form: &SentForm) -> Result<DownloadFile, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: ImportedId = id.parse().map_err(|_| Error::not_found())?;
    let asked = download_form(form, download_kind(form)?)?;
    let portal = guest.web().portal();
    let file = visit.told(portal.download_imported(&actor, id, asked).await)?;
    confirmed(guest, file.confirmed_at).await?;
    Ok(file.value)
}

/// Hands out all keys that open old mail.
pub(super) async fn old_mail(State(web): State<Web>, sent: Sent) -> Response {
    match fetch_all(&sent.guest, &sent.form).await {
        Ok(file) => attachment(&web, &file),
        Err(error) => at_home(&sent, api::url::OLD_MAIL).refuse(error).await,
    }
}

async fn fetch_all(guest: &Guest, form: &SentForm) -> Result<DownloadFile, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let asked = OpenOldMail {
        password: Password::new(form.text("password")),
        device: device(form)?,
    };
    let file = visit.told(guest.web().portal().open_old_mail(&actor, asked).await)?;
    confirmed(guest, file.confirmed_at).await?;
    Ok(file.value)
}

/// One's own certificates, where these forms are.
fn at_home(sent: &Sent, action: impl Into<String>) -> FormPage<'_> {
    sent.on(action, api::url::HOME)
}
