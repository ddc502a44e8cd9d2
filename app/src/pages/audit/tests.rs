//! What the audit log says, read from its HTML.
#![cfg(feature = "ssr")]

use api::{AuditEntryView, AuditFilter, AuditVerification, Page};
use time::Duration;

use super::chain::{ChainView, ChainViewProps};
use super::words::label;
use super::{AuditView, AuditViewProps};
use crate::pages::rendered::{NOW, html};

fn entry(number: i64, action: &str) -> AuditEntryView {
    AuditEntryView {
        number,
        at: NOW - Duration::minutes(number),
        actor: "Bob Brown (bob@example.com)".to_owned(),
        action: action.to_owned(),
        subject: "request of Alice Smith".to_owned(),
        subject_url: Some("/requests/01932f6e-0000-7000-8000-000000000001".to_owned()),
        details: vec![("reason".to_owned(), "welcome <b>".to_owned())],
        hash: "0123456789abcdef".repeat(4),
    }
}

fn shown(rows: Vec<AuditEntryView>, next: Option<&str>, filter: AuditFilter) -> String {
    let page = Page {
        rows,
        next: next.map(ToOwned::to_owned),
    };
    html("/audit", move || AuditView(AuditViewProps { page, filter }))
}

fn verified(verification: Option<AuditVerification>) -> String {
    html("/audit", move || ChainView(ChainViewProps { verification }))
}

#[test]
fn nothing_that_fits_leads_back_to_everything() {
    let html = shown(Vec::new(), None, AuditFilter::default());
    assert!(html.contains("No entry fits"), "{html}");
    assert!(html.contains("Show the whole log"), "{html}");
}

#[test]
fn an_entry_says_who_did_what_to_what_and_when() {
    let html = shown(vec![entry(42, "approve")], None, AuditFilter::default());
    for part in [
        "42",
        "Bob Brown (bob@example.com)",
        "Approved a request",
        "3 May 2026, 13:23 UTC",
        r#"href="/requests/01932f6e-0000-7000-8000-000000000001""#,
        "welcome &lt;b&gt;",
        "0123456789ab",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn filters_stay_in_the_form_and_in_the_way_to_the_next_page() {
    let filter = AuditFilter {
        actor: "bob".to_owned(),
        action: "reject".to_owned(),
        from: "2026-05-01".to_owned(),
        ..AuditFilter::default()
    };
    let html = shown(
        vec![entry(2, "reject"), entry(1, "a-new-word")],
        Some("1"),
        filter,
    );
    assert!(
        html.contains("/audit?actor=bob&amp;action=reject&amp;from=2026-05-01&amp;after=1"),
        "{html}"
    );
    assert!(
        html.contains(r#"<option value="reject" selected"#),
        "{html}"
    );
    assert!(html.contains("a-new-word"), "{html}");
    assert!(html.contains("Show everything"), "{html}");
}

#[test]
fn the_chain_can_be_verified() {
    let html = verified(None);
    assert!(html.contains(r#"href="/audit?verify=1""#), "{html}");
    assert!(!html.contains("intact"), "{html}");
}

#[test]
fn an_intact_chain_says_how_much_was_checked() {
    let html = verified(Some(AuditVerification {
        checked: 1,
        broken_at: None,
    }));
    assert!(html.contains("The chain is intact"), "{html}");
    assert!(html.contains("1 entry checked."), "{html}");
}

#[test]
fn a_broken_chain_says_where_and_what_to_do() {
    let broken_at = Some((17, "The entry was changed.".to_owned()));
    let html = verified(Some(AuditVerification {
        checked: 16,
        broken_at,
    }));
    assert!(html.contains("The chain breaks at entry 17"), "{html}");
    assert!(
        html.contains("The entry was changed. 16 entries checked."),
        "{html}"
    );
    assert!(html.contains("backup"), "{html}");
}

#[test]
fn every_action_has_words_of_its_own() {
    let mut labels: Vec<_> = domain::AuditAction::ALL
        .iter()
        .map(|a| label(a.as_str()))
        .collect();
    assert!(labels.iter().all(|label| label.contains(' ')));
    let all = labels.len();
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), all);
}
