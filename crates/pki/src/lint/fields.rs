//! L01, L02, L03, L09, L28: version, serial number, signature algorithm, issuer.

use super::Context;
use crate::Serial;
use der::Encode;
use x509_cert::certificate::Version;

pub(super) fn check(context: &mut Context<'_>) {
    let (tbs, issuer) = (context.tbs, context.issuer);
    let report = &mut context.report;
    report.check(
        "L01",
        tbs.version() == Version::V3,
        "the version is not 3, so extensions have no meaning",
    );
    let is_plain = tbs.issuer_unique_id().is_none() && tbs.subject_unique_id().is_none();
    report.check(
        "L01",
        is_plain,
        "there is a unique identifier, which nobody uses any more",
    );
    report.check(
        "L03",
        is_der(tbs.signature(), issuer.signature_algorithm().identifier()),
        "the signature algorithm is not the issuer's, byte for byte",
    );
    report.check(
        "L09",
        is_der(tbs.issuer(), issuer.subject_der()),
        "the issuer is not the authority's name, byte for byte",
    );
    report.check(
        "L28",
        !issuer.is_root(),
        "the issuer is a root, which signs authorities only",
    );
    check_serial(context);
}

fn is_der(value: &impl Encode, expected: &[u8]) -> bool {
    value.to_der().is_ok_and(|der| der == expected)
}

fn check_serial(context: &mut Context<'_>) {
    let bytes = context.tbs.serial_number().as_bytes();
    let report = &mut context.report;
    let Ok(serial) = Serial::from_bytes(bytes) else {
        report.refuse(
            "L02",
            format!(
                "the serial number {} is not 16 bytes starting with 1 to 7",
                hex::encode(bytes)
            ),
        );
        return;
    };
    // Random bytes do this once in 2^53 certificates, a counter always.
    let has_run = bytes
        .windows(8)
        .any(|part| part.iter().all(|byte| part.first() == Some(byte)));
    report.check(
        "L02",
        !has_run,
        "the serial number is not random: eight bytes in a row are the same",
    );
    let distance = context.facts.last_serial.map(|last| {
        let number = |serial: Serial| u128::from_be_bytes(*serial.as_bytes());
        number(last).abs_diff(number(serial))
    });
    report.check(
        "L02",
        distance != Some(0),
        "the serial number was given before",
    );
    report.check(
        "L02",
        distance.is_none_or(|distance| distance == 0 || distance >> 64 != 0),
        "the serial number follows the one before it instead of being random",
    );
}
