//! One line of the log for each request: method, path, status and time. No query, no header, no
//! body, so nothing secret can be in it.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

/// Logs a request when its answer begins.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = started.elapsed().as_millis();
    tracing::info!(target: "http", %method, path, status, ms, "request");
    response
}
