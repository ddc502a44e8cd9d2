//! Subjects and alternative names of certificates for mail, broken one at a time.

use super::super::draft::*;
use super::{ALICE, attribute, id, refuse, subject};
use crate::asn1::{constructed, oid as oid_der, sequence, sequence_of, set_of, utf8_string};
use crate::{CertificateKind, LintFacts, MailKind, Planned, extension, name, oid};
use domain::{KeyAlgorithm, Mailbox};

#[test]
fn subjects() {
    let long = format!("{}@example.com", "a".repeat(60));
    refuse(
        &key(KeyAlgorithm::P256),
        &LintFacts::default(),
        &[
            ("L10", "72 characters", &|d| {
                d.subject = name::common_name(&long);
            }),
            ("L10", "filler", &|d| d.subject = name::common_name("-")),
            ("L10", "2.5.4.11", &|d| {
                d.subject = subject(&[("2.5.4.11", "Sales"), ("2.5.4.3", ALICE)]);
            }),
            ("L10", "2.5.4.10", &|d| {
                d.subject = subject(&[("2.5.4.10", "-"), ("2.5.4.3", ALICE)]);
            }),
            ("L10", "one part of the name", &|d| {
                let common_name =
                    |text| sequence(&[&oid_der(oid::COMMON_NAME), &utf8_string(text)]);
                d.subject = sequence(&[&set_of(vec![common_name(ALICE), common_name("Alice")])]);
            }),
            ("L10", "more than one", &|d| {
                d.subject = subject(&[("2.5.4.3", ALICE), ("2.5.4.3", ALICE)]);
            }),
            ("L10", "neither UTF8String", &|d| {
                let value = crate::asn1::bmp_string(ALICE);
                d.subject = sequence_of(&[attribute(oid::COMMON_NAME, &value)]);
            }),
            ("L11", "letter for letter", &|d| {
                d.subject = name::common_name("Alice@example.com");
            }),
            ("L11", "letter for letter", &|d| {
                d.subject = name::common_name("Alice Smith");
            }),
        ],
    );
}

#[test]
fn sponsored_subjects() {
    let facts = LintFacts {
        kind: CertificateKind::Mail(MailKind {
            is_sponsored: true,
            ..MailKind::default()
        }),
        ..LintFacts::default()
    };
    let good = [
        ("2.5.4.6", "DE"),
        ("2.5.4.10", "Example GmbH"),
        ("2.5.4.97", "NTRDE-DER3306.HRB12345"),
        ("2.5.4.42", "Alice"),
        ("2.5.4.4", "Smith"),
        ("2.5.4.3", "Alice Smith"),
    ];
    let with = |place: usize, value: &'static str| {
        let mut all = good;
        all[place].1 = value;
        subject(&all)
    };
    let without = |place: usize| {
        let mut all = good.to_vec();
        all.remove(place);
        subject(&all)
    };
    let p256 = key(KeyAlgorithm::P256);
    let mut draft = draft(&p256);
    draft.subject = subject(&good);
    let tbs = draft.to_der();
    assert!(Planned::resume_with(&tbs, authority().certificate(), &facts).is_ok());
    // Where a mailbox alone was asked for, nobody is named.
    assert!(Planned::resume(&tbs, authority().certificate()).is_err());
    refuse(
        &p256,
        &facts,
        &[
            ("L10", "no organisation", &|d| d.subject = without(1)),
            ("L10", "no organisation identifier", &|d| {
                d.subject = without(2);
            }),
            ("L10", "no given name", &|d| d.subject = without(3)),
            ("L10", "filler", &|d| d.subject = with(1, ".")),
            ("L10", "no known scheme", &|d| {
                d.subject = with(2, "HRB 12345");
            }),
            ("L10", "another country", &|d| d.subject = with(0, "FR")),
            ("L10", "at most 2", &|d| d.subject = with(0, "DEU")),
            ("L10", "space", &|d| d.subject = with(3, " Alice")),
            ("L11", "the person's name", &|d| {
                d.subject = with(5, "Bob Smith");
            }),
        ],
    );
}

