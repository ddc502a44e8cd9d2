//! What the queue says, read from its HTML.
#![cfg(feature = "ssr")]

use api::{Error, ErrorKind, Evidence, Flash, Page, QueueCard, QueueFilter, Site};
use domain::KeyAlgorithm;
use leptos::prelude::*;
use time::Duration;

use super::{QueueView, QueueViewProps};
use crate::pages::rendered::{NOW, html, site};

fn card(number: u8) -> QueueCard {
    QueueCard {
        id: format!("01932f6e-0000-7000-8000-0000000000{number:02}")
            .parse()
            .unwrap(),
        person: "Alice Smith".to_owned(),
        mailbox: format!("alice{number}@example.com"),
        template: "Mail".to_owned(),
        key_algorithm: KeyAlgorithm::Rsa3072,
        valid_days: 365,
        names: String::new(),
        is_own_key: false,
        requested_by: None,
        reason: Some("I write to <customers> & need encryption".to_owned()),
        requested_at: NOW - Duration::hours(3),
        evidence: vec![Evidence {
            text: "The mailbox belongs to this person since 3 May 2025".to_owned(),
            is_warning: false,
        }],
        may_decide: true,
        why_not: None,
    }
}

fn warned() -> QueueCard {
    let evidence = [
        "Has a valid certificate for this mailbox already",
        "Added today",
    ]
    .map(|text| Evidence {
        text: text.to_owned(),
        is_warning: true,
    });
    QueueCard {
        evidence: evidence.into(),
        reason: None,
        valid_days: 90,
        ..card(2)
    }
}

fn own() -> QueueCard {
    QueueCard {
        person: "Bob Brown".to_owned(),
        may_decide: false,
        why_not: Some("It is your own request. Another approver decides it.".to_owned()),
        ..card(3)
    }
}

fn shown(rows: Vec<QueueCard>, next: Option<&str>, filter: QueueFilter) -> String {
    let page = Page {
        rows,
        next: next.map(ToOwned::to_owned),
    };
    html("/queue", move || {
        QueueView(QueueViewProps {
            page,
            filter,
            now: NOW,
        })
    })
}

fn searched(search: &str) -> QueueFilter {
    QueueFilter {
        search: search.to_owned(),
        after: None,
    }
}

#[test]
fn an_empty_queue_says_so_and_offers_nothing_to_decide() {
    let html = shown(Vec::new(), None, QueueFilter::default());
    assert!(html.contains("Nothing waits for you"), "{html}");
    assert!(!html.contains("<form"), "{html}");
}

#[test]
fn a_search_without_result_leads_back_to_everything() {
    let html = shown(Vec::new(), None, searched("zoe"));
    assert!(html.contains("Nothing found"), "{html}");
    assert!(html.contains(r#"value="zoe""#), "{html}");
    assert!(html.contains("Show the whole queue"), "{html}");
}

#[test]
fn one_request_can_be_decided_without_javascript() {
    let html = shown(vec![card(1)], None, QueueFilter::default());
    for part in [
        "Alice Smith",
        "alice1@example.com",
        "valid 1 year",
        "3 hours ago",
        "I write to &lt;customers&gt; &amp; need encryption",
        "The mailbox belongs to this person since 3 May 2025",
        r#"name="requests[]""#,
        r#"value="01932f6e-0000-7000-8000-000000000001""#,
        r#"formaction="/api/ui/approve""#,
        r#"formaction="/api/ui/reject""#,
        r#"name="reason""#,
        r#"href="/requests/01932f6e-0000-7000-8000-000000000001""#,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_warning_stands_out_by_word() {
    let html = shown(vec![warned()], None, QueueFilter::default());
    assert!(html.contains("2 things to check"), "{html}");
    assert_eq!(
        html.matches("<strong>Check: </strong>").count(),
        2,
        "{html}"
    );
    assert!(html.contains("No reason given."), "{html}");
    assert!(html.contains("valid 90 days"), "{html}");
}

#[test]
fn ones_own_request_is_shown_with_why_it_cannot_be_decided() {
    let html = shown(vec![own()], None, QueueFilter::default());
    assert!(html.contains("Another approver decides it."), "{html}");
    assert!(!html.contains("checkbox"), "{html}");
    assert!(!html.contains("formaction"), "{html}");
}

#[test]
fn many_requests_are_one_form_with_a_way_to_the_next_page() {
    let html = shown(
        vec![card(1), warned(), own()],
        Some("m&m"),
        searched("ali ce"),
    );
    assert_eq!(html.matches(r#"type="checkbox""#).count(), 2, "{html}");
    assert_eq!(html.matches(r#"method="post""#).count(), 1, "{html}");
    assert!(
        html.contains("/queue?search=ali%20ce&amp;after=m%26m"),
        "{html}"
    );
}

#[test]
fn a_later_page_leads_back_to_the_first() {
    let filter = QueueFilter {
        after: Some("x".to_owned()),
        ..searched("bob")
    };
    let html = shown(vec![card(1)], None, filter);
    assert!(
        html.contains(r#"<a href="/queue?search=bob">Back to the oldest</a>"#),
        "{html}"
    );
    assert!(!html.contains("Show more"), "{html}");
}

#[test]
fn nothing_is_styled_inline() {
    let html = shown(vec![card(1), warned(), own()], None, QueueFilter::default());
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn what_could_not_be_decided_is_said_above_the_list() {
    let page = Page {
        rows: vec![card(1)],
        next: None,
    };
    let html = html("/queue", move || {
        let refused = "Nothing was rejected. 1 could not be rejected: it was already approved.";
        provide_context(Site {
            flash: Some(Flash {
                form: "/api/ui/reject".to_owned(),
                done: None,
                error: Some(Error::new(ErrorKind::Conflict, refused)),
                values: vec![
                    ("form".to_owned(), "approve".to_owned()),
                    ("reason".to_owned(), "not yet".to_owned()),
                ],
            }),
            ..site()
        });
        QueueView(QueueViewProps {
            page,
            filter: QueueFilter::default(),
            now: NOW,
        })
    });
    assert!(html.contains("it was already approved."), "{html}");
    assert!(html.contains(r#"role="alert""#), "{html}");
    assert!(html.contains(">not yet</textarea>"), "{html}");
}
