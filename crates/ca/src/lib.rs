//! Certificate authorities behind one trait, one folder per adapter.
//!
//! Issuing takes two steps, so that what will be signed is stored before it is signed:
//! [`CertificateAuthority::prepare`] gives a linted plan, whose intent the caller records, and
//! [`CertificateAuthority::sign`] consumes it. An adapter knows nothing of requests or people.

mod embedded;

use async_trait::async_trait;
use domain::AuthorityId;
use time::OffsetDateTime;

pub use embedded::{Embedded, EmbeddedSettings, Journal, JournalEntry};

/// What a certificate is ordered for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The signing request, PKCS#10 (RFC 2986), DER; its proof of possession is checked.
    pub csr: Vec<u8>,
    /// Whom it names. The address must be the one in the signing request.
    pub holder: pki::Holder,
    /// Another policy than the authority's own, dotted decimal.
    pub policy_oid: Option<String>,
    /// Days of validity.
    pub valid_days: u16,
    /// Reserved for this certificate and nothing else.
    pub serial: pki::Serial,
    /// The time now.
    pub now: OffsetDateTime,
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
    async fn resume(&self, tbs: Vec<u8>, holder: pki::Holder) -> Result<pki::Planned, Error>;

    /// Signs. The plan is consumed: nothing can be signed twice by mistake.
    async fn sign(&self, planned: pki::Planned) -> Result<pki::Certificate, Error>;
}
