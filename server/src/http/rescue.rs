//! A handler that panics or hangs still gives an answer, and the portal goes on.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt as _;
use http::StatusCode;

use super::{answer, web::Web};

/// How long an answer may take to begin. Streams go on after that.
const PATIENCE: Duration = Duration::from_secs(40);

/// Answers for a handler that does not.
pub(super) async fn rescue(State(web): State<Web>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let handler = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(PATIENCE, handler).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => {
            // The panic hook has logged where; what it was about may be secret.
            let fault = portal::Error::internal("a handler panicked");
            answer::error(&web, &headers, &web.portal().explain(fault))
        }
        Err(_) => {
            let error = answer::plain(StatusCode::REQUEST_TIMEOUT);
            answer::error(&web, &headers, &error)
        }
    }
}
