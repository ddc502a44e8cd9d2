//! Every address of the portal and who may use it, as one table. The router is built from it, and
//! the tests try every row as everybody; the rights themselves are checked in `portal`.

use domain::Permission;
use http::Method;

/// An address.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// What kind of answer it gives.
    pub kind: Kind,
    /// Path; `{id}` stands for an identifier.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
}

/// What kind of answer an address gives. The kind decides the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `GET`: a page of the app.
    Page,
    /// `GET`: JSON for a page.
    Read,
    /// `POST`: carries out a form of the app.
    Write,
    /// `POST`: a form that answers with a page or a file of its own.
    Form,
    /// `GET`: server-sent events.
    Events,
    /// `GET`: a file made for whoever asks.
    File,
    /// `GET`: something without a person, such as a file or a probe.
    Open,
    /// `GET`: the API, with a token.
    ApiRead,
    /// `POST`: the API, with a token and JSON.
    ApiWrite,
    /// `POST`: a browser's report, which is no form and changes nothing.
    Report,
}

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Whoever is signed in, or acts by their token.
    SignedIn,
    /// Only whose it is, whatever anybody's role.
    Owner,
    /// Whose it is, and roles with a permission.
    OwnerOr(Permission),
    /// Roles with a permission.
    May(Permission),
    /// Roles with one of two permissions.
    MayEither(Permission, Permission),
}

impl Route {
    /// The method.
    pub const fn method(&self) -> Method {
        match self.kind {
            Page | Read | Events | File | Open | ApiRead => Method::GET,
            Write | Form | Report | ApiWrite => Method::POST,
        }
    }
}

const fn route(kind: Kind, path: &'static str, who: Who) -> Route {
    Route { kind, path, who }
}

use Kind::{ApiRead, ApiWrite, Events, File, Form, Open, Page, Read, Report, Write};
use Permission::{
    Decide, DecideAsAdmin, IssueForOthers, ManageAuthorities, ManagePeople, ManageTemplates,
    MendRequests, ReadAudit, RevokeCertificates, SeeAuthorities, SeeCertificates, SeeOverview,
    SeePeople, SeeQueue, SeeRequests, SeeTemplates,
};
use Who::{Anyone, May, MayEither, Owner, OwnerOr, SignedIn};

