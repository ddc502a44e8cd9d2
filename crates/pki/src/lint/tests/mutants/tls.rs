//! Good certificates for TLS with one thing broken at a time.

use super::super::draft::*;
use super::{
    ALICE, Break, CLIENT, EMAIL, SERVER, id, other_serial, purposes, refuse_from, subject,
};
use crate::asn1::{constructed, element, oid as oid_der, primitive, sequence, utf8_string};
use crate::extension::{self, usage};
use crate::{CertificateKind, LintFacts, Planned, PublicKey, TlsPurpose, name, oid};
use domain::KeyAlgorithm;

const HOST: &str = "www.example.com";

fn told(purpose: TlsPurpose, common_name: Option<&str>) -> LintFacts<'_> {
    LintFacts {
        kind: CertificateKind::Tls {
            purpose,
            common_name,
            more: &[],
        },
        ..LintFacts::default()
    }
}

#[track_caller]
fn refuse(key: &PublicKey, purpose: TlsPurpose, common_name: Option<&str>, variants: &[Break<'_>]) {
    let facts = told(purpose, common_name);
    let issuer = tls_authority().certificate();
    refuse_from(issuer, || tls_draft(key, purpose), &facts, variants);
}

#[track_caller]
fn accept(draft: &Draft, purpose: TlsPurpose, common_name: Option<&str>) {
    let issuer = tls_authority().certificate();
    let facts = told(purpose, common_name);
    if let Err(error) = Planned::resume_with(&draft.to_der(), issuer, &facts) {
        panic!("{purpose:?}: {error}");
    }
}

/// An alternative name of ready-made names.
fn raw_names(names: &[Vec<u8>]) -> Vec<u8> {
    extension::subject_alt_name(names, false)
}

fn dns(text: &str) -> Vec<u8> {
    primitive(2, text.as_bytes())
}

#[test]
fn good_ones_pass_for_what_they_are_alone() {
    use TlsPurpose::{Client, Device, Server};
    for algorithm in KeyAlgorithm::ALL {
        let key = key(*algorithm);
        for purpose in [Client, Server, Device] {
            let draft = tls_draft(&key, purpose);
            accept(&draft, purpose, None);
            let issuer = tls_authority().certificate();
            for other in [Client, Server, Device] {
                let found = Planned::resume_with(&draft.to_der(), issuer, &told(other, None));
                assert_eq!(found.is_ok(), other == purpose, "{purpose:?} as {other:?}");
            }
            assert!(Planned::resume(&draft.to_der(), issuer).is_err());
        }
    }
    let p256 = key(KeyAlgorithm::P256);
    let mut empty = tls_draft(&p256, Server);
    empty.subject = sequence(&[]);
    empty.extensions[NAMES] = hosts(&["*.example.com", "xn--bcher-kva.example", "::1"], true);
    accept(&empty, Server, None);
    let mut named = tls_draft(&p256, Device);
    named.subject = name::common_name("Printer 4711");
    accept(&named, Device, Some("Printer 4711"));
    named.extensions.remove(NAMES);
    accept(&named, Device, Some("Printer 4711"));
    let mut person = tls_draft(&p256, Client);
    person.subject = name::common_name("Jürgen Müller");
    accept(&person, Client, Some("Jürgen Müller"));
}

#[test]
fn subjects() {
    let p256 = key(KeyAlgorithm::P256);
    refuse(
        &p256,
        TlsPurpose::Server,
        None,
        &[
            ("T01", "letter for letter", &|d| {
                d.subject = name::common_name("other.example.com");
            }),
            ("T01", "letter for letter", &|d| {
                d.subject = name::common_name("WWW.example.com");
            }),
            ("T01", "letter for letter", &|d| {
                d.subject = name::common_name("192.0.2.1");
            }),
            ("T01", "something else", &|d| {
                d.subject = subject(&[("2.5.4.10", "Example")]);
            }),
            ("T01", "something else", &|d| {
                d.subject = subject(&[("2.5.4.10", "Example"), ("2.5.4.3", HOST)]);
            }),
            ("T01", "something else", &|d| {
                d.subject = subject(&[("2.5.4.3", HOST), ("2.5.4.3", HOST)]);
            }),
            ("T01", "neither UTF8String", &|d| {
                let value = crate::asn1::bmp_string(HOST);
                d.subject = sequence(&[&super::attribute(oid::COMMON_NAME, &value)]);
            }),
            ("T01", "65 characters", &|d| {
                let long = format!("{}.example.com", "a".repeat(53));
                d.subject = name::common_name(&long);
                d.extensions[NAMES] = hosts(&[&long], false);
            }),
        ],
    );
    refuse(
        &p256,
        TlsPurpose::Device,
        Some("Printer 4711"),
        &[
            ("T01", "letter for letter", &|d| {
                d.subject = name::common_name("Printer 4712");
            }),
            ("T01", "letter for letter", &|d| {
                d.subject = sequence(&[]);
                d.extensions[NAMES] = hosts(&[HOST], true);
            }),
            ("T01", "filler", &|d| d.subject = name::common_name("-")),
        ],
    );
    refuse(
        &p256,
        TlsPurpose::Client,
        None,
        &[
            ("T01", "letter for letter", &|d| {
                d.subject = name::common_name("Somebody Else");
            }),
            ("T01", "letter for letter", &|d| {
                d.subject = name::common_name("bob@example.com");
            }),
        ],
    );
}

#[test]
fn hosts_of_servers() {
    let p256 = key(KeyAlgorithm::P256);
    let with_dns = |text: &'static str| {
        move |d: &mut Draft| d.extensions[NAMES] = raw_names(&[dns(HOST), dns(text)])
    };
    let too_many: Vec<Vec<u8>> = (0..101)
        .map(|n| dns(&format!("n{n}.example.com")))
        .collect();
    refuse(
        &p256,
        TlsPurpose::Server,
        None,
        &[
            ("T02", "no alternative name", &|d| {
                drop(d.extensions.remove(NAMES));
            }),
            ("T02", "no name in it", &|d| {
                d.extensions[NAMES] = raw_names(&[]);
            }),
            ("T02", "subject is empty", &|d| d.subject = sequence(&[])),
            ("T02", "there is a subject", &|d| {
                d.extensions[NAMES] = hosts(&[HOST], true);
            }),
            ("T02", "something else", &|d| {
                d.extensions[NAMES] = names(&[ALICE], false);
            }),
            ("T02", "something else", &|d| {
                let url = primitive(6, b"https://www.example.com");
                d.extensions[NAMES] = raw_names(&[dns(HOST), url]);
            }),
            ("T02", "something else", &|d| {
                let value = constructed(0, &utf8_string("x"));
                let upn = [oid_der(id("1.3.6.1.4.1.311.20.2.3")), value].concat();
                d.extensions[NAMES] = raw_names(&[dns(HOST), constructed(0, &upn)]);
            }),
            ("T02", "more than 100", &|d| {
                d.extensions[NAMES] = raw_names(&too_many);
            }),
            ("T03", "one form", &with_dns("WWW.example.com")),
            ("T03", "one form", &with_dns("www.example.com.")),
            ("T03", "one form", &with_dns("a_b.example.com")),
            ("T03", "one form", &with_dns("xn--a.example.com")),
            ("T03", "one form", &with_dns("*.com")),
            ("T03", "one form", &with_dns("www.*.example.com")),
            ("T03", "one form", &with_dns("w*.example.com")),
            ("T03", "one form", &with_dns("192.0.2.1")),
            ("T03", "one form", &with_dns(" ")),
            ("T03", "one form", &with_dns("https://www.example.com")),
            ("T03", "one form", &|d| {
                d.extensions[NAMES] = raw_names(&[dns(HOST), primitive(7, &[192, 0, 2])]);
            }),
            ("T03", "one form", &|d| {
                // An address with its mask is for name constraints.
                let network = primitive(7, &[192, 0, 2, 0, 255, 255, 255, 0]);
                d.extensions[NAMES] = raw_names(&[dns(HOST), network]);
            }),
            ("T03", "twice", &with_dns(HOST)),
        ],
    );
    refuse(
        &p256,
        TlsPurpose::Device,
        None,
        &[("T02", "no alternative name", &|d| {
            drop(d.extensions.remove(NAMES));
        })],
    );
    refuse(
        &p256,
        TlsPurpose::Client,
        None,
        &[
            ("T02", "something else than mail addresses", &|d| {
                d.extensions[NAMES] = hosts(&[HOST], false);
            }),
            ("T02", "2 names instead of 1", &|d| {
                d.extensions[NAMES] = names(&[ALICE, "bob@example.com"], false);
            }),
            ("T02", "no alternative name", &|d| {
                drop(d.extensions.remove(NAMES));
            }),
            ("T03", "lower case", &|d| {
                d.extensions[NAMES] = names(&["Alice@example.com"], false);
            }),
        ],
    );
}

