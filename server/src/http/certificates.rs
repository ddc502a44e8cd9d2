//! The two things that a certificate is for: showing its password and downloading its PFX. Both
//! answer a form with a page or a file of their own, so that the secret is nowhere else.

use api::{Download, Error, ErrorKind, Password, RevealedPassword};
use app::PostOutcome;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::{CertificateId, Device, DownloadKind, Secret};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use portal::DownloadFile;

use super::client::wants_json;
use super::form_page::{FormPage, Sent};
use super::forms::SentForm;
use super::guest::Guest;
use super::visit::Visit;
use super::{answer, web::Web};

/// Shows the password of a certificate's PFX to its owner.
pub(super) async fn show_password(Path(id): Path<String>, sent: Sent) -> Response {
    let result = reveal(&sent.guest, &id, &sent.form).await;
    match on_page(&sent, &id, "show-password") {
        Some(form) => form.show(result, PostOutcome::Revealed).await,
        None => answer::error(sent.guest.web(), &sent.headers, &Error::not_found()),
    }
}

/// Hands a certificate's PFX to its owner.
pub(super) async fn download(
    State(web): State<Web>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let error = match fetch(&sent.guest, &id, &sent.form).await {
        Ok(file) => return attachment(&web, &file),
        Err(error) => error,
    };
    match on_page(&sent, &id, "download") {
        Some(form) => form.refuse(error).await,
        None => answer::error(&web, &sent.headers, &Error::not_found()),
    }
}

/// Hands a certificate out without its key, in the form that its address ends with.
pub(super) async fn file(
    State(web): State<Web>,
    Extension(guest): Extension<Guest>,
    Path(id): Path<String>,
    wanted: Uri,
    headers: HeaderMap,
) -> Response {
    let form = wanted.path().rsplit('/').next().unwrap_or_default();
    match certificate_file(&guest, &id, form).await {
        Ok(file) => attachment(&web, &file),
        Err(error) if error.kind == ErrorKind::NotSignedIn && !wants_json(&headers) => {
            answer::to_sign_in(wanted.path())
        }
        Err(error) => answer::error(&web, &headers, &error),
    }
}

async fn certificate_file(guest: &Guest, id: &str, form: &str) -> Result<DownloadFile, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: CertificateId = id.parse().map_err(|_| Error::not_found())?;
    let form = form.parse().map_err(|_| Error::not_found())?;
    let portal = guest.web().portal();
    visit.told(portal.certificate_file(&actor, id, form).await)
}

async fn reveal(guest: &Guest, id: &str, form: &SentForm) -> Result<RevealedPassword, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: CertificateId = id.parse().map_err(|_| Error::not_found())?;
    let confirm = Secret::new(form.text("password"));
    let portal = guest.web().portal();
    let shown = visit.told(portal.show_password(&actor, id, confirm).await)?;
    confirmed(guest, shown.confirmed_at).await?;
    Ok(shown.value)
}

async fn fetch(guest: &Guest, id: &str, form: &SentForm) -> Result<DownloadFile, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let id: CertificateId = id.parse().map_err(|_| Error::not_found())?;
    let kind = download_kind(form)?;
    let portal = guest.web().portal();
    let asked = download_form(form, kind)?;
    let file = visit.told(portal.download(&actor, id, asked).await)?;
    confirmed(guest, file.confirmed_at).await?;
    Ok(file.value)
}

/// Which file was chosen.
pub(super) fn download_kind(form: &SentForm) -> Result<DownloadKind, Error> {
    match form.text("kind").as_str() {
        "" => Ok(DownloadKind::Pfx),
        word => word
            .parse()
            .map_err(|_| Error::field("kind", "Please choose one of the files.")),
    }
}

/// For which device, and who it is.
pub(super) fn download_form(form: &SentForm, kind: DownloadKind) -> Result<Download, Error> {
    Ok(Download {
        password: Password::new(form.text("password")),
        device: device(form)?,
        kind,
    })
}

/// For which device.
pub(super) fn device(form: &SentForm) -> Result<Device, Error> {
    form.text("device").parse().map_err(|_| {
        Error::field(
            "device",
            "Please choose where you want to use the certificate.",
        )
    })
}

pub(super) async fn confirmed(guest: &Guest, at: time::OffsetDateTime) -> Result<(), Error> {
    guest.confirm_session(at).await.map_err(|error| {
        let fault = portal::Error::internal(error);
        guest.web().portal().explain(fault)
    })
}

/// The certificate's page. Only what is an identifier goes back into a path.
fn on_page<'a>(sent: &'a Sent, id: &str, verb: &str) -> Option<FormPage<'a>> {
    let page = api::url::certificate(id.parse().ok()?);
    Some(sent.on(format!("{page}/{verb}"), page))
}

/// What RFC 8187 section 3.2.1 lets stand unescaped, of what names have.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

pub(super) fn attachment(web: &Web, file: &DownloadFile) -> Response {
    // RFC 6266 section 4.3: an ASCII name for old browsers, the real one for all others.
    let plain: String = file
        .file_name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-._@".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let real = utf8_percent_encode(&file.file_name, NAME);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{real}");
    let Ok(disposition) = HeaderValue::from_str(&disposition) else {
        let fault = portal::Error::internal("a file name that fits no header");
        let error = web.portal().explain(fault);
        return answer::error_json(StatusCode::INTERNAL_SERVER_ERROR, &error);
    };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(file.content_type),
        ),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let bytes = match web.profile_signer().filter(|_| file.is_profile()) {
        Some(signer) => signer.sign_or_leave(file.bytes.expose(), web.portal().now()),
        None => file.bytes.expose().clone(),
    };
    (headers, Body::from(bytes)).into_response()
}
