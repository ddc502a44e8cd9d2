//! Paths of the portal, in one place, for pages, redirects and mails.

use domain::{CertificateId, PersonId, RequestId};

/// My certificates.
pub const HOME: &str = "/";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// First start; the token is in the fragment-free query `token`.
pub const SET_UP: &str = "/set-up";
/// Request a certificate.
pub const REQUEST: &str = "/request";
/// One's account.
pub const ACCOUNT: &str = "/account";
/// The approvers' queue.
pub const QUEUE: &str = "/queue";
/// How the portal is doing.
pub const OVERVIEW: &str = "/overview";
/// All certificates.
pub const CERTIFICATES: &str = "/certificates";
/// All certificates as a file, with the parameters of the page.
pub const CERTIFICATES_CSV: &str = "/certificates.csv";
/// `POST`: change several certificates.
pub const CERTIFICATES_CHANGE: &str = "/certificates/change";
/// People.
pub const PEOPLE: &str = "/people";
/// The audit log.
pub const AUDIT: &str = "/audit";

/// A request with its timeline.
pub fn request(id: RequestId) -> String {
    format!("/requests/{id}")
}

/// Server-sent events of a request: `event: change`, data = its version.
pub fn request_events(id: RequestId) -> String {
    format!("/requests/{id}/events")
}

/// A certificate.
pub fn certificate(id: CertificateId) -> String {
    format!("/certificates/{id}")
}

/// `POST`: show the password of a certificate's PFX.
pub fn show_password(id: CertificateId) -> String {
    format!("/certificates/{id}/show-password")
}

/// `POST`: download a certificate's PFX.
pub fn download(id: CertificateId) -> String {
    format!("/certificates/{id}/download")
}

/// A certificate and those above it, PEM.
pub fn certificate_pem(id: CertificateId) -> String {
    format!("/certificates/{id}/pem")
}

/// A person.
pub fn person(id: PersonId) -> String {
    format!("/people/{id}")
}
