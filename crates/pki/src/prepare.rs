//! Planning a certificate: the bytes to be signed are made and linted, and nothing is signed yet.
//!
//! The caller stores the [`Intent`] before it has the plan signed, so that a crash in between
//! leaves a record of every certificate that may exist.

use crate::extension::{self, usage};
use crate::lint::{self, LintError};
use crate::profile::LONGEST_DAYS;
use crate::tbs::{Fields, last_second, whole_seconds};
use crate::{Error, IssuingCertificate, PublicKey, Serial, SmimeProfile, name, oid};
use domain::Mailbox;
use openssl::sha;
use time::{Duration, OffsetDateTime};

/// A certificate starts this long before it was planned, for clocks that are slow.
const BACKDATED: Duration = Duration::minutes(5);

/// What is going to be signed, as plain data to be stored first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Serial number of the certificate.
    pub serial: Serial,
    /// The to-be-signed bytes, which [`Planned::resume`] takes after a crash.
    pub tbs_der: Vec<u8>,
    /// SHA-256 of those bytes.
    pub tbs_sha256: [u8; 32],
    /// The address the certificate is for.
    pub mailbox: Mailbox,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
}

/// The proof that these bytes passed the linter for this authority. It can be signed once: it is
/// not `Clone`, and signing consumes it.
#[derive(Debug)]
pub struct Planned {
    intent: Intent,
    issuer_sha256: String,
}

/// Plans a certificate for a mailbox and lints it.
pub fn prepare(
    profile: &SmimeProfile,
    authority: &IssuingCertificate,
    public_key: &PublicKey,
    mailbox: &Mailbox,
    serial: &Serial,
    now: OffsetDateTime,
) -> Result<Planned, Error> {
    if !(1..=LONGEST_DAYS).contains(&profile.valid_days) {
        return Err(Error::Input("a certificate is valid for 1 to 730 days"));
    }
    let not_before = whole_seconds(now) - BACKDATED;
    let not_after = last_second(not_before, Duration::days(profile.valid_days.into()));
    let (subject, is_subject_empty) = name::subject(mailbox);
    let key_use = if public_key.algorithm().is_rsa() {
        usage::KEY_ENCIPHERMENT
    } else {
        usage::KEY_AGREEMENT
    };
    let tbs_der = Fields {
        serial,
        signature: authority.signature_algorithm(),
        issuer: authority.subject_der(),
        not_before,
        // No certificate outlives its issuer: nobody could verify it.
        not_after: not_after.min(authority.not_after()),
        subject: &subject,
        spki: public_key.spki_der(),
        extensions: &[
            extension::key_usage(usage::DIGITAL_SIGNATURE | key_use),
            extension::extended_key_usage(oid::EMAIL_PROTECTION),
            extension::subject_alt_name(
                &[extension::mailbox_name(mailbox.as_str())],
                is_subject_empty,
            ),
            extension::certificate_policies(profile.policy()?, profile.cps_url.as_deref()),
            extension::crl_distribution_points(&profile.crl_url),
            extension::authority_info_access(profile.ocsp_url.as_deref(), &profile.issuer_url),
            extension::authority_key_identifier(authority.key_id()),
            extension::subject_key_identifier(public_key.key_id()),
            extension::smime_capabilities(),
        ],
    }
    .to_der();
    let planned = Planned::resume(&tbs_der, authority)?;
    lint::check_start(planned.intent.not_before, now)?;
    Ok(planned)
}

impl Planned {
    /// Takes up stored bytes again after a crash. They are linted anew: the store is not trusted
    /// to hold what was once approved.
    pub fn resume(tbs_der: &[u8], authority: &IssuingCertificate) -> Result<Self, LintError> {
        let facts = lint::lint(tbs_der, authority)?;
        Ok(Self {
            intent: Intent {
                serial: facts.serial,
                tbs_der: tbs_der.to_vec(),
                tbs_sha256: sha::sha256(tbs_der),
                mailbox: facts.mailbox,
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
