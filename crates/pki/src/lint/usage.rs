//! L14, L15: what the key may be used for.

use super::Context;
use crate::{KeyPurpose, MailKind, PublicKey, oid};
use const_oid::ObjectIdentifier;
use der::flagset::FlagSet;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, KeyUsages};

pub(super) fn check(context: &mut Context<'_>, kind: MailKind<'_>, key: Option<&PublicKey>) {
    check_key_usage(context, "L14", key.map(|key| expected(kind.purpose, key)));
    if kind.has_client_auth {
        let both = [oid::EMAIL_PROTECTION, oid::CLIENT_AUTH];
        check_purposes(
            context,
            "L15",
            &both,
            "emailProtection and clientAuth alone",
        );
    } else {
        let alone = [oid::EMAIL_PROTECTION];
        check_purposes(context, "L15", &alone, "emailProtection alone");
    }
}

/// The extended key usage is these, in any order, and not critical.
pub(super) fn check_purposes(
    context: &mut Context<'_>,
    rule: &'static str,
    expected: &[ObjectIdentifier],
    words: &str,
) {
    let extension = context.extensions.find(oid::EXTENDED_KEY_USAGE);
    let purposes: Option<ExtendedKeyUsage> = context.extensions.decode();
    let report = &mut context.report;
    report.check(
        rule,
        purposes.is_some(),
        format!("there is no extended key usage; it has to be {words}"),
    );
    report.check(
        rule,
        extension.is_none_or(|extension| !extension.critical),
        "the extended key usage is critical, which programs do not expect",
    );
    let is_expected = |found: &ExtendedKeyUsage| {
        found.0.len() == expected.len() && expected.iter().all(|one| found.0.contains(one))
    };
    report.check(
        rule,
        purposes.as_ref().is_none_or(is_expected),
        format!("the extended key usage is not {words}"),
    );
}

/// The key usage is this, and critical. Without a readable key nothing is expected of it.
pub(super) fn check_key_usage(
    context: &mut Context<'_>,
    rule: &'static str,
    expected: Option<FlagSet<KeyUsages>>,
) {
    let extension = context.extensions.find(oid::KEY_USAGE);
    let usage: Option<KeyUsage> = context.extensions.decode();
    let report = &mut context.report;
    let (Some(extension), Some(usage)) = (extension, usage) else {
        report.refuse(rule, "there is no key usage");
        return;
    };
    report.check(rule, extension.critical, "the key usage is not critical");
    report.check(
        rule,
        expected.is_none_or(|expected| usage.0 == expected),
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
