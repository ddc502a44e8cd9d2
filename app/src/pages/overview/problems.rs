//! What needs somebody: failed requests and parts that are not well.

use api::{FailedRequest, Health, url};
use domain::RequestId;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, BadgeTone, Confirm, PortalForm, Submit, TextField, Tone, When};

/// Requests whose step failed, with the ways out.
#[component]
pub(super) fn FailedRequests(
    failed: Vec<FailedRequest>,
    now: OffsetDateTime,
    may_mend: bool,
) -> impl IntoView {
    let list = if failed.is_empty() {
        view! { <p>"No request has failed."</p> }.into_any()
    } else {
        let rows = failed
            .into_iter()
            .map(|request| row(request, now, may_mend))
            .collect_view();
        view! { <ul class="failed">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card">
            <h2>"Failed requests"</h2>
            {list}
        </section>
    }
}

fn row(request: FailedRequest, now: OffsetDateTime, may_mend: bool) -> impl IntoView {
    let ways = may_mend.then(|| {
        view! { <div class="ways">{retry(request.id)} {cancel(request.id)}</div> }
    });
    view! {
        <li>
            <h3>
                <a href=url::request(request.id)>{request.mailbox}</a>
            </h3>
            <p class="failed-who">
                {request.person} ", failed " <When at=request.failed_at now=now />
            </p>
            <p class="failed-problem">{request.problem}</p>
            {ways}
        </li>
    }
}

fn retry(id: RequestId) -> AnyView {
    view! {
        <PortalForm action="/api/ui/retry" id=format!("retry-{id}")>
            <input type="hidden" name="id" value=id.to_string() />
            <Submit label="Retry" tone=Tone::Quiet />
        </PortalForm>
    }
    .into_any()
}

fn cancel(id: RequestId) -> AnyView {
    view! {
        <Confirm summary="Cancel">
            <p>
                "This ends the request for good. The person reads your reason and can request again."
            </p>
            <PortalForm action="/api/ui/cancel" id=format!("cancel-{id}") class="stack">
                <input type="hidden" name="id" value=id.to_string() />
                <TextField name="reason" label="Reason" required=true />
                <div class="actions">
                    <Submit label="Cancel the request" tone=Tone::Danger />
                </div>
            </PortalForm>
        </Confirm>
    }
    .into_any()
}

/// How each part of the portal is.
#[component]
pub(super) fn HealthList(parts: Vec<Health>) -> impl IntoView {
    let bad = parts.iter().filter(|part| !part.is_good).count();
    let rows = parts.into_iter().map(part).collect_view();
    view! {
        <section class="card">
            <h2>"Health"</h2>
            <p>{if bad == 0 { "All parts are well." } else { "Something needs attention." }}</p>
            <ul class="health">{rows}</ul>
        </section>
    }
}

fn part(part: Health) -> impl IntoView {
    let (word, tone) = if part.is_good {
        ("Good", BadgeTone::Good)
    } else {
        ("Needs attention", BadgeTone::Bad)
    };
    view! {
        <li>
            <Badge text=word tone=tone />
            <div>
                <strong>{part.part}</strong>
                <p>{part.detail}</p>
            </div>
        </li>
    }
}
