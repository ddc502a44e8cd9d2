//! The editor of templates: its form is too long for the message that goes along to the next page,
//! so the page that answers is made here, with everything that was typed.

use api::{Done, Error, Portal as _, TemplateFields, url};
use app::PostOutcome;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use domain::TemplateId;
use http::HeaderMap;

use super::form_page::FormPage;
use super::forms::SentForm;
use super::guest::Guest;
use super::headers::PageNonce;
use super::visit::Visit;
use super::{answer, call, flash};

/// Adds a template.
pub(super) async fn add(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    headers: HeaderMap,
) -> Response {
    let result = Visit::new(guest.clone()).add_template(fields(&form)).await;
    let action = url::ADD_TEMPLATE.to_owned();
    done(guest, nonce, &form, action, &headers, result).await
}

/// Gives a template a new version.
pub(super) async fn change(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<TemplateId>() else {
        return answer::error(guest.web(), &headers, &Error::not_found());
    };
    let visit = Visit::new(guest.clone());
    let result = visit.change_template(id, fields(&form)).await;
    done(
        guest,
        nonce,
        &form,
        url::change_template(id),
        &headers,
        result,
    )
    .await
}

/// Shows what certificates of the edited template would say.
pub(super) async fn preview(
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    Extension(form): Extension<SentForm>,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new(guest.clone());
    let result = visit.preview_template(fields(&form)).await;
    if let Some(response) = call::json(&headers, &result) {
        return response;
    }
    let outcome = result.map(|preview| PostOutcome::Previewed {
        values: flash::values(&form),
        preview,
    });
    let action = url::PREVIEW_TEMPLATE.to_owned();
    let form = in_editor(guest, nonce, &form, action, &headers);
    form.answer(outcome).await
}

async fn done(
    guest: Guest,
    nonce: PageNonce,
    form: &SentForm,
    action: String,
    headers: &HeaderMap,
    result: Result<Done, Error>,
) -> Response {
    match result {
        Ok(done) => call::done_with(&guest, headers, &action, done),
        Err(error) => {
            let form = in_editor(guest, nonce, form, action, headers);
            form.refuse(error).await
        }
    }
}

fn in_editor<'a>(
    guest: Guest,
    nonce: PageNonce,
    form: &'a SentForm,
    action: String,
    headers: &'a HeaderMap,
) -> FormPage<'a> {
    FormPage {
        guest,
        nonce,
        form,
        headers,
        action,
        page: page(form),
    }
}

/// The page that the form is on.
fn page(form: &SentForm) -> String {
    let id = form.get("template").and_then(|id| id.parse().ok());
    id.map_or_else(|| url::NEW_TEMPLATE.to_owned(), url::template)
}

fn fields(form: &SentForm) -> TemplateFields {
    TemplateFields(form.pairs().to_vec())
}
