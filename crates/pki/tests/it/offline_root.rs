//! An issuing authority below somebody else's root.

use crate::common::{NOW, below, key, mailbox, name, p384, profile, serial};
use crate::linting::{codes, command};
use crate::other_root::{
    UNTIL, check, der, openssl, other_root, other_root_with, own_key, request, sign, sign_with,
};
use domain::{HostName, KeyAlgorithm, MailDomain};
use pki::{AuthorityPurpose, IssuerPurpose, IssuingCertificate};
use std::fs;
use time::Duration;

#[test]
fn what_openssl_signs_as_asked_is_taken() {
    let folder = other_root("root");
    let path = folder.path();
    let root = der(path, "root.pem");
    fs::write(path.join("root.der"), &root).unwrap();
    let mail = AuthorityPurpose::Mail {
        domains: vec![MailDomain::parse("example.com").unwrap()],
        has_client_auth: true,
    };
    let tls = AuthorityPurpose::Tls {
        domains: vec![HostName::parse("example.com").unwrap()],
    };
    for (purpose, kind) in [(mail, IssuerPurpose::Mail), (tls, IssuerPurpose::Tls)] {
        let signed = sign(path, &request(&purpose), "added", UNTIL);
        let issuing = check(&signed, &root, NOW).unwrap();
        assert_eq!(issuing.purpose(), kind);
        assert!(issuing.allows_client_auth() && !issuing.is_root());
        assert_eq!(
            issuing.subject(),
            "CN=Example Offline Issuing,O=Beispiel & Söhne GmbH,C=DE"
        );
        fs::write(path.join("issuing.der"), &signed).unwrap();
        let chain = ["root.der", "issuing.der"];
        let commands = [command("lint_pkix_signer_signee_cert_chain", &chain)];
        assert_eq!(codes(path, &commands), [[""; 0]]);
        // It issues, within what the root allowed.
        let plan = |address| {
            let public_key = key(KeyAlgorithm::P256).public_key().unwrap();
            pki::prepare(
                &profile(),
                &issuing,
                &public_key,
                &mailbox(address),
                &serial(),
                NOW,
            )
        };
        assert_eq!(
            plan("alice@example.com").is_ok(),
            kind == IssuerPurpose::Mail
        );
        assert!(plan("alice@example.net").is_err());
    }
}

/// The other command with which people sign requests. It starts now, whenever that is.
#[test]
fn what_x509_signs_is_taken() {
    let folder = other_root("root");
    let path = folder.path();
    let asked = request(&AuthorityPurpose::default());
    fs::write(path.join("request.der"), asked).unwrap();
    openssl(
        path,
        "x509 -req -inform DER -in request.der -days 30 -CA root.pem -CAkey root.key -sha384 \
         -copy_extensions copyall -out issuing.pem",
    );
    let (signed, root) = (der(path, "issuing.pem"), der(path, "root.pem"));
    let start = IssuingCertificate::parse(&signed).unwrap().not_before();
    let issuing = check(&signed, &root, start + Duration::HOUR).unwrap();
    assert_eq!(issuing.purpose(), IssuerPurpose::Mail);
}

