//! Sample data: an organisation with a few people, seen on one afternoon.

use api::{
    AccountView, ApiTokens, AuditEntryView, Bar, CertificateState, FailedRequest, Health, Overview,
    Page, PersonRow, PersonView, SessionView, Site, SiteState, TokenCard, Viewer,
};
use domain::{PersonState, RequestState, Role, TokenScope};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::certificate_values::{card, request_card};

pub(super) const NOW: OffsetDateTime = datetime!(2026-05-03 14:05:09 UTC);
pub(super) const ID: &str = "01932f6e-8a52-7c11-9f00-4b1d6a3c0001";
pub(super) const OTHER_ID: &str = "01932f6e-8a52-7c11-9f00-4b1d6a3c0002";

pub(super) fn viewer(role: Role) -> Viewer {
    Viewer {
        id: ID.parse().unwrap(),
        name: "Alice Smith".to_owned(),
        mailbox: "alice.smith@example.com".to_owned(),
        role,
        waiting: if role == Role::Approver { 3 } else { 0 },
        confirmed_until: None,
    }
}

pub(super) fn site() -> Site {
    site_for(Role::Employee)
}

pub(super) fn site_for(role: Role) -> Site {
    Site {
        organisation: Some("Example Foundation".to_owned()),
        state: SiteState::Ready,
        viewer: Some(viewer(role)),
        csrf: "a-token-for-forms".to_owned(),
        now: NOW,
        version: "0.1.0".to_owned(),
        flash: None,
    }
}

pub(super) fn account() -> AccountView {
    let session = |id: &str, browser: &str, hours, is_current| SessionView {
        id: id.parse().unwrap(),
        browser: browser.to_owned(),
        address: "192.0.2.17".to_owned(),
        signed_in_at: NOW - Duration::hours(hours + 20),
        last_used_at: NOW - Duration::hours(hours),
        is_current,
    };
    AccountView {
        name: "Alice Smith".to_owned(),
        mailbox: "alice.smith@example.com".to_owned(),
        mailboxes: vec![
            "alice.smith@example.com".to_owned(),
            "press@example.com".to_owned(),
        ],
        password_changed_at: NOW - Duration::days(100),
        sessions: vec![
            session(ID, "Firefox on Windows", 0, true),
            session(OTHER_ID, "Safari on iPhone", 5, false),
            session(
                "01932f6e-8a52-7c11-9f00-4b1d6a3c0003",
                "Chrome on Linux",
                90,
                false,
            ),
        ],
    }
}

/// One in use, and one that has expired.
pub(super) fn tokens() -> ApiTokens {
    let token = |id: &str, name: &str, scope, days: i64| TokenCard {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        scope,
        made_at: NOW + Duration::days(days - 90),
        expires_at: NOW + Duration::days(days),
        is_expired: days < 0,
        last_used_at: (days > 0).then_some(NOW - Duration::hours(2)),
    };
    ApiTokens {
        tokens: vec![
            token(ID, "Mail <gateway>", TokenScope::Secrets, 80),
            token(OTHER_ID, "Inventory", TokenScope::Read, -3),
        ],
        must_confirm: true,
        now: NOW,
    }
}

pub(super) fn overview() -> Overview {
    let bars = |counts: &[u64]| {
        let label = |place| format!("{} May", place + 1);
        counts
            .iter()
            .enumerate()
            .map(|(place, count)| Bar {
                label: label(place),
                count: *count,
            })
            .collect()
    };
    Overview {
        issued_by_day: bars(&[2, 0, 4, 7, 3, 0, 0, 5, 9, 4, 2, 6, 1, 3]),
        expiring_by_week: bars(&[1, 0, 0, 2, 12, 4, 0, 1, 0, 3, 0, 2]),
        people: 241,
        valid_certificates: 198,
        waiting: 3,
        oldest_waiting_hours: Some(29),
        issuing: 1,
        failed: vec![FailedRequest {
            id: ID.parse().unwrap(),
            person: "Carol Jones".to_owned(),
            mailbox: "carol.jones@example.com".to_owned(),
            problem: "The authority refused the name.".to_owned(),
            failed_at: NOW - Duration::hours(4),
        }],
        health: vec![
            Health {
                part: "Mail".to_owned(),
                is_good: true,
                detail: "The last message went out 4 minutes ago.".to_owned(),
            },
            Health {
                part: "Key ring".to_owned(),
                is_good: false,
                detail: "There is no backup of it yet. Run the backup once.".to_owned(),
            },
        ],
        now: NOW,
    }
}

pub(super) fn person() -> PersonView {
    PersonView {
        row: PersonRow {
            id: OTHER_ID.parse().unwrap(),
            name: "Carol Jones".to_owned(),
            mailbox: "carol.jones@example.com".to_owned(),
            role: Role::Approver,
            state: PersonState::Active,
            certificates: 1,
            last_signed_in_at: Some(NOW - Duration::hours(30)),
        },
        mailboxes: vec!["carol.jones@example.com".to_owned()],
        added_at: NOW - Duration::days(300),
        certificates: vec![card(CertificateState::Valid, 200, true)],
        requests: vec![request_card(RequestState::Issued, "Ready", 900)],
        sessions: 1,
        tokens: 2,
        given_name: "Carol".to_owned(),
        surname: "Jones".to_owned(),
        may_manage: true,
    }
}

pub(super) fn audit() -> Page<AuditEntryView> {
    let entry = |number, action: &str, subject: &str| AuditEntryView {
        number,
        at: NOW - Duration::minutes(10 * number),
        actor: "Bob Brown <bob.brown@example.com>".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        subject_url: Some(format!("/requests/{ID}")),
        details: vec![("Reason".to_owned(), "welcome aboard".to_owned())],
        hash: "ab12".repeat(16),
    };
    Page {
        rows: vec![
            entry(2, "approve", "request for carol.jones@example.com"),
            entry(1, "sign-in", "Bob Brown"),
        ],
        next: Some("2".to_owned()),
    }
}
