//! Files of authorities that are not for everybody: the request to an offline root, a root's key, and
//! an authority that is taken over.

use api::{Error, ErrorKind, ImportAuthority, Password, Portal as _};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::{AuthorityId, Secret};
use http::HeaderMap;
use portal::DownloadFile;

use super::client::wants_json;
use super::form_page::Sent;
use super::forms::{SentFile, SentForm};
use super::guest::Guest;
use super::visit::Visit;
use super::{answer, certificates, web::Web};

/// The signing request of an authority that waits for its certificate.
pub(super) async fn request(
    State(web): State<Web>,
    Extension(guest): Extension<Guest>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match csr(&guest, &id).await {
        Ok(file) => certificates::attachment(&web, &file),
        Err(error) if error.kind == ErrorKind::NotSignedIn && !wants_json(&headers) => {
            answer::to_sign_in(api::url::AUTHORITIES)
        }
        Err(error) => answer::error(&web, &headers, &error),
    }
}

async fn csr(guest: &Guest, id: &str) -> Result<DownloadFile, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: AuthorityId = id.parse().map_err(|_| Error::not_found())?;
    let portal = guest.web().portal();
    let pem = visit.told(portal.authority_csr(&actor, id).await)?;
    Ok(DownloadFile {
        file_name: format!("authority-{id}.csr"),
        content_type: "application/pkcs10",
        bytes: Secret::new(pem.into_bytes()),
    })
}

/// Hands a root's key out, under a password that was chosen for it.
pub(super) async fn key(State(web): State<Web>, Path(id): Path<String>, sent: Sent) -> Response {
    let error = match take(&sent.guest, &id, &sent.form).await {
        Ok(file) => return certificates::attachment(&web, &file),
        Err(error) => error,
    };
    // Only what is an identifier goes back into a path.
    let Ok(id) = id.parse::<AuthorityId>() else {
        return answer::error(&web, &sent.headers, &Error::not_found());
    };
    let form = sent.on(api::url::authority_key(id), api::url::AUTHORITIES);
    form.refuse(error).await
}

async fn take(guest: &Guest, id: &str, form: &SentForm) -> Result<DownloadFile, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: AuthorityId = id.parse().map_err(|_| Error::not_found())?;
    let [confirm, password] =
        ["password", "file_password"].map(|field| Secret::new(form.text(field)));
    let portal = guest.web().portal();
    let taken = portal.download_authority_key(&actor, id, confirm, password);
    let file = visit.told(taken.await)?;
    certificates::confirmed(guest, file.confirmed_at).await?;
    Ok(file.value)
}

/// Takes an authority over that exists already, from a file or from pasted PEM.
pub(super) async fn import(sent: Sent) -> Response {
    let Sent { form, file, .. } = &sent;
    let asked = ImportAuthority {
        file: file.as_ref().map(|SentFile(bytes)| Secret::clone(bytes)),
        material: Password::new(form.text("material")),
        password: Password::new(form.text("password")),
        purpose: form.text("purpose"),
    };
    let result = sent.visit().import_authority(asked).await;
    let form = sent.on(api::url::IMPORT_AUTHORITY, api::url::AUTHORITIES);
    form.done(result).await
}
