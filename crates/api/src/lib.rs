//! The boundary between the user interface and the use cases.
//!
//! The pages know this crate and nothing behind it: view types, forms, errors, URLs and the trait
//! [`Portal`]. Whoever holds a `dyn Portal` acts as one visitor; who that is was decided when it
//! was made, and every method checks permission itself.

mod account;
mod api_token;
mod audit;
mod authority;
mod certificate;
mod certificate_list;
mod change;
mod error;
mod imported;
mod overview;
mod page;
mod people;
mod portal;
mod queue;
mod request;
mod set_up;
mod site;
mod template;
mod typed;
pub mod url;

pub use account::{AccountView, ChangePassword, SessionView, SignIn};
pub use api_token::{ApiTokens, MadeToken, MakeToken, TokenCard};
pub use audit::{AuditEntryView, AuditFilter, AuditVerification};
pub use authority::{
    AuthoritiesView, AuthorityHelp, AuthorityRequestView, AuthorityView, CreateAuthority,
    ImportAuthority, RootFile,
};
pub use certificate::{
    CertificateCard, CertificateState, CertificateView, Download, MayEnd, MyCertificates,
    RenewalOffer, RevealedPassword, ShowPassword,
};
pub use certificate_list::{CertificateFilter, CertificateList, CertificateRow};
pub use change::{ChangeCertificates, ChangeOutcome, ChangePlan, ChangeResult};
pub use error::{Error, ErrorKind, FieldError};
pub use imported::{ImportedCard, OldMail, OpenOldMail};
pub use overview::{Bar, FailedRequest, Health, Overview};
pub use page::Page;
pub use people::{AddPerson, AddedPerson, PeopleFilter, PersonRow, PersonView};
pub use portal::Portal;
pub use queue::{Decision, DecisionOutcome, Evidence, QueueCard, QueueFilter};
pub use request::{
    RequestCard, RequestCertificate, RequestFor, RequestForm, RequestView, RequestedFor,
    TemplateChoice, TimelineEntry, TimelineState,
};
pub use set_up::{SetUp, SetUpForm};
pub use site::{Done, Flash, Site, SiteState, Viewer};
pub use template::{
    EditorField, EditorInput, EditorSection, PreviewPart, TemplateFields, TemplateList,
    TemplatePreview, TemplateRow, TemplateVersionView, TemplateView,
};
pub use typed::Password;
