//! The pages. Each loads what it needs and hands it to a view that shows plain values.

mod account;
mod audit;
mod authorities;
mod authority_help;
mod certificate;
mod certificates;
mod links;
mod live_request;
mod my_certificates;
mod overview;
mod people;
mod person;
mod queue;
#[cfg(test)]
mod rendered;
mod request;
mod set_up;
mod sign_in;
mod special;
mod template;
mod templates;

pub use account::AccountPage;
pub use audit::AuditPage;
pub use authorities::AuthoritiesPage;
pub use authority_help::AuthorityHelpPage;
pub use certificate::CertificatePage;
pub use certificates::CertificatesPage;
pub use live_request::LiveRequestPage;
pub use my_certificates::MyCertificatesPage;
pub use overview::OverviewPage;
pub use people::PeoplePage;
pub use person::PersonPage;
pub use queue::QueuePage;
pub use request::RequestPage;
pub use set_up::SetUpPage;
pub use sign_in::SignInPage;
pub use special::{NotFoundPage, needs_set_up, sealed};
pub use template::TemplatePage;
pub use templates::TemplatesPage;
