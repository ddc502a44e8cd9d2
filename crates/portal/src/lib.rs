//! The use cases of CertPortal: one file per verb.
//!
//! This crate knows no HTTP and no SQL. A use case is given an [`Actor`], checks permission itself,
//! and then reads, decides, acts and records, so that the pages, the command line and a script get
//! the same answer. [`Portal::run_pipeline`] carries approved requests through to their PFX.

mod account;
mod actor;
mod attachment;
mod audit;
mod authority;
mod cards;
mod certificate;
mod certificate_file;
mod certificate_list;
mod change;
mod confirm;
mod crl;
mod csv;
mod decide;
mod default_templates;
mod delete;
mod deliver;
mod demo;
mod doctor;
mod download;
mod error;
mod export;
mod failpoint;
mod holder;
mod host_names;
mod issue_for;
mod mails;
mod mend;
mod ocsp;
mod outbox;
mod overview;
mod own_key;
mod people;
mod pipeline;
mod pki_file;
mod place;
mod policy;
mod queue;
mod random;
mod request;
mod request_check;
mod request_view;
mod revoke;
mod set_up;
mod show_password;
mod sign_in;
mod site;
mod state;
mod timeline;
mod withdraw;

pub use actor::{Actor, Client, Visitor};
pub use confirm::Confirmed;
pub use demo::DemoPerson;
pub use doctor::Finding;
pub use download::DownloadFile;
pub use error::Error;
pub use export::CertificateExport;
pub use failpoint::FAILPOINTS;
pub use issue_for::{IssueOrder, IssuedFile};
pub use ocsp::{OcspAnswer, OcspCaching};
pub use pki_file::PkiFile;
pub use policy::Policy;
pub use random::Random;
pub use sign_in::SignedIn;
pub use state::{KeyRingState, Parts, Portal};
