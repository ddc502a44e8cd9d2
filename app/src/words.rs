//! Words for states: what a reader sees, and how loudly.

use api::CertificateState;
use domain::{Device, PersonState, RequestState, Role};

use crate::components::BadgeTone;

/// A request's state as a label.
pub const fn request_state(state: RequestState) -> (&'static str, BadgeTone) {
    match state {
        RequestState::Waiting => ("Waiting", BadgeTone::Wait),
        RequestState::Issuing => ("In progress", BadgeTone::Wait),
        RequestState::Issued => ("Ready", BadgeTone::Good),
        RequestState::Rejected => ("Rejected", BadgeTone::Bad),
        RequestState::Withdrawn => ("Withdrawn", BadgeTone::Quiet),
        RequestState::Failed => ("Failed", BadgeTone::Bad),
        RequestState::Cancelled => ("Cancelled", BadgeTone::Quiet),
    }
}

/// A certificate's state as a label.
pub const fn certificate_state(state: CertificateState) -> (&'static str, BadgeTone) {
    match state {
        CertificateState::Valid => ("Valid", BadgeTone::Good),
        CertificateState::Expiring => ("Ends soon", BadgeTone::Warn),
        CertificateState::Expired => ("Ended", BadgeTone::Quiet),
        CertificateState::Held => ("On hold", BadgeTone::Warn),
        CertificateState::Revoked => ("Revoked", BadgeTone::Bad),
    }
}

/// A person's role as a label.
pub const fn role(role: Role) -> (&'static str, BadgeTone) {
    match role {
        Role::Employee => ("Employee", BadgeTone::Quiet),
        Role::Approver => ("Approver", BadgeTone::Good),
        Role::Admin => ("Administrator", BadgeTone::Warn),
        Role::Auditor => ("Auditor", BadgeTone::Wait),
    }
}

/// The state of a person's account as a label.
pub const fn person_state(state: PersonState) -> (&'static str, BadgeTone) {
    match state {
        PersonState::Active => ("Active", BadgeTone::Good),
        PersonState::Disabled => ("Disabled", BadgeTone::Quiet),
    }
}

/// A device as people name it, with its mail program.
pub const fn device(device: Device) -> (&'static str, &'static str) {
    match device {
        Device::Windows => ("Windows", "Outlook"),
        Device::Mac => ("Mac", "Apple Mail"),
        Device::Ios => ("iPhone or iPad", "Mail"),
        Device::Thunderbird => ("Thunderbird", "on any computer"),
        Device::Android => ("Android", "phone or tablet"),
    }
}

/// A number with its noun: "1 day", "12 days".
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What the number in the navigation means.
pub const fn waiting(number: u64) -> &'static str {
    if number == 1 {
        "request waits"
    } else {
        "requests wait"
    }
}
