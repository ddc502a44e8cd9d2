//! Requests: making one, and following it until its certificates are ready.

use api::RequestCertificate;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::{CertificateId, RequestId, RequestState};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use portal::Actor;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::body;
use super::certificates::{names, read_id};
use super::problem::{self, Refusal};
use crate::http::web::Web;

/// Header with which a program that asks again gets the request that it made before
/// (draft-ietf-httpapi-idempotency-key-header).
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest value of it.
const LONGEST_KEY: usize = 64;

/// A request as programs make it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRequest {
    /// Name or identifier.
    template: String,
    /// The address that its person signs in with, where none is given.
    #[serde(default)]
    mailbox: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    device: String,
    #[serde(default)]
    csr: String,
    #[serde(default)]
    key_algorithm: String,
    #[serde(default)]
    reason: String,
}

/// A request as programs see it.
#[derive(Debug, Serialize)]
struct RequestDocument {
    id: RequestId,
    state: RequestState,
    template: String,
    mailbox: String,
    names: Vec<String>,
    /// What a device is called; empty for all others.
    device: String,
    #[serde(with = "time::serde::rfc3339")]
    requested_at: OffsetDateTime,
    /// Why it failed or was refused, in words.
    problem: Option<String>,
    /// Once they are ready; two of a split pair.
    certificates: Vec<CertificateId>,
}

/// Requests a certificate.
pub(super) async fn make(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    request: Request,
) -> Response {
    let result = async {
        let (parts, body) = request.into_parts();
        let sent: NewRequest = body::read(&parts.headers, body).await?;
        let key = idempotency_key(&web, &parts.headers)?;
        let own = actor.mailbox.as_ref().map(ToString::to_string);
        let form = RequestCertificate {
            template: sent.template,
            mailbox: sent.mailbox.or(own).unwrap_or_default(),
            reason: sent.reason,
            key_algorithm: sent.key_algorithm,
            names: sent.names.join(" "),
            device: sent.device,
            csr: sent.csr,
            csr_file: None,
            person: String::new(),
            idempotency_key: key,
        };
        let made = web.portal().make_request(&actor, form).await?;
        let document = document(&web, &actor, made.id).await?;
        let mut response = (StatusCode::ACCEPTED, Json(document)).into_response();
        if let Ok(path) = HeaderValue::from_str(&api::url::api_request(made.id)) {
            response.headers_mut().insert(header::LOCATION, path);
        }
        Ok(response)
    };
    problem::answer(&web, result.await)
}

/// Tells where a request stands.
pub(super) async fn one(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let result = async {
        let document = document(&web, &actor, read_id(&id)?).await?;
        Ok(Json(document).into_response())
    };
    problem::answer(&web, result.await)
}

async fn document(web: &Web, actor: &Actor, id: RequestId) -> Result<RequestDocument, Refusal> {
    let view = web.portal().request(actor, id).await?;
    let certificates = web.portal().certificates_of_request(actor, id).await?;
    Ok(RequestDocument {
        id,
        state: view.state,
        template: view.template,
        mailbox: view.mailbox,
        names: names(&view.names),
        device: view.device,
        requested_at: view.requested_at,
        problem: view.problem,
        certificates,
    })
}

/// What a program sent to be recognised by, apart from the keys of forms; a new one where it sent
/// nothing.
fn idempotency_key(web: &Web, headers: &HeaderMap) -> Result<String, Refusal> {
    let Some(sent) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(web.random_token());
    };
    let key = sent.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        let message = format!("Between 1 and {LONGEST_KEY} letters, digits and signs, please.");
        return Err(portal::Error::field(IDEMPOTENCY_KEY, message).into());
    }
    Ok(format!("api:{key}"))
}
