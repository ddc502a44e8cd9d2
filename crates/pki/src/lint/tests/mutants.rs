//! A good certificate with one thing broken at a time. Each is refused by its own rule, in words,
//! and so there is no plan that could be signed.

mod extensions;
mod facts;
mod fields;
mod subjects;
mod tls;
mod usages;

use super::super::{LintError, LintFacts, RULES, find};
use super::draft::*;
use crate::asn1::{element, oid as oid_der, sequence, sequence_of, set_of, utf8_string};
use crate::{IssuingCertificate, Planned, PublicKey, oid};
use const_oid::ObjectIdentifier;

pub(super) type Break<'a> = (&'static str, &'static str, &'a dyn Fn(&mut Draft));

/// Each of these breaks the rule named first and says the words named second.
#[track_caller]
pub(super) fn refuse(key: &PublicKey, facts: &LintFacts<'_>, variants: &[Break<'_>]) {
    refuse_from(authority().certificate(), || draft(key), facts, variants);
}

/// Like [`refuse`], for another issuer and another good certificate.
#[track_caller]
pub(super) fn refuse_from(
    issuer: &IssuingCertificate,
    make: impl Fn() -> Draft,
    facts: &LintFacts<'_>,
    variants: &[Break<'_>],
) {
    let good = make().to_der();
    for (rule, words, break_it) in variants {
        let mut draft = make();
        break_it(&mut draft);
        let tbs = draft.to_der();
        assert_ne!(tbs, good, "{rule} {words}");
        let LintError(findings) = Planned::resume_with(&tbs, issuer, facts).unwrap_err();
        let found = findings
            .iter()
            .find(|one| one.rule == *rule && one.message.contains(words));
        assert!(found.is_some(), "{rule} {words:?} is not in {findings:?}");
        for finding in &findings {
            assert!(find(finding.rule).is_some(), "{finding:?}");
            let text = &finding.message;
            assert!(text.len() > 15 && !text.ends_with('.'), "{text}");
        }
    }
}

pub(super) fn id(dotted: &str) -> ObjectIdentifier {
    dotted.parse().unwrap()
}

fn attribute(id: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    set_of(vec![sequence(&[&oid_der(id), value])])
}

fn subject(attributes: &[(&str, &str)]) -> Vec<u8> {
    let attributes: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(dotted, text)| attribute(id(dotted), &utf8_string(text)))
        .collect();
    sequence_of(&attributes)
}

const ALICE: &str = "alice@example.com";
const EMAIL: &str = "1.3.6.1.5.5.7.3.4";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const SERVER: &str = "1.3.6.1.5.5.7.3.1";

/// An extended key usage of these.
fn purposes(ids: &[&str]) -> Vec<u8> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|dotted| oid_der(id(dotted))).collect();
    raw(oid::EXTENDED_KEY_USAGE, false, &sequence_of(&ids))
}

pub(super) fn other_serial() -> Vec<u8> {
    element(0x02, &(0x51..0x61).collect::<Vec<u8>>())
}

/// L28, L29 and L30 are shown in `tests/it`, with authorities that break them.
#[test]
fn every_rule_has_a_number_and_a_reason() {
    let numbers: Vec<&str> = RULES.iter().map(|rule| rule.number).collect();
    let expected: Vec<String> = std::iter::once("DER".to_owned())
        .chain((1..=30).map(|number| format!("L{number:02}")))
        .chain((1..=6).map(|number| format!("T{number:02}")))
        .collect();
    assert_eq!(numbers, expected);
    let readme = include_str!("../../../README.md");
    for rule in RULES {
        assert!(rule.asks.len() > 10 && rule.reason.len() > 20, "{rule:?}");
        assert!(readme.contains(&format!("| {} |", rule.number)), "{rule:?}");
    }
}
