//! Adding a person and resetting a password: the start password is on the page that answers, and
//! nowhere else.

use api::{AddPerson, AddedPerson, Error, Portal as _};
use app::PostOutcome;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use domain::PersonId;
use http::HeaderMap;

use super::form_page::FormPage;
use super::forms::SentForm;
use super::guest::Guest;
use super::headers::PageNonce;
use super::visit::Visit;
use super::{answer, call};

/// Adds a person.
pub(super) async fn add(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    headers: HeaderMap,
) -> Response {
    let asked = AddPerson {
        name: form.text("name"),
        mailbox: form.text("mailbox"),
        role: form.text("role"),
    };
    let result = Visit::new(guest.clone()).add_person(asked).await;
    let action = format!("{}/add", api::url::PEOPLE);
    to_page(
        guest,
        nonce,
        &form,
        (api::url::PEOPLE, action),
        &headers,
        result,
    )
    .await
}

/// Gives a person a new start password.
pub(super) async fn reset_password(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<PersonId>() else {
        return answer::error(guest.web(), &headers, &Error::not_found());
    };
    let result = Visit::new(guest.clone()).reset_password(id).await;
    let path = api::url::person(id);
    let action = format!("{path}/reset-password");
    to_page(guest, nonce, &form, (&path, action), &headers, result).await
}

async fn to_page(
    guest: Guest,
    nonce: PageNonce,
    form: &SentForm,
    (path, action): (&str, String),
    headers: &HeaderMap,
    result: Result<AddedPerson, Error>,
) -> Response {
    if let Some(response) = call::json(headers, &result) {
        return response;
    }
    let form = FormPage {
        guest,
        nonce,
        form,
        headers,
        action,
        page: path.to_owned(),
    };
    form.answer(result.map(PostOutcome::Added)).await
}
