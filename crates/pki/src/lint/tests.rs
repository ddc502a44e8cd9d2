//! Broken variants of a good certificate, each refused for its own reason.

mod draft;
mod mutants;
mod weak_keys;

use super::*;
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{
    bit_string, constructed, element, integer, oid as oid_der, primitive, sequence, sequence_of,
    set_of, time as time_der, utf8_string,
};
use crate::extension::{self, usage};
use crate::{PublicKey, SmimeProfile, name, oid};
use domain::{KeyAlgorithm, Mailbox};
use draft::*;
use time::Duration;

#[track_caller]
fn check(rule: &str, key: &PublicKey, break_it: impl FnOnce(&mut Draft)) {
    let mut draft = draft(key);
    break_it(&mut draft);
    let found = rules(&draft.to_der());
    assert!(found.contains(&rule), "{rule} was not found: {found:?}");
}

#[test]
fn good_certificates_pass() {
    for algorithm in KeyAlgorithm::ALL {
        let key = key(*algorithm);
        assert_eq!(rules(&draft(&key).to_der()), [""; 0], "{algorithm}");
        let mut empty = draft(&key);
        empty.subject = sequence(&[]);
        empty.extensions[NAMES] = names(&["alice@example.com"], true);
        empty.extensions.pop();
        assert_eq!(rules(&empty.to_der()), [""; 0], "{algorithm}");
    }
}

#[test]
fn broken_fields_are_refused() {
    let p256 = key(KeyAlgorithm::P256);
    let check = |rule, break_it: &dyn Fn(&mut Draft)| check(rule, &p256, break_it);
    check("DER", &|d| {
        d.version = constructed(0, &element(0x02, &[0, 2]));
    });
    check("L01", &|d| d.version = Vec::new());
    check("L01", &|d| d.version = constructed(0, &integer(1)));
    check("L01", &|d| d.unique_ids = primitive(1, &[0, 0xaa]));
    check("L02", &|d| d.serial = integer(12345));
    check("L02", &|d| {
        d.serial = element(0x02, &[&[0x05], &[7; 15][..]].concat());
    });
    check("L03", &|d| {
        d.signature = SignatureAlgorithm::EcdsaSha256.identifier().to_vec();
    });
    check("L03", &|d| {
        d.signature = sequence(&[&oid_der("1.2.840.10045.4.3.3".parse().unwrap()), &[5, 0]]);
    });
    check("L04", &|d| {
        let bits = [&[0x04], &[1; 64][..]].concat();
        d.spki = sequence(&[
            crate::key::spki_identifier(KeyAlgorithm::P256),
            &bit_string(&bits),
        ]);
    });
    check("L06", &|d| {
        d.validity = validity(START, START + Duration::days(730));
    });
    check("L06", &|d| {
        d.validity = validity(START, START - Duration::SECOND);
    });
    check("L08", &|d| {
        d.validity = sequence(&[&element(0x18, b"20261001115500Z"), &time_der(START)]);
    });
    check("L09", &|d| d.issuer = name::common_name("Issuing"));
    check("L10", &|d| {
        let attribute = |id, text| set_of(vec![sequence(&[&oid_der(id), &utf8_string(text)])]);
        d.subject = sequence_of(&[
            attribute(oid::ORGANISATION, "Example"),
            attribute(oid::COMMON_NAME, "alice@example.com"),
        ]);
    });
    check("L11", &|d| {
        d.subject = name::common_name("Alice@example.com");
    });
    check("L11", &|d| d.subject = name::common_name("bob@example.com"));
    check("L27", &|d| {
        d.validity = validity(
            START,
            authority().certificate().not_after() + Duration::SECOND,
        );
    });
    check("L27", &|d| {
        d.validity = validity(START - Duration::DAY, START + Duration::DAY);
    });
}

#[test]
fn weak_or_foreign_keys_are_refused() {
    let own = authority().certificate().public_key();
    check("L24", own, |_| {});
    let rsa = key(KeyAlgorithm::Rsa2048);
    check("L04", &rsa, |d| {
        // NULL parameters left out: 15 bytes of identifier become 13.
        let bits = d.spki[19..].to_vec();
        let algorithm = sequence(&[&oid_der("1.2.840.113549.1.1.1".parse().unwrap())]);
        d.spki = sequence(&[&algorithm, &bits]);
    });
    check("L05", &rsa, |d| {
        let three =
            openssl::rsa::Rsa::generate_with_e(2048, &openssl::bn::BigNum::from_u32(3).unwrap());
        d.spki = three.unwrap().public_key_to_der().unwrap();
    });
    check("L14", &rsa, |d| {
        d.extensions[USAGE] = extension::key_usage(usage::DIGITAL_SIGNATURE | usage::KEY_AGREEMENT);
    });
}

