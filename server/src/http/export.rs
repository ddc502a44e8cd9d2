//! The list of certificates as a file. It leaves page by page, so that its size does not matter.

use api::{CertificateFilter, Error, ErrorKind};
use axum::Extension;
use axum::body::Body;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Uri, header};
use portal::CertificateExport;

use super::client::wants_json;
use super::guest::Guest;
use super::visit::Visit;
use super::{answer, web::Web};

/// Gives out what the page with the same parameters lists.
pub(super) async fn certificates(
    Extension(guest): Extension<Guest>,
    wanted: Uri,
    headers: HeaderMap,
) -> Response {
    match begin(&guest, &wanted).await {
        Ok(export) => file(guest.web(), export),
        Err(error) if error.kind == ErrorKind::NotSignedIn && !wants_json(&headers) => {
            let wanted = wanted.path_and_query();
            answer::to_sign_in(wanted.map_or("/", http::uri::PathAndQuery::as_str))
        }
        Err(error) => answer::error(guest.web(), &headers, &error),
    }
}

async fn begin(guest: &Guest, wanted: &Uri) -> Result<CertificateExport, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let Query(filter) = Query::<CertificateFilter>::try_from_uri(wanted).map_err(|_| {
        Error::new(
            ErrorKind::Invalid,
            "This address is not complete. Go to the list of certificates and export from there.",
        )
    })?;
    let portal = guest.web().portal();
    visit.told(portal.export_certificates(&actor, filter).await)
}

fn file(web: &Web, export: CertificateExport) -> Response {
    let web = web.clone();
    let pieces = futures::stream::unfold(Some(export), move |export| {
        let web = web.clone();
        async move {
            let mut export = export?;
            match export.next_piece().await {
                Ok(piece) => piece.map(|piece| (Ok(piece), Some(export))),
                // The answer breaks off, so that nobody takes a part for the whole.
                Err(error) => {
                    let error = web.portal().explain(error);
                    Some((Err(std::io::Error::other(error.message)), None))
                }
            }
        }
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"certificates.csv\""),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}
