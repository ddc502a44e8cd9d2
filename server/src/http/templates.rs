//! The editor of templates: its form is too long for the message that goes along to the next page,
//! so the page that answers is made here, with everything that was typed.

use api::{Error, Portal as _, TemplateFields, url};
use app::PostOutcome;
use axum::extract::Path;
use axum::response::Response;
use domain::TemplateId;

use super::form_page::{FormPage, Sent};
use super::forms::SentForm;
use super::{answer, flash};

/// Adds a template.
pub(super) async fn add(sent: Sent) -> Response {
    let result = sent.visit().add_template(fields(&sent.form)).await;
    in_editor(&sent, url::ADD_TEMPLATE).done(result).await
}

/// Gives a template a new version.
pub(super) async fn change(Path(id): Path<String>, sent: Sent) -> Response {
    let Ok(id) = id.parse::<TemplateId>() else {
        return answer::error(sent.guest.web(), &sent.headers, &Error::not_found());
    };
    let visit = sent.visit();
    let result = visit.change_template(id, fields(&sent.form)).await;
    let form = in_editor(&sent, url::change_template(id));
    form.done(result).await
}

/// Shows what certificates of the edited template would say.
pub(super) async fn preview(sent: Sent) -> Response {
    let result = sent.visit().preview_template(fields(&sent.form)).await;
    let values = flash::values(&sent.form);
    let form = in_editor(&sent, url::PREVIEW_TEMPLATE);
    form.show(result, |preview| PostOutcome::Previewed { values, preview })
        .await
}

fn in_editor(sent: &Sent, action: impl Into<String>) -> FormPage<'_> {
    sent.on(action, page(&sent.form))
}

/// The page that the form is on.
fn page(form: &SentForm) -> String {
    let id = form.get("template").and_then(|id| id.parse().ok());
    id.map_or_else(|| url::NEW_TEMPLATE.to_owned(), url::template)
}

fn fields(form: &SentForm) -> TemplateFields {
    TemplateFields(form.pairs().to_vec())
}
