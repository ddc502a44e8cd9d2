//! Forms as they are sent: read once, checked once, before any handler sees them.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Secret;
use http::{HeaderMap, Method, StatusCode, header};

use super::guest::Guest;
use super::{answer, csrf, web::Web};

/// Largest form, in bytes.
const LARGEST: usize = 64 * 1024;
/// Largest form with a file: 1 MiB, and what stands around it.
const LARGEST_UPLOAD: usize = 1024 * 1024 + LARGEST;
/// Where forms with a file are sent to.
const UPLOADS: [&str; 3] = [
    api::url::IMPORT,
    api::url::IMPORT_AUTHORITY,
    api::url::REQUEST_CERTIFICATE,
];
/// How long a form may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// The fields of a form that was sent, in order. Wiped after use, because some hold passwords; its
/// `Debug` shows no values.
#[derive(Clone)]
pub(super) struct SentForm(Arc<Secret<Vec<(String, String)>>>);

impl SentForm {
    /// Reads fields as browsers write them; whatever is sent has a meaning.
    pub(super) fn parse(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body).into_owned().collect();
        Self(Arc::new(Secret::new(pairs)))
    }

    /// The first value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.pairs().iter();
        pairs.find_map(|(found, value)| (found == name).then_some(value.as_str()))
    }

    /// The first value of a field, empty where it was not sent.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    /// All fields.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        self.0.expose()
    }
}

impl std::fmt::Debug for SentForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.pairs().iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

/// The file that was chosen in a form; without one there is none of these. Wiped after use, because
/// there are keys in it.
#[derive(Clone, Debug)]
pub(super) struct SentFile(pub(super) Arc<Secret<Vec<u8>>>);

/// Reads a form with a file (RFC 7578).
async fn parse_upload(headers: &HeaderMap, body: Bytes) -> Option<(SentForm, Option<SentFile>)> {
    let mut request = Request::new(Body::from(body));
    let kind = headers.get(header::CONTENT_TYPE)?.clone();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let (mut pairs, mut file) = (Vec::new(), None);
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name() {
            // The field of a file is sent without a name where none was chosen.
            Some("") => {}
            Some(_) => {
                let bytes = part.bytes().await.ok()?.to_vec();
                file = Some(SentFile(Arc::new(Secret::new(bytes))));
            }
            None => pairs.push((name, part.text().await.ok()?)),
        }
    }
    Some((SentForm(Arc::new(Secret::new(pairs))), file))
}

/// Lets a `POST` through if it is a form from one of our pages, with [`SentForm`] at hand.
/// Everything else that could change something is refused; `GET` changes nothing.
pub(super) async fn guard(
    State(web): State<Web>,
    Extension(guest): Extension<Guest>,
    request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let refuse = |status| answer::error_with(&web, &parts.headers, status, &answer::plain(status));
    let is_upload =
        UPLOADS.contains(&parts.uri.path()) && is_kind(&parts.headers, "multipart/form-data");
    if !is_upload && !is_kind(&parts.headers, "application/x-www-form-urlencoded") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let largest = if is_upload { LARGEST_UPLOAD } else { LARGEST };
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, largest)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return refuse(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT),
    };
    let form = if is_upload {
        let Some((form, file)) = parse_upload(&parts.headers, body.clone()).await else {
            return refuse(StatusCode::BAD_REQUEST);
        };
        if let Some(file) = file {
            parts.extensions.insert(file);
        }
        form
    } else {
        SentForm::parse(&body)
    };
    if let Err(error) = csrf::check(&parts, &guest, &form) {
        return answer::error(&web, &parts.headers, &error);
    }
    parts.extensions.insert(form);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// Whether the body is of this media type, whatever its parameters.
pub(super) fn is_kind(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}