#[test]
fn usages() {
    let both = usage::DIGITAL_SIGNATURE | usage::KEY_ENCIPHERMENT;
    let set = |bits: u8| move |d: &mut Draft| d.extensions[USAGE] = extension::key_usage(bits);
    let set_purposes =
        |ids: &'static [&'static str]| move |d: &mut Draft| d.extensions[EXTENDED] = purposes(ids);
    let p256 = key(KeyAlgorithm::P256);
    let not_critical = raw(oid::KEY_USAGE, false, &element(0x03, &[7, 0x80]));
    refuse(
        &p256,
        TlsPurpose::Server,
        None,
        &[
            ("T04", "no key usage", &|d| drop(d.extensions.remove(USAGE))),
            ("T04", "not critical", &|d| {
                d.extensions[USAGE].clone_from(&not_critical);
            }),
            ("T04", "kind of key", &set(both)),
            (
                "T04",
                "kind of key",
                &set(usage::DIGITAL_SIGNATURE | usage::KEY_AGREEMENT),
            ),
            (
                "T04",
                "kind of key",
                &set(usage::DIGITAL_SIGNATURE | usage::KEY_CERT_SIGN),
            ),
            ("T05", "no extended key usage", &|d| {
                drop(d.extensions.remove(EXTENDED));
            }),
            ("T05", "serverAuth alone", &set_purposes(&[CLIENT])),
            ("T05", "serverAuth alone", &set_purposes(&[SERVER, CLIENT])),
            ("T05", "serverAuth alone", &set_purposes(&[SERVER, EMAIL])),
            ("T05", "serverAuth alone", &set_purposes(&["2.5.29.37.0"])),
            ("T05", "critical", &|d| {
                let value = sequence(&[&oid_der(oid::SERVER_AUTH)]);
                d.extensions[EXTENDED] = raw(oid::EXTENDED_KEY_USAGE, true, &value);
            }),
            ("T06", "capabilities", &|d| {
                d.extensions.push(extension::smime_capabilities());
            }),
            ("L16", "belong to authorities", &|d| {
                d.extensions
                    .push(extension::basic_constraints_authority(None));
            }),
            ("L20", "policy of our own", &|d| {
                // The one that is reserved for servers that browsers trust.
                let reserved = id("2.23.140.1.2.1");
                d.extensions[POLICIES] = extension::certificate_policies(reserved, None);
            }),
        ],
    );
    let rsa = key(KeyAlgorithm::Rsa2048);
    refuse(
        &rsa,
        TlsPurpose::Device,
        None,
        &[
            ("T04", "kind of key", &set(usage::DIGITAL_SIGNATURE)),
            ("T05", "serverAuth and clientAuth", &set_purposes(&[SERVER])),
            (
                "T05",
                "serverAuth and clientAuth",
                &set_purposes(&[SERVER, SERVER]),
            ),
        ],
    );
    refuse(
        &rsa,
        TlsPurpose::Client,
        None,
        &[
            ("T04", "kind of key", &set(both)),
            ("T05", "clientAuth alone", &set_purposes(&[CLIENT, SERVER])),
            ("T05", "clientAuth alone", &set_purposes(&[CLIENT, EMAIL])),
        ],
    );
}