/// Every address.
pub const ROUTES: &[Route] = &[
    // first start, signing in, the account
    route(Page, "/set-up", Anyone),
    route(Read, "/api/ui/read/set-up-form", Anyone),
    route(Write, "/api/ui/set-up", Anyone),
    route(Read, "/api/ui/read/site", Anyone),
    route(Page, "/sign-in", Anyone),
    route(Write, "/api/ui/sign-in", Anyone),
    route(Write, "/api/ui/sign-out", SignedIn),
    route(Page, "/account", SignedIn),
    route(Read, "/api/ui/read/account", SignedIn),
    route(Write, "/api/ui/change-password", SignedIn),
    route(Write, "/api/ui/end-session", SignedIn),
    route(Write, "/api/ui/end-other-sessions", SignedIn),
    route(Page, api::url::TOKENS, SignedIn),
    route(Read, "/api/ui/read/tokens", SignedIn),
    route(Form, api::url::MAKE_TOKEN, SignedIn),
    route(Write, "/api/ui/revoke-token", SignedIn),
    // certificates and requests
    route(Page, "/", SignedIn),
    route(Read, "/api/ui/read/my-certificates", SignedIn),
    route(Page, "/certificates/{id}", OwnerOr(SeeCertificates)),
    route(Read, "/api/ui/read/certificate", OwnerOr(SeeCertificates)),
    route(Form, "/certificates/{id}/show-password", Owner),
    route(Form, "/certificates/{id}/download", Owner),
    route(Write, "/api/ui/report-lost", Owner),
    route(Write, "/api/ui/renew", Owner),
    route(Form, api::url::OLD_MAIL, SignedIn),
    route(Form, api::url::IMPORT, SignedIn),
    route(Form, "/imported/{id}/show-password", Owner),
    route(Form, "/imported/{id}/download", Owner),
    route(Write, "/api/ui/remove-imported", Owner),
    route(Write, "/api/ui/hold", May(RevokeCertificates)),
    route(Write, "/api/ui/reactivate", May(RevokeCertificates)),
    route(Write, "/api/ui/revoke", May(RevokeCertificates)),
    route(File, "/certificates/{id}/pem", OwnerOr(SeeCertificates)),
    route(File, "/certificates/{id}/der", OwnerOr(SeeCertificates)),
    route(File, "/certificates/{id}/p7b", OwnerOr(SeeCertificates)),
    route(Write, "/api/ui/deliver", May(IssueForOthers)),
    route(Write, "/api/ui/delete-secrets", May(IssueForOthers)),
    route(Form, "/certificates/change", May(RevokeCertificates)),
    route(Page, "/request", SignedIn),
    route(Read, "/api/ui/read/request-form", SignedIn),
    route(Form, api::url::REQUEST_CERTIFICATE, SignedIn),
    route(Page, "/requests/{id}", OwnerOr(SeeRequests)),
    route(Read, "/api/ui/read/request", OwnerOr(SeeRequests)),
    route(Events, "/requests/{id}/events", OwnerOr(SeeRequests)),
    route(Write, "/api/ui/withdraw", Owner),
    route(Write, "/api/ui/retry", May(MendRequests)),
    route(Write, "/api/ui/cancel", May(MendRequests)),
    // approvers
    route(Page, "/queue", May(SeeQueue)),
    route(Read, "/api/ui/read/queue", May(SeeQueue)),
    route(Write, "/api/ui/approve", MayEither(Decide, DecideAsAdmin)),
    route(Write, "/api/ui/reject", MayEither(Decide, DecideAsAdmin)),
    // administrators and auditors
    route(Page, "/overview", May(SeeOverview)),
    route(Read, "/api/ui/read/overview", May(SeeOverview)),
    route(Page, "/certificates", May(SeeCertificates)),
    route(Read, "/api/ui/read/certificates", May(SeeCertificates)),
    route(File, "/certificates.csv", May(SeeCertificates)),
    route(Page, "/people", May(SeePeople)),
    route(Read, "/api/ui/read/people", May(SeePeople)),
    route(Page, "/people/{id}", May(SeePeople)),
    route(Read, "/api/ui/read/person", May(SeePeople)),
    route(Form, "/people/add", May(ManagePeople)),
    route(Form, "/people/{id}/reset-password", May(ManagePeople)),
    route(Write, "/api/ui/disable-person", May(ManagePeople)),
    route(Write, "/api/ui/enable-person", May(ManagePeople)),
    route(Write, "/api/ui/revoke-tokens", May(ManagePeople)),
    route(Write, "/api/ui/set-role", May(ManagePeople)),
    route(Write, "/api/ui/set-name-parts", May(ManagePeople)),
    route(Write, "/api/ui/record-mailbox", May(ManagePeople)),
    route(Write, "/api/ui/remove-mailbox", May(ManagePeople)),
    route(Page, "/audit", May(ReadAudit)),
    route(Read, "/api/ui/read/audit", May(ReadAudit)),
    route(Read, "/api/ui/read/verify-audit", May(ReadAudit)),
    route(Page, "/admin/authorities", May(SeeAuthorities)),
    route(Read, "/api/ui/read/authorities", May(SeeAuthorities)),
    route(File, "/admin/authorities/{id}/request", May(SeeAuthorities)),
    route(Form, "/admin/authorities/{id}/key", May(ManageAuthorities)),
    route(Write, "/api/ui/create-authority", May(ManageAuthorities)),
    route(Form, api::url::IMPORT_AUTHORITY, May(ManageAuthorities)),
    route(Write, "/api/ui/complete-authority", May(ManageAuthorities)),
    route(
        Write,
        "/api/ui/discard-authority-request",
        May(ManageAuthorities),
    ),
    route(Write, "/api/ui/retire-authority", May(ManageAuthorities)),
    route(Write, "/api/ui/activate-authority", May(ManageAuthorities)),
    route(
        Write,
        "/api/ui/remove-authority-key",
        May(ManageAuthorities),
    ),
    route(
        Write,
        "/api/ui/import-authority-list",
        May(ManageAuthorities),
    ),
    // installing the root
    route(Page, "/help/authorities", Anyone),
    route(Read, "/api/ui/read/authority-help", Anyone),
    route(Page, "/admin/templates", May(SeeTemplates)),
    route(Read, "/api/ui/read/templates", May(SeeTemplates)),
    route(Page, "/admin/templates/{id}", May(SeeTemplates)),
    route(Read, "/api/ui/read/template", May(SeeTemplates)),
    route(Form, api::url::ADD_TEMPLATE, May(ManageTemplates)),
    route(Form, "/admin/templates/{id}/change", May(ManageTemplates)),
    route(Form, api::url::PREVIEW_TEMPLATE, May(ManageTemplates)),
    route(Write, "/api/ui/offer-template", May(ManageTemplates)),
    route(Write, "/api/ui/withdraw-template", May(ManageTemplates)),
    // programs
    route(ApiRead, api::url::API_CERTIFICATES, SignedIn),
    route(
        ApiRead,
        "/api/v1/certificates/{id}",
        OwnerOr(SeeCertificates),
    ),
    route(
        ApiRead,
        "/api/v1/certificates/{id}/certificate.pem",
        OwnerOr(SeeCertificates),
    ),
    route(ApiRead, "/api/v1/certificates/{id}/pfx", Owner),
    route(ApiRead, "/api/v1/certificates/{id}/password", Owner),
    route(ApiWrite, api::url::API_REQUESTS, SignedIn),
    route(ApiRead, "/api/v1/requests/{id}", OwnerOr(SeeRequests)),
    route(Open, "/api/v1/openapi.json", Anyone),
    // without a person
    route(Open, "/healthz", Anyone),
    route(Open, "/readyz", Anyone),
    route(Open, "/pkg/{*name}", Anyone),
    route(Open, "/pki/{*name}", Anyone),
    route(Report, super::headers::CSP_REPORTS, Anyone),
];

/// The row of a page's path pattern.
pub(super) fn page(pattern: &str) -> Option<&'static Route> {
    ROUTES
        .iter()
        .find(|route| route.kind == Page && route.path == pattern)
}
