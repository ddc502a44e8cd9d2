//! The linter: nothing is signed that does not pass it.
//!
//! It reads the bytes with another implementation than the one that wrote them. [`RULES`] lists
//! what it asks for: of every kind of certificate, from RFC 5280; of those for mail, from the S/MIME
//! Baseline Requirements (SBR) section 7.1; of those for TLS (numbers with T), from RFC 9525. What
//! the bytes do not show, first of all which kind is expected, is told in [`LintFacts`].

mod chain;
mod constraints;
mod extensions;
mod facts;
mod fields;
mod key;
mod names;
mod outside;
mod pointers;
mod rules;
mod subject;
mod tls;
mod usage;
mod validity;

#[cfg(test)]
mod tests;

pub(crate) use constraints::are_understood;
pub use facts::{CaaAnswer, KeyOwner, LintFacts, MailboxProof};
pub use rules::{RULES, Rule, find};

use crate::{CertificateKind, IssuingCertificate, Named, PublicKey, Serial, tbs};
use der::{Decode, Encode};
use extensions::Extensions;
use time::OffsetDateTime;
use x509_cert::TbsCertificate;

/// One rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFinding {
    /// The rule's number in [`RULES`].
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
    /// Whom it is for.
    pub named: Named,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// Last second of validity.
    pub not_after: OffsetDateTime,
}

/// Lints the to-be-signed bytes of a certificate for a mailbox, whose key signs and encrypts. Every
/// broken rule is reported, not only the first.
pub fn lint(tbs_der: &[u8], issuer: &IssuingCertificate) -> Result<Linted, LintError> {
    lint_with(tbs_der, issuer, &LintFacts::default())
}

/// Lints the to-be-signed bytes of a certificate which this authority is to sign, and the facts
/// around it.
pub fn lint_with(
    tbs_der: &[u8],
    issuer: &IssuingCertificate,
    facts: &LintFacts<'_>,
) -> Result<Linted, LintError> {
    let mut report = Report::default();
    let Ok(tbs) = TbsCertificate::from_der(tbs_der) else {
        report.refuse("DER", "this is not a TBSCertificate in DER");
        return Err(LintError(report.0));
    };
    let is_canonical = tbs.to_der().is_ok_and(|der| der == tbs_der);
    report.check("DER", is_canonical, "this is not the canonical encoding");
    let mut context = Context {
        tbs: &tbs,
        issuer,
        facts,
        extensions: Extensions(tbs.extensions().map_or(&[], Vec::as_slice)),
        report,
    };
    fields::check(&mut context);
    let key = key::check(&mut context);
    validity::check(&mut context);
    extensions::check(&mut context);
    pointers::check(&mut context, key.as_ref());
    outside::check(&mut context);
    chain::check(&mut context);
    let named = check_kind(&mut context, key.as_ref());
    if let Some(named) = &named {
        constraints::check(&mut context, named);
    }
    let findings = context.report.0;
    let serial = Serial::from_bytes(tbs.serial_number().as_bytes());
    match (findings.is_empty(), key, serial, named) {
        (true, Some(_), Ok(serial), Some(named)) => Ok(Linted {
            serial,
            named,
            not_before: tbs::from_x509(tbs.validity().not_before),
            not_after: tbs::from_x509(tbs.validity().not_after),
        }),
        _ => Err(LintError(findings)),
    }
}

/// Subject, usage and alternative name, which every kind has rules of its own for.
fn check_kind(context: &mut Context<'_>, key: Option<&PublicKey>) -> Option<Named> {
    match context.facts.kind {
        CertificateKind::Mail(kind) => {
            subject::check(context, kind);
            usage::check(context, kind, key);
            names::check(context, kind).map(Named::Mailboxes)
        }
        CertificateKind::Tls {
            purpose,
            common_name,
            more,
        } => tls::check(context, purpose, (common_name, more), key),
    }
}

/// What the rules look at, and what they found.
struct Context<'a> {
    tbs: &'a TbsCertificate,
    issuer: &'a IssuingCertificate,
    facts: &'a LintFacts<'a>,
    extensions: Extensions<'a>,
    report: Report,
}

#[derive(Default)]
struct Report(Vec<LintFinding>);

impl Report {
    fn check(&mut self, rule: &'static str, is_kept: bool, otherwise: impl Into<String>) {
        if !is_kept {
            self.refuse(rule, otherwise);
        }
    }

    fn refuse(&mut self, rule: &'static str, message: impl Into<String>) {
        self.0.push(LintFinding {
            rule,
            message: message.into(),
        });
    }
}
