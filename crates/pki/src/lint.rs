//! The linter: nothing is signed that does not pass it.
//!
//! It reads the bytes with another implementation than the one that wrote them. Rules, from
//! RFC 5280 and the S/MIME Baseline Requirements (SBR) section 7.1, multipurpose, mailbox-validated:
//!
//! | Rule | What it asks for |
//! |---|---|
//! | DER | canonical DER, nothing left over |
//! | L01 | version 3, no unique identifiers |
//! | L02 | serial number: 16 bytes, first digit 1 to 7 |
//! | L03, L04 | algorithm identifiers byte-exact, the signature's that of the issuer |
//! | L05 | a strong key |
//! | L06 | at most 730 days, counting the last second |
//! | L07 | starts in the past hour, not in the future |
//! | L08 | `UTCTime` to 2049, then `GeneralizedTime` |
//! | L09 | issuer's name byte-identical |
//! | L10, L11 | subject empty, or the address as its common name |
//! | L12, L13 | alternative name: one lower-case `rfc822Name`, critical if the subject is empty |
//! | L14, L15 | key usage by kind of key; extended key usage `emailProtection` alone |
//! | L16 | no basic constraints |
//! | L17 | key identifiers |
//! | L18, L19, L20 | revocation list, issuer, responder and practice statement at `http` addresses; own policy |
//! | L21 | no other extension, and none twice |
//! | L22 | S/MIME capabilities not critical, with AES-256 |
//! | L24 | not the authority's own key |
//! | L27 | within the issuer's validity |
//! | L28 | not signed by a root |

mod extensions;
mod fields;

#[cfg(test)]
mod tests;

use crate::{IssuingCertificate, PublicKey, Serial, tbs};
use der::{Decode, Encode};
use domain::Mailbox;
use time::{Duration, OffsetDateTime};
use x509_cert::TbsCertificate;

/// One rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFinding {
    /// The rule's number in the table of [this module](self).
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
}

/// The linter refused a certificate; nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the certificate would break these rules: {}", join(.0))]
pub struct LintError(pub Vec<LintFinding>);

fn join(findings: &[LintFinding]) -> String {
    let all: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect();
    all.join("; ")
}

/// What a certificate that passed says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted {
    /// Serial number.
    pub serial: Serial,
    /// The address it is for.
    pub mailbox: Mailbox,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
}

/// Lints the to-be-signed bytes of a certificate which this authority is to sign. Every broken
/// rule is reported, not only the first.
pub fn lint(tbs_der: &[u8], issuer: &IssuingCertificate) -> Result<Linted, LintError> {
    let mut report = Report::default();
    let Ok(tbs) = TbsCertificate::from_der(tbs_der) else {
        report.check("DER", false, "this is not a TBSCertificate in DER");
        return Err(LintError(report.0));
    };
    let is_canonical = tbs.to_der().is_ok_and(|der| der == tbs_der);
    report.check("DER", is_canonical, "this is not the canonical encoding");
    let key = tbs
        .subject_public_key_info()
        .to_der()
        .map_err(crate::Error::from)
        .and_then(|der| PublicKey::from_spki(&der));
    let Ok(key) = key else {
        report.check(
            "L04",
            false,
            "the public key is not RSA, P-256 or P-384 written byte-exactly",
        );
        return Err(LintError(report.0));
    };
    fields::check(&mut report, &tbs, issuer, &key);
    let mailbox = extensions::check(&mut report, &tbs, issuer, &key);
    let serial = Serial::from_bytes(tbs.serial_number().as_bytes());
    report.check(
        "L02",
        serial.is_ok(),
        "the serial number is not 16 bytes starting with 1 to 7",
    );
    match (report.0.is_empty(), serial, mailbox) {
        (true, Ok(serial), Some(mailbox)) => Ok(Linted {
            serial,
            mailbox,
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
        }),
        _ => Err(LintError(report.0)),
    }
}

/// L07, which needs the time and therefore concerns a new plan only, not one taken up again.
pub(crate) fn check_start(
    not_before: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<(), LintError> {
    let mut report = Report::default();
    report.check(
        "L07",
        not_before <= now,
        "validity would start in the future",
    );
    report.check(
        "L07",
        now - not_before <= Duration::HOUR,
        "validity would start over an hour ago",
    );
    if report.0.is_empty() {
        Ok(())
    } else {
        Err(LintError(report.0))
    }
}

#[derive(Default)]
struct Report(Vec<LintFinding>);

impl Report {
    fn check(&mut self, rule: &'static str, is_kept: bool, otherwise: &str) {
        if !is_kept {
            self.0.push(LintFinding {
                rule,
                message: otherwise.to_owned(),
            });
        }
    }
}
