//! What a person's page says, read from its HTML.
#![cfg(feature = "ssr")]

use api::{CertificateCard, CertificateState, PersonRow, PersonView as Person, RequestCard};
use domain::{PersonState, RequestState, Role};
use leptos::prelude::*;
use time::Duration;

use super::{PersonView, PersonViewProps};
use crate::pages::rendered::{NOW, html};

fn newcomer() -> Person {
    Person {
        row: PersonRow {
            id: "01932f6e-0000-7000-8000-000000000001".parse().unwrap(),
            name: "Carol Clark".to_owned(),
            mailbox: "carol@example.com".to_owned(),
            role: Role::Employee,
            state: PersonState::Active,
            certificates: 0,
            last_signed_in_at: None,
        },
        mailboxes: vec!["carol@example.com".to_owned()],
        added_at: NOW - Duration::days(1),
        certificates: Vec::new(),
        requests: Vec::new(),
        sessions: 0,
        tokens: 0,
        given_name: String::new(),
        surname: String::new(),
        may_manage: true,
    }
}

fn busy() -> Person {
    let certificate = |number: u8, days_left| CertificateCard {
        names: String::new(),
        id: format!("01932f6e-0000-7000-8000-0000000001{number:02}")
            .parse()
            .unwrap(),
        mailbox: "carol@example.com".to_owned(),
        state: if days_left < 0 {
            CertificateState::Expired
        } else {
            CertificateState::Valid
        },
        not_before: NOW - Duration::days(400),
        not_after: NOW + Duration::days(days_left),
        days_left,
        template: "Mail".to_owned(),
        was_downloaded: days_left < 0,
        part: domain::KeyPart::Whole,
        may_renew: false,
    };
    let request = RequestCard {
        id: "01932f6e-0000-7000-8000-000000000201".parse().unwrap(),
        mailbox: "carol@example.com".to_owned(),
        template: "Mail".to_owned(),
        state: RequestState::Waiting,
        requested_at: NOW - Duration::hours(1),
        summary: "Waits for an approver".to_owned(),
    };
    Person {
        certificates: vec![certificate(1, 200), certificate(2, -35)],
        requests: vec![request],
        sessions: 2,
        ..newcomer()
    }
}

fn shown(person: Person) -> String {
    html("/people/x", move || {
        PersonView(PersonViewProps {
            person,
            now: NOW,
            on_added: Callback::new(|_| ()),
        })
    })
}

#[test]
fn a_newcomer_has_facts_and_nothing_else() {
    let html = shown(newcomer());
    for part in [
        "Carol Clark",
        "carol@example.com",
        "No certificate yet.",
        "No request yet.",
        "1 day ago",
        "nowhere right now",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn what_disabling_does_is_said_in_numbers() {
    let html = shown(busy());
    let said = "Carol Clark can no longer sign in, and 2 sessions end at once. \
                1 request stays in the queue. 2 certificates are kept with their keys.";
    assert!(html.contains(said), "{html}");
    assert!(html.contains("Disable Carol Clark"), "{html}");
    assert!(
        html.contains(r#"action="/people/01932f6e-0000-7000-8000-000000000001/reset-password""#),
        "{html}"
    );
}

#[test]
fn what_becomes_of_api_tokens_is_said_in_numbers() {
    let html = shown(Person {
        tokens: 2,
        ..busy()
    });
    for part in [
        "and 2 sessions end at once, and 2 API tokens are revoked.",
        "2 API tokens are revoked. Programs that use them",
        r#"action="/api/ui/revoke-tokens""#,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(
        !shown(busy()).contains("revoke-tokens"),
        "nothing to revoke"
    );
}

#[test]
fn certificates_and_requests_lead_to_their_pages() {
    let html = shown(busy());
    for part in [
        r#"href="/certificates/01932f6e-0000-7000-8000-000000000101""#,
        r#"href="/requests/01932f6e-0000-7000-8000-000000000201""#,
        r#"href="/audit?subject=01932f6e-0000-7000-8000-000000000001""#,
        "Not downloaded yet",
        "Waits for an approver",
        "35 days ago",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn an_address_goes_with_the_number_of_its_certificates() {
    let mut person = busy();
    person.certificates[0].names = "sales@example.com".to_owned();
    person.mailboxes.push("sales@example.com".to_owned());
    let html = shown(person);
    assert!(html.contains("Remove sales@example.com"), "{html}");
    let said = "Carol Clark can have no new certificate for it. One that is valid stays as it is";
    assert!(html.contains(said), "{html}");
    assert!(
        !html.contains("Remove carol@example.com"),
        "what she signs in with stays"
    );
}

#[test]
fn a_disabled_person_can_be_enabled() {
    let mut person = busy();
    person.row.state = PersonState::Disabled;
    let html = shown(person);
    assert!(html.contains("/api/ui/enable-person"), "{html}");
    assert!(!html.contains("/api/ui/disable-person"), "{html}");
}

#[test]
fn who_may_not_manage_sees_no_form() {
    let html = shown(Person {
        may_manage: false,
        ..busy()
    });
    assert!(html.contains("Carol Clark"), "{html}");
    assert!(!html.contains("<form"), "{html}");
}