#[test]
fn several_addresses() {
    let more = ["a.smith@example.com"].map(|text| Mailbox::parse(text).unwrap());
    let facts = LintFacts {
        kind: CertificateKind::Mail(MailKind {
            more: &more,
            ..MailKind::default()
        }),
        ..LintFacts::default()
    };
    let p256 = key(KeyAlgorithm::P256);
    let both = |second: &str| names(&[ALICE, second], false);
    let mut draft = draft(&p256);
    draft.extensions[NAMES] = both("a.smith@example.com");
    let tbs = draft.to_der();
    assert!(Planned::resume_with(&tbs, authority().certificate(), &facts).is_ok());
    // Where one address alone was checked, the other one is refused.
    assert!(Planned::resume(&tbs, authority().certificate()).is_err());
    refuse(
        &p256,
        &facts,
        &[
            ("L12", "1 names instead of 2", &|d| {
                d.extensions[NAMES] = names(&["a.smith@example.com"], false);
            }),
            ("L12", "3 names instead of 2", &|d| {
                d.extensions[NAMES] =
                    names(&[ALICE, "a.smith@example.com", "bob@example.com"], false);
            }),
            ("L12", "another address", &|d| {
                d.extensions[NAMES] = both("bob@example.com");
            }),
            ("L12", "twice", &|d| d.extensions[NAMES] = both(ALICE)),
            ("L12", "something else", &|d| {
                let host = extension::host_name("mail.example.com");
                let address = extension::mailbox_name(ALICE);
                d.extensions[NAMES] = extension::subject_alt_name(&[address, host], false);
            }),
            ("L13", "lower case", &|d| {
                d.extensions[NAMES] = both("A.Smith@example.com");
            }),
            ("L11", "letter for letter", &|d| {
                d.extensions[NAMES] = both("a.smith@example.com");
                d.subject = name::common_name("bob@example.com");
            }),
        ],
    );
}

#[test]
fn alternative_names() {
    let smtp_utf8 = |text: &str| {
        let value = constructed(0, &utf8_string(text));
        let name = constructed(0, &[oid_der(oid::SMTP_UTF8_MAILBOX), value].concat());
        extension::subject_alt_name(&[name], true)
    };
    let upn = {
        let value = constructed(0, &utf8_string(ALICE));
        let name = constructed(0, &[oid_der(id("1.3.6.1.4.1.311.20.2.3")), value].concat());
        extension::subject_alt_name(&[name], false)
    };
    refuse(
        &key(KeyAlgorithm::P256),
        &LintFacts::default(),
        &[
            ("L12", "no alternative name", &|d| {
                drop(d.extensions.remove(NAMES));
            }),
            ("L12", "0 names", &|d| {
                d.extensions[NAMES] = names(&[], false);
            }),
            ("L12", "2 names", &|d| {
                d.extensions[NAMES] = names(&[ALICE, "bob@example.com"], false);
            }),
            ("L12", "something else", &|d| {
                let host = extension::host_name("example.com");
                d.extensions[NAMES] = extension::subject_alt_name(&[host], false);
            }),
            ("L12", "something else", &|d| {
                let address = extension::host_name("192.0.2.1");
                d.extensions[NAMES] = extension::subject_alt_name(&[address], false);
            }),
            ("L12", "something else", &|d| {
                d.extensions[NAMES].clone_from(&upn);
            }),
            ("L12", "subject is empty", &|d| d.subject = sequence(&[])),
            ("L12", "there is a subject", &|d| {
                d.extensions[NAMES] = names(&[ALICE], true);
            }),
            ("L13", "lower case", &|d| {
                d.extensions[NAMES] = names(&["alice@Example.com"], false);
            }),
            ("L13", "lower case", &|d| {
                d.extensions[NAMES] = names(&["alice"], false);
            }),
            ("L13", "SmtpUTF8Mailbox", &|d| {
                d.subject = sequence(&[]);
                d.extensions[NAMES] = smtp_utf8(ALICE);
            }),
            ("L13", "A-labels", &|d| {
                d.subject = sequence(&[]);
                d.extensions[NAMES] = smtp_utf8("älice@exämple.com");
            }),
            ("L13", "A-labels", &|d| {
                d.subject = sequence(&[]);
                d.extensions[NAMES] = smtp_utf8("\u{feff}älice@example.com");
            }),
        ],
    );
}
