//! People: finding one, and adding one.

mod add;
pub(super) mod rows;
pub(super) mod start_password;
#[cfg(test)]
mod tests;

use api::{AddedPerson, Page, PeopleFilter, PersonRow, url};
use domain::{Permission, Role, may};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use self::add::AddForm;
use self::rows::PeopleTable;
use self::start_password::{StartPassword, just_added};
use super::links::with_query;
use crate::components::{Empty, Loaded, NextPage, PageHead, SelectField, Submit, TextField, Tone};
use crate::context::use_site;
use crate::server_fns::read_people;
use crate::words;

/// Loads people.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| PeopleFilter {
            search: query.get("search").unwrap_or_default(),
            role: query.get("role").unwrap_or_default(),
            after: query.get("after"),
        })
    });
    let page = Resource::new(
        move || filter.get(),
        |filter| read_people(filter.search, filter.role, filter.after),
    );
    let added = RwSignal::new(just_added());
    let on_added = Callback::new(move |person: AddedPerson| {
        added.set(Some(person));
        page.refetch();
    });
    view! {
        <PageHead title="People" lead="Everybody who can use the portal." />
        {move || added.get().map(|added| view! { <StartPassword added=added /> })}
        <Loaded
            resource=page
            view=move |page| {
                let filter = filter.get_untracked();
                use_site()
                    .map(|site| {
                        let may_add = site
                            .viewer
                            .is_some_and(|viewer| may(viewer.role, Permission::ManagePeople));
                        view! {
                            {may_add.then(|| view! { <AddForm on_added=on_added /> })}
                            <PeopleView page=page filter=filter now=site.now />
                        }
                    })
                    .into_any()
            }
        />
    }
}

/// Shows one page of people.
#[component]
fn PeopleView(
    /// The people.
    page: Page<PersonRow>,
    /// Which of them were asked for.
    filter: PeopleFilter,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let here = |after: &str| {
        with_query(
            url::PEOPLE,
            &[
                ("search", &filter.search),
                ("role", &filter.role),
                ("after", after),
            ],
        )
    };
    let next = page.next.as_deref().map(here);
    let first = filter.after.is_some().then(|| here(""));
    let list = if page.rows.is_empty() {
        view! {
            <Empty title="Nobody found" text="No person fits this search and role.">
                <a href=url::PEOPLE>"Show everybody"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <PeopleTable rows=page.rows now=now /> }.into_any()
    };
    view! {
        <form class="filters" method="get" action=url::PEOPLE role="search">
            <TextField name="search" label="Name or address" kind="search" value=filter.search />
            <SelectField name="role" label="Role" options=roles("Every role") value=filter.role />
            <Submit label="Search" tone=Tone::Quiet />
        </form>
        {list}
        {first.map(|href| view! { <p class="first-page"><a href=href>"Back to the first"</a></p> })}
        <NextPage href=next />
    }
}

/// What the roles are for.
pub(super) const ABOUT_ROLES: &str =
    "Approvers decide requests. Administrators manage people. Auditors read everything.";

/// The roles as choices, with one for all where there is such a thing.
pub(super) fn roles(every: &str) -> Vec<(String, String)> {
    let every = (!every.is_empty()).then(|| (String::new(), every.to_owned()));
    let each = Role::ALL
        .iter()
        .map(|role| (role.to_string(), words::role(*role).0.to_owned()));
    every.into_iter().chain(each).collect()
}
