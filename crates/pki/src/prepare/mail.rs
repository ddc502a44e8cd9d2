//! Planning certificates for mail.

use super::Planned;
use super::content::{Content, Settings, plan};
use crate::extension::{self, usage};
use crate::lint::LintFacts;
use crate::{Error, Holder, IssuingCertificate, KeyPurpose, PublicKey, Serial, SmimeProfile};
use crate::{name, oid};
use domain::Mailbox;
use time::OffsetDateTime;

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
/// those that follow from profile, holder and time are filled in.
pub fn prepare_for(
    profile: &SmimeProfile,
    authority: &IssuingCertificate,
    public_key: &PublicKey,
    holder: &Holder,
    serial: &Serial,
    now: OffsetDateTime,
    facts: &LintFacts<'_>,
) -> Result<Planned, Error> {
    let settings = Settings {
        valid_days: profile.valid_days,
        policy: profile.policy.identifier(holder.sponsored.is_some())?,
        crl_url: &profile.crl_url,
        issuer_url: &profile.issuer_url,
        ocsp_url: profile.ocsp_url.as_deref(),
        cps_url: profile.cps_url.as_deref(),
    };
    let (subject, is_subject_empty) = name::holder(holder);
    let mut purposes = vec![oid::EMAIL_PROTECTION];
    if profile.has_client_auth {
        purposes.push(oid::CLIENT_AUTH);
    }
    let content = Content {
        subject,
        key_usage: key_usage(holder.purpose, public_key),
        purposes,
        names: holder.mailboxes().map(extension::address_name).collect(),
        is_subject_empty,
        // A key that only signs receives nothing encrypted.
        has_capabilities: holder.purpose != KeyPurpose::Sign,
    };
    let facts = LintFacts {
        kind: holder.kind(profile),
        now: Some(now),
        ..*facts
    };
    plan(
        &settings, &content, authority, public_key, serial, now, &facts,
    )
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
