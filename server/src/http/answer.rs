//! Answers that are no pages of the app: errors and redirects.
//!
//! An error for a program is a problem document (RFC 9457) that is at the same time an
//! [`api::Error`]; for a browser it is a plain page that needs nothing but the style sheet.

use api::{Error, ErrorKind};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

use super::client::wants_json;
use super::web::Web;

/// An error in the form that the client wants.
pub(super) fn error(web: &Web, headers: &HeaderMap, error: &Error) -> Response {
    let status = StatusCode::from_u16(error.kind.status());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    error_with(web, headers, status, error)
}

/// The same with a status that has no kind of its own.
pub(super) fn error_with(
    web: &Web,
    headers: &HeaderMap,
    status: StatusCode,
    error: &Error,
) -> Response {
    if wants_json(headers) {
        return error_json(status, error);
    }
    let title = app::components::error_title(error.kind);
    let css = &web.assets().names().css;
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title} · CertPortal</title>\
         <link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body><main class=\"error-page\"><h1>{title}</h1><p>{message}</p>\
         <p><a class=\"button is-primary\" href=\"/\">To the portal</a></p></main></body></html>\n",
        css = escaped(css),
        message = escaped(&error.message),
    );
    (status, axum::response::Html(page)).into_response()
}

/// An error for a program.
pub(super) fn error_json(status: StatusCode, error: &Error) -> Response {
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": error.message,
        "kind": error.kind,
        "message": error.message,
        "fields": error.fields,
        "incident": error.incident,
    });
    let json = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, json)], problem.to_string()).into_response()
}

/// Sends the browser to another page of the portal, with GET.
pub(super) fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// To the sign-in page, and from there back to where somebody wanted to go.
pub(super) fn to_sign_in(next: &str) -> Response {
    if next == api::url::HOME {
        return see_other(api::url::SIGN_IN);
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    see_other(&format!("{}?{query}", api::url::SIGN_IN))
}

/// An error that is nobody's kind: no such page, wrong method, too large.
pub(super) fn plain(status: StatusCode) -> Error {
    let (kind, message) = match status {
        StatusCode::METHOD_NOT_ALLOWED => (
            ErrorKind::Invalid,
            "This address cannot be used in this way. Go to the portal and use its own buttons.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            ErrorKind::Invalid,
            "That was too much: a form may hold at most 64 kilobytes. Please shorten it.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            ErrorKind::Invalid,
            "A form must be sent as application/x-www-form-urlencoded.",
        ),
        StatusCode::REQUEST_TIMEOUT => (
            ErrorKind::Unavailable,
            "It took too long. Please check whether it was done, and if not, try again.",
        ),
        StatusCode::NOT_FOUND => (ErrorKind::NotFound, "There is nothing at this address."),
        _ => (
            ErrorKind::Internal,
            "Something went wrong on our side. Please try again; if it happens again, tell an \
             administrator.",
        ),
    };
    Error::new(kind, message)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
