//! Headers of every answer. They allow what the portal needs and nothing else.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderName, HeaderValue, header};

use super::web::Web;

/// Everything off but copying text on a click. Only features that browsers know: Chromium warns in
/// its console about every other one.
pub const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), browsing-topics=(), \
camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), encrypted-media=(), \
fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
speaker-selection=(), storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()";

/// Path that browsers report violations of the policy to.
pub(super) const CSP_REPORTS: &str = "/csp-reports";

const FIXED: &[(&str, &str)] = &[
    (
        "strict-transport-security",
        "max-age=63072000; includeSubDomains",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", PERMISSIONS_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-frame-options", "DENY"),
    ("reporting-endpoints", "csp=\"/csp-reports\""),
];

/// The nonce of the answer being made: inline scripts carry it, nobody can guess it.
#[derive(Debug, Clone)]
pub(super) struct PageNonce(pub(super) String);

/// What a page may load and run.
pub fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
         object-src 'none'; report-to csp"
    )
}

/// Puts the headers on every answer, whatever it is.
pub(super) async fn secure(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let nonce = new_nonce(&web);
    request.extensions_mut().insert(PageNonce(nonce.clone()));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    // Only letters that a header may have.
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn new_nonce(web: &Web) -> String {
    let mut bytes = [0; 16];
    web.portal().random().with(|rng| rng.fill_bytes(&mut bytes));
    URL_SAFE_NO_PAD.encode(bytes)
}
