//! The plain http listener: certificates of the authorities, their revocation lists and the status
//! of certificates, for mail programs. No cookies, no redirects, nothing that is not public (RFC 5280 section 8 warns of
//! fetching these over https).

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use portal::Portal;

use super::web::Web;
use super::{ocsp, request_log};

/// Routes of the plain http listener.
pub fn router(portal: Portal) -> Router {
    Router::new()
        .route("/pki/{name}", get(file))
        .route(ocsp::PATH, post(ocsp::post))
        .route("/ocsp/", post(ocsp::post))
        .route("/ocsp/{*request}", get(ocsp::get))
        .fallback(async || (StatusCode::NOT_FOUND, "There is nothing at this address.\n"))
        .layer(axum::middleware::from_fn(request_log::log))
        .with_state(portal)
}

/// The same files on the portal's own https listener: browsers do not load them over plain http
/// from a page that came over https.
pub(super) async fn file_here(
    State(web): State<Web>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(web.portal(), &name, &headers).await
}

async fn file(
    State(portal): State<Portal>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(&portal, &name, &headers).await
}

async fn answer(portal: &Portal, name: &str, headers: &HeaderMap) -> Response {
    let file = match portal.pki_file(name).await {
        Ok(Some(file)) => file,
        Ok(None) => return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
        Err(error) => {
            let error = portal.explain(error);
            let status = StatusCode::from_u16(error.kind.status());
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return (status, format!("{}\n", error.message)).into_response();
        }
    };
    let mut kept: Vec<(HeaderName, String)> = vec![
        (
            header::CACHE_CONTROL,
            format!("public, max-age={}", file.max_age_secs),
        ),
        (header::ETAG, file.etag.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == file.etag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        kept.push((header::CONTENT_TYPE, file.content_type.to_owned()));
        file.bytes.into_response()
    };
    for (name, value) in kept {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
