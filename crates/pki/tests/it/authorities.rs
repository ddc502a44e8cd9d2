//! Certificates of authorities, revocation lists and the server's own certificate.

use crate::common::{NOW, NOW_SECONDS, issue, key, name, p384, rng, rsa, serial, urls};
use crate::tools::run;
use domain::{KeyAlgorithm, RevocationReason};
use pki::{
    AuthorityName, AuthorityUrls, Error, IssuingCertificate, PrivateKey, PublicKey, RevokedEntry,
    SigningAuthority,
};
use std::fs;
use time::Duration;
use time::macros::datetime;

#[test]
fn authorities_hold_what_the_profile_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    for (hierarchy, root_signature) in [
        (rsa(), "sha384WithRSAEncryption"),
        (p384(), "ecdsa-with-SHA384"),
    ] {
        let [issuing, root] = hierarchy.chain().try_into().unwrap();
        fs::write(folder.path().join("root.der"), root).unwrap();
        fs::write(folder.path().join("issuing.der"), issuing).unwrap();
        let show = |file| {
            let arguments = ["x509", "-inform", "DER", "-in", file, "-noout", "-text"];
            run(folder.path(), "openssl", &arguments, "")
                .must_succeed("openssl x509")
                .stdout
        };
        let root = show("root.der");
        for line in [
            &format!("Signature Algorithm: {root_signature}"),
            "Issuer: C = DE, O = Beispiel & S\\C3\\B6hne GmbH, CN = Example Root",
            "Not Before: Oct  1 11:34:56 2026 GMT",
            "Not After : Oct  1 11:34:55 2046 GMT",
            "X509v3 Basic Constraints: critical\n                CA:TRUE\n",
            "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n",
        ] {
            assert!(root.contains(line), "{line:?} is not in\n{root}");
        }
        assert!(
            !root.contains("Extended Key Usage") && !root.contains("Policies"),
            "{root}"
        );
        let issuing = show("issuing.der");
        for line in [
            &format!("Signature Algorithm: {root_signature}"),
            "Not After : Oct  1 11:34:55 2036 GMT",
            "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0\n",
            "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n",
            "X509v3 Extended Key Usage: \n                E-mail Protection\n",
            "Policy: X509v3 Any Policy",
            "URI:http://pki.example.com/root.crl",
            "CA Issuers - URI:http://pki.example.com/root.cer",
        ] {
            assert!(issuing.contains(line), "{line:?} is not in\n{issuing}");
        }
    }
    assert!(p384().root.certificate().is_root());
    assert!(!p384().issuing.certificate().is_root());
}

#[test]
fn weak_or_confused_authorities_are_not_made() {
    let make = |name: &AuthorityName, key: &PrivateKey, years| {
        pki::create_root(name, key, &serial(), NOW, years).map(|_| ())
    };
    let strong = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    assert!(make(&name("Root"), key(KeyAlgorithm::P256), 20).is_err());
    assert!(make(&name("Root"), key(KeyAlgorithm::Rsa3072), 20).is_err());
    assert!(make(&name("Root"), &strong, 26).is_err());
    assert!(make(&name(""), &strong, 20).is_err());
    assert!(make(&name(&"x".repeat(65)), &strong, 20).is_err());
    assert!(
        make(
            &AuthorityName {
                country: "de".to_owned(),
                ..name("Root")
            },
            &strong,
            20
        )
        .is_err()
    );

    let below = |name: &AuthorityName, public_key: &PublicKey, urls: &AuthorityUrls| {
        pki::create_issuing(name, public_key, &p384().root, &serial(), NOW, urls).map(|_| ())
    };
    let public_key = strong.public_key().unwrap();
    let same = name("Example Root P-384");
    assert!(below(&same, &public_key, &urls()).is_err());
    assert!(below(&name("X"), p384().root.certificate().public_key(), &urls()).is_err());
    let https = AuthorityUrls {
        crl_url: "https://x.example/l".to_owned(),
        ..urls()
    };
    assert!(below(&name("X"), &public_key, &https).is_err());

    let der = p384().root.certificate().der();
    assert!(matches!(
        SigningAuthority::new(der, strong),
        Err(Error::KeyMismatch)
    ));
    let leaf = issue(
        &p384().issuing,
        key(KeyAlgorithm::P256),
        "alice@example.com",
    );
    assert!(matches!(
        IssuingCertificate::parse(leaf.der()),
        Err(Error::Certificate(_))
    ));
}

