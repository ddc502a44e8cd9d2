//! Calling the app's server functions: reading for pages in the browser, and forms.
//!
//! A program gets JSON with the status of what went wrong. A browser that sent a form itself gets
//! the way to the next page, and the message goes along in a cookie.

use std::sync::Arc;

use api::{Done, Error, ErrorKind, Flash};
use app::PageContext;
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::context::provide_context;

use super::client::wants_json;
use super::forms::SentForm;
use super::guest::Guest;
use super::routes::{ROUTES, Who};
use super::visit::Visit;
use super::{answer, flash, local_path};

/// Largest answer of a server function; the longest lists are far below.
const LARGEST: usize = 8 * 1024 * 1024;
/// An answer that programs read.
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// Answers a read with JSON.
pub(super) async fn read(Extension(guest): Extension<Guest>, request: Request) -> Response {
    match call(guest, request).await {
        Ok(json) => (StatusCode::OK, [(header::CONTENT_TYPE, JSON)], json).into_response(),
        Err(error) => json_error(&error),
    }
}

/// Carries out a form.
pub(super) async fn write(
    Extension(guest): Extension<Guest>,
    Extension(form): Extension<SentForm>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let is_program = wants_json(request.headers());
    let mut response = match call(guest.clone(), request).await {
        Ok(json) if is_program => {
            if let Some(done) = done(&json) {
                guest.put_flash(&said(&path, done.message));
            }
            (StatusCode::OK, [(header::CONTENT_TYPE, JSON)], json).into_response()
        }
        Ok(json) => {
            let done = done(&json).unwrap_or_else(|| Done::here("Done."));
            let next = local_path::or_home(done.next.as_deref().or_else(|| form.get("back")));
            guest.put_flash(&said(&path, done.message));
            answer::see_other(next)
        }
        Err(error) if is_program => json_error(&error),
        Err(error) => back_to_form(&guest, &form, path.clone(), error),
    };
    if path.ends_with("/sign-out") && !response.status().is_client_error() {
        let everything = HeaderValue::from_static("\"cache\", \"storage\"");
        response.headers_mut().insert("clear-site-data", everything);
    }
    response
}

/// Runs the function and takes its answer apart again.
async fn call(guest: Guest, mut request: Request) -> Result<Vec<u8>, Error> {
    let web = guest.web().clone();
    // The library takes the arguments apart before a use case can ask who sent them; strangers are
    // not told what is missing.
    if guest.visitor().person.is_none() && !is_open(request.uri().path()) {
        return Err(web.portal().explain(portal::Error::NotSignedIn));
    }
    // The library would answer a browser with a redirect of its own.
    request
        .headers_mut()
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.headers_mut().remove(header::REFERER);
    let visit: Arc<dyn api::Portal> = Arc::new(Visit::new(guest));
    let assets = web.assets().names().clone();
    let context = move || {
        provide_context(PageContext {
            portal: Arc::clone(&visit),
            // The status follows from the answer itself.
            set_status: Arc::new(|_| ()),
            assets: assets.clone(),
        });
    };
    let response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    let status = response.status();
    let fault = |cause: String| web.portal().explain(portal::Error::internal(cause));
    let body = to_bytes(response.into_body(), LARGEST)
        .await
        .map_err(|error| fault(error.to_string()))?;
    if status.is_success() {
        return Ok(body.into());
    }
    Err(serde_json::from_slice(&body)
        .unwrap_or_else(|_| fault(format!("a server function answered {status}"))))
}

/// Whether a function is for everybody.
fn is_open(path: &str) -> bool {
    let mut routes = ROUTES.iter();
    routes.any(|route| route.path == path && route.who == Who::Anyone)
}

fn done(json: &[u8]) -> Option<Done> {
    serde_json::from_slice(json).ok()
}

pub(super) fn said(form: &str, message: String) -> Flash {
    Flash {
        form: form.to_owned(),
        done: Some(message),
        error: None,
        values: Vec::new(),
    }
}

fn json_error(error: &Error) -> Response {
    let status = StatusCode::from_u16(error.kind.status());
    answer::error_json(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error)
}

/// Back to the page with the form, which then says what was wrong and is filled in again.
pub(super) fn back_to_form(guest: &Guest, form: &SentForm, path: String, error: Error) -> Response {
    let back = local_path::or_home(form.get("back"));
    let must_sign_in = error.kind == ErrorKind::NotSignedIn;
    guest.put_flash(&Flash {
        form: path,
        done: None,
        error: Some(error),
        values: flash::values(form),
    });
    if must_sign_in {
        answer::to_sign_in(back)
    } else {
        answer::see_other(back)
    }
}

/// Answers a form of a handler of our own that was carried out, as [`write`] does.
pub(super) fn done_with(guest: &Guest, headers: &HeaderMap, path: &str, done: Done) -> Response {
    guest.put_flash(&said(path, done.message.clone()));
    let next = done.next.clone();
    json(headers, &Ok(done))
        .unwrap_or_else(|| answer::see_other(local_path::or_home(next.as_deref())))
}

/// What a handler of our own answers a program with: the value, or what was wrong.
pub(super) fn json<T: serde::Serialize>(
    headers: &HeaderMap,
    result: &Result<T, Error>,
) -> Option<Response> {
    if !wants_json(headers) {
        return None;
    }
    Some(match result {
        Ok(value) => match serde_json::to_vec(value) {
            Ok(json) => (
                StatusCode::OK,
                [(header::CONTENT_TYPE, JSON)],
                Body::from(json),
            )
                .into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        Err(error) => json_error(error),
    })
}
