//! Reports of browsers about what the content security policy stopped. They are for finding our
//! own mistakes: anybody can send one, so little is read and few are logged.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::to_bytes;
use axum::extract::Request;
use http::StatusCode;
use serde_json::Value;

/// Largest report that is read, in bytes.
const LARGEST: usize = 8 * 1024;
/// Reports logged by one process, at most.
const MOST: u32 = 100;

static LOGGED: AtomicU32 = AtomicU32::new(0);

/// Takes a report.
pub(super) async fn report(request: Request) -> StatusCode {
    let Ok(body) = to_bytes(request.into_body(), LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    let Ok(json) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    if LOGGED.fetch_add(1, Ordering::Relaxed) < MOST {
        let directive = find(&json, &["effectiveDirective", "violated-directive"]);
        let blocked = find(&json, &["blockedURL", "blocked-uri"]);
        tracing::warn!(
            ?directive,
            ?blocked,
            "a browser reports something that the page may not do"
        );
    }
    StatusCode::NO_CONTENT
}

/// The first text under one of these names, in the old form of a report or the new one.
fn find(json: &Value, names: &[&str]) -> Option<String> {
    match json {
        Value::Object(map) => names
            .iter()
            .find_map(|name| map.get(*name)?.as_str())
            // An address's query may say something about somebody.
            .map(|text| text.split(['?', '#']).next().unwrap_or_default())
            .map(|text| text.chars().take(120).collect())
            .or_else(|| map.values().find_map(|value| find(value, names))),
        Value::Array(list) => list.iter().find_map(|value| find(value, names)),
        _ => None,
    }
}
