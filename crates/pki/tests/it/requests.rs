//! Signing requests, keys, and readers that never panic.

use crate::common::{LONG_ADDRESS, NOW, below, issue, key, mailbox, p384, serial, tls_profile};
use crate::tools::run;
use domain::{HostName, KeyAlgorithm};
use pki::{
    AuthorityPurpose, Certificate, CertificateKind, CommonName, IssuingCertificate, LintFacts,
    Planned, PrivateKey, PublicKey, TlsHolder, TlsPurpose,
};
use proptest::prelude::*;
use std::fs;
use std::sync::OnceLock;

#[test]
fn openssl_verifies_requests_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    for algorithm in KeyAlgorithm::ALL {
        for address in ["alice@example.com", LONG_ADDRESS] {
            let der = pki::create_csr(key(*algorithm), &mailbox(address)).unwrap();
            let read = pki::read_csr(&der).unwrap();
            assert_eq!(read.mailboxes, [mailbox(address)]);
            assert_eq!(read.public_key, key(*algorithm).public_key().unwrap());
            fs::write(folder.path().join("request.der"), der).unwrap();
            let arguments = [
                "req",
                "-inform",
                "DER",
                "-in",
                "request.der",
                "-noout",
                "-verify",
                "-text",
            ];
            let answer = run(folder.path(), "openssl", &arguments, "").must_succeed("openssl req");
            assert!(
                answer.text.contains(&format!("email:{address}")),
                "{}",
                answer.text
            );
        }
    }
}

#[test]
fn openssl_makes_requests_that_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "req",
        "-new",
        "-newkey",
        "rsa:3072",
        "-nodes",
        "-keyout",
        "key.pem",
        "-outform",
        "DER",
        "-out",
        "request.der",
        "-subj",
        "/CN=Somebody",
        "-addext",
        "subjectAltName=email:Alice@Example.com,email:a2@example.com",
    ];
    run(folder.path(), "openssl", &arguments, "").must_succeed("openssl req");
    let read = pki::read_csr(&fs::read(folder.path().join("request.der")).unwrap()).unwrap();
    assert_eq!(
        read.mailboxes,
        [mailbox("alice@example.com"), mailbox("a2@example.com")]
    );
    let pem = fs::read(folder.path().join("key.pem")).unwrap();
    let key = pki::pem::read_private_key(&pem).unwrap();
    assert_eq!(key.public_key().unwrap(), read.public_key);
}

#[test]
fn a_request_signed_by_another_key_proves_nothing() {
    let address = mailbox("alice@example.com");
    let mut der = pki::create_csr(key(KeyAlgorithm::P256), &address).unwrap();
    let position = der.windows(5).position(|part| part == b"alice").unwrap();
    der[position] = b'b';
    let error = pki::read_csr(&der).unwrap_err().to_string();
    assert!(error.contains("possession"), "{error}");
}

#[test]
fn a_stored_key_reads_back() {
    for algorithm in KeyAlgorithm::ALL {
        let stored = key(*algorithm).to_pkcs8().unwrap();
        let read = PrivateKey::from_pkcs8(stored.expose()).unwrap();
        assert_eq!(read.algorithm(), *algorithm);
        assert_eq!(
            read.public_key().unwrap(),
            key(*algorithm).public_key().unwrap()
        );
        assert_eq!(
            format!("{read:?}"),
            format!("PrivateKey({})", algorithm.label())
        );
    }
}

#[test]
fn keys_of_other_kinds_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:1024",
        ][..],
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-521",
        ],
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:secp256k1",
        ],
        &["genpkey", "-algorithm", "ED25519"],
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-pkeyopt",
            "rsa_keygen_pubexp:3",
        ],
    ] {
        let pem = run(folder.path(), "openssl", arguments, "")
            .must_succeed("genpkey")
            .stdout;
        assert!(
            pki::pem::read_private_key(pem.as_bytes()).is_err(),
            "{arguments:?}"
        );
    }
}

