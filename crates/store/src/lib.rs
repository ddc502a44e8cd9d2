//! All SQL of CertPortal, for SQLite and PostgreSQL: one file per aggregate.
//!
//! Statements are constants with `$1` placeholders and the same text for both databases. Every
//! change carries a [`Record`], whose audit entries and mails are written in the same transaction:
//! no audit entry, no action. A function that returned `Ok` has its change on disk.
//!
//! Times are stored as microseconds since 1970, identifiers as UUIDs, enums as their words. This
//! crate takes the time as an argument and decides nothing but what a race could spoil.

#[macro_use]
mod pool;
#[macro_use]
mod request_row;
#[macro_use]
mod transaction;

mod api_token;
mod audit;
mod authority;
mod authority_change;
mod certificate;
mod certificate_index;
mod certificate_list;
mod chain;
mod column;
mod delete;
mod ending;
mod error;
mod evidence;
mod imported;
mod journal_revocation;
mod key_owner;
mod ledger;
mod lost_key;
mod migration;
mod ocsp;
mod outbox;
mod people;
mod person;
mod person_mailbox;
mod person_name;
mod pipeline;
mod pipeline_step;
mod pool_key;
mod postgres;
mod record;
mod request;
mod request_change;
mod request_list;
mod restored;
mod revocation;
mod session;
mod settings;
mod sqlite;
mod template;
mod template_history;
mod throttle;
mod unrecorded;
mod walk;

pub use api_token::{ApiTokenRow, NewApiToken};
pub use audit::{AuditQuery, AuditRow};
pub use authority::{AuthorityRow, CrlHead, CrlNumber, CrlRow};
pub use authority_change::{AuthorityCounts, AuthorityRequestRow};
pub use certificate::{CertificateRow, NewCertificate, SealedCredential};
pub use certificate_list::{CertificateListRow, CertificateQuery, Standing};
pub use chain::{AuditBreak, AuditCheck};
pub use ending::EndingRow;
pub use error::{Error, Fault};
pub use evidence::RequestEvidence;
pub use imported::{ImportedRow, ImportedSecretsRow, NewImported, SealedImported};
pub use journal_revocation::JournalRevocation;
pub use key_owner::{KEY_OF_SOMEBODY_ELSE, UnreadKeyRow};
pub use ledger::Violation;
pub use lost_key::{KEY_MOVED_ON, LostKeys};
pub use ocsp::{NewResponder, ResponderRow, StatusRow};
pub use outbox::{MailRow, OutboxCounts};
pub use people::{PeopleQuery, PersonListRow};
pub use person::{MailboxRow, NewPerson, PersonRow};
pub use pipeline::{IntentRow, Work, WorkPart};
pub use pipeline_step::{KEY_USED_UP, NewCredential, SealedKey, SealedPfx};
pub use pool::Store;
pub use pool_key::{PoolCount, PoolKeyRow};
pub use record::{NewAudit, NewMail, Record};
pub use request::{Created, NewRequest, Renews, RequestEvent};
pub use request_change::{Approved, Decided};
pub use request_list::RequestCounts;
pub use request_row::RequestRow;
pub use restored::Restored;
pub use revocation::{Ended, RevokedRow};
pub use session::{SessionRow, Sessions};
pub use settings::{SetUpRows, Settings};
pub use template_history::TemplateVersionRow;
pub use throttle::Throttle;
pub use unrecorded::{RequestEnd, RevokedIntentRow, SignedRow};
pub use walk::{CertificateWalkRow, SealedCredentialRow};
