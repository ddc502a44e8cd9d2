//! Refusals as problem documents (RFC 9457), with the headers that tell a program what to do next.

use api::{Error, ErrorKind};
use axum::response::Response;
use domain::TokenScope;
use http::{HeaderValue, StatusCode, header};

use crate::http::answer;
use crate::http::web::Web;

/// Why a program does not get what it asked for.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No token was sent (RFC 6750 section 3.1: then without an error code).
    NoToken,
    /// A use case refused.
    Portal(portal::Error),
    /// The request could not be read.
    Unread(StatusCode, Error),
}

impl From<portal::Error> for Refusal {
    fn from(error: portal::Error) -> Self {
        Self::Portal(error)
    }
}

impl Refusal {
    /// A status that says it all.
    pub(super) fn plain(status: StatusCode) -> Self {
        let (kind, message) = match status {
            StatusCode::NOT_FOUND => (ErrorKind::NotFound, "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => (
                ErrorKind::Invalid,
                "This address takes another method; the header Allow names it.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                (ErrorKind::Invalid, "A request may hold at most 64 KiB.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                ErrorKind::Invalid,
                "Send JSON, with the header Content-Type: application/json.",
            ),
            StatusCode::REQUEST_TIMEOUT => (
                ErrorKind::Unavailable,
                "The request did not arrive in time. Nothing was done; please try again.",
            ),
            _ => (ErrorKind::Invalid, "This cannot be understood."),
        };
        Self::Unread(status, Error::new(kind, message))
    }

    /// A request that could not be understood, and why.
    pub(super) fn unread(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Unread(status, Error::new(ErrorKind::Invalid, message))
    }

    fn explained(self, web: &Web) -> Response {
        let (error, header) = match self {
            Self::Unread(status, error) => return answer::error_json(status, &error),
            Self::NoToken => return no_token("Bearer realm=\"certportal\""),
            Self::Portal(portal::Error::NotSignedIn) => {
                return no_token("Bearer realm=\"certportal\", error=\"invalid_token\"");
            }
            Self::Portal(portal::Error::OutOfScope(needed)) => (
                portal::Error::OutOfScope(needed),
                Some((header::WWW_AUTHENTICATE, out_of_scope(needed))),
            ),
            Self::Portal(portal::Error::TooMany { retry_after_secs }) => (
                portal::Error::TooMany { retry_after_secs },
                Some((header::RETRY_AFTER, retry_after_secs.to_string())),
            ),
            Self::Portal(error) => (error, None),
        };
        let error = web.portal().explain(error);
        let status = StatusCode::from_u16(error.kind.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = answer::error_json(status, &error);
        if let Some((name, value)) = header
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// The answer, or the problem.
pub(super) fn answer(web: &Web, result: Result<Response, Refusal>) -> Response {
    result.unwrap_or_else(|refusal| refusal.explained(web))
}

/// RFC 6750 section 3: who may not in says how one gets in.
fn no_token(challenge: &'static str) -> Response {
    let message = format!(
        "This needs an API token that is still good, in the header Authorization: Bearer. Make one in \
         the portal at {}.",
        api::url::TOKENS
    );
    let error = Error::new(ErrorKind::NotSignedIn, message);
    let mut response = answer::error_json(StatusCode::UNAUTHORIZED, &error);
    let challenge = HeaderValue::from_static(challenge);
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, challenge);
    response
}

/// RFC 6750 section 3.1, `insufficient_scope`.
fn out_of_scope(needed: TokenScope) -> String {
    format!("Bearer realm=\"certportal\", error=\"insufficient_scope\", scope=\"{needed}\"")
}