fn tls_plan() -> Planned {
    let holder = TlsHolder::Device {
        hosts: ["www.example.com", "192.0.2.1"]
            .map(|host| HostName::parse(host).unwrap())
            .into(),
        common_name: CommonName::Alternative,
    };
    let purpose = AuthorityPurpose::Tls {
        domains: vec![HostName::parse("example.com").unwrap()],
    };
    let issuing = below(&p384().root, "Example Damaged", &purpose);
    let (profile, facts) = (tls_profile(), LintFacts::default());
    let public_key = key(KeyAlgorithm::P256).public_key().unwrap();
    let issuer = issuing.certificate();
    pki::prepare_tls(
        &profile,
        issuer,
        &public_key,
        &holder,
        &serial(),
        NOW,
        &facts,
    )
    .unwrap()
}

/// One valid structure of each kind.
fn samples() -> &'static [Vec<u8>] {
    static SAMPLES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let key = key(KeyAlgorithm::P256);
        let leaf = issue(&p384().issuing, key, "alice@example.com");
        let planned = pki::prepare(
            &crate::common::profile(),
            p384().issuing.certificate(),
            leaf.public_key(),
            leaf.mailbox().unwrap(),
            leaf.serial(),
            NOW,
        )
        .unwrap();
        vec![
            pki::create_csr(key, &mailbox("alice@example.com")).unwrap(),
            leaf.der().to_vec(),
            planned.intent().tbs_der.clone(),
            tls_plan().intent().tbs_der.clone(),
            p384().root.certificate().der().to_vec(),
            p384().issuing.certificate().der().to_vec(),
            leaf.public_key().spki_der().to_vec(),
        ]
    })
}

fn read_with_everything(der: &[u8]) {
    let _ = pki::read_csr(der);
    let _ = Certificate::parse(der);
    let _ = IssuingCertificate::parse(der);
    let _ = Planned::resume(der, p384().issuing.certificate());
    for purpose in [TlsPurpose::Client, TlsPurpose::Server, TlsPurpose::Device] {
        let facts = LintFacts {
            kind: CertificateKind::Tls {
                purpose,
                common_name: None,
                more: &[],
            },
            ..LintFacts::default()
        };
        let _ = Planned::resume_with(der, p384().issuing.certificate(), &facts);
    }
    let (root, issuing) = (p384().root.certificate(), p384().issuing.certificate());
    let _ = pki::check_issuing_certificate(der, root.der(), issuing.public_key(), NOW);
    let _ = pki::check_issuing_certificate(issuing.der(), der, issuing.public_key(), NOW);
    let _ = PublicKey::from_spki(der);
    let _ = PrivateKey::from_pkcs8(der);
    let _ = pki::lint_twin(der);
    let _ = pki::pem::read_certificates(der);
    let secret = "secret".to_owned().into();
    let _ = pki::verify_opens(der, &secret);
    let _ = pki::check_csr(der, &pki::KeyBlocklist::default());
    let _ = pki::read_pfx(der, &secret, &pki::PfxLimits::default());
    let _ = pki::p7b(&[der]);
    for file in [
        pki::AuthorityFile::Pfx {
            bytes: der,
            password: &secret,
        },
        pki::AuthorityFile::Pem {
            text: der,
            passphrase: Some(&secret),
        },
    ] {
        let _ = pki::read_authority(&file, NOW);
    }
}

proptest! {
    #[test]
    fn readers_do_not_panic_on_noise(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_with_everything(&bytes);
    }

    #[test]
    fn readers_do_not_panic_on_damage(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        byte: u8,
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        let mut der = which.get(samples()).clone();
        let position = place.index(der.len());
        der[position] = byte;
        if is_cut {
            der.truncate(cut.index(der.len()));
        }
        read_with_everything(&der);
    }

    #[test]
    fn a_damaged_plan_is_either_refused_or_complete(place in any::<prop::sample::Index>(), byte: u8) {
        let mut der = samples()[2].clone();
        let position = place.index(der.len());
        der[position] = byte;
        if let Ok(planned) = Planned::resume(&der, p384().issuing.certificate()) {
            prop_assert_eq!(&planned.intent().tbs_der, &der);
        }
    }
}
