//! The use cases of CertPortal: one file per verb.
//!
//! This crate knows no HTTP and no SQL. A use case is given an [`Actor`], checks permission itself,
//! and then reads, decides, acts and records, so that the pages, the command line and a script get
//! the same answer. [`Portal::run_pipeline`] carries approved requests through to their PFX.

mod account;
mod actor;
mod audit;
mod authority;
mod cards;
mod certificate;
mod certificate_list;
mod confirm;
mod container;
mod crl;
mod csv;
mod decide;
mod default_templates;
mod demo;
mod doctor;
mod download;
mod download_public;
mod ending;
mod error;
mod export;
mod failpoint;
mod holder;
mod import;
mod imported;
mod issue_for;
mod key_pool;
mod life_mails;
mod mails;
mod mend;
mod name_parts;
mod ocsp;
mod old_mail;
mod outbox;
mod overview;
mod people;
mod pipeline;
mod pki_file;
mod place;
mod policy;
mod profile;
mod queue;
mod random;
mod renew;
mod renewal_rule;
mod request;
mod request_view;
mod revoke;
mod set_up;
mod show_password;
mod sign_in;
mod site;
mod state;
mod templates;
mod timeline;
mod withdraw;

pub use actor::{Actor, Client, Visitor};
pub use confirm::Confirmed;
pub use demo::DemoPerson;
pub use doctor::Finding;
pub use download::DownloadFile;
pub use ending::Endings;
pub use error::Error;
pub use export::CertificateExport;
pub use failpoint::FAILPOINTS;
pub use import::ImportForm;
pub use issue_for::IssuedFile;
pub use ocsp::{OcspAnswer, OcspCaching};
pub use pki_file::PkiFile;
pub use policy::Policy;
pub use random::Random;
pub use sign_in::SignedIn;
pub use state::{KeyRingState, Parts, Portal};
