//! The end of a certificate: what it means, and the forms that bring it about. Nothing here can be
//! done by accident; each fold says first what will happen.

use api::{CertificateState, CertificateView, MayEnd, RenewalOffer, url};
use domain::RevocationReason;
use leptos::prelude::*;

use crate::components::{
    BadgeTone, ButtonLink, Card, Confirm, Notice, PortalForm, SelectField, Submit, TextArea, Tone,
};
use crate::dates;
use crate::words::count;

/// The line about validity, below the address.
pub(super) fn validity(certificate: &CertificateView) -> String {
    let card = &certificate.card;
    let ended = certificate.ended_at.map(dates::day).unwrap_or_default();
    match card.state {
        CertificateState::Expired => format!("Ended on {}", dates::day(card.not_after)),
        CertificateState::Revoked => format!("Revoked on {ended}"),
        CertificateState::Held => format!("On hold since {ended}"),
        CertificateState::Valid | CertificateState::Expiring => format!(
            "Good until {}, {}",
            dates::day(card.not_after),
            dates::relative(card.not_after, certificate.now)
        ),
    }
}

/// What the end means, and what to do next.
pub(super) fn meaning(certificate: &CertificateView) -> Option<AnyView> {
    let (state, is_own) = (certificate.card.state, certificate.is_own);
    let reason = certificate
        .ended_because
        .map(|reason| format!(" The reason: {}.", reason.label()))
        .unwrap_or_default();
    let (tone, text) = match state {
        CertificateState::Valid => return None,
        // The offer says it.
        CertificateState::Expiring if certificate.renewal == RenewalOffer::Now => return None,
        CertificateState::Expiring => (
            BadgeTone::Warn,
            "It ends soon. Have the next one made now, then nothing is interrupted.".to_owned(),
        ),
        CertificateState::Expired => (
            BadgeTone::Warn,
            "It has ended and cannot sign any more. Keep it on your devices: older mail can only be \
             read with it."
                .to_owned(),
        ),
        CertificateState::Held if is_own => (
            BadgeTone::Warn,
            "It is on hold: nobody should trust mail signed with it for now. Do not sign until an \
             administrator re-activates it. Your mail can still be read with it."
                .to_owned(),
        ),
        CertificateState::Held => (
            BadgeTone::Warn,
            "It is on hold: nobody should trust mail signed with it for now.".to_owned(),
        ),
        CertificateState::Revoked if is_own => (
            BadgeTone::Bad,
            format!(
                "It was revoked for good: nobody should trust mail signed with it.{reason} Keep it \
                 on your devices all the same, and download it whenever you need it: mail that was \
                 encrypted to you can only be read with it."
            ),
        ),
        CertificateState::Revoked => (
            BadgeTone::Bad,
            format!("It was revoked for good: nobody should trust mail signed with it.{reason}"),
        ),
    };
    let is_told = is_own || matches!(state, CertificateState::Held | CertificateState::Revoked);
    let may_request =
        is_own && state != CertificateState::Held && certificate.renewal == RenewalOffer::Nothing;
    is_told.then(|| {
        view! {
            <Notice tone=tone>
                <p>{text}</p>
                {may_request.then(|| view! {
                    <p class="actions">
                        <ButtonLink href=url::REQUEST label="Request the next one" tone=Tone::Quiet />
                    </p>
                })}
            </Notice>
        }
        .into_any()
    })
}

/// What can be done to end it, by whoever is looking.
pub(super) fn ways_to_end(certificate: &CertificateView) -> Option<AnyView> {
    let id = certificate.card.id.to_string();
    let others = others_of_key(certificate.same_key);
    let has_ended = certificate.card.state == CertificateState::Expired;
    match certificate.may_end {
        MayEnd::Nothing => None,
        MayEnd::ReportLost => Some(report_lost(id, others, has_ended)),
        MayEnd::Revoke => {
            let hold = match certificate.card.state {
                CertificateState::Expired => None,
                CertificateState::Held => Some(reactivate(id.clone())),
                _ => Some(hold(id.clone())),
            };
            let change = view! {
                <Card class="stack">
                    <h2>"Change"</h2>
                    <div class="ways">
                        {hold}
                        {revoke(id, others, has_ended)}
                    </div>
                </Card>
            };
            Some(change.into_any())
        }
    }
}

