//! Planning a certificate: the bytes to be signed are made and linted, and nothing is signed yet.
//!
//! The caller stores the [`Intent`] before it has the plan signed, so that a crash in between
//! leaves a record of every certificate that may exist.

mod content;
mod mail;
mod tls;

pub use mail::{prepare, prepare_for};
pub(crate) use tls::MOST_HOSTS;
pub use tls::prepare_tls;

use crate::lint::{self, LintError, LintFacts};
use crate::{IssuingCertificate, Named, Serial};
use domain::Mailbox;
use openssl::sha;
use time::OffsetDateTime;

/// What is going to be signed, as plain data to be stored first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Serial number of the certificate.
    pub serial: Serial,
    /// The to-be-signed bytes, which [`Planned::resume`] takes after a crash.
    pub tbs_der: Vec<u8>,
    /// SHA-256 of those bytes.
    pub tbs_sha256: [u8; 32],
    /// Whom the certificate is for.
    pub named: Named,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
}

impl Intent {
    /// The mail address, if the certificate is for a person.
    pub const fn mailbox(&self) -> Option<&Mailbox> {
        self.named.mailbox()
    }
}

/// The proof that these bytes passed the linter for this authority. It can be signed once: it is
/// not `Clone`, and signing consumes it.
///
/// ```compile_fail,E0382
/// fn twice(planned: pki::Planned, authority: &pki::SigningAuthority) {
///     let first = pki::sign(planned, authority);
///     let second = pki::sign(planned, authority);
/// }
/// ```
///
/// There is no other way to one than through the linter, and no other way to a signature on a
/// certificate than through one of these.
///
/// ```compile_fail,E0451
/// fn unlinted(intent: pki::Intent) -> pki::Planned {
///     pki::Planned { intent, issuer_sha256: String::new() }
/// }
/// ```
#[derive(Debug)]
pub struct Planned {
    intent: Intent,
    issuer_sha256: String,
}

impl Planned {
    /// Takes up stored bytes again after a crash. They are linted anew: the store is not trusted
    /// to hold what was once approved.
    pub fn resume(tbs_der: &[u8], authority: &IssuingCertificate) -> Result<Self, LintError> {
        Self::resume_with(tbs_der, authority, &LintFacts::default())
    }

    /// Like [`Self::resume`], for bytes that [`prepare_for`] or [`prepare_tls`] made; the facts
    /// tell which kind of certificate is expected.
    pub fn resume_with(
        tbs_der: &[u8],
        authority: &IssuingCertificate,
        facts: &LintFacts<'_>,
    ) -> Result<Self, LintError> {
        let facts = lint::lint_with(tbs_der, authority, facts)?;
        Ok(Self {
            intent: Intent {
                serial: facts.serial,
                tbs_der: tbs_der.to_vec(),
                tbs_sha256: sha::sha256(tbs_der),
                named: facts.named,
                not_before: facts.not_before,
                not_after: facts.not_after,
            },
            issuer_sha256: authority.sha256_thumbprint(),
        })
    }

    /// What is going to be signed.
    pub const fn intent(&self) -> &Intent {
        &self.intent
    }

    pub(crate) fn into_tbs(self) -> Vec<u8> {
        self.intent.tbs_der
    }

    pub(crate) fn is_for(&self, authority: &IssuingCertificate) -> bool {
        self.issuer_sha256 == authority.sha256_thumbprint()
    }
}
