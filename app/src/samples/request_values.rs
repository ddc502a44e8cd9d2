//! Sample data: asking for a certificate, following it, and the queue.

use api::{
    Evidence, Page, QueueCard, RequestForm, RequestView, TemplateChoice, TimelineEntry,
    TimelineState,
};
use domain::{KeyAlgorithm, RequestState};
use time::Duration;

use super::values::{ID, NOW, OTHER_ID};

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
        names_device: false,
        all_addresses: false,
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
        device: String::new(),
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
        device: String::new(),
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
