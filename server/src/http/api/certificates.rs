//! Certificates: one's own page by page, one of them, and its file. Nothing here is secret.

use api::CertificateState;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::{CertificateForm, CertificateId, KeyAlgorithm, KeyPart, RequestId};
use http::StatusCode;
use portal::{Actor, CertificateFacts, DownloadFile, OwnCertificates};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::problem::{self, Refusal};
use crate::http::certificates::attachment;
use crate::http::web::Web;

/// The registered media type of chains in PEM (RFC 8555 section 9.1).
const PEM_CHAIN: &str = "application/pem-certificate-chain";

/// A certificate as programs see it.
#[derive(Debug, Serialize)]
struct Certificate {
    id: CertificateId,
    request: RequestId,
    state: CertificateState,
    /// Hexadecimal.
    serial: String,
    subject: String,
    issuer: String,
    mailbox: String,
    names: Vec<String>,
    /// What a device is called; empty for all others.
    device: String,
    template: String,
    part: KeyPart,
    key_algorithm: KeyAlgorithm,
    #[serde(with = "time::serde::rfc3339")]
    not_before: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    not_after: OffsetDateTime,
    /// SHA-256 of the certificate, hexadecimal.
    thumbprint: String,
    /// Whether there is a PFX with a password to fetch.
    has_pfx: bool,
}

#[derive(Debug, Serialize)]
struct CertificatePage {
    certificates: Vec<Certificate>,
    /// Goes into `after` for the next page.
    next: Option<String>,
}

/// Which certificates.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    limit: String,
}

/// Lists one's own certificates, newest first.
pub(super) async fn list(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let result = async {
        let Wanted {
            state,
            after,
            limit,
        } = query(wanted)?;
        let wanted = OwnCertificates {
            state,
            after,
            limit,
        };
        let page = web.portal().own_certificates(&actor, wanted).await?;
        let certificates = page.rows.into_iter().map(Certificate::from).collect();
        let next = page.next;
        Ok(Json(CertificatePage { certificates, next }).into_response())
    };
    problem::answer(&web, result.await)
}

/// Tells about one certificate.
pub(super) async fn one(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let result = async {
        let facts = web
            .portal()
            .certificate_facts(&actor, read_id(&id)?)
            .await?;
        Ok(Json(Certificate::from(facts)).into_response())
    };
    problem::answer(&web, result.await)
}

/// Hands out a certificate and those above it, without its key.
pub(super) async fn pem(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let result = async {
        let file = web
            .portal()
            .certificate_file(&actor, read_id(&id)?, CertificateForm::Pem)
            .await?;
        let file = DownloadFile {
            content_type: PEM_CHAIN,
            ..file
        };
        Ok(attachment(&web, &file))
    };
    problem::answer(&web, result.await)
}

/// An identifier in an address; what is none names nothing.
pub(super) fn read_id<T: std::str::FromStr>(id: &str) -> Result<T, Refusal> {
    id.parse().map_err(|_| portal::Error::NotFound.into())
}

/// The parameters of an address.
pub(super) fn query<T>(wanted: Result<Query<T>, QueryRejection>) -> Result<T, Refusal> {
    match wanted {
        Ok(Query(wanted)) => Ok(wanted),
        Err(error) => Err(Refusal::unread(
            StatusCode::BAD_REQUEST,
            format!("{}.", error.body_text()),
        )),
    }
}

/// Host names, as they are stored with blanks between them.
pub(super) fn names(stored: &str) -> Vec<String> {
    stored.split_whitespace().map(str::to_owned).collect()
}

impl From<CertificateFacts> for Certificate {
    fn from(facts: CertificateFacts) -> Self {
        Self {
            id: facts.id,
            request: facts.request,
            state: facts.state,
            serial: hex::encode(facts.serial),
            subject: facts.subject,
            issuer: facts.issuer,
            mailbox: facts.mailbox.into(),
            names: names(&facts.names),
            device: facts.device,
            template: facts.template.into(),
            part: facts.part,
            key_algorithm: facts.key_algorithm,
            not_before: facts.not_before,
            not_after: facts.not_after,
            thumbprint: hex::encode(facts.thumbprint),
            has_pfx: facts.has_secrets,
        }
    }
}
