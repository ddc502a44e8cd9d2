//! Certificate authorities behind one trait, one folder per adapter.
//!
//! Issuing takes two steps, so that what will be signed is stored before it is signed:
//! [`CertificateAuthority::prepare`] gives a linted plan, whose intent the caller records, and
//! [`CertificateAuthority::sign`] consumes it. An adapter knows nothing of requests or people.

mod embedded;

use async_trait::async_trait;
use domain::{AuthorityId, Mailbox};
use time::OffsetDateTime;

pub use embedded::{Embedded, EmbeddedSettings, Journal, JournalEntry};

/// What a certificate is ordered for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The signing request, PKCS#10 (RFC 2986), DER; its proof of possession is checked.
    pub csr: Vec<u8>,
    /// Whom it names. A signing request that names addresses may name no other one.
    pub subject: Subject,
    /// Who had this key certified before, as far as the caller knows.
    pub key_owner: Option<pki::lint::KeyOwner>,
    /// How the mailbox was proved, as far as the caller knows.
    pub mailbox_proof: Option<pki::lint::MailboxProof>,
    /// What the CAA records of the domains say, where they were asked.
    pub caa: Option<pki::lint::CaaAnswer>,
    /// Days of validity.
    pub valid_days: u16,
    /// Reserved for this certificate and nothing else.
    pub serial: pki::Serial,
    /// The time now.
    pub now: OffsetDateTime,
}

/// Whom a certificate names, and what it is for.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Mail.
    Mail(MailSubject),
    /// A TLS client, server or device.
    Tls {
        /// Whom it names.
        holder: pki::TlsHolder,
        /// Another policy than the authority's own, dotted decimal.
        policy_oid: Option<String>,
    },
}

/// Whom a certificate for mail names.
#[derive(Debug, Clone)]
pub struct MailSubject {
    /// The address, and maybe the person.
    pub holder: pki::Holder,
    /// Another policy than the authority's own.
    pub policy: Option<pki::Policy>,
    /// Whether it also signs in to servers.
    pub has_client_auth: bool,
}

impl Subject {
    /// The addresses of the person it names; none of servers and devices.
    pub fn mailboxes(&self) -> Vec<&Mailbox> {
        match self {
            Self::Mail(mail) => mail.holder.mailboxes().collect(),
            Self::Tls { holder, .. } => holder.mailboxes().collect(),
        }
    }
}

/// Why an authority did not issue.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The same order would be refused again.
    #[error("the authority refused the request: {0}")]
    Refused(String),
    /// It may work later.
    #[error("the authority does not answer: {0}")]
    Unavailable(String),
}

impl From<pki::Error> for Error {
    fn from(error: pki::Error) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<cpu::Error> for Error {
    fn from(error: cpu::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Signs certificates.
#[async_trait]
pub trait CertificateAuthority: Send + Sync + std::fmt::Debug {
    /// Identifier.
    fn id(&self) -> AuthorityId;

    /// The certificates above a leaf, DER, issuing authority first, root last.
    fn chain(&self) -> &[Vec<u8>];

    /// Checks an order, builds what would be signed and lints it. Signs nothing.
    async fn prepare(&self, order: Order) -> Result<pki::Planned, Error>;

    /// Reads back, and lints again, what was prepared before a crash.
    async fn resume(&self, tbs: Vec<u8>, subject: Subject) -> Result<pki::Planned, Error>;

    /// Signs. The plan is consumed: nothing can be signed twice by mistake.
    async fn sign(&self, planned: pki::Planned) -> Result<pki::Certificate, Error>;
}
