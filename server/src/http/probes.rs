//! For whoever watches over the portal: does it live, and can it work.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::web::Web;

/// Whether the process answers. Asks nothing else.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the portal can work: database there, key ring open, not about to end.
pub(super) async fn readyz(State(web): State<Web>) -> Response {
    let problem = if *web.shutdown().borrow() {
        Some("shutting down\n")
    } else if web.portal().sealed().is_some() {
        Some("sealed: the key ring is missing or is another one; see the log\n")
    } else if web.portal().store().ping().await.is_err() {
        Some("the database does not answer\n")
    } else {
        None
    };
    match problem {
        None => "ready\n".into_response(),
        Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, problem).into_response(),
    }
}
