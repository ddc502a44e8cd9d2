//! Changing several certificates: the answer to the form on the list is what would happen, the
//! answer to its confirmation what became of each.

use api::{CertificateFilter, ChangeCertificates, Error, ErrorKind};
use app::PostOutcome;
use axum::response::Response;

use super::call;
use super::form_page::Sent;
use super::forms::SentForm;
use super::guest::Guest;
use super::visit::Visit;

/// Plans a change of several certificates, or does a part of one that was confirmed.
pub(super) async fn certificates(sent: Sent) -> Response {
    let result = carry_out(&sent.guest, &sent.form).await;
    let json = match &result {
        Ok(PostOutcome::Change(plan)) => call::json(&sent.headers, &Ok(plan)),
        Ok(PostOutcome::Changed(result)) => call::json(&sent.headers, &Ok(result)),
        Ok(_) => None,
        Err(error) => call::json(&sent.headers, &Err::<(), _>(error.clone())),
    };
    if let Some(response) = json {
        return response;
    }
    let form = sent.on(api::url::CERTIFICATES_CHANGE, api::url::CERTIFICATES);
    form.answer(result).await
}

async fn carry_out(guest: &Guest, form: &SentForm) -> Result<PostOutcome, Error> {
    let visit = Visit::new(guest.clone());
    let actor = visit.actor().await?;
    let portal = guest.web().portal();
    let asked = asked(form);
    if form.get("confirmed") != Some("yes") {
        let plan = visit.told(portal.plan_change(&actor, asked).await)?;
        return Ok(PostOutcome::Change(plan));
    }
    let changed = portal.change_certificates(&actor, asked.clone()).await;
    match visit.told(changed) {
        Ok(result) => Ok(PostOutcome::Changed(result)),
        // The page is asked again, and says what was wrong.
        Err(error) if error.kind == ErrorKind::Invalid => {
            let mut plan = visit.told(portal.plan_change(&actor, asked).await)?;
            let field = error.fields.first();
            plan.problem = Some(field.map_or(error.message.clone(), |field| field.message.clone()));
            Ok(PostOutcome::Change(plan))
        }
        Err(error) => Err(error),
    }
}

fn asked(form: &SentForm) -> ChangeCertificates {
    let pairs = form.pairs().iter();
    let certificates = pairs.filter(|(name, _)| name == "certificate");
    ChangeCertificates {
        change: form.text("change"),
        certificates: certificates.map(|(_, id)| id.clone()).collect(),
        is_everything: form.get("scope") == Some("everything"),
        filter: CertificateFilter {
            search: form.text("search"),
            state: form.text("state"),
            template: form.text("template"),
            ends_from: form.text("ends_from"),
            ends_to: form.text("ends_to"),
            after: form
                .get("after")
                .filter(|after| !after.is_empty())
                .map(str::to_owned),
        },
        reason: form.text("reason"),
        comment: form.text("comment"),
    }
}
