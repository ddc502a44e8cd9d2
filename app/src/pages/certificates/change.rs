//! Changing several certificates: what would happen, and what became of it. These pages answer a
//! form, are plain HTML, and exist on the server alone.

use api::{ChangeCertificates, ChangePlan, ChangeResult, url};
use domain::{CertificateChange, RevocationReason};
use leptos::prelude::*;

use super::select::filter_fields;
use super::with_filter;
use crate::PostOutcome;
use crate::components::{
    BadgeTone, ButtonLink, Card, Notice, PageHead, PortalForm, SelectField, Submit, TextArea, Tone,
    WithSite,
};
use crate::words::count;

/// What a form about several certificates answers with, if the page answers one.
pub(super) fn after_post() -> Option<AnyView> {
    let outcome = use_context::<PostOutcome>()?;
    if !matches!(outcome, PostOutcome::Change(_) | PostOutcome::Changed(_)) {
        return None;
    }
    let view = view! {
        <WithSite view=move |_| match outcome.clone() {
            PostOutcome::Change(plan) => confirm(plan),
            PostOutcome::Changed(result) => self::outcome(result),
            _ => ().into_any(),
        } />
    };
    Some(view.into_any())
}

/// What would happen, and the button that does it.
fn confirm(plan: ChangePlan) -> AnyView {
    let exceptions = plan
        .exceptions
        .iter()
        .map(|(why, number)| {
            let left = count(*number, "certificate", "certificates");
            view! { <li>{left} " that " {why.clone()}</li> }
        })
        .collect_view();
    let exceptions = (!plan.exceptions.is_empty()).then(|| {
        view! {
            <p>"Left as they are:"</p>
            <ul>{exceptions}</ul>
        }
    });
    let back = with_filter(url::CERTIFICATES, &plan.asked.filter, "");
    let go_back =
        move || view! { <ButtonLink href=back label="Back, change nothing" tone=Tone::Quiet /> };
    let form = if plan.count > 0 {
        form(&plan, go_back().into_any()).into_any()
    } else {
        view! { <p class="actions">{go_back()}</p> }.into_any()
    };
    let problem = plan.problem.clone().map(|problem| {
        view! {
            <Notice tone=BadgeTone::Bad>
                <p>{problem}</p>
            </Notice>
        }
    });
    view! {
        <PageHead title="Change certificates" />
        <Card class="stack measured">
            {problem}
            <h2>{summary(&plan)}</h2>
            {(plan.count > 0).then(|| view! { <p>{consequence(plan.change)}</p> })}
            {same_key(plan.same_key).map(|others| view! { <p>{others}</p> })}
            {exceptions}
            {form}
        </Card>
    }
    .into_any()
}

/// "This revokes 37 certificates of 31 people."
fn summary(plan: &ChangePlan) -> String {
    if plan.count == 0 {
        return "This changes nothing.".to_owned();
    }
    let certificates = count(plan.count, "certificate", "certificates");
    let people = count(plan.people, "person", "people");
    match plan.change {
        CertificateChange::Revoke => format!("This revokes {certificates} of {people}."),
        CertificateChange::Hold => format!("This puts {certificates} of {people} on hold."),
        CertificateChange::Reactivate => format!("This re-activates {certificates} of {people}."),
        CertificateChange::Deliver => format!("This sends {certificates} to {people} by mail."),
        CertificateChange::Delete => {
            format!("This deletes key and password of {certificates} of {people}.")
        }
    }
}

const fn consequence(change: CertificateChange) -> &'static str {
    match change {
        CertificateChange::Revoke => {
            "It cannot be undone. The revocation list says so at once, and every owner gets a mail."
        }
        CertificateChange::Hold => {
            "They stand on the revocation list until they are re-activated or revoked. Every owner \
             gets a mail."
        }
        CertificateChange::Reactivate => {
            "They come off the revocation list. Every owner gets a mail."
        }
        CertificateChange::Deliver => {
            "The PFX goes out sealed by its password, which is never sent; where the owner keeps the \
             key, the certificate alone does."
        }
        CertificateChange::Delete => {
            "It cannot be undone: old mail that was encrypted to these certificates can then never \
             be opened again with what the portal has. The certificates themselves stay."
        }
    }
}

