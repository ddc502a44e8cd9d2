//! From a key to a certificate, over every kind of key and authority.

use crate::common::{
    LONG_ADDRESS, NOW, NOW_SECONDS, issue, key, mailbox, p384, planned, profile, rsa, serial,
};
use crate::tools::run;
use domain::KeyAlgorithm;
use pki::{Certificate, Error, Planned, Policy};
use std::fs;
use time::macros::datetime;

#[test]
fn openssl_accepts_every_kind_for_signing_and_encrypting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (label, hierarchy) in [("rsa", rsa()), ("p384", p384())] {
        hierarchy.write(path);
        for algorithm in KeyAlgorithm::ALL {
            for address in ["alice@example.com", LONG_ADDRESS] {
                let leaf = issue(&hierarchy.issuing, key(*algorithm), address);
                let pem = pki::pem::certificates(&[leaf.der()]).unwrap();
                fs::write(path.join("leaf.pem"), pem).unwrap();
                // OpenSSL's check of smimeencrypt asks for keyEncipherment, which elliptic curve
                // certificates must not have; that they encrypt is shown below.
                let purposes: &[&str] = if algorithm.is_rsa() {
                    &["smimesign", "smimeencrypt"]
                } else {
                    &["smimesign"]
                };
                for purpose in purposes {
                    let arguments = [
                        "verify",
                        "-x509_strict",
                        "-check_ss_sig",
                        "-attime",
                        NOW_SECONDS,
                        "-purpose",
                        purpose,
                        "-verify_email",
                        address,
                        "-auth_level",
                        "2",
                        "-policy",
                        pki::profile::EXAMPLE_POLICY,
                        "-explicit_policy",
                        "-CAfile",
                        "root.pem",
                        "-untrusted",
                        "issuing.pem",
                        "leaf.pem",
                    ];
                    run(path, "openssl", &arguments, "")
                        .must_succeed(&format!("{purpose} {algorithm} under {label}"));
                }
            }
        }
    }
}

#[test]
fn every_kind_encrypts_and_signs_mail() {
    let folder = tempfile::tempdir().unwrap();
    for algorithm in KeyAlgorithm::ALL {
        let leaf = issue(&p384().issuing, key(*algorithm), "alice@example.com");
        let private = pki::pem::private_key(key(*algorithm)).unwrap();
        let public = pki::pem::certificates(&[leaf.der()]).unwrap();
        fs::write(folder.path().join("leaf.pem"), public).unwrap();
        fs::write(folder.path().join("key.pem"), private.expose()).unwrap();
        let own = ["-inkey", "key.pem", "-signer", "leaf.pem"];
        let signer = ["-noverify", "-CAfile", "leaf.pem"];
        for (arguments, input, output) in [
            (
                &["-encrypt", "-aes-256-cbc", "-out", "c.eml", "leaf.pem"][..],
                "secret",
                "",
            ),
            (
                &[
                    "-decrypt", "-in", "c.eml", "-inkey", "key.pem", "-recip", "leaf.pem",
                ],
                "",
                "secret",
            ),
            (
                &[&["-sign", "-out", "s.eml"], &own[..]].concat(),
                "signed",
                "",
            ),
            (
                &[&["-verify", "-in", "s.eml"], &signer[..]].concat(),
                "",
                "signed",
            ),
        ] {
            let arguments = [&["cms"], arguments].concat();
            let answer = run(folder.path(), "openssl", &arguments, input);
            let answer = answer.must_succeed(&format!("{algorithm} {arguments:?}"));
            assert_eq!(answer.stdout.trim().replace("\r\n", ""), output);
        }
    }
}

#[test]
fn a_certificate_says_what_was_planned() {
    let authority = &p384().issuing;
    let key = key(KeyAlgorithm::P256);
    let number = serial();
    let planned = pki::prepare(
        &profile(),
        authority.certificate(),
        &key.public_key().unwrap(),
        &mailbox("o'brien+x@example.com"),
        &number,
        NOW,
    )
    .unwrap();
    let intent = planned.intent().clone();
    let certificate = pki::sign(planned, authority).unwrap();

    assert_eq!(*certificate.serial(), number);
    assert_eq!(
        certificate.mailbox().unwrap().as_str(),
        "o'brien+x@example.com"
    );
    assert_eq!(
        certificate.subject(),
        "CN=o'brien+x@example.com".replace('+', "\\+")
    );
    assert_eq!(certificate.not_before(), datetime!(2026-10-01 12:29:56 UTC));
    assert_eq!(certificate.not_after(), datetime!(2027-10-01 12:29:55 UTC));
    assert_eq!(certificate.public_key(), &key.public_key().unwrap());
    assert!(certificate.is_signed_by(authority.certificate()).unwrap());
    assert!(!certificate.is_signed_by(p384().root.certificate()).unwrap());
    assert_eq!(
        (intent.serial, intent.mailbox().unwrap().as_str()),
        (number, "o'brien+x@example.com")
    );
    assert!(
        certificate
            .der()
            .windows(intent.tbs_der.len())
            .any(|part| part == intent.tbs_der)
    );
    assert_eq!(Certificate::parse(certificate.der()).unwrap(), certificate);
    assert_eq!(certificate.sha256_thumbprint().len(), 64);
    assert_eq!(certificate.sha1_thumbprint().len(), 40);
}