#[test]
fn what_is_signed_otherwise_is_refused_in_words() {
    let folder = other_root("root");
    let path = folder.path();
    let root = der(path, "root.pem");
    let asked = request(&AuthorityPurpose::default());
    let refused = |der: &[u8], root: &[u8], now, words: &str| match check(der, root, now)
        .map_err(|error| error.to_string())
    {
        Ok(_) => panic!("{words:?} was not refused"),
        Err(error) => assert!(error.contains(words), "{words:?} is not in {error:?}"),
    };
    for (extensions, words) in [
        ("leaf", "CA:TRUE"),
        ("no_crl", "cRLSign"),
        ("code", "neither mail nor servers"),
        ("odd", "critical extension"),
        ("named", "name constraints"),
        ("unnamed", "subject key identifier"),
    ] {
        let signed = sign(path, &asked, extensions, UNTIL);
        refused(&signed, &root, NOW, words);
    }
    // It does not say what it is for, as many roots sign: it may do all.
    let free = sign(path, &asked, "usage", UNTIL);
    assert_eq!(
        check(&free, &root, NOW).unwrap().purpose(),
        IssuerPurpose::Any
    );

    let late = sign(path, &asked, "added", "20420101000000Z");
    refused(&late, &root, NOW, "longer than its root");
    let signed = sign(path, &asked, "added", UNTIL);
    refused(&signed, &root, NOW - Duration::days(100), "not valid yet");
    refused(
        &signed,
        &root,
        NOW + Duration::days(3650),
        "not valid any more",
    );
    refused(&root, &root, NOW, "root's name");
    refused(b"-----BEGIN CERTIFICATE-----", &root, NOW, "convert");
    refused(&signed, b"no", NOW, "convert");
    refused(&signed, &signed, NOW, "did not sign itself");

    let other = other_root("root");
    refused(
        &signed,
        &der(other.path(), "root.pem"),
        NOW,
        "key did not sign it",
    );
    refused(
        &signed,
        p384().root.certificate().der(),
        NOW,
        "another authority",
    );
    let mut forged = signed.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    refused(&forged, &root, NOW, "key did not sign it");

    let foreign = key(KeyAlgorithm::P384).public_key().unwrap();
    let error = pki::check_issuing_certificate(&signed, &root, &foreign, NOW).unwrap_err();
    assert!(error.to_string().contains("another key"), "{error}");
}

/// Roots are old, and what they signed themselves with does not matter; what they sign now does.
#[test]
fn old_and_large_roots_sign_with_new_hashes() {
    for (kind, parameter) in [
        ("EC", "ec_paramgen_curve:P-521"),
        ("RSA", "rsa_keygen_bits:2048"),
    ] {
        let folder = other_root_with("root", [kind, parameter], "sha1");
        let root = der(folder.path(), "root.pem");
        let asked = request(&AuthorityPurpose::default());
        let signed = sign(folder.path(), &asked, "added", UNTIL);
        check(&signed, &root, NOW).unwrap();
        let weak = sign_with(folder.path(), &asked, "added", UNTIL, "sha1");
        let error = check(&weak, &root, NOW).unwrap_err().to_string();
        assert!(error.contains("SHA-256"), "{error}");
    }
    let folder = other_root_with("root", ["RSA", "rsa_keygen_bits:1024"], "sha256");
    let root = der(folder.path(), "root.pem");
    let asked = request(&AuthorityPurpose::default());
    let signed = sign(folder.path(), &asked, "added", UNTIL);
    let error = check(&signed, &root, NOW).unwrap_err().to_string();
    assert!(error.contains("2048 to 8192"), "{error}");
}

#[test]
fn path_lengths_have_to_leave_room() {
    for (root_extensions, extensions, words) in [
        ("root_deep", "added", None),
        ("root_deep", "usage", None),
        ("root_deep", "deep", Some("pathlen:0")),
        ("root_flat", "added", Some("path length is 0")),
        ("leaf", "added", Some("does not belong to an authority")),
    ] {
        let folder = other_root(root_extensions);
        let root = der(folder.path(), "root.pem");
        let asked = request(&AuthorityPurpose::default());
        let signed = sign(folder.path(), &asked, extensions, UNTIL);
        let found = check(&signed, &root, NOW).map_err(|error| error.to_string());
        match (found, words) {
            (Ok(_), None) => {}
            (Err(error), Some(words)) => assert!(error.contains(words), "{error}"),
            (found, words) => panic!("{root_extensions} {extensions} {words:?}: {found:?}"),
        }
    }
}

#[test]
fn our_own_root_passes_and_weak_keys_ask_for_nothing() {
    let root = &p384().root;
    let issuing = below(root, "Example Own", &AuthorityPurpose::default());
    let (der, root) = (issuing.certificate().der(), root.certificate().der());
    let public_key = issuing.certificate().public_key();
    pki::check_issuing_certificate(der, root, public_key, NOW).unwrap();
    let weak = key(KeyAlgorithm::P256);
    let purpose = AuthorityPurpose::default();
    assert!(pki::create_issuing_request(&name("X"), weak, &purpose).is_err());
    assert!(pki::create_issuing_request(&name(""), own_key(), &purpose).is_err());
}
