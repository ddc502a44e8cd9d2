//! What the list of people says, read from its HTML.
#![cfg(feature = "ssr")]

use api::{AddedPerson, Page, Password, PeopleFilter, PersonRow};
use domain::{PersonState, Role};
use leptos::prelude::*;
use time::Duration;

use super::add::{AddForm, AddFormProps};
use super::start_password::{StartPassword, StartPasswordProps};
use super::{PeopleView, PeopleViewProps};
use crate::PostOutcome;
use crate::pages::rendered::{NOW, html};

fn person(name: &str, role: Role, state: PersonState) -> PersonRow {
    PersonRow {
        id: "01932f6e-0000-7000-8000-000000000001".parse().unwrap(),
        name: name.to_owned(),
        mailbox: "somebody@example.com".to_owned(),
        role,
        state,
        certificates: 2,
        last_signed_in_at: None,
    }
}

fn shown(rows: Vec<PersonRow>, next: Option<&str>, filter: PeopleFilter) -> String {
    let page = Page {
        rows,
        next: next.map(ToOwned::to_owned),
    };
    html("/people", move || {
        PeopleView(PeopleViewProps {
            page,
            filter,
            now: NOW,
        })
    })
}

#[test]
fn nobody_found_leads_back_to_everybody() {
    let filter = PeopleFilter {
        search: "zoe".to_owned(),
        ..PeopleFilter::default()
    };
    let html = shown(Vec::new(), None, filter);
    assert!(html.contains("Nobody found"), "{html}");
    assert!(html.contains("Show everybody"), "{html}");
}

#[test]
fn a_person_is_a_row_that_leads_to_their_page() {
    let mut row = person("Carol Clark", Role::Approver, PersonState::Active);
    row.last_signed_in_at = Some(NOW - Duration::days(2));
    let html = shown(vec![row], None, PeopleFilter::default());
    for part in [
        r#"href="/people/01932f6e-0000-7000-8000-000000000001""#,
        "Carol Clark",
        "Approver",
        "Active",
        "2 days ago",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn filters_stay_in_the_form_and_in_the_way_to_the_next_page() {
    let filter = PeopleFilter {
        search: "al".to_owned(),
        role: "auditor".to_owned(),
        after: None,
    };
    let rows = vec![
        person("Al", Role::Auditor, PersonState::Active),
        person("Alma", Role::Auditor, PersonState::Disabled),
    ];
    let html = shown(rows, Some("mark"), filter);
    assert!(
        html.contains("/people?search=al&amp;role=auditor&amp;after=mark"),
        "{html}"
    );
    assert!(
        html.contains(r#"<option value="auditor" selected"#),
        "{html}"
    );
    assert!(html.contains("Disabled"), "{html}");
    assert!(html.contains("never"), "{html}");
}

#[test]
fn the_form_to_add_somebody_is_folded_until_something_is_wrong_with_it() {
    let form = || {
        AddForm(AddFormProps {
            on_added: Callback::new(|_| ()),
        })
    };
    let folded = html("/people", form);
    assert!(folded.contains(r#"action="/people/add""#), "{folded}");
    assert!(!folded.contains("<details open"), "{folded}");
    let open = html("/people", move || {
        provide_context(PostOutcome::Failed {
            form: "/people/add".to_owned(),
            error: api::Error::field("mailbox", "Somebody has this address already."),
            values: vec![("name".to_owned(), "Zoe Zimmer".to_owned())],
        });
        form()
    });
    assert!(open.contains("<details open"), "{open}");
    assert!(open.contains(r#"value="Zoe Zimmer""#), "{open}");
    assert!(
        open.contains("Somebody has this address already."),
        "{open}"
    );
}

#[test]
fn a_start_password_comes_with_what_to_do_with_it() {
    let added = AddedPerson {
        id: "01932f6e-0000-7000-8000-000000000001".parse().unwrap(),
        name: "Dora Day".to_owned(),
        mailbox: "dora@example.com".to_owned(),
        start_password: Password::new("A-START-PASSWORD"),
    };
    let html = html("/people", move || {
        StartPassword(StartPasswordProps { added })
    });
    for part in [
        "Start password for Dora Day",
        "A-START-PASSWORD",
        "in person or by phone",
        "dora@example.com",
        "change it after signing in",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(html.matches("A-START-PASSWORD").count(), 1, "{html}");
}
