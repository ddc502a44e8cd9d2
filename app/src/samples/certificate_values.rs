//! Sample data: certificates of one's own and of everybody.

use api::{
    CertificateCard, CertificateList, CertificateRow, CertificateState, CertificateView,
    ImportedCard, MayEnd, MyCertificates, OldMail, Page, RenewalOffer, RequestCard,
};
use domain::{Device, KeyAlgorithm, KeyPart, RequestState};
use time::Duration;

use super::values::{ID, NOW, OTHER_ID};

pub(super) fn card(
    state: CertificateState,
    days_left: i64,
    was_downloaded: bool,
) -> CertificateCard {
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

pub(super) fn request_card(state: RequestState, summary: &str, hours: i64) -> RequestCard {
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
        same_key: 0,
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
