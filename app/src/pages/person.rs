//! A person: what is known about them, what they have, and what an administrator can change.

mod belongings;
mod manage;
#[cfg(test)]
mod tests;

use api::{AddedPerson, Error, PersonView as Person, url};
use domain::{PersonId, PersonState};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use self::belongings::{Certificates, Requests};
use self::manage::Manage;
use super::links::with_query;
use super::people::rows::last;
use super::people::start_password::{StartPassword, just_added};
use crate::Failure;
use crate::components::{Badge, Card, Facts, Loaded, PageHead, When};
use crate::context::use_site;
use crate::server_fns::read_person;
use crate::words;

/// Loads a person.
#[component]
pub fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let person = Resource::new(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id| async move {
            let id = id
                .parse::<PersonId>()
                .map_err(|_| Failure(Error::not_found()))?;
            read_person(id).await
        },
    );
    let added = RwSignal::new(just_added());
    let on_added = Callback::new(move |person: AddedPerson| {
        added.set(Some(person));
    });
    view! {
        <PageHead title="Person" />
        {move || added.get().map(|added| view! { <StartPassword added=added /> })}
        <Loaded
            resource=person
            view=move |person| {
                use_site()
                    .map(|site| {
                        view! { <PersonView person=person now=site.now on_added=on_added /> }
                    })
                    .into_any()
            }
        />
    }
}

/// Shows a person.
#[component]
fn PersonView(
    /// The person.
    person: Person,
    /// The server's time.
    now: OffsetDateTime,
    /// Gets a new start password.
    on_added: Callback<AddedPerson>,
) -> impl IntoView {
    let entries = with_query(url::AUDIT, &[("subject", &person.row.id.to_string())]);
    let request = with_query(url::REQUEST, &[("for", &person.row.id.to_string())]);
    let may_issue = person.may_manage && person.row.state == PersonState::Active;
    let facts = facts(&person, now);
    let manage = person
        .may_manage
        .then(|| view! { <Manage person=person.clone() on_added=on_added /> });
    view! {
        <div class="person">
            <Card>
                <h2>{person.row.name}</h2>
                <p class="person-mailbox">{person.row.mailbox}</p>
                <Facts rows=facts />
                <p class="files">
                    <a href=entries>"What the audit log says"</a>
                    {may_issue
                        .then(|| {
                            view! { <a href=request>"Request a certificate for them"</a> }
                        })}
                </p>
            </Card>
            {manage}
            <Certificates certificates=person.certificates now=now />
            <Requests requests=person.requests now=now />
        </div>
    }
}

fn facts(person: &Person, now: OffsetDateTime) -> Vec<(String, AnyView)> {
    let (role, role_tone) = words::role(person.row.role);
    let (state, state_tone) = words::person_state(person.row.state);
    let mailboxes = person
        .mailboxes
        .iter()
        .map(|m| view! { <li>{m.clone()}</li> })
        .collect_view();
    let added_at = person.added_at;
    vec![
        (
            "Role".to_owned(),
            view! { <Badge text=role tone=role_tone /> }.into_any(),
        ),
        (
            "Account".to_owned(),
            view! { <Badge text=state tone=state_tone /> }.into_any(),
        ),
        (
            "Addresses for certificates".to_owned(),
            view! { <ul class="plain">{mailboxes}</ul> }.into_any(),
        ),
        ("Signed in".to_owned(), places(person.sessions).into_any()),
        (
            "API tokens".to_owned(),
            person.tokens.to_string().into_any(),
        ),
        (
            "Last signed in".to_owned(),
            last(person.row.last_signed_in_at, now),
        ),
        (
            "Added".to_owned(),
            view! { <When at=added_at now=now /> }.into_any(),
        ),
    ]
}

fn places(sessions: u64) -> String {
    match sessions {
        0 => "nowhere right now".to_owned(),
        _ => format!("in {}", words::count(sessions, "place", "places")),
    }
}
