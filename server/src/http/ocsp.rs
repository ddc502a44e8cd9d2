//! OCSP over plain http (RFC 6960 appendix A.1, caching as in RFC 5019 section 6). An error of the
//! protocol is an answer too, with status 200.

use axum::body::{Body, to_bytes};
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use portal::{OcspAnswer, OcspCaching, Portal};
use std::time::Duration;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

/// Where the responder is, below the address in `server.pki_url`.
pub(super) const PATH: &str = "/ocsp";

const REQUEST: &str = "application/ocsp-request";
const RESPONSE: &str = "application/ocsp-response";

/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Padding may be missing: some clients drop it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) async fn post(State(portal): State<Portal>, headers: HeaderMap, body: Body) -> Response {
    let kind = headers.get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(REQUEST.as_bytes())) {
        let message = "An OCSP request is sent as application/ocsp-request.\n";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, message).into_response();
    }
    let body = to_bytes(body, pki::ocsp::LARGEST_REQUEST);
    match tokio::time::timeout(PATIENCE, body).await {
        Ok(Ok(body)) => response(&HeaderMap::new(), portal.ocsp(&body).await),
        Ok(Err(_)) => too_large(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

pub(super) async fn get(
    State(portal): State<Portal>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let text = uri.path().strip_prefix(PATH).unwrap_or_default();
    let text = text.strip_prefix('/').unwrap_or(text);
    let text: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
    // What is no base64 is no request either, and the responder says so.
    let request = BASE64.decode(text).unwrap_or_default();
    if request.len() > pki::ocsp::LARGEST_REQUEST {
        return too_large();
    }
    response(&headers, portal.ocsp(&request).await)
}

fn too_large() -> Response {
    let message = "An OCSP request may hold at most 4 kilobytes.\n";
    (StatusCode::PAYLOAD_TOO_LARGE, message).into_response()
}

fn response(asked: &HeaderMap, answer: OcspAnswer) -> Response {
    let Some(caching) = answer.caching else {
        return with_headers(
            answer.bytes.to_vec().into_response(),
            [
                (header::CONTENT_TYPE, RESPONSE.to_owned()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ],
        );
    };
    let is_known = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == caching.etag.as_bytes());
    let response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(RESPONSE))];
        (kind, answer.bytes.to_vec()).into_response()
    };
    with_headers(response, cached(caching))
}

/// The headers of RFC 5019 section 6.2.
fn cached(caching: OcspCaching) -> [(HeaderName, String); 4] {
    let max_age = caching.max_age_secs;
    [
        (
            header::CACHE_CONTROL,
            format!("max-age={max_age}, public, no-transform, must-revalidate"),
        ),
        (header::LAST_MODIFIED, http_date(caching.this_update)),
        (header::EXPIRES, http_date(caching.next_update)),
        (header::ETAG, caching.etag),
    ]
}

fn with_headers<const N: usize>(
    mut response: Response,
    headers: [(HeaderName, String); N],
) -> Response {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    let nosniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// A date as HTTP has it (RFC 9110 section 5.6.7).
fn http_date(at: OffsetDateTime) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    at.to_offset(UtcOffset::UTC)
        .format(format)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn dates_are_those_of_http() {
        let at = datetime!(1994-11-06 09:49:37.5 +1);
        assert_eq!(http_date(at), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
