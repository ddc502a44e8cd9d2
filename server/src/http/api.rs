//! The REST API for programs, under `/api/v1`: JSON for an API token.
//!
//! Cookies are never looked at here, so no page of another site can do anything in somebody's name,
//! and forms need no token against that. Whatever goes wrong is a problem document (RFC 9457).
//! In this folder `api::` means the crate with the portal's words, not this module.

mod bearer;
mod body;
mod certificates;
mod openapi;
mod problem;
mod requests;
mod secrets;

use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http::StatusCode;

pub(super) use bearer::recognise;

use super::web::Web;

/// What every address of the API begins with.
const ROOT: &str = "/api/v1/";

/// Whether an address belongs to the API, so that whoever asks is a program.
pub(super) fn is_here(path: &str) -> bool {
    path.starts_with(ROOT)
}

/// The handler of a path of the table of routes.
pub(super) fn handler(path: &str) -> Option<MethodRouter<Web>> {
    Some(match path {
        "/api/v1/certificates" => get(certificates::list),
        "/api/v1/certificates/{id}" => get(certificates::one),
        "/api/v1/certificates/{id}/certificate.pem" => get(certificates::pem),
        "/api/v1/certificates/{id}/pfx" => get(secrets::pfx),
        "/api/v1/certificates/{id}/password" => get(secrets::password),
        "/api/v1/requests" => post(requests::make),
        "/api/v1/requests/{id}" => get(requests::one),
        "/api/v1/openapi.json" => get(openapi::document),
        _ => return None,
    })
}

/// There is nothing at this address, or not with this method.
pub(super) fn refuse(web: &Web, status: StatusCode) -> Response {
    problem::answer(web, Err(problem::Refusal::plain(status)))
}
