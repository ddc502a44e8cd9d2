//! What certificates of every kind have in common, written down and linted.

use super::Planned;
use crate::extension;
use crate::lint::LintFacts;
use crate::profile::LONGEST_DAYS;
use crate::tbs::{Fields, last_second, whole_seconds};
use crate::{Error, IssuingCertificate, PublicKey, Serial};
use const_oid::ObjectIdentifier;
use time::{Duration, OffsetDateTime};

/// A certificate starts this long before it was planned, for clocks that are slow.
const BACKDATED: Duration = Duration::minutes(5);

/// What a profile says, whichever it is.
pub(super) struct Settings<'a> {
    pub(super) valid_days: u16,
    pub(super) policy: ObjectIdentifier,
    pub(super) crl_url: &'a str,
    pub(super) issuer_url: &'a str,
    pub(super) ocsp_url: Option<&'a str>,
    pub(super) cps_url: Option<&'a str>,
}

/// What differs from holder to holder.
pub(super) struct Content {
    pub(super) subject: Vec<u8>,
    pub(super) key_usage: u8,
    pub(super) purposes: Vec<ObjectIdentifier>,
    /// The alternative name, if there is one.
    pub(super) names: Vec<Vec<u8>>,
    pub(super) is_subject_empty: bool,
    pub(super) has_capabilities: bool,
}

/// Writes the certificate and lints it.
pub(super) fn plan(
    settings: &Settings<'_>,
    content: &Content,
    authority: &IssuingCertificate,
    public_key: &PublicKey,
    serial: &Serial,
    now: OffsetDateTime,
    facts: &LintFacts<'_>,
) -> Result<Planned, Error> {
    if !(1..=LONGEST_DAYS).contains(&settings.valid_days) {
        return Err(Error::Input("a certificate is valid for 1 to 730 days"));
    }
    // An authority that somebody else has certified may be younger than that.
    let not_before = (whole_seconds(now) - BACKDATED).max(authority.not_before());
    let not_after = last_second(not_before, Duration::days(settings.valid_days.into()));
    let mut extensions = vec![
        extension::key_usage(content.key_usage),
        extension::extended_key_usage(&content.purposes),
    ];
    if !content.names.is_empty() {
        let names = extension::subject_alt_name(&content.names, content.is_subject_empty);
        extensions.push(names);
    }
    extensions.extend([
        extension::certificate_policies(settings.policy, settings.cps_url),
        extension::crl_distribution_points(settings.crl_url),
        extension::authority_info_access(settings.ocsp_url, settings.issuer_url),
        extension::authority_key_identifier(authority.key_id()),
        extension::subject_key_identifier(public_key.key_id()),
    ]);
    if content.has_capabilities {
        extensions.push(extension::smime_capabilities());
    }
    let tbs_der = Fields {
        serial,
        signature: authority.signature_algorithm(),
        issuer: authority.subject_der(),
        not_before,
        // No certificate outlives its issuer: nobody could verify it.
        not_after: not_after.min(authority.not_after()),
        subject: &content.subject,
        spki: public_key.spki_der(),
        extensions: &extensions,
    }
    .to_der();
    Ok(Planned::resume_with(&tbs_der, authority, facts)?)
}