#[test]
fn broken_extensions_are_refused() {
    let p256 = key(KeyAlgorithm::P256);
    let check = |rule, place: usize, extension: Vec<u8>| {
        check(rule, &p256, |draft| draft.extensions[place] = extension);
    };
    let both = usage::DIGITAL_SIGNATURE | usage::KEY_AGREEMENT;
    check(
        "L14",
        USAGE,
        extension::key_usage(both | usage::KEY_CERT_SIGN),
    );
    check("L14", USAGE, extension::key_usage(usage::DIGITAL_SIGNATURE));
    check(
        "L14",
        USAGE,
        raw(oid::KEY_USAGE, false, &element(0x03, &[3, both])),
    );

    let client_auth = oid_der("1.3.6.1.5.5.7.3.2".parse().unwrap());
    let two = sequence(&[&oid_der(oid::EMAIL_PROTECTION), &client_auth]);
    check(
        "L15",
        EXTENDED,
        extension::extended_key_usage(&[oid::SERVER_AUTH]),
    );
    check("L15", EXTENDED, raw(oid::EXTENDED_KEY_USAGE, false, &two));

    check("L12", NAMES, names(&[], false));
    check("L12", NAMES, names(&["alice@example.com"], true));
    check(
        "L12",
        NAMES,
        names(&["alice@example.com", "bob@example.com"], false),
    );
    check(
        "L12",
        NAMES,
        extension::subject_alt_name(&[extension::host_name("example.com")], false),
    );
    check("L13", NAMES, names(&["Alice@example.com"], false));
    check("L13", NAMES, names(&["alice"], false));

    let policy = |id: &str| extension::certificate_policies(id.parse().unwrap(), None);
    check("L20", POLICIES, policy("2.5.29.32.0"));
    check("L20", POLICIES, policy("2.23.140.1.5.1.2"));
    let ftp = extension::certificate_policies("1.2.3.4".parse().unwrap(), Some("ftp://x.example"));
    check("L20", POLICIES, ftp);

    check(
        "L18",
        LIST,
        extension::crl_distribution_points("https://pki.example.com/1.crl"),
    );
    check(
        "L18",
        LIST,
        extension::crl_distribution_points("ldap://pki.example.com/x"),
    );
    check(
        "L19",
        ACCESS,
        extension::authority_info_access(None, "ftp://pki.example.com/1.cer"),
    );
    let ocsp = sequence(&[
        &oid_der(oid::ACCESS_OCSP),
        &primitive(6, b"http://pki.example.com"),
    ]);
    check(
        "L19",
        ACCESS,
        raw(oid::AUTHORITY_INFO_ACCESS, false, &sequence(&[&ocsp])),
    );

    check(
        "L17",
        ISSUER_ID,
        extension::authority_key_identifier(&[1; 20]),
    );
    check("L17", OWN_ID, extension::subject_key_identifier(&[1; 20]));
    check(
        "L22",
        CAPABILITIES,
        raw(oid::SMIME_CAPABILITIES, true, &sequence(&[])),
    );
    check(
        "L22",
        CAPABILITIES,
        raw(oid::SMIME_CAPABILITIES, false, &sequence(&[])),
    );
}

#[test]
fn other_double_and_missing_extensions_are_refused() {
    let p256 = key(KeyAlgorithm::P256);
    let comment = raw(
        "2.16.840.1.113730.1.13".parse().unwrap(),
        false,
        &utf8_string("hello"),
    );
    check("L21", &p256, |d| d.extensions.push(comment));
    check("L21", &p256, |d| {
        d.extensions.push(extension::smime_capabilities());
    });
    check("L16", &p256, |d| {
        d.extensions
            .push(extension::basic_constraints_authority(None));
    });
    for (place, rule) in [
        (USAGE, "L14"),
        (EXTENDED, "L15"),
        (NAMES, "L12"),
        (POLICIES, "L20"),
        (LIST, "L18"),
        (ACCESS, "L19"),
        (ISSUER_ID, "L17"),
        (OWN_ID, "L17"),
    ] {
        check(rule, &p256, |d| drop(d.extensions.remove(place)));
    }
}

#[test]
fn left_over_bytes_are_refused() {
    let mut tbs = draft(&key(KeyAlgorithm::P256)).to_der();
    tbs.push(0);
    assert_eq!(rules(&tbs), ["DER"]);
    assert_eq!(rules(b""), ["DER"]);
}

#[test]
fn a_start_in_the_future_or_long_ago_is_refused() {
    let tbs = draft(&key(KeyAlgorithm::P256)).to_der();
    let rules = |now| {
        let facts = LintFacts {
            now: Some(now),
            ..LintFacts::default()
        };
        match lint_with(&tbs, authority().certificate(), &facts) {
            Ok(_) => Vec::new(),
            Err(LintError(findings)) => findings.iter().map(|one| one.rule).collect(),
        }
    };
    assert_eq!(rules(START), [""; 0]);
    assert_eq!(rules(START + Duration::HOUR), [""; 0]);
    assert_eq!(rules(START - Duration::SECOND), ["L07"]);
    assert_eq!(rules(START + Duration::HOUR + Duration::SECOND), ["L07"]);
}

#[test]
fn every_finding_is_told() {
    let profile = SmimeProfile {
        valid_days: 365,
        policy: crate::Policy::Own(crate::profile::EXAMPLE_POLICY.to_owned()),
        has_client_auth: false,
        crl_url: "https://wrong.example".to_owned(),
        issuer_url: "https://wrong.example".to_owned(),
        ocsp_url: Some("http://pki.example.com/ocsp".to_owned()),
        cps_url: None,
    };
    let mailbox = Mailbox::parse("alice@example.com").unwrap();
    let key = key(KeyAlgorithm::P256);
    let certificate = authority().certificate();
    let error = crate::prepare(&profile, certificate, &key, &mailbox, &serial(), NOW).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("L18: ") && text.contains("L19: "), "{text}");
}
