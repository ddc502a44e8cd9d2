//! Which entries: a plain form whose answer is a URL to keep or to send.

use api::{AuditFilter, url};
use domain::AuditAction;
use leptos::prelude::*;

use super::words::action_label;
use crate::components::{SelectField, Submit, TextField, Tone};

/// The filters.
#[component]
pub(super) fn Filters(filter: AuditFilter) -> impl IntoView {
    let is_used = [
        &filter.actor,
        &filter.action,
        &filter.subject,
        &filter.from,
        &filter.to,
    ]
    .iter()
    .any(|value| !value.is_empty());
    view! {
        <form class="filters" method="get" action=url::AUDIT role="search">
            <TextField name="actor" label="Who" value=filter.actor />
            <SelectField name="action" label="What" options=actions() value=filter.action />
            <TextField name="from" label="From" kind="date" value=filter.from />
            <TextField name="to" label="Until" kind="date" value=filter.to />
            <TextField name="subject" label="Identifier" value=filter.subject />
            <Submit label="Filter" tone=Tone::Quiet />
            {is_used
                .then(|| {
                    view! {
                        <a class="filters-clear" href=url::AUDIT>
                            "Show everything"
                        </a>
                    }
                })}
        </form>
    }
}

fn actions() -> Vec<(String, String)> {
    let all = (String::new(), "Everything".to_owned());
    let each = AuditAction::ALL
        .iter()
        .map(|action| (action.to_string(), action_label(*action).to_owned()));
    std::iter::once(all).chain(each).collect()
}
