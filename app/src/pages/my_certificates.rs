//! The first page after signing in: am I set up, and what do I do next?

mod old_mail;

use api::{CertificateCard, CertificateState, MyCertificates, RequestCard, url};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::certificate::{part, shown_plainly};
use crate::components::{
    Badge, ButtonLink, Card, Empty, Loaded, PageHead, PortalForm, Submit, Tone, When,
};
use crate::server_fns::read_my_certificates;
use crate::{PostOutcome, dates, words};

/// One's certificates and open requests.
#[component]
pub fn MyCertificatesPage() -> impl IntoView {
    let mine = Resource::new(|| (), |()| read_my_certificates());
    view! {
        <PageHead
            title="My certificates"
            lead="A certificate lets you sign your mail and receive encrypted mail."
        />
        <Loaded resource=mine view=|mine| my_certificates_view(mine).into_any() />
    }
}

/// Certificates first, then what is under way.
pub(crate) fn my_certificates_view(mine: MyCertificates) -> impl IntoView {
    let now = mine.now;
    let revealed = match use_context::<PostOutcome>() {
        Some(PostOutcome::Revealed(revealed)) => {
            Some(shown_plainly(url::HOME.to_owned(), &revealed))
        }
        _ => None,
    };
    let old = old_mail::old_mail(&mine);
    if mine.certificates.is_empty() && mine.requests.is_empty() {
        return view! {
            {revealed}
            <Empty
                title="You have no certificate yet"
                text="With one, others can see that a mail is really from you, and can write to you so that only you can read it. Requesting one takes a minute."
            >
                <ButtonLink href=url::REQUEST label="Request a certificate" />
            </Empty>
            {old}
        }
        .into_any();
    }
    let needs_one = !mine
        .certificates
        .iter()
        .any(|card| card.state == CertificateState::Valid)
        && mine.requests.iter().all(|request| request.state.is_final());
    let certificates = (!mine.certificates.is_empty()).then(|| cards(mine.certificates));
    let requests = (!mine.requests.is_empty()).then(|| {
        let lines = mine
            .requests
            .into_iter()
            .map(|card| request(card, now))
            .collect_view();
        view! {
            <section class="stack">
                <h2>"Requests"</h2>
                <ul class="lines">{lines}</ul>
            </section>
        }
    });
    let tone = if needs_one {
        Tone::Primary
    } else {
        Tone::Quiet
    };
    view! {
        {revealed}
        {certificates}
        {requests}
        <p class="actions">
            <ButtonLink href=url::REQUEST label="Request a certificate" tone=tone />
        </p>
        {old}
    }
    .into_any()
}

/// The certificates. One obvious button: the first that has something to do gets it.
fn cards(certificates: Vec<CertificateCard>) -> impl IntoView {
    let renewed: Vec<String> = certificates
        .iter()
        .filter(|card| card.state == CertificateState::Valid)
        .map(|card| card.mailbox.clone())
        .collect();
    let mut obvious = Tone::Primary;
    let cards = certificates
        .into_iter()
        .map(|card| {
            let next = next_step(&card, renewed.contains(&card.mailbox));
            let tone = if next.is_due {
                std::mem::replace(&mut obvious, Tone::Quiet)
            } else {
                Tone::Quiet
            };
            certificate(card, next, tone)
        })
        .collect_view();
    view! { <ul class="cards">{cards}</ul> }
}

/// What to do next with a certificate.
struct NextStep {
    sentence: String,
    label: &'static str,
    href: String,
    is_due: bool,
}

/// One click, right on the card.
const RENEW: &str = "Renew";

fn next_step(card: &CertificateCard, is_renewed: bool) -> NextStep {
    let until = dates::day(card.not_after);
    if card.may_renew {
        let ends = if card.days_left < 0 { "Ended" } else { "Ends" };
        return NextStep {
            sentence: format!("{ends} on {until}. Renew it now, then nothing is interrupted."),
            label: RENEW,
            href: url::certificate(card.id),
            is_due: true,
        };
    }
    let (sentence, label, is_due) = match (card.state, card.was_downloaded) {
        (CertificateState::Expired, _) => (
            format!("Ended on {until}. You still need it to read old mail."),
            "Open old mail with it",
            false,
        ),
        (CertificateState::Revoked, _) => (
            "Revoked: do not sign with it. You still need it to read old mail.".to_owned(),
            "Open old mail with it",
            false,
        ),
        (CertificateState::Held, _) => (
            "On hold: do not sign with it until an administrator re-activates it.".to_owned(),
            "See what this means",
            false,
        ),
        (CertificateState::Expiring, _) if is_renewed => (
            format!("Ends on {until}. A newer one takes its place."),
            "Put it on another device",
            false,
        ),
        (CertificateState::Expiring, true) => (
            format!("Ends on {until}. You get the next one in time, then nothing is interrupted."),
            "See what to do",
            false,
        ),
        (_, false) => (
            format!("Good until {until}. It is not on a device yet."),
            "Put it on a device",
            true,
        ),
        (CertificateState::Valid, true) => (
            format!("Good until {until}."),
            "Put it on another device",
            false,
        ),
    };
    let href = url::certificate(card.id);
    NextStep {
        sentence,
        label,
        href,
        is_due,
    }
}

fn certificate(card: CertificateCard, next: NextStep, button: Tone) -> impl IntoView {
    let (label, tone) = words::certificate_state(card.state);
    let part = part(card.part).map(|part| view! { <span>{part}</span> });
    let id = card.id.to_string();
    let action = if next.label == RENEW {
        view! {
            <PortalForm action="/api/ui/renew" id=format!("renew-{id}")>
                <input type="hidden" name="id" value=id />
                <Submit label=RENEW tone=button />
            </PortalForm>
        }
        .into_any()
    } else {
        view! { <ButtonLink href=next.href label=next.label tone=button /> }.into_any()
    };
    view! {
        <li>
            <Card class="certificate-card">
                <div class="certificate-card-text">
                    <h2>
                        <a href=url::certificate(card.id)>{card.mailbox}</a>
                    </h2>
                    <p class="meta">
                        <Badge text=label tone=tone />
                        <span>{card.template}</span>
                        {part}
                        <span>{card.names}</span>
                    </p>
                    <p>{next.sentence}</p>
                </div>
                {days_left(card.state, card.days_left)}
                <div class="actions">{action}</div>
            </Card>
        </li>
    }
}

/// The number that matters, large; nothing once there are no days left.
fn days_left(state: CertificateState, days: i64) -> Option<impl IntoView> {
    matches!(state, CertificateState::Valid | CertificateState::Expiring).then(|| {
        view! {
            <p class="days-left">
                <strong>{days.max(0)}</strong>
                {if days == 1 { " day left" } else { " days left" }}
            </p>
        }
    })
}

fn request(card: RequestCard, now: OffsetDateTime) -> impl IntoView {
    let (label, tone) = words::request_state(card.state);
    view! {
        <li>
            <a href=url::request(card.id)>{card.mailbox}</a>
            <Badge text=label tone=tone />
            <span class="lines-text">{card.summary}</span>
            <span class="lines-end">
                <When at=card.requested_at now=now />
            </span>
        </li>
    }
}
