//! The certificates and requests of a person.

use api::{CertificateCard, RequestCard, url};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, Card, When};
use crate::words;

/// Their certificates, newest first.
#[component]
pub(super) fn Certificates(
    certificates: Vec<CertificateCard>,
    now: OffsetDateTime,
) -> impl IntoView {
    let list = if certificates.is_empty() {
        view! { <p>"No certificate yet."</p> }.into_any()
    } else {
        let rows = certificates
            .into_iter()
            .map(|card| certificate(card, now))
            .collect_view();
        view! { <ul class="belongings">{rows}</ul> }.into_any()
    };
    view! {
        <Card>
            <h2>"Certificates"</h2>
            {list}
        </Card>
    }
}

fn certificate(card: CertificateCard, now: OffsetDateTime) -> impl IntoView {
    let (state, tone) = words::certificate_state(card.state);
    let ends = if card.days_left < 0 {
        "ended "
    } else {
        "ends "
    };
    view! {
        <li>
            <div>
                <a href=url::certificate(card.id)>{card.mailbox}</a>
                <p>{card.template} ", " {ends} <When at=card.not_after now=now /></p>
                {(!card.was_downloaded).then(|| view! { <p>"Not downloaded yet"</p> })}
            </div>
            <Badge text=state tone=tone />
        </li>
    }
}

/// Their requests, newest first.
#[component]
pub(super) fn Requests(requests: Vec<RequestCard>, now: OffsetDateTime) -> impl IntoView {
    let list = if requests.is_empty() {
        view! { <p>"No request yet."</p> }.into_any()
    } else {
        let rows = requests
            .into_iter()
            .map(|card| request(card, now))
            .collect_view();
        view! { <ul class="belongings">{rows}</ul> }.into_any()
    };
    view! {
        <Card>
            <h2>"Requests"</h2>
            {list}
        </Card>
    }
}

fn request(card: RequestCard, now: OffsetDateTime) -> impl IntoView {
    let (state, tone) = words::request_state(card.state);
    view! {
        <li>
            <div>
                <a href=url::request(card.id)>{card.mailbox}</a>
                <p>{card.template} ", requested " <When at=card.requested_at now=now /></p>
                <p>{card.summary}</p>
            </div>
            <Badge text=state tone=tone />
        </li>
    }
}
