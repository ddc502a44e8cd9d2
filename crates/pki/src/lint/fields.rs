//! Rules for the fields of a certificate other than its extensions.

use super::Report;
use crate::key::strength;
use crate::profile::LONGEST_DAYS;
use crate::{IssuingCertificate, PublicKey, oid, tbs};
use der::Encode;
use time::Duration;
use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;
use x509_cert::time::Time;

pub(super) fn check(
    report: &mut Report,
    tbs: &TbsCertificate,
    issuer: &IssuingCertificate,
    key: &PublicKey,
) {
    report.check("L01", tbs.version() == Version::V3, "the version is not 3");
    let is_plain = tbs.issuer_unique_id().is_none() && tbs.subject_unique_id().is_none();
    report.check("L01", is_plain, "there is a unique identifier");
    report.check(
        "L03",
        is_der(tbs.signature(), issuer.signature_algorithm().identifier()),
        "the signature algorithm is not the issuer's, byte for byte",
    );
    report.check("L05", is_strong(key), "the public key is weak");
    report.check(
        "L09",
        is_der(tbs.issuer(), issuer.subject_der()),
        "the issuer is not the authority's name, byte for byte",
    );
    report.check(
        "L24",
        key != issuer.public_key(),
        "this is the authority's own key",
    );
    report.check(
        "L28",
        !issuer.is_root(),
        "the issuer is a root, which signs authorities only",
    );
    check_validity(report, tbs, issuer);
    check_subject(report, tbs);
}

fn is_der(value: &impl Encode, expected: &[u8]) -> bool {
    value.to_der().is_ok_and(|der| der == expected)
}

fn is_strong(key: &PublicKey) -> bool {
    if key.algorithm().is_rsa() {
        key.pkey()
            .rsa()
            .is_ok_and(|rsa| strength::check_public(&rsa).is_ok())
    } else {
        key.pkey().ec_key().is_ok_and(|ec| ec.check_key().is_ok())
    }
}

fn check_validity(report: &mut Report, tbs: &TbsCertificate, issuer: &IssuingCertificate) {
    let validity = tbs.validity();
    let (start, end) = (
        tbs::from_x509(validity.not_before),
        tbs::from_x509(validity.not_after),
    );
    report.check("L06", start <= end, "validity ends before it starts");
    report.check(
        "L06",
        end - start + Duration::SECOND <= Duration::days(LONGEST_DAYS.into()),
        "validity is longer than 730 days",
    );
    for time in [validity.not_before, validity.not_after] {
        let is_utc_time = matches!(time, Time::UtcTime(_));
        report.check(
            "L08",
            is_utc_time == (tbs::from_x509(time).year() < 2050),
            "a time is of the wrong type for its year",
        );
    }
    report.check(
        "L27",
        issuer.not_before() <= start && end <= issuer.not_after(),
        "validity is not within the issuer's",
    );
}

/// L10. That the address in it is the one in the alternative name is L11, checked there.
fn check_subject(report: &mut Report, tbs: &TbsCertificate) {
    let subject = tbs.subject();
    let is_allowed = subject.len() <= 1
        && subject.iter().count() <= 1
        && subject
            .iter()
            .all(|attribute| attribute.oid == oid::COMMON_NAME);
    report.check("L10", is_allowed, "the subject has more than a common name");
}
