//! Reading what a program sends: JSON, not too much of it, and in time.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::Refusal;
use crate::http::forms::is_kind;

/// Largest body, in bytes; a signing request has a few thousand.
const LARGEST: usize = 64 * 1024;
/// How long it may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads a body.
pub(super) async fn read<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
) -> Result<T, Refusal> {
    if !is_kind(headers, "application/json") {
        return Err(Refusal::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(Refusal::plain(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => return Err(Refusal::plain(StatusCode::REQUEST_TIMEOUT)),
    };
    serde_json::from_slice(&bytes).map_err(|error| match error.classify() {
        Category::Data => Refusal::unread(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("A field is not as it must be: {error}."),
        ),
        _ => Refusal::unread(
            StatusCode::BAD_REQUEST,
            format!("This is not JSON: {error}."),
        ),
    })
}
