//! Forms as they are sent: read once, checked once, before any handler sees them.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Secret;
use http::{HeaderMap, Method, StatusCode, header};

use super::guest::Guest;
use super::{answer, csrf, web::Web};

/// Largest form, in bytes.
const LARGEST: usize = 64 * 1024;
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
    if !is_form(&parts.headers) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return refuse(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT),
    };
    let form = SentForm::parse(&body);
    if let Err(error) = csrf::check(&parts, &guest, &form) {
        return answer::error(&web, &parts.headers, &error);
    }
    parts.extensions.insert(form);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}