#[test]
fn an_address_too_long_for_a_common_name_leaves_the_subject_empty() {
    let certificate = issue(&p384().issuing, key(KeyAlgorithm::P256), LONG_ADDRESS);
    assert_eq!(certificate.subject(), "");
    assert_eq!(certificate.mailbox().unwrap().as_str(), LONG_ADDRESS);
}

#[test]
fn a_plan_is_taken_up_again_and_signs_the_same_bytes() {
    let authority = &p384().issuing;
    let planned = planned(authority, key(KeyAlgorithm::P256), "alice@example.com", NOW);
    let intent = planned.intent().clone();
    drop(planned);
    let resumed = Planned::resume(&intent.tbs_der, authority.certificate()).unwrap();
    assert_eq!(resumed.intent(), &intent);
    assert_eq!(
        pki::sign(resumed, authority).unwrap().serial(),
        &intent.serial
    );

    let other = &rsa().issuing;
    assert!(Planned::resume(&intent.tbs_der, other.certificate()).is_err());
    let resumed = Planned::resume(&intent.tbs_der, authority.certificate()).unwrap();
    assert!(matches!(
        pki::sign(resumed, other),
        Err(Error::OtherAuthority)
    ));
}

#[test]
fn a_root_signs_no_mailboxes() {
    let key = key(KeyAlgorithm::P256).public_key().unwrap();
    let root = p384().root.certificate();
    let address = mailbox("alice@example.com");
    let error = pki::prepare(&profile(), root, &key, &address, &serial(), NOW).unwrap_err();
    assert!(error.to_string().contains("L28: "), "{error}");
}

#[test]
fn authorities_and_keys_are_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<pki::SigningAuthority>();
    check::<pki::IssuingCertificate>();
    check::<pki::PrivateKey>();
    check::<pki::PublicKey>();
    check::<Planned>();
}

#[test]
fn a_certificate_ends_no_later_than_its_authority() {
    let authority = &p384().issuing;
    let planned = planned(
        authority,
        key(KeyAlgorithm::P256),
        "alice@example.com",
        datetime!(2036-09-01 00:00 UTC),
    );
    assert_eq!(
        planned.intent().not_after,
        authority.certificate().not_after()
    );
}

#[test]
fn a_practice_statement_is_linked() {
    let url = "https://pki.example.com/cps";
    let planned = pki::prepare(
        &pki::SmimeProfile {
            cps_url: Some(url.to_owned()),
            ..profile()
        },
        p384().issuing.certificate(),
        &key(KeyAlgorithm::P256).public_key().unwrap(),
        &mailbox("alice@example.com"),
        &serial(),
        NOW,
    )
    .unwrap();
    let tbs = &planned.intent().tbs_der;
    assert!(tbs.windows(url.len()).any(|part| part == url.as_bytes()));
}

#[test]
fn a_profile_that_breaks_a_rule_issues_nothing() {
    let broken = [
        (
            "too long",
            pki::SmimeProfile {
                valid_days: 731,
                ..profile()
            },
        ),
        (
            "no time",
            pki::SmimeProfile {
                valid_days: 0,
                ..profile()
            },
        ),
        (
            "https list",
            pki::SmimeProfile {
                crl_url: "https://x.example/l".to_owned(),
                ..profile()
            },
        ),
        (
            "ldap issuer",
            pki::SmimeProfile {
                issuer_url: "ldap://x".to_owned(),
                ..profile()
            },
        ),
        (
            "https responder",
            pki::SmimeProfile {
                ocsp_url: Some("https://x.example/ocsp".to_owned()),
                ..profile()
            },
        ),
        (
            "mail cps",
            pki::SmimeProfile {
                cps_url: Some("mailto:a@b.c".to_owned()),
                ..profile()
            },
        ),
        (
            "no oid",
            pki::SmimeProfile {
                policy: Policy::Own("policy".to_owned()),
                ..profile()
            },
        ),
        (
            "any policy",
            pki::SmimeProfile {
                policy: Policy::Own("2.5.29.32.0".to_owned()),
                ..profile()
            },
        ),
        (
            "claim",
            pki::SmimeProfile {
                policy: Policy::Own("2.23.140.1.5.1.2".to_owned()),
                ..profile()
            },
        ),
    ];
    for (what, profile) in broken {
        let planned = pki::prepare(
            &profile,
            p384().issuing.certificate(),
            &key(KeyAlgorithm::P256).public_key().unwrap(),
            &mailbox("alice@example.com"),
            &serial(),
            NOW,
        );
        assert!(planned.is_err(), "{what}");
    }
}
