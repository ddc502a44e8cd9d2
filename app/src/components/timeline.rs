//! What happened to a request, and what will.

use api::{TimelineEntry, TimelineState};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::When;

const fn words(state: TimelineState) -> (&'static str, &'static str) {
    match state {
        TimelineState::Done => ("is-done", "Done: "),
        TimelineState::Current => ("is-current", "Now: "),
        TimelineState::Ahead => ("is-ahead", "Still to come: "),
        TimelineState::Stopped => ("is-stopped", "Stopped: "),
    }
}

/// The steps in order.
#[component]
pub fn TimelineView(
    /// The steps.
    entries: Vec<TimelineEntry>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let lines = entries
        .into_iter()
        .map(|entry| {
            let (class, spoken) = words(entry.state);
            let is_current = entry.state == TimelineState::Current;
            view! {
                <li class=class aria-current=is_current.then_some("step")>
                    <p class="timeline-title">
                        <span class="visually-hidden">{spoken}</span>
                        {entry.title}
                    </p>
                    {entry.detail.map(|detail| view! { <p class="timeline-detail">{detail}</p> })}
                    {entry.at.map(|at| view! { <p class="timeline-when"><When at=at now=now /></p> })}
                </li>
            }
        })
        .collect_view();
    view! { <ol class="timeline">{lines}</ol> }
}
