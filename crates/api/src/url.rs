//! Paths of the portal, in one place, for pages, redirects and mails.

use domain::{
    AuthorityId, CertificateForm, CertificateId, ImportedId, PersonId, RequestId, TemplateId,
};

/// My certificates.
pub const HOME: &str = "/";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// First start; the token is in the fragment-free query `token`.
pub const SET_UP: &str = "/set-up";
/// Request a certificate.
pub const REQUEST: &str = "/request";
/// Takes an authority over.
pub const IMPORT_AUTHORITY: &str = "/api/ui/import-authority";
/// Sends a request form.
pub const REQUEST_CERTIFICATE: &str = "/api/ui/request";
/// One's account.
pub const ACCOUNT: &str = "/account";
/// One's API tokens.
pub const TOKENS: &str = "/account/tokens";
/// `POST`: make an API token.
pub const MAKE_TOKEN: &str = "/account/tokens/make";
/// Certificates, for programs.
pub const API_CERTIFICATES: &str = "/api/v1/certificates";
/// Requests, for programs.
pub const API_REQUESTS: &str = "/api/v1/requests";
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

/// The authorities, and how they are doing.
pub const AUTHORITIES: &str = "/admin/authorities";
/// How to make devices trust the organisation's root.
pub const AUTHORITY_HELP: &str = "/help/authorities";

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

/// `POST`: download all keys that open old mail.
pub const OLD_MAIL: &str = "/old-mail";
/// `POST`, with a file: bring a certificate with its key along.
pub const IMPORT: &str = "/imported/add";

/// `POST`: show the password of what was brought along.
pub fn show_imported_password(id: ImportedId) -> String {
    format!("/imported/{id}/show-password")
}

/// `POST`: download what was brought along.
pub fn download_imported(id: ImportedId) -> String {
    format!("/imported/{id}/download")
}

/// A certificate and those above it, PEM.
pub fn certificate_file(id: CertificateId, form: CertificateForm) -> String {
    format!("/certificates/{id}/{form}")
}

/// A certificate, for programs.
pub fn api_certificate(id: CertificateId) -> String {
    format!("{API_CERTIFICATES}/{id}")
}

/// A request, for programs.
pub fn api_request(id: RequestId) -> String {
    format!("{API_REQUESTS}/{id}")
}

/// A person.
pub fn person(id: PersonId) -> String {
    format!("/people/{id}")
}

/// An authority's file: `crt`, `pem`, `p7b` or `crl`.
pub fn pki_file(id: AuthorityId, ending: &str) -> String {
    format!("/pki/{id}.{ending}")
}

/// `GET`: the signing request of an authority that waits for its certificate.
pub fn authority_csr(id: AuthorityId) -> String {
    format!("{AUTHORITIES}/{id}/request")
}

/// `POST`: download the key of a root.
pub fn authority_key(id: AuthorityId) -> String {
    format!("{AUTHORITIES}/{id}/key")
}

/// Templates.
pub const TEMPLATES: &str = "/admin/templates";
/// The form for a new template.
pub const NEW_TEMPLATE: &str = "/admin/templates/new";
/// `POST`: add a template.
pub const ADD_TEMPLATE: &str = "/admin/templates/add";
/// `POST`: what certificates of an edited template would say.
pub const PREVIEW_TEMPLATE: &str = "/admin/templates/preview";

/// A template.
pub fn template(id: TemplateId) -> String {
    format!("/admin/templates/{id}")
}

/// `POST`: give a template a new version.
pub fn change_template(id: TemplateId) -> String {
    format!("/admin/templates/{id}/change")
}
