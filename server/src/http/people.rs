//! Adding a person and resetting a password: the start password is on the page that answers, and
//! nowhere else.

use api::{AddPerson, Error, Portal as _};
use app::PostOutcome;
use axum::extract::Path;
use axum::response::Response;
use domain::PersonId;

use super::answer;
use super::form_page::Sent;

/// Adds a person.
pub(super) async fn add(sent: Sent) -> Response {
    let asked = AddPerson {
        name: sent.form.text("name"),
        mailbox: sent.form.text("mailbox"),
        role: sent.form.text("role"),
    };
    let result = sent.visit().add_person(asked).await;
    let form = sent.on(format!("{}/add", api::url::PEOPLE), api::url::PEOPLE);
    form.show(result, PostOutcome::Added).await
}

/// Gives a person a new start password.
pub(super) async fn reset_password(Path(id): Path<String>, sent: Sent) -> Response {
    let Ok(id) = id.parse::<PersonId>() else {
        return answer::error(sent.guest.web(), &sent.headers, &Error::not_found());
    };
    let result = sent.visit().reset_password(id).await;
    let path = api::url::person(id);
    let form = sent.on(format!("{path}/reset-password"), path);
    form.show(result, PostOutcome::Added).await
}