/// What else ends with it, if its key is why.
fn others_of_key(number: u64) -> Option<String> {
    (number > 0).then(|| {
        let have = count(number, "more certificate has", "more certificates have");
        let are = if number == 1 { "it is" } else { "they are" };
        format!("{have} this key. Where somebody else may have the key, {are} revoked with it.")
    })
}

fn options(reasons: &[RevocationReason]) -> Vec<(String, String)> {
    let option = |reason: &RevocationReason| (reason.to_string(), reason.label().to_owned());
    reasons.iter().map(option).collect()
}

fn report_lost(id: String, others: Option<String>, has_ended: bool) -> AnyView {
    let mut reasons = vec![
        (
            RevocationReason::KeyCompromise.to_string(),
            "A device, the file or the password is lost or stolen".to_owned(),
        ),
        (
            RevocationReason::Superseded.to_string(),
            "Nobody else has it, but I need another one".to_owned(),
        ),
    ];
    reasons.truncate(if has_ended { 1 } else { reasons.len() });
    form(
        "/api/ui/report-lost",
        "Report lost",
        "This certificate is revoked at once and for good. Mail signed with it is no longer trusted; \
         mail programs notice within a week. You keep it to read old mail, and request a new one.",
        id,
        Box::new(move || {
            view! {
                {others.map(|others| view! { <p>{others}</p> })}
                <SelectField name="reason" label="What happened" options=reasons />
            }
            .into_any()
        }),
        Tone::Danger,
    )
}

fn revoke(id: String, others: Option<String>, has_ended: bool) -> AnyView {
    let reasons = options(if has_ended {
        &[RevocationReason::KeyCompromise]
    } else {
        RevocationReason::FOR_GOOD
    });
    form(
        "/api/ui/revoke",
        "Revoke",
        "It cannot be undone. The revocation list says so at once, mail programs notice within a week, \
         and the owner gets a mail. The owner keeps the file to read old mail.",
        id,
        Box::new(move || {
            view! {
                {others.map(|others| view! { <p>{others}</p> })}
                <SelectField name="reason" label="Reason" options=reasons />
                <TextArea name="comment" label="Comment" hint="The owner reads it." />
            }
            .into_any()
        }),
        Tone::Danger,
    )
}

fn hold(id: String) -> AnyView {
    form(
        "/api/ui/hold",
        "Hold",
        "It stands on the revocation list until you re-activate it or revoke it for good. The owner \
         gets a mail.",
        id,
        Box::new(|| {
            view! { <TextArea name="comment" label="Comment" hint="The owner reads it." /> }
                .into_any()
        }),
        Tone::Primary,
    )
}

fn reactivate(id: String) -> AnyView {
    form(
        "/api/ui/reactivate",
        "Re-activate",
        "It comes off the revocation list and is valid again. The owner gets a mail.",
        id,
        Box::new(|| ().into_any()),
        Tone::Primary,
    )
}

/// A fold that says what will happen, and its form.
fn form(
    action: &'static str,
    verb: &'static str,
    what_happens: &'static str,
    id: String,
    // Made inside the form, which gives each field its identifier and its error.
    fields: Children,
    tone: Tone,
) -> AnyView {
    view! {
        <Confirm summary=verb>
            <p>{what_happens}</p>
            <PortalForm action=action class="stack">
                <input type="hidden" name="id" value=id />
                {fields()}
                <Submit label=verb tone=tone />
            </PortalForm>
        </Confirm>
    }
    .into_any()
}
