//! Planning a certificate: the bytes to be signed are made and linted, and nothing is signed yet.
//!
//! The caller stores the [`Intent`] before it has the plan signed, so that a crash in between
//! leaves a record of every certificate that may exist.

use crate::extension::{self, usage};
use crate::lint::{self, LintError, LintFacts};
use crate::profile::LONGEST_DAYS;
use crate::tbs::{Fields, last_second, whole_seconds};
use crate::{
    Error, Holder, IssuingCertificate, KeyPurpose, PublicKey, Serial, SmimeProfile, name, oid,
};
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
///
/// ```compile_fail,E0382
/// fn twice(planned: pki::Planned, authority: &pki::SigningAuthority) {
///     let first = pki::sign(planned, authority);
///     let second = pki::sign(planned, authority);
/// }
/// ```
///
/// There is no other way to one than through the linter, and no other way to a signature on a
/// certificate for a person than through one of these.
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

/// Plans a certificate for a mailbox and lints it.
pub fn prepare(
    profile: &SmimeProfile,
    authority: &IssuingCertificate,
    public_key: &PublicKey,
    mailbox: &Mailbox,
    serial: &Serial,
    now: OffsetDateTime,
) -> Result<Planned, Error> {
    prepare_for(
        profile,
        authority,
        public_key,
        &Holder::of(mailbox),
        serial,
        now,
        &LintFacts::default(),
    )
}

/// Plans a certificate for a holder and lints it together with the facts that the caller knows;
/// those that follow from holder and time are filled in.
pub fn prepare_for(
    profile: &SmimeProfile,
    authority: &IssuingCertificate,
    public_key: &PublicKey,
    holder: &Holder,
    serial: &Serial,
    now: OffsetDateTime,
    facts: &LintFacts<'_>,
) -> Result<Planned, Error> {
    if !(1..=LONGEST_DAYS).contains(&profile.valid_days) {
        return Err(Error::Input("a certificate is valid for 1 to 730 days"));
    }
    let not_before = whole_seconds(now) - BACKDATED;
    let not_after = last_second(not_before, Duration::days(profile.valid_days.into()));
    let (subject, is_subject_empty) = name::holder(holder);
    let names = [extension::address_name(&holder.mailbox)];
    let mut extensions = vec![
        extension::key_usage(key_usage(holder.purpose, public_key)),
        extension::extended_key_usage(oid::EMAIL_PROTECTION),
        extension::subject_alt_name(&names, is_subject_empty),
        extension::certificate_policies(profile.policy()?, profile.cps_url.as_deref()),
        extension::crl_distribution_points(&profile.crl_url),
        extension::authority_info_access(profile.ocsp_url.as_deref(), &profile.issuer_url),
        extension::authority_key_identifier(authority.key_id()),
        extension::subject_key_identifier(public_key.key_id()),
    ];
    // A key that only signs receives nothing encrypted.
    if holder.purpose != KeyPurpose::Sign {
        extensions.push(extension::smime_capabilities());
    }
    let tbs_der = Fields {
        serial,
        signature: authority.signature_algorithm(),
        issuer: authority.subject_der(),
        not_before,
        // No certificate outlives its issuer: nobody could verify it.
        not_after: not_after.min(authority.not_after()),
        subject: &subject,
        spki: public_key.spki_der(),
        extensions: &extensions,
    }
    .to_der();
    let facts = LintFacts {
        is_sponsored: holder.sponsored.is_some(),
        purpose: holder.purpose,
        now: Some(now),
        ..*facts
    };
    Ok(Planned::resume_with(&tbs_der, authority, &facts)?)
}

fn key_usage(purpose: KeyPurpose, key: &PublicKey) -> u8 {
    let encrypt = if key.algorithm().is_rsa() {
        usage::KEY_ENCIPHERMENT
    } else {
        usage::KEY_AGREEMENT
    };
    match purpose {
        KeyPurpose::Both => usage::DIGITAL_SIGNATURE | encrypt,
        KeyPurpose::Sign => usage::DIGITAL_SIGNATURE,
        KeyPurpose::Encrypt => encrypt,
    }
}

impl Planned {
    /// Takes up stored bytes again after a crash. They are linted anew: the store is not trusted
    /// to hold what was once approved.
    pub fn resume(tbs_der: &[u8], authority: &IssuingCertificate) -> Result<Self, LintError> {
        Self::resume_with(tbs_der, authority, &LintFacts::default())
    }

    /// Like [`Self::resume`], for bytes that [`prepare_for`] made.
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
