//! What the overview says, read from its HTML.
#![cfg(feature = "ssr")]

use api::{Bar, FailedRequest, Health, Overview};
use time::Duration;

use super::{OverviewView, OverviewViewProps};
use crate::pages::rendered::{NOW, html};

fn bars(counts: &[u64], label: &str) -> Vec<Bar> {
    (1..)
        .zip(counts)
        .map(|(number, count)| Bar {
            label: format!("{label} {number}"),
            count: *count,
        })
        .collect()
}

fn quiet() -> Overview {
    Overview {
        issued_by_day: bars(&[0; 14], "Day"),
        expiring_by_week: bars(&[0; 12], "Week"),
        people: 1,
        valid_certificates: 0,
        waiting: 0,
        oldest_waiting_hours: None,
        issuing: 0,
        failed: Vec::new(),
        health: vec![Health {
            part: "Mail".to_owned(),
            is_good: true,
            detail: "The last message went out just now.".to_owned(),
        }],
        now: NOW,
    }
}

fn busy() -> Overview {
    let failed = FailedRequest {
        id: "01932f6e-0000-7000-8000-000000000001".parse().unwrap(),
        person: "Alice Smith".to_owned(),
        mailbox: "alice@example.com".to_owned(),
        problem: "The authority does not answer.".to_owned(),
        failed_at: NOW - Duration::hours(2),
    };
    Overview {
        issued_by_day: bars(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], "Day"),
        expiring_by_week: bars(&[0, 0, 40], "Week"),
        people: 10_200,
        valid_certificates: 12_345,
        waiting: 3,
        oldest_waiting_hours: Some(75),
        issuing: 2,
        failed: vec![failed],
        health: vec![Health {
            part: "Mail".to_owned(),
            is_good: false,
            detail: "mail.example.com does not answer. Check the address.".to_owned(),
        }],
        ..quiet()
    }
}

fn shown(overview: Overview, may_mend: bool) -> String {
    html("/overview", move || {
        OverviewView(OverviewViewProps { overview, may_mend })
    })
}

#[test]
fn a_quiet_portal_says_that_all_is_well() {
    let html = shown(quiet(), true);
    for part in [
        "0 certificates in the last 14 days.",
        "nothing waits",
        "No request has failed.",
        "All parts are well.",
        "Good",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("/api/ui/retry"), "{html}");
}

#[test]
fn numbers_lead_to_their_lists() {
    let html = shown(busy(), true);
    for part in [
        "the oldest for 3 days",
        "12\u{202F}345",
        r#"href="/queue""#,
        r#"href="/people""#,
        r#"href="/certificates?state=valid""#,
        r#"<a href="/certificates?ends_from=2026-05-17&amp;ends_to=2026-05-23">40</a>"#,
        r#"href="/audit?action=approve""#,
        "40 certificates end in the next 12 weeks.",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_picture_is_also_a_table_whose_days_lead_to_the_log() {
    let html = shown(busy(), true);
    assert!(html.contains(r#"aria-hidden="true""#), "{html}");
    assert_eq!(html.matches("<table").count(), 2, "{html}");
    assert!(html.contains(r#"<th scope="row">Day 14</th>"#), "{html}");
    // The last bar is the sample's today.
    let today =
        r#"<td><a href="/audit?action=issue&amp;from=2026-05-03&amp;to=2026-05-03">13</a></td>"#;
    assert!(html.contains(today), "{html}");
    let yesterday = r#"from=2026-05-02&amp;to=2026-05-02">12</a>"#;
    assert!(html.contains(yesterday), "{html}");
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn a_failed_request_can_be_retried_and_cancelled_by_an_admin() {
    let html = shown(busy(), true);
    for part in [
        "The authority does not answer.",
        "2 hours ago",
        r#"href="/requests/01932f6e-0000-7000-8000-000000000001""#,
        r#"action="/api/ui/retry""#,
        r#"action="/api/ui/cancel""#,
        "Needs attention",
        "Something needs attention.",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn an_auditor_only_reads() {
    let html = shown(busy(), false);
    assert!(html.contains("The authority does not answer."), "{html}");
    assert!(!html.contains("<form"), "{html}");
}