/// What else ends with them, if their keys are why.
fn same_key(number: u64) -> Option<String> {
    (number > 0).then(|| {
        let have = count(number, "more certificate has", "more certificates have");
        let are = if number == 1 { "it is" } else { "they are" };
        format!("{have} a key of theirs. Where somebody else may have that key, {are} revoked too.")
    })
}

fn form(plan: &ChangePlan, back: AnyView) -> impl IntoView + use<> {
    let change = plan.change;
    let has_comment = matches!(change, CertificateChange::Revoke | CertificateChange::Hold);
    let tone = match change {
        CertificateChange::Revoke | CertificateChange::Delete => Tone::Danger,
        _ => Tone::Primary,
    };
    let fields = asked_fields(&plan.asked);
    view! {
        <PortalForm action=url::CERTIFICATES_CHANGE native=true class="stack">
            {fields}
            {(change == CertificateChange::Revoke)
                .then(|| {
                    let reasons = RevocationReason::FOR_GOOD
                        .iter()
                        .map(|reason| (reason.to_string(), reason.label().to_owned()))
                        .collect();
                    view! { <SelectField name="reason" label="Reason" options=reasons /> }
                })}
            {has_comment
                .then(|| {
                    view! { <TextArea name="comment" label="Comment" hint="The owners read it." /> }
                })}
            <div class="actions">
                <Submit label=change.label() tone=tone />
                {back}
            </div>
        </PortalForm>
    }
}

/// What was asked for, so that the confirmation is about the same certificates.
fn asked_fields(asked: &ChangeCertificates) -> impl IntoView + use<> {
    let hidden = |name: &'static str, value: String| {
        view! { <input type="hidden" name=name value=value /> }
    };
    let scope = if asked.is_everything {
        "everything"
    } else {
        "selected"
    };
    let selected = asked.certificates.iter().cloned();
    let selected = selected.map(|id| hidden("certificate", id)).collect_view();
    (
        hidden("confirmed", "yes".to_owned()),
        hidden("change", asked.change.clone()),
        hidden("scope", scope.to_owned()),
        filter_fields(&asked.filter),
        hidden("after", asked.filter.after.clone().unwrap_or_default()),
        selected,
    )
}

/// What became of each certificate of a part, and the way to the next part.
fn outcome(result: ChangeResult) -> AnyView {
    let done = result.rows.iter().filter(|row| row.problem.is_none());
    let done = u64::try_from(done.count()).unwrap_or(u64::MAX);
    let rows = result
        .rows
        .into_iter()
        .map(|row| {
            let problem = row.problem.unwrap_or_else(|| "done".to_owned());
            view! {
                <li>
                    <a href=url::certificate(row.id)>{row.mailbox}</a>
                    <span class="lines-text">{problem}</span>
                </li>
            }
        })
        .collect_view();
    let next = result.next.map(|asked| {
        let fields = asked_fields(&asked);
        view! {
            <Notice>
                <p>"There are more. It goes on with the next part."</p>
                <PortalForm action=url::CERTIFICATES_CHANGE native=true class="stack">
                    {fields} <input type="hidden" name="reason" value=asked.reason />
                    <input type="hidden" name="comment" value=asked.comment />
                    <Submit label="Go on" />
                </PortalForm>
            </Notice>
        }
    });
    view! {
        <PageHead title="Change certificates" />
        <Card class="stack">
            <h2>
                {result.change.label()} ": " {count(done, "certificate", "certificates")} " done"
            </h2>
            {next}
            <ul class="lines">{rows}</ul>
            <p class="actions">
                <ButtonLink href=url::CERTIFICATES label="All certificates" tone=Tone::Quiet />
            </p>
        </Card>
    }
    .into_any()
}
