//! What the list of certificates says, read from its HTML.
#![cfg(feature = "ssr")]

use api::{CertificateFilter, CertificateList, CertificateRow, CertificateState, Page};
use time::Duration;

use super::{CertificatesView, CertificatesViewProps};
use crate::pages::rendered::{NOW, html};

const TEMPLATE: &str = "01932f6e-0000-7000-8000-0000000000aa";

fn certificate(mailbox: &str) -> CertificateRow {
    CertificateRow {
        id: "01932f6e-0000-7000-8000-000000000001".parse().unwrap(),
        names: String::new(),
        person: "Carol <b>Clark".to_owned(),
        mailbox: mailbox.to_owned(),
        state: CertificateState::Expiring,
        template: "Secure mail".to_owned(),
        serial: "5f2a9c1e77b0d3586e01c2aa93f4d7e1".to_owned(),
        issued_at: NOW - Duration::days(2),
        not_after: NOW + Duration::days(20),
    }
}

fn shown(rows: Vec<CertificateRow>, next: Option<&str>, filter: CertificateFilter) -> String {
    let list = CertificateList {
        may_change: false,
        count: next.is_none().then_some(rows.len() as u64),
        page: Page {
            rows,
            next: next.map(ToOwned::to_owned),
        },
        templates: vec![(TEMPLATE.parse().unwrap(), "Secure mail".to_owned())],
        now: NOW,
    };
    html("/certificates", move || {
        CertificatesView(CertificatesViewProps { list, filter })
    })
}

#[test]
fn nothing_issued_yet_says_how_it_begins() {
    let html = shown(Vec::new(), None, CertificateFilter::default());
    assert!(html.contains("No certificate yet"), "{html}");
    assert!(!html.contains("Show all certificates"), "{html}");
    assert!(!html.contains("Export as CSV"), "{html}");
}

#[test]
fn nothing_that_fits_leads_back_to_everything() {
    let filter = CertificateFilter {
        search: "zoe".to_owned(),
        ..CertificateFilter::default()
    };
    let html = shown(Vec::new(), None, filter);
    for part in [
        "No certificate fits",
        "Show all certificates",
        r#"value="zoe""#,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_certificate_is_a_row_that_leads_to_its_page() {
    let rows = vec![certificate("carol@example.com")];
    let html = shown(rows, None, CertificateFilter::default());
    for part in [
        r#"<a href="/certificates/01932f6e-0000-7000-8000-000000000001">carol@example.com</a>"#,
        "Carol &lt;b&gt;Clark",
        "Ends soon",
        "<code>5f2a9c1e77b0d3586e01c2aa93f4d7e1</code>",
        "2 days ago",
        "in 20 days",
        "1 certificate<",
        r#"href="/certificates.csv""#,
        r#"aria-describedby="search-hint""#,
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("Show everything"), "{html}");
}

#[test]
fn filters_stay_in_the_form_the_next_page_and_the_export() {
    let filter = CertificateFilter {
        search: "a b".to_owned(),
        state: "expiring".to_owned(),
        template: TEMPLATE.to_owned(),
        ends_from: "2026-05-01".to_owned(),
        ends_to: "2026-05-31".to_owned(),
        after: Some("before".to_owned()),
    };
    let html = shown(vec![certificate("a@example.com")], Some("mark"), filter);
    let query = format!(
        "?search=a%20b&amp;state=expiring&amp;template={TEMPLATE}\
         &amp;ends_from=2026-05-01&amp;ends_to=2026-05-31"
    );
    for part in [
        format!(r#"href="/certificates{query}&amp;after=mark""#),
        format!(r#"href="/certificates{query}""#),
        format!(r#"href="/certificates.csv{query}""#),
        r#"<option value="expiring" selected"#.to_owned(),
        format!(r#"<option value="{TEMPLATE}" selected"#),
        r#"value="2026-05-01""#.to_owned(),
        "Show everything".to_owned(),
    ] {
        assert!(html.contains(&part), "{part} in {html}");
    }
}
