//! One waiting request with its evidence.

use api::{Evidence, QueueCard, url};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, BadgeTone, When};
use crate::words::count;

/// A card of the queue. It can be ticked unless the viewer may not decide it; then it says why.
#[component]
pub(super) fn QueueCardView(card: QueueCard, now: OffsetDateTime) -> impl IntoView {
    let tick = format!("request-{}", card.id);
    let warnings = card.evidence.iter().filter(|e| e.is_warning).count();
    let has_warnings = warnings > 0;
    let to_check = u64::try_from(warnings).unwrap_or(u64::MAX);
    let asks = format!(
        "{} · {} · valid {}",
        card.template,
        card.key_algorithm.label(),
        days(card.valid_days)
    );
    let name = if card.may_decide {
        view! { <label for=tick.clone()>{card.person}</label> }.into_any()
    } else {
        view! { <span>{card.person}</span> }.into_any()
    };
    view! {
        <li
            class="queue-card"
            class:has-warnings=has_warnings
            class:not-mine=!card.may_decide
        >
            <div class="queue-tick">
                {card
                    .may_decide
                    .then(|| {
                        view! {
                            <input
                                type="checkbox"
                                id=tick
                                name="requests[]"
                                value=card.id.to_string()
                                autocomplete="off"
                            />
                        }
                    })}
            </div>
            <div class="queue-body">
                <header>
                    <h2>{name}</h2>
                    {has_warnings
                        .then(|| {
                            let text = count(to_check, "thing to check", "things to check");
                            view! { <Badge text=text tone=BadgeTone::Warn /> }
                        })}
                </header>
                <p class="queue-mailbox">{card.mailbox}</p>
                <p class="queue-asks">
                    {asks} " · asked " <When at=card.requested_at now=now />
                </p>
                {(!card.names.is_empty()).then(|| view! { <p>"For " {card.names}</p> })}
                {card.requested_by.map(|by| view! { <p>"Asked by " {by}</p> })}
                {card.is_own_key.then(|| view! { <p>"With a key of their own"</p> })}
                {reason(card.reason)}
                <ul class="evidence" aria-label="What is known">
                    {card.evidence.into_iter().map(evidence).collect_view()}
                </ul>
                {card
                    .why_not
                    .filter(|_| !card.may_decide)
                    .map(|why| view! { <p class="queue-why-not">{why}</p> })}
                <p>
                    <a href=url::request(card.id)>"Open the request"</a>
                </p>
            </div>
        </li>
    }
}

fn days(days: u16) -> String {
    match days {
        365 | 366 => "1 year".to_owned(),
        730 | 731 => "2 years".to_owned(),
        _ => count(days.into(), "day", "days"),
    }
}

fn reason(reason: Option<String>) -> AnyView {
    match reason {
        Some(reason) => view! {
            <figure class="queue-reason">
                <figcaption>"Reason"</figcaption>
                <blockquote>{reason}</blockquote>
            </figure>
        }
        .into_any(),
        None => view! { <p class="queue-no-reason">"No reason given."</p> }.into_any(),
    }
}

fn evidence(fact: Evidence) -> impl IntoView {
    if fact.is_warning {
        view! {
            <li class="evidence-warning">
                <span class="evidence-mark" aria-hidden="true">"!"</span>
                <span><strong>"Check: "</strong>{fact.text}</span>
            </li>
        }
    } else {
        view! {
            <li class="evidence-good">
                <span class="evidence-mark" aria-hidden="true">"✓"</span>
                <span>{fact.text}</span>
            </li>
        }
    }
}
