//! A good certificate with one thing broken at a time. Each is refused by its own rule, in words,
//! and so there is no plan that could be signed.

use super::super::*;
use super::draft::*;
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{
    boolean_true, constructed, element, ia5_string, integer, octet_string, oid as oid_der,
    primitive, sequence, sequence_of, set_of, utf8_string,
};
use crate::extension::{self, usage};
use crate::{KeyPurpose, Planned, PublicKey, name, oid};
use const_oid::ObjectIdentifier;
use domain::KeyAlgorithm;
use time::Duration;

pub(super) type Break<'a> = (&'static str, &'static str, &'a dyn Fn(&mut Draft));

/// Each of these breaks the rule named first and says the words named second.
#[track_caller]
pub(super) fn refuse(key: &PublicKey, facts: &LintFacts<'_>, variants: &[Break<'_>]) {
    let issuer = authority().certificate();
    let good = draft(key).to_der();
    for (rule, words, break_it) in variants {
        let mut draft = draft(key);
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

#[test]
fn fields() {
    let facts = LintFacts {
        now: Some(NOW),
        last_serial: Some(serial()),
        ..LintFacts::default()
    };
    let fresh = || element(0x02, &[0x5a; 16]);
    let facts_without_last = LintFacts {
        last_serial: None,
        ..facts
    };
    let next = {
        let number = u128::from_be_bytes(*serial().as_bytes()) + 1;
        element(0x02, &number.to_be_bytes())
    };
    refuse(
        &key(KeyAlgorithm::P256),
        &facts,
        &[
            ("L02", "follows the one before", &|d| {
                d.serial.clone_from(&next);
            }),
            ("L02", "not random", &|d| d.serial = fresh()),
        ],
    );
    refuse(
        &key(KeyAlgorithm::P256),
        &facts_without_last,
        &[
            ("DER", "not a TBSCertificate", &|d| d.serial = Vec::new()),
            ("DER", "not a TBSCertificate", &|d| {
                d.version = constructed(0, &element(0x02, &[0, 2]));
            }),
            ("L01", "version", &|d| d.version = Vec::new()),
            ("L01", "unique identifier", &|d| {
                d.unique_ids = primitive(1, &[0, 0xaa]);
            }),
            ("L02", "16 bytes", &|d| d.serial = integer(12345)),
            ("L02", "16 bytes", &|d| d.serial = integer(0)),
            ("L02", "16 bytes", &|d| {
                d.serial = element(0x02, &[0xa5; 16]);
            }),
            ("L02", "16 bytes", &|d| {
                d.serial = element(0x02, &[0x7f; 20]);
            }),
            ("L02", "not random", &|d| {
                d.serial = element(0x02, &[&[0x50][..], &[0; 14], &[1]].concat());
            }),
            ("L03", "byte for byte", &|d| {
                d.signature = SignatureAlgorithm::EcdsaSha256.identifier().to_vec();
            }),
            ("L03", "byte for byte", &|d| {
                d.signature = sequence(&[&oid_der(id("1.2.840.10045.4.3.3")), &[5, 0]]);
            }),
            ("L03", "byte for byte", &|d| {
                // sha1WithRSAEncryption
                d.signature = sequence(&[&oid_der(id("1.2.840.113549.1.1.5")), &[5, 0]]);
            }),
            ("L06", "730 days", &|d| {
                d.validity = validity(START, START + Duration::days(730));
            }),
            ("L06", "ends before", &|d| {
                d.validity = validity(START, START - Duration::SECOND);
            }),
            ("L07", "future", &|d| {
                d.validity = validity(NOW + Duration::SECOND, NOW + Duration::DAY);
            }),
            ("L07", "over an hour", &|d| {
                d.validity = validity(NOW - Duration::HOUR * 2, NOW + Duration::DAY);
            }),
            ("L08", "wrong type", &|d| {
                d.validity = sequence(&[
                    &crate::asn1::time(START),
                    &element(0x18, b"20270101000000Z"),
                ]);
            }),
            ("DER", "not a TBSCertificate", &|d| {
                d.validity = sequence(&[
                    &crate::asn1::time(START),
                    &element(0x18, b"20500101000000.5Z"),
                ]);
            }),
            ("L09", "byte for byte", &|d| {
                d.issuer = name::common_name("Issuing");
            }),
            ("L09", "byte for byte", &|d| {
                // The same name in another string type.
                let printable = |text: &str| element(0x13, text.as_bytes());
                d.issuer = sequence_of(&[
                    attribute(oid::COUNTRY, &printable("DE")),
                    attribute(oid::ORGANISATION, &printable("Example")),
                    attribute(oid::COMMON_NAME, &printable("Issuing")),
                ]);
            }),
            ("L27", "not within", &|d| {
                let end = authority().certificate().not_after() + Duration::SECOND;
                d.validity = validity(START, end);
            }),
        ],
    );
}

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
        is_sponsored: true,
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

#[test]
fn usages() {
    let both = usage::DIGITAL_SIGNATURE | usage::KEY_AGREEMENT;
    let raw_usage =
        |bits: &[u8], is_critical| raw(oid::KEY_USAGE, is_critical, &element(0x03, bits));
    let purposes = |ids: &[&str]| {
        let ids: Vec<Vec<u8>> = ids.iter().map(|dotted| oid_der(id(dotted))).collect();
        raw(oid::EXTENDED_KEY_USAGE, false, &sequence_of(&ids))
    };
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
            purpose,
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

#[test]
fn pointers() {
    let access = |url: &[u8]| {
        let issuers = sequence(&[&oid_der(oid::ACCESS_CA_ISSUERS), &primitive(6, url)]);
        raw(oid::AUTHORITY_INFO_ACCESS, false, &sequence(&[&issuers]))
    };
    let policy = |id: &str| extension::certificate_policies(id.parse().unwrap(), None);
    refuse(
        &key(KeyAlgorithm::P256),
        &LintFacts::default(),
        &[
            ("L17", "issuer's alone", &|d| {
                // The key's identifier together with issuer and serial number.
                let id = authority().certificate().key_id();
                let issuer =
                    constructed(1, &constructed(4, authority().certificate().subject_der()));
                let value = sequence(&[&primitive(0, id), &issuer, &primitive(2, &[7])]);
                d.extensions[ISSUER_ID] = raw(oid::AUTHORITY_KEY_IDENTIFIER, false, &value);
            }),
            ("L17", "issuer's alone", &|d| {
                let value = sequence(&[&primitive(0, authority().certificate().key_id())]);
                d.extensions[ISSUER_ID] = raw(oid::AUTHORITY_KEY_IDENTIFIER, true, &value);
            }),
            ("L17", "subject key identifier", &|d| {
                d.extensions[OWN_ID] =
                    raw(oid::SUBJECT_KEY_IDENTIFIER, true, &octet_string(&[1; 20]));
            }),
            ("L18", "http address", &|d| drop(d.extensions.remove(LIST))),
            ("L18", "http address", &|d| {
                d.extensions[LIST] = extension::crl_distribution_points("ldap://pki.example.com/x");
            }),
            ("L18", "http address", &|d| {
                d.extensions[LIST] =
                    extension::crl_distribution_points("https://pki.example.com/x");
            }),
            ("L19", "http address", &|d| {
                d.extensions[ACCESS] = access(b"ldap://pki.example.com");
            }),
            ("L19", "http address", &|d| {
                drop(d.extensions.remove(ACCESS));
            }),
            ("L20", "policy of our own", &|d| {
                drop(d.extensions.remove(POLICIES));
            }),
            ("L20", "policy of our own", &|d| {
                d.extensions[POLICIES] = policy("2.5.29.32.0");
            }),
            ("L20", "policy of our own", &|d| {
                d.extensions[POLICIES] = policy("2.23.140.1.5.1.2");
            }),
            ("L20", "policy of our own", &|d| {
                let value = sequence(&[&sequence(&[&oid_der(id("1.2.3.4"))])]);
                d.extensions[POLICIES] = raw(oid::CERTIFICATE_POLICIES, true, &value);
            }),
        ],
    );
}

#[test]
fn extensions() {
    let push = |dotted: &str, value: Vec<u8>| {
        let extension = raw(id(dotted), false, &value);
        move |d: &mut Draft| d.extensions.push(extension.clone())
    };
    let comment = push("2.16.840.1.113730.1.13", ia5_string("hello"));
    let kind = push("2.16.840.1.113730.1.1", element(0x03, &[5, 0x20]));
    let directory = push("2.5.29.9", sequence(&[]));
    let microsoft = push("1.3.6.1.4.1.311.25.2", sequence(&[]));
    let capabilities = |is_critical, value: &[u8]| raw(oid::SMIME_CAPABILITIES, is_critical, value);
    refuse(
        &key(KeyAlgorithm::P256),
        &LintFacts::default(),
        &[
            ("L16", "belong to authorities", &|d| {
                d.extensions
                    .push(extension::basic_constraints_authority(None));
            }),
            ("L16", "belong to authorities", &|d| {
                let value = sequence(&[&boolean_true(), &integer(0)]);
                d.extensions
                    .push(raw(oid::BASIC_CONSTRAINTS, false, &value));
            }),
            ("L21", "2.16.840.1.113730.1.13", &comment),
            ("L21", "2.16.840.1.113730.1.1 ", &kind),
            ("L21", "2.5.29.9", &directory),
            ("L21", "twice", &|d| {
                d.extensions.push(extension::smime_capabilities());
            }),
            ("L21", "twice", &|d| {
                d.extensions.push(names(&["bob@example.com"], false));
            }),
            ("L22", "critical", &|d| {
                let aes = sequence(&[&sequence(&[&oid_der(oid::AES_256_CBC)])]);
                d.extensions[CAPABILITIES] = capabilities(true, &aes);
            }),
            ("L22", "weakly", &|d| {
                let triple_des = sequence(&[&sequence(&[&oid_der(id("1.2.840.113549.3.7"))])]);
                d.extensions[CAPABILITIES] = capabilities(false, &triple_des);
            }),
            ("L23", "Microsoft", &microsoft),
        ],
    );
}

pub(super) fn other_serial() -> Vec<u8> {
    element(0x02, &(0x51..0x61).collect::<Vec<u8>>())
}

#[test]
fn facts_from_outside() {
    let told = LintFacts {
        now: Some(NOW),
        ..LintFacts::default()
    };
    let p256 = key(KeyAlgorithm::P256);
    let check = |rule, words, facts: LintFacts<'_>| {
        refuse(
            &p256,
            &facts,
            &[(rule, words, &|d| d.serial = other_serial())],
        );
    };
    check(
        "L24",
        "another person",
        LintFacts {
            key_owner: Some(KeyOwner::OtherPerson),
            ..told
        },
    );
    check(
        "L25",
        "30 days",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Mail(NOW - Duration::days(31))),
            ..told
        },
    );
    check(
        "L25",
        "398 days",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Domain(NOW - Duration::days(399))),
            ..told
        },
    );
    check(
        "L25",
        "prove it again",
        LintFacts {
            mailbox_proof: Some(MailboxProof::Mail(NOW + Duration::SECOND)),
            ..told
        },
    );
    for (caa, words) in [
        (CaaAnswer::Forbids, "another authority"),
        (CaaAnswer::Unknown, "try again later"),
    ] {
        check(
            "L26",
            words,
            LintFacts {
                caa: Some(caa),
                ..told
            },
        );
    }
    let good = LintFacts {
        key_owner: Some(KeyOwner::SamePerson),
        mailbox_proof: Some(MailboxProof::Mail(NOW - Duration::days(30))),
        caa: Some(CaaAnswer::Permits),
        ..told
    };
    let tbs = draft(&p256).to_der();
    assert!(Planned::resume_with(&tbs, authority().certificate(), &good).is_ok());
}

/// L28 and L29 are shown in `tests/it`, with authorities that break them.
#[test]
fn every_rule_has_a_number_and_a_reason() {
    let numbers: Vec<&str> = RULES.iter().map(|rule| rule.number).collect();
    let expected: Vec<String> = std::iter::once("DER".to_owned())
        .chain((1..=29).map(|number| format!("L{number:02}")))
        .collect();
    assert_eq!(numbers, expected);
    let readme = include_str!("../../../README.md");
    for rule in RULES {
        assert!(rule.asks.len() > 10 && rule.reason.len() > 20, "{rule:?}");
        assert!(readme.contains(&format!("| {} |", rule.number)), "{rule:?}");
    }
}
