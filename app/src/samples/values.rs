//! Sample data: an organisation with a few people, seen on one afternoon.

use api::{
    AccountView, ApiTokens, AuditEntryView, Bar, CertificateCard, CertificateList, CertificateRow,
    CertificateState, CertificateView, Evidence, FailedRequest, Health, ImportedCard, MayEnd,
    MyCertificates, OldMail, Overview, Page, PersonRow, PersonView, QueueCard, RenewalOffer,
    RequestCard, RequestForm, RequestView, SessionView, Site, SiteState, TemplateChoice,
    TimelineEntry, TimelineState, TokenCard, Viewer,
};
use domain::{Device, KeyAlgorithm, KeyPart, PersonState, RequestState, Role, TokenScope};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

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

fn card(state: CertificateState, days_left: i64, was_downloaded: bool) -> CertificateCard {
    CertificateCard {
        id: ID.parse().unwrap(),
        mailbox: "alice.smith@example.com".to_owned(),
        state,
        not_before: NOW + Duration::days(days_left - 365),
        not_after: NOW + Duration::days(days_left),
        days_left,
        template: "Mail certificate".to_owned(),
        was_downloaded,
        part: KeyPart::Whole,
        may_renew: state == CertificateState::Expiring,
        names: String::new(),
    }
}

fn request_card(state: RequestState, summary: &str, hours: i64) -> RequestCard {
    RequestCard {
        id: OTHER_ID.parse().unwrap(),
        mailbox: "press@example.com".to_owned(),
        template: "Mail certificate".to_owned(),
        state,
        requested_at: NOW - Duration::hours(hours),
        summary: summary.to_owned(),
    }
}

pub(super) fn my_certificates() -> MyCertificates {
    MyCertificates {
        certificates: vec![
            card(CertificateState::Valid, 364, false),
            card(CertificateState::Expiring, 12, true),
            card(CertificateState::Expired, -400, true),
            card(CertificateState::Held, 100, true),
            card(CertificateState::Revoked, 100, true),
        ],
        requests: vec![
            request_card(RequestState::Waiting, "Waits for an approver", 3),
            request_card(
                RequestState::Rejected,
                "Rejected by Bob Brown: wrong mailbox",
                80,
            ),
        ],
        imported: vec![imported(1), imported(2)],
        old_mail: Some(OldMail {
            keys: 6,
            password_of: Some(ID.parse().unwrap()),
        }),
        device: Device::Mac,
        now: NOW,
    }
}

fn imported(number: u8) -> ImportedCard {
    ImportedCard {
        id: format!("01932f6e-8a52-7c11-9f00-4b1d6a3c010{number}")
            .parse()
            .unwrap(),
        name: "alice.smith@example.com".to_owned(),
        issuer: "CN=Another CA,O=Elsewhere,C=DE".to_owned(),
        not_after: NOW - Duration::days(300),
    }
}

pub(super) fn one_certificate() -> MyCertificates {
    MyCertificates {
        certificates: vec![card(CertificateState::Valid, 364, true)],
        requests: Vec::new(),
        imported: Vec::new(),
        old_mail: None,
        device: Device::Mac,
        now: NOW,
    }
}

pub(super) fn no_certificates() -> MyCertificates {
    MyCertificates {
        certificates: Vec::new(),
        requests: Vec::new(),
        imported: Vec::new(),
        old_mail: None,
        device: Device::Mac,
        now: NOW,
    }
}

pub(super) fn certificate() -> CertificateView {
    CertificateView {
        card: card(CertificateState::Valid, 364, false),
        person: "Alice Smith".to_owned(),
        is_own: true,
        request: OTHER_ID.parse().unwrap(),
        serial: "4f2a9c1e77b0d3586e01c2aa93f4d7e1".to_owned(),
        thumbprint: "9e1c".repeat(16),
        subject: "CN=Alice Smith,O=Example Foundation,C=DE".to_owned(),
        issuer: "CN=Example Foundation Mail CA 1,O=Example Foundation,C=DE".to_owned(),
        key_algorithm: KeyAlgorithm::Rsa3072,
        file_name: "alice.smith@example.com.p12".to_owned(),
        device: Device::Mac,
        must_confirm: true,
        fetch_with: None,
        ended_at: None,
        ended_because: None,
        may_end: MayEnd::ReportLost,
        renewal: RenewalOffer::Nothing,
        is_own_key: false,
        other_half: None,
        is_deleted: false,
        may_deliver: false,
        may_delete: false,
        now: NOW,
    }
}

