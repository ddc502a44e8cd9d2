//! What keys for mail may be used for, broken one at a time.

use super::super::draft::*;
use super::{CLIENT, EMAIL, other_serial, purposes, refuse, refuse_from};
use crate::asn1::{element, oid as oid_der, sequence};
use crate::extension::{self, usage};
use crate::{CertificateKind, IssuingCertificate, KeyPurpose, LintFacts, MailKind, Planned, oid};
use domain::KeyAlgorithm;

#[test]
fn usages() {
    let both = usage::DIGITAL_SIGNATURE | usage::KEY_AGREEMENT;
    let raw_usage =
        |bits: &[u8], is_critical| raw(oid::KEY_USAGE, is_critical, &element(0x03, bits));
    let p256 = key(KeyAlgorithm::P256);
    refuse(
        &p256,
        &LintFacts::default(),
        &[
            ("L14", "no key usage", &|d| drop(d.extensions.remove(USAGE))),
            ("L14", "not critical", &|d| {
                d.extensions[USAGE] = raw_usage(&[3, both], false);
            }),
            ("L14", "KeyCertSign", &|d| {
                d.extensions[USAGE] = extension::key_usage(both | usage::KEY_CERT_SIGN);
            }),
            ("L14", "DigitalSignature", &|d| {
                d.extensions[USAGE] = extension::key_usage(usage::DIGITAL_SIGNATURE);
            }),
            ("L14", "KeyEncipherment", &|d| {
                let bits = usage::DIGITAL_SIGNATURE | usage::KEY_ENCIPHERMENT;
                d.extensions[USAGE] = extension::key_usage(bits);
            }),
            ("L15", "no extended", &|d| {
                drop(d.extensions.remove(EXTENDED));
            }),
            ("L15", "alone", &|d| {
                d.extensions[EXTENDED] = purposes(&["2.5.29.37.0"]);
            }),
            ("L15", "alone", &|d| {
                d.extensions[EXTENDED] = purposes(&[EMAIL, "1.3.6.1.5.5.7.3.1"]);
            }),
            ("L15", "alone", &|d| {
                d.extensions[EXTENDED] = purposes(&[EMAIL, "1.3.6.1.5.5.7.3.3"]);
            }),
            ("L15", "critical", &|d| {
                let value = sequence(&[&oid_der(oid::EMAIL_PROTECTION)]);
                d.extensions[EXTENDED] = raw(oid::EXTENDED_KEY_USAGE, true, &value);
            }),
        ],
    );
    // The two halves of a split pair are not each other, nor a key for both.
    for (purpose, wrong) in [
        (KeyPurpose::Sign, usage::KEY_AGREEMENT),
        (KeyPurpose::Encrypt, usage::DIGITAL_SIGNATURE),
        (KeyPurpose::Encrypt, both | usage::KEY_CERT_SIGN),
    ] {
        let facts = LintFacts {
            kind: CertificateKind::Mail(MailKind {
                purpose,
                ..MailKind::default()
            }),
            ..LintFacts::default()
        };
        refuse(
            &p256,
            &facts,
            &[("L14", "kind of key", &|d| {
                d.extensions[USAGE] = extension::key_usage(wrong);
            })],
        );
    }
}

/// A key for mail may sign in only where that was asked for and the authority allows it.
#[test]
fn signing_in() {
    let kind = MailKind {
        has_client_auth: true,
        ..MailKind::default()
    };
    let facts = LintFacts {
        kind: CertificateKind::Mail(kind),
        ..LintFacts::default()
    };
    let p256 = key(KeyAlgorithm::P256);
    let make = |issuer: &IssuingCertificate| {
        let mut draft = draft(&p256);
        draft.issuer = issuer.subject_der().to_vec();
        draft.extensions[ISSUER_ID] = extension::authority_key_identifier(issuer.key_id());
        draft.extensions[EXTENDED] = purposes(&[EMAIL, CLIENT]);
        draft
    };
    let allows = multipurpose_authority().certificate();
    let tbs = make(allows).to_der();
    assert!(Planned::resume_with(&tbs, allows, &facts).is_ok());
    refuse_from(
        allows,
        || make(allows),
        &facts,
        &[
            ("L15", "emailProtection and clientAuth", &|d| {
                d.extensions[EXTENDED] = purposes(&[EMAIL]);
            }),
            ("L15", "emailProtection and clientAuth", &|d| {
                d.extensions[EXTENDED] = purposes(&[EMAIL, CLIENT, "1.3.6.1.5.5.7.3.1"]);
            }),
            ("L15", "emailProtection and clientAuth", &|d| {
                d.extensions[EXTENDED] = purposes(&[EMAIL, EMAIL]);
            }),
        ],
    );
    // Not asked for.
    refuse_from(
        allows,
        || make(allows),
        &LintFacts::default(),
        &[("L15", "alone", &|d| d.serial = other_serial())],
    );
    // Not allowed by the authority.
    let mail_alone = authority().certificate();
    refuse_from(
        mail_alone,
        || make(mail_alone),
        &facts,
        &[("L30", "does not allow clientAuth", &|d| {
            d.serial = other_serial();
        })],
    );
    // Nor for certificates of mail at all.
    let tls = tls_authority().certificate();
    refuse_from(
        tls,
        || make(tls),
        &facts,
        &[("L30", "not for mail", &|d| d.serial = other_serial())],
    );
}
