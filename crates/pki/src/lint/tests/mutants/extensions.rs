//! Where a certificate points to, and what it has besides, broken one at a time.

use super::super::draft::*;
use super::{id, other_serial, refuse, refuse_from};
use crate::asn1::{
    boolean_true, constructed, element, ia5_string, integer, octet_string, oid as oid_der,
    primitive, sequence,
};
use crate::{CertificateKind, Generation, LintFacts, MailKind, Planned, extension, oid};
use domain::KeyAlgorithm;

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

/// A reserved policy is a claim: it stands there if it was chosen, and then only the one that fits.
#[test]
fn reserved_policies() {
    let p256 = key(KeyAlgorithm::P256);
    let facts = |generation, has_client_auth| LintFacts {
        kind: CertificateKind::Mail(MailKind {
            reserved_policy: Some(generation),
            has_client_auth,
            ..MailKind::default()
        }),
        ..LintFacts::default()
    };
    let policy = |dotted: &str| extension::certificate_policies(id(dotted), None);
    let with = |dotted: &str| {
        let mut draft = draft(&p256);
        draft.extensions[POLICIES] = policy(dotted);
        draft
    };
    let issuer = authority().certificate();
    for (generation, own, others) in [
        (
            Generation::Multipurpose,
            "2.23.140.1.5.1.2",
            ["2.23.140.1.5.1.3", "2.23.140.1.5.3.2"],
        ),
        (
            Generation::Strict,
            "2.23.140.1.5.1.3",
            ["2.23.140.1.5.1.2", "2.23.140.1.5.1.1"],
        ),
    ] {
        let tbs = with(own).to_der();
        assert!(Planned::resume_with(&tbs, issuer, &facts(generation, false)).is_ok());
        assert!(Planned::resume(&tbs, issuer).is_err());
        for other in others.into_iter().chain(["1.2.3.4", "2.5.29.32.0"]) {
            refuse_from(
                issuer,
                || with(own),
                &facts(generation, false),
                &[("L20", "reserved policy that was chosen", &|d| {
                    d.extensions[POLICIES] = policy(other);
                })],
            );
        }
    }
    refuse_from(
        issuer,
        || with("2.23.140.1.5.1.3"),
        &facts(Generation::Strict, true),
        &[("L20", "mail alone", &|d| d.serial = other_serial())],
    );
}
