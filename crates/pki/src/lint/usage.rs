//! L14, L15: what the key may be used for.

use super::Context;
use crate::{KeyPurpose, PublicKey, oid};
use der::flagset::FlagSet;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, KeyUsages};

pub(super) fn check(context: &mut Context<'_>, key: Option<&PublicKey>) {
    check_key_usage(context, key);
    let extension = context.extensions.find(oid::EXTENDED_KEY_USAGE);
    let purposes: Option<ExtendedKeyUsage> = context.extensions.decode();
    let report = &mut context.report;
    report.check(
        "L15",
        purposes.is_some(),
        "there is no extended key usage; it has to be emailProtection",
    );
    report.check(
        "L15",
        extension.is_none_or(|extension| !extension.critical),
        "the extended key usage is critical, which mail programs do not expect",
    );
    report.check(
        "L15",
        purposes.is_none_or(|found| found.0 == [oid::EMAIL_PROTECTION]),
        "the extended key usage is not emailProtection alone",
    );
}

fn check_key_usage(context: &mut Context<'_>, key: Option<&PublicKey>) {
    let extension = context.extensions.find(oid::KEY_USAGE);
    let usage: Option<KeyUsage> = context.extensions.decode();
    let report = &mut context.report;
    let (Some(extension), Some(usage)) = (extension, usage) else {
        report.refuse("L14", "there is no key usage");
        return;
    };
    report.check("L14", extension.critical, "the key usage is not critical");
    let Some(key) = key else {
        return;
    };
    report.check(
        "L14",
        usage.0 == expected(context.facts.purpose, key),
        format!(
            "the key usage {:?} is not what this kind of key is for",
            usage.0
        ),
    );
}

/// RSA encrypts a message's key, an elliptic curve agrees on it (RFC 8551 section 4.4.2).
fn expected(purpose: KeyPurpose, key: &PublicKey) -> FlagSet<KeyUsages> {
    let encrypt = if key.algorithm().is_rsa() {
        KeyUsages::KeyEncipherment
    } else {
        KeyUsages::KeyAgreement
    };
    match purpose {
        KeyPurpose::Both => KeyUsages::DigitalSignature | encrypt,
        KeyPurpose::Sign => KeyUsages::DigitalSignature.into(),
        KeyPurpose::Encrypt => encrypt.into(),
    }
}
