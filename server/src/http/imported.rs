//! Keys for old mail: bringing one along, having it given again, and all of them in one file. Each
//! answers a form with a file, or with the page that the form was on.

use api::{Error, OpenOldMail, Password, RevealedPassword};
use app::PostOutcome;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::{ImportedId, Secret};
use http::HeaderMap;
use portal::{DownloadFile, ImportForm};

use super::certificates::{attachment, confirmed, device, download_form, download_kind};
use super::form_page::FormPage;
use super::forms::{SentFile, SentForm};
use super::guest::Guest;
use super::headers::PageNonce;
use super::visit::Visit;
use super::{answer, call, web::Web};

/// Keeps the certificates of an uploaded PFX.
pub(super) async fn add(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    file: Option<Extension<SentFile>>,
    headers: HeaderMap,
) -> Response {
    let result = import(&guest, &form, file).await;
    if let Some(response) = call::json(&headers, &result) {
        return response;
    }
    match result {
        Ok(done) => {
            guest.put_flash(&call::said(api::url::IMPORT, done.message));
            answer::see_other(api::url::HOME)
        }
        Err(error) => {
            let action = api::url::IMPORT.to_owned();
            let form = at_home(guest, nonce, &form, action, &headers);
            form.answer(Err(error)).await
        }
    }
}

async fn import(
    guest: &Guest,
    form: &SentForm,
    file: Option<Extension<SentFile>>,
) -> Result<api::Done, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let pfx = file.map(|Extension(SentFile(bytes))| bytes.expose().clone());
    let asked = ImportForm {
        pfx: Secret::new(pfx.unwrap_or_default()),
        password: Secret::new(form.text("pfx_password")),
    };
    visit.told(guest.web().portal().import(&actor, asked).await)
}

/// Shows the password of what was brought along.
pub(super) async fn show_password(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let result = reveal(&guest, &id, &form).await;
    if let Some(response) = call::json(&headers, &result) {
        return response;
    }
    let Ok(id) = id.parse() else {
        return answer::error(guest.web(), &headers, &Error::not_found());
    };
    let action = api::url::show_imported_password(id);
    let outcome = result.map(PostOutcome::Revealed);
    let form = at_home(guest, nonce, &form, action, &headers);
    form.answer(outcome).await
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
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let error = match fetch(&guest, &id, &form).await {
        Ok(file) => return attachment(&web, &file),
        Err(error) => error,
    };
    let Ok(id) = id.parse() else {
        return answer::error(&web, &headers, &Error::not_found());
    };
    let action = api::url::download_imported(id);
    let form = at_home(guest, nonce, &form, action, &headers);
    form.refuse(error).await
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
pub(super) async fn old_mail(
    State(web): State<Web>,
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    headers: HeaderMap,
) -> Response {
    match fetch_all(&guest, &form).await {
        Ok(file) => attachment(&web, &file),
        Err(error) => {
            let action = api::url::OLD_MAIL.to_owned();
            let form = at_home(guest, nonce, &form, action, &headers);
            form.refuse(error).await
        }
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
fn at_home<'a>(
    guest: Guest,
    nonce: PageNonce,
    form: &'a SentForm,
    action: String,
    headers: &'a HeaderMap,
) -> FormPage<'a> {
    FormPage {
        guest,
        nonce,
        form,
        headers,
        action,
        page: api::url::HOME.to_owned(),
    }
}
