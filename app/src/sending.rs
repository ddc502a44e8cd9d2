//! Sending a form in the background. One function for all forms, to keep the browser's file small.

use api::{Done, Error, ErrorKind};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FormData, Headers, HtmlElement, HtmlFormElement, HtmlInputElement, RequestInit, Response,
    SubmitEvent, UrlSearchParams,
};

use crate::browser;
use crate::components::FormState;

/// Sends the form of a submit event, follows the answer or shows what was wrong.
pub(crate) fn send(event: &SubmitEvent, state: FormState, on_json: Option<Callback<String>>) {
    let Some(form) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    event.prevent_default();
    if state.is_busy.get_untracked() {
        return;
    }
    let button = event.submitter();
    let Ok((path, body)) = content(&form, button.as_ref()) else {
        return;
    };
    state.is_busy.set(true);
    state.error.set(None);
    mark(button.as_ref(), true);
    leptos::task::spawn_local(async move {
        let answer = post(&path, &body).await;
        let is_leaving = finish(answer, state, on_json, &form);
        if !is_leaving {
            state.is_busy.try_set(false);
            mark(button.as_ref(), false);
        }
    });
}

/// Whether a file was chosen in the form of a submit event.
pub(crate) fn has_file(event: &SubmitEvent) -> bool {
    let chosen = || {
        let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
        let input = form.query_selector("input[type=file]").ok()??;
        let input = input.dyn_into::<HtmlInputElement>().ok()?;
        Some(!input.value().is_empty())
    };
    chosen().unwrap_or(false)
}

/// Sends a form somewhere else, for an answer that is shown beside it.
pub(crate) async fn ask(form: &HtmlFormElement, path: &str) -> Result<String, Error> {
    let (_, body) = content(form, None).map_err(|_| not_understood())?;
    post(path, &body).await
}

/// Follows an answer; says whether the page is being left.
fn finish(
    answer: Result<String, Error>,
    state: FormState,
    on_json: Option<Callback<String>>,
    form: &HtmlFormElement,
) -> bool {
    let error = match (answer, on_json) {
        (Ok(json), Some(on_json)) => {
            form.reset();
            on_json.run(json);
            return false;
        }
        (Ok(json), None) => match serde_json::from_str::<Done>(&json) {
            Ok(Done {
                next: Some(next), ..
            }) => {
                browser::go(&next);
                return true;
            }
            Ok(Done { next: None, .. }) => {
                browser::reload();
                return true;
            }
            Err(_) => not_understood(),
        },
        (Err(error), _) => error,
    };
    state.error.try_set(Some(error));
    let form = form.clone();
    request_animation_frame(move || {
        browser::focus_first(&form, &["[aria-invalid=true]", ".form-error"]);
    });
    false
}

/// Where the form goes and what it says, with the value of the button that was pressed.
fn content(
    form: &HtmlFormElement,
    button: Option<&HtmlElement>,
) -> Result<(String, String), JsValue> {
    let fields = FormData::new_with_form(form)?;
    let mut path = form.get_attribute("action").unwrap_or_default();
    if let Some(button) = button {
        if let Some(name) = button.get_attribute("name") {
            let value = button.get_attribute("value").unwrap_or_default();
            fields.append_with_str(&name, &value)?;
        }
        if let Some(action) = button.get_attribute("formaction") {
            path = action;
        }
    }
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    Ok((path, body.to_string().into()))
}

/// The text of a good answer, or the portal's error.
async fn post(path: &str, body: &str) -> Result<String, Error> {
    let (is_ok, text) = exchange(path, body).await.map_err(|_| {
        Error::new(
            ErrorKind::Unavailable,
            "The portal does not answer. Check your connection, then press the button again.",
        )
    })?;
    if is_ok {
        return Ok(text);
    }
    Err(serde_json::from_str(&text).unwrap_or_else(|_| not_understood()))
}

async fn exchange(path: &str, body: &str) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    headers.set("Content-Type", "application/x-www-form-urlencoded")?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(&JsValue::from_str(body));
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &options)).await?;
    let answer: Response = answer.dyn_into()?;
    let text = JsFuture::from(answer.text()?).await?;
    Ok((answer.ok(), text.as_string().unwrap_or_default()))
}

fn not_understood() -> Error {
    Error::new(
        ErrorKind::Internal,
        "The portal gave an answer that this page does not understand. Reload the page to see \
         whether it was done.",
    )
}

/// Shows progress at the button that was pressed.
fn mark(button: Option<&HtmlElement>, is_busy: bool) {
    if let Some(button) = button {
        let _ = if is_busy {
            button.set_attribute("data-busy", "true")
        } else {
            button.remove_attribute("data-busy")
        };
    }
}