/// The first of all certificates.
pub(super) fn certificates(number: usize) -> CertificateList {
    let row = |person: &str, mailbox: &str, state, days: i64| CertificateRow {
        id: ID.parse().unwrap(),
        person: person.to_owned(),
        mailbox: mailbox.to_owned(),
        names: String::new(),
        state,
        template: "Mail certificate".to_owned(),
        serial: "4f2a9c1e77b0d3586e01c2aa93f4d7e1".to_owned(),
        issued_at: NOW + Duration::days(days - 365),
        not_after: NOW + Duration::days(days),
    };
    let long = "a-very-long-address-of-a-shared-mailbox@department.example.com";
    let mut rows = vec![
        row(
            "Alice Smith",
            "alice.smith@example.com",
            CertificateState::Valid,
            364,
        ),
        row("Carol Jones", long, CertificateState::Expiring, 12),
        row(
            "Alice Smith",
            "alice.smith@example.com",
            CertificateState::Expired,
            -1,
        ),
    ];
    rows.truncate(number);
    CertificateList {
        count: Some(rows.len() as u64),
        page: Page {
            next: (number > 2).then(|| "mark".to_owned()),
            rows,
        },
        templates: vec![(ID.parse().unwrap(), "Mail certificate".to_owned())],
        may_change: false,
        now: NOW,
    }
}

pub(super) fn template(needs_approval: bool) -> TemplateChoice {
    TemplateChoice {
        id: ID.parse().unwrap(),
        name: "Mail certificate".to_owned(),
        summary: "Signs your mail and lets others encrypt theirs to you.".to_owned(),
        kind: "Mail (address)".to_owned(),
        decides: if needs_approval {
            "2 approvers decide".to_owned()
        } else {
            "nobody has to decide".to_owned()
        },
        is_escrowed: needs_approval,
        needs_approval,
        names_hosts: false,
        takes_own_key: true,
        key_algorithms: vec![KeyAlgorithm::Rsa3072, KeyAlgorithm::P256],
        valid_days: 365,
    }
}

pub(super) fn request_form() -> RequestForm {
    RequestForm {
        mailboxes: vec!["alice.smith@example.com".to_owned()],
        templates: vec![template(true)],
        person: None,
        mailbox: String::new(),
        template: None,
        names: String::new(),
        key_algorithm: String::new(),
        idempotency_key: "made-for-this-form".to_owned(),
    }
}

fn entry(title: &str, detail: Option<&str>, minutes: i64, state: TimelineState) -> TimelineEntry {
    TimelineEntry {
        title: title.to_owned(),
        detail: detail.map(ToOwned::to_owned),
        at: (state != TimelineState::Ahead).then_some(NOW - Duration::minutes(minutes)),
        state,
    }
}

pub(super) fn request() -> RequestView {
    use TimelineState::{Ahead, Current, Done};
    RequestView {
        id: OTHER_ID.parse().unwrap(),
        version: 4,
        mailbox: "alice.smith@example.com".to_owned(),
        person: "Alice Smith".to_owned(),
        is_own: true,
        template: "Mail certificate".to_owned(),
        key_algorithm: KeyAlgorithm::Rsa3072,
        reason: Some("I write to suppliers about offers.".to_owned()),
        names: String::new(),
        is_own_key: false,
        requested_by: None,
        state: RequestState::Issuing,
        requested_at: NOW - Duration::hours(3),
        timeline: vec![
            entry("Received", None, 180, Done),
            entry("Approved", Some("by Bob Brown: welcome aboard"), 2, Done),
            entry("Password and private key made", None, 1, Done),
            entry("Being signed", None, 0, Current),
            entry("Bundled for your devices", None, 0, Ahead),
            entry("Ready", None, 0, Ahead),
        ],
        problem: None,
        certificate: None,
        may_withdraw: false,
        may_decide: false,
        may_mend: false,
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

pub(super) fn queue() -> Page<QueueCard> {
    let card = |person: &str, id: &str, may_decide| QueueCard {
        id: id.parse().unwrap(),
        person: person.to_owned(),
        mailbox: format!("{}@example.com", person.to_lowercase().replace(' ', ".")),
        template: "Mail certificate".to_owned(),
        key_algorithm: KeyAlgorithm::Rsa3072,
        valid_days: 365,
        names: String::new(),
        is_own_key: false,
        requested_by: None,
        reason: Some("I write to suppliers about offers.".to_owned()),
        requested_at: NOW - Duration::hours(5),
        evidence: vec![
            Evidence {
                text: "The mailbox belongs to this person since 3 May 2025".to_owned(),
                is_warning: false,
            },
            Evidence {
                text: "There is a valid certificate for this mailbox already".to_owned(),
                is_warning: true,
            },
        ],
        may_decide,
        why_not: (!may_decide).then(|| "It is your own request.".to_owned()),
    };
    Page {
        rows: vec![
            card("Carol Jones", OTHER_ID, true),
            card("Alice Smith", ID, false),
        ],
        next: None,
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