/// Mail and TLS come from authorities of their own, even where an authority for mail lets its keys
/// sign in.
#[test]
fn issuers() {
    let p256 = key(KeyAlgorithm::P256);
    for (issuer, purpose, words) in [
        (authority(), TlsPurpose::Server, "not for TLS"),
        (authority(), TlsPurpose::Server, "does not allow serverAuth"),
        (authority(), TlsPurpose::Client, "does not allow clientAuth"),
        (multipurpose_authority(), TlsPurpose::Client, "not for TLS"),
        (multipurpose_authority(), TlsPurpose::Device, "serverAuth"),
    ] {
        let issuer = issuer.certificate();
        let make = || {
            let mut draft = tls_draft(&p256, purpose);
            draft.issuer = issuer.subject_der().to_vec();
            draft.extensions[ISSUER_ID] = extension::authority_key_identifier(issuer.key_id());
            draft
        };
        refuse_from(
            issuer,
            make,
            &told(purpose, None),
            &[("L30", words, &|d| d.serial = other_serial())],
        );
    }
    // A mailbox's certificate under the authority for TLS.
    let issuer = tls_authority().certificate();
    let make = || {
        let mut draft = draft(&p256);
        draft.issuer = issuer.subject_der().to_vec();
        draft.extensions[ISSUER_ID] = extension::authority_key_identifier(issuer.key_id());
        draft
    };
    refuse_from(
        issuer,
        make,
        &LintFacts::default(),
        &[("L30", "not for mail", &|d| d.serial = other_serial())],
    );
}
