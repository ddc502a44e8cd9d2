//! People as a table, which becomes cards where it is narrow.

use api::{PersonRow, url};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, When};
use crate::words;

/// The table.
#[component]
pub(super) fn PeopleTable(rows: Vec<PersonRow>, now: OffsetDateTime) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|person| row(person, now))
        .collect_view();
    view! {
        <table class="stacking people-table">
            <caption class="visually-hidden">"People by name"</caption>
            <thead>
                <tr>
                    <th scope="col">"Person"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Account"</th>
                    <th scope="col" class="is-number">"Valid certificates"</th>
                    <th scope="col">"Last signed in"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(person: PersonRow, now: OffsetDateTime) -> impl IntoView {
    let (role, role_tone) = words::role(person.role);
    let (state, state_tone) = words::person_state(person.state);
    view! {
        <tr>
            <th scope="row">
                <a href=url::person(person.id)>{person.name}</a>
                <span class="people-mailbox">{person.mailbox}</span>
            </th>
            <td data-label="Role"><Badge text=role tone=role_tone /></td>
            <td data-label="Account"><Badge text=state tone=state_tone /></td>
            <td data-label="Certificates" class="is-number">{person.certificates}</td>
            <td data-label="Signed in">{last(person.last_signed_in_at, now)}</td>
        </tr>
    }
}

/// When somebody was last here.
pub(in crate::pages) fn last(at: Option<OffsetDateTime>, now: OffsetDateTime) -> AnyView {
    match at {
        Some(at) => view! { <When at=at now=now /> }.into_any(),
        None => "never".into_any(),
    }
}
