//! What the API offers, as a document that programs read (`OpenAPI` 3.1). It is kept by hand; a test
//! compares it with the table of routes and with real answers.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

/// The document.
const DOCUMENT: &str = include_str!("openapi.json");

/// Gives it to whoever asks.
pub(super) async fn document() -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], DOCUMENT).into_response()
}