#[test]
fn times_from_2050_on_are_generalized() {
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let now = datetime!(2028-02-29 10:00 UTC);
    let der = pki::create_root(&name("Root"), &key, &serial(), now, 25).unwrap();
    let root = IssuingCertificate::parse(&der).unwrap();
    assert_eq!(root.not_after(), datetime!(2053-02-28 08:59:59 UTC));
    assert!(
        der.windows(17)
            .any(|part| part == b"\x18\x0f20530228085959Z")
    );
}

#[test]
fn openssl_obeys_a_revocation_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for hierarchy in [rsa(), p384()] {
        let good = issue(
            &hierarchy.issuing,
            key(KeyAlgorithm::P256),
            "good@example.com",
        );
        let bad = issue(
            &hierarchy.issuing,
            key(KeyAlgorithm::P256),
            "bad@example.com",
        );
        let revoked = RevokedEntry {
            serial: *bad.serial(),
            revoked_at: NOW,
            reason: RevocationReason::KeyCompromise,
        };
        let next = NOW + Duration::days(7);
        let crl = pki::create_crl(&hierarchy.issuing, 5, NOW, next, &[revoked]).unwrap();
        let whole_seconds = RevokedEntry {
            revoked_at: revoked.revoked_at.replace_nanosecond(0).unwrap(),
            ..revoked
        };
        assert_eq!(pki::read_crl(&crl).unwrap(), [whole_seconds]);
        fs::write(path.join("list.crl"), crl).unwrap();
        hierarchy.write(path);
        let verify = |leaf: &pki::Certificate| {
            let pem = pki::pem::certificates(&[leaf.der()]).unwrap();
            fs::write(path.join("leaf.pem"), pem).unwrap();
            let arguments = [
                "verify",
                "-x509_strict",
                "-attime",
                NOW_SECONDS,
                "-crl_check",
                "-CRLfile",
                "list.crl",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "issuing.pem",
                "leaf.pem",
            ];
            run(path, "openssl", &arguments, "")
        };
        verify(&good).must_succeed("a certificate that is not on the list");
        let answer = verify(&bad);
        assert!(
            !answer.is_success && answer.text.contains("revoked"),
            "{}",
            answer.text
        );

        let show = ["crl", "-in", "list.crl", "-noout", "-text"];
        let text = run(path, "openssl", &show, "")
            .must_succeed("openssl crl")
            .stdout;
        for line in [
            "Version 2 (0x1)",
            "X509v3 CRL Number: \n                5\n",
            "Key Compromise",
        ] {
            assert!(text.contains(line), "{line:?} is not in\n{text}");
        }
    }
    assert!(pki::create_crl(&p384().issuing, 5, NOW, NOW, &[]).is_err());
}

#[test]
fn the_servers_own_certificate_is_for_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["localhost", "127.0.0.1", "::1"].map(ToOwned::to_owned);
    let (key, certificate) = pki::tls::self_signed(&names, NOW, &mut rng()).unwrap();
    fs::write(folder.path().join("server.pem"), &certificate).unwrap();
    for (kind, value) in [
        ("-verify_hostname", "localhost"),
        ("-verify_ip", "127.0.0.1"),
        ("-verify_ip", "::1"),
    ] {
        let arguments = [
            "verify",
            "-x509_strict",
            "-attime",
            NOW_SECONDS,
            "-purpose",
            "sslserver",
            kind,
            value,
            "-CAfile",
            "server.pem",
            "server.pem",
        ];
        run(folder.path(), "openssl", &arguments, "").must_succeed(value);
    }
    let key = pki::pem::read_private_key(key.expose().as_bytes()).unwrap();
    assert_eq!(key.algorithm(), KeyAlgorithm::P256);
    assert_eq!(
        pki::pem::read_certificates(certificate.as_bytes())
            .unwrap()
            .len(),
        1
    );
    for bad in [&[][..], &["a b".to_owned()], &["https://x".to_owned()]] {
        assert!(pki::tls::self_signed(bad, NOW, &mut rng()).is_err());
    }
}
