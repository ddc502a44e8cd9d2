//! The pages. Each loads what it needs and hands it to a view that shows plain values.

mod account;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod authorities;
#[cfg(feature = "ssr")]
mod authority_help;
mod certificate;
#[cfg(feature = "ssr")]
mod certificates;
mod links;
mod live_request;
mod my_certificates;
#[cfg(feature = "ssr")]
mod overview;
mod people;
mod person;
pub(crate) mod plain;
mod queue;
#[cfg(test)]
mod rendered;
mod request;
mod set_up;
mod sign_in;
mod special;
mod template;
#[cfg(feature = "ssr")]
mod templates;
#[cfg(feature = "ssr")]
mod tokens;

pub use account::AccountPage;
#[cfg(feature = "ssr")]
pub use audit::AuditPage;
#[cfg(feature = "ssr")]
pub use authorities::AuthoritiesPage;
#[cfg(feature = "ssr")]
pub use authority_help::AuthorityHelpPage;
pub use certificate::CertificatePage;
#[cfg(feature = "ssr")]
pub use certificates::CertificatesPage;
pub use live_request::LiveRequestPage;
pub use my_certificates::MyCertificatesPage;
#[cfg(feature = "ssr")]
pub use overview::OverviewPage;
pub use people::PeoplePage;
pub use person::PersonPage;
#[cfg(not(feature = "ssr"))]
pub use plain::{
    FromServer as AuditPage, FromServer as AuthoritiesPage, FromServer as AuthorityHelpPage,
    FromServer as CertificatesPage, FromServer as OverviewPage, FromServer as TemplatesPage,
    FromServer as TokensPage,
};
pub use queue::QueuePage;
pub use request::RequestPage;
pub use set_up::SetUpPage;
pub use sign_in::SignInPage;
pub use special::{NotFoundPage, needs_set_up, sealed};
pub use template::TemplatePage;
#[cfg(feature = "ssr")]
pub use templates::TemplatesPage;
#[cfg(feature = "ssr")]
pub use tokens::TokensPage;
