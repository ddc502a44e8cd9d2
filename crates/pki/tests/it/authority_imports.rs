//! Authorities that OpenSSL made are taken over, and wrong ones are refused in words.

use crate::common::{NOW, key, p384, rng};
use crate::made_authorities::{make, make_with};
use crate::tools::run;
use domain::{KeyAlgorithm, PfxFlavour, Secret};
use pki::{
    AuthorityFile, AuthorityNotice, BundleInput, ImportError, ImportedAuthority, IssuerPurpose,
    PfxError, SigningAuthority,
};
use std::fs;
use std::path::Path;
use time::{Duration, OffsetDateTime};

fn read(
    folder: &Path,
    files: &[&str],
    passphrase: Option<&str>,
) -> Result<ImportedAuthority, ImportError> {
    read_at(folder, files, passphrase, now())
}

fn read_at(
    folder: &Path,
    files: &[&str],
    passphrase: Option<&str>,
    at: OffsetDateTime,
) -> Result<ImportedAuthority, ImportError> {
    let mut text = Vec::new();
    for file in files {
        text.extend(fs::read(folder.join(file)).unwrap());
    }
    let passphrase = passphrase.map(|text| Secret::new(text.to_owned()));
    let file = AuthorityFile::Pem {
        text: &text,
        passphrase: passphrase.as_ref(),
    };
    pki::read_authority(&file, at)
}

/// OpenSSL takes the machine's time.
#[expect(clippy::disallowed_methods, reason = "the tool knows no other time")]
fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc() + Duration::minutes(1)
}

fn der(folder: &Path, file: &str) -> Vec<u8> {
    let pem = fs::read(folder.join(file)).unwrap();
    pki::pem::read_certificates(&pem).unwrap().remove(0)
}

#[test]
fn authorities_in_pem_are_read_with_their_chain() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make(folder, "root", "rsa:4096", "root", None);
    make(folder, "middle", "rsa:2048", "root", Some("root"));
    make(folder, "other", "ec:P-256", "root", None);
    for kind in ["rsa:3072", "ec:P-256", "ec:P-384"] {
        make(folder, "ca", kind, "ca", Some("middle"));
        let files = [
            "other.pem",
            "root.pem",
            "ca.key",
            "middle.pem",
            "ca.pem",
            "root.pem",
        ];
        let read = read(folder, &files, None).unwrap();
        assert_eq!(read.certificate_der, der(folder, "ca.pem"));
        assert_eq!(
            read.chain,
            [der(folder, "middle.pem"), der(folder, "root.pem")]
        );
        let smaller = matches!(read.notices.as_slice(), [AuthorityNotice::SmallerKey(_)]);
        assert_eq!(smaller, kind != "ec:P-384", "{:?}", read.notices);
        SigningAuthority::new(&read.certificate_der, read.key).unwrap();
    }
    let read = read(folder, &["root.key", "root.pem"], None).unwrap();
    assert_eq!(read.notices, [AuthorityNotice::Root]);
    assert!(read.chain.is_empty());
}

#[test]
fn encrypted_keys_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make(folder, "root", "ec:P-384", "root", None);
    make(folder, "rsa", "rsa:3072", "root", None);
    let pass = "pass:Füße";
    for (name, arguments) in [
        ("root", &["pkcs8", "-topk8", "-v2", "aes-256-cbc"][..]),
        (
            "root",
            &[
                "pkcs8",
                "-topk8",
                "-v2",
                "aes-128-cbc",
                "-v2prf",
                "hmacWithSHA1",
            ],
        ),
        ("root", &["pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES"]),
        ("root", &["ec", "-aes256"]),
        ("rsa", &["rsa", "-aes128", "-traditional"]),
    ] {
        let key = format!("{name}.key");
        let more = ["-in", &key, "-out", "encrypted.key", "-passout", pass];
        run(folder, "openssl", &[arguments, &more].concat(), "").must_succeed("openssl");
        let pem = format!("{name}.pem");
        let files = ["encrypted.key", pem.as_str()];
        let opened = read(folder, &files, Some("Füße")).unwrap();
        assert_eq!(opened.certificate_der, der(folder, &pem));
        for (passphrase, expected) in [
            (Some("WRONG"), ImportError::WrongPassphrase),
            (None, ImportError::NeedsPassphrase),
        ] {
            let error = read(folder, &files, passphrase).unwrap_err();
            assert_eq!(error, expected, "{arguments:?}");
        }
        // The reader of our own keys says no instead of asking at the terminal.
        let encrypted = fs::read(folder.join("encrypted.key")).unwrap();
        assert!(pki::pem::read_private_key(&encrypted).is_err());
    }
    for arguments in [
        &["pkcs8", "-topk8", "-scrypt"][..],
        &["pkcs8", "-topk8", "-iter", "3000000"],
    ] {
        let more = ["-in", "root.key", "-out", "encrypted.key", "-passout", pass];
        run(folder, "openssl", &[arguments, &more].concat(), "").must_succeed("openssl");
        let error = read(folder, &["encrypted.key", "root.pem"], Some("Füße")).unwrap_err();
        assert!(matches!(error, ImportError::Key(_)), "{error}");
    }
    for arguments in [
        &["rsa", "-traditional"][..],
        &["pkcs8", "-topk8", "-nocrypt"],
    ] {
        let more = ["-in", "rsa.key", "-out", "clear.key"];
        run(folder, "openssl", &[arguments, &more].concat(), "").must_succeed("openssl");
        read(folder, &["clear.key", "rsa.pem"], None).unwrap();
    }
}

#[test]
fn authorities_in_containers_are_read() {
    let password = Secret::new("ABCD-EFGH-JKLM-NPQR-STUV-WXYZ".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make(folder, "root", "ec:P-384", "root", None);
    make(folder, "ca", "ec:P-384", "ca", Some("root"));
    let passout = format!("pass:{}", password.expose());
    let arguments = [
        "pkcs12",
        "-export",
        "-inkey",
        "ca.key",
        "-in",
        "ca.pem",
        "-certfile",
        "root.pem",
        "-out",
        "ca.p12",
        "-passout",
        &passout,
    ];
    run(folder, "openssl", &arguments, "").must_succeed("openssl");
    let bytes = fs::read(folder.join("ca.p12")).unwrap();
    let read = |password: &Secret<String>| {
        let file = AuthorityFile::Pfx {
            bytes: &bytes,
            password,
        };
        pki::read_authority(&file, now())
    };
    let opened = read(&password).unwrap();
    assert_eq!(opened.certificate_der, der(folder, "ca.pem"));
    assert_eq!(opened.chain, [der(folder, "root.pem")]);
    assert!(opened.notices.is_empty(), "{:?}", opened.notices);
    let wrong = read(&"WRONG".to_owned().into()).unwrap_err();
    assert_eq!(wrong, ImportError::Pfx(PfxError::WrongPassword));

    // A person's own container is none of an authority.
    let leaf = crate::common::issue(&p384().issuing, key(KeyAlgorithm::P256), "a@example.com");
    let input = BundleInput {
        key: key(KeyAlgorithm::P256),
        leaf_der: leaf.der(),
        chain: &p384().chain(),
        friendly_name: "a",
        password: &password,
        flavour: PfxFlavour::Modern,
        iterations: 2048,
    };
    let made = pki::bundle(&input, &mut rng()).unwrap();
    let file = AuthorityFile::Pfx {
        bytes: made.expose(),
        password: &password,
    };
    let error = pki::read_authority(&file, NOW).unwrap_err();
    assert!(matches!(error, ImportError::NotAuthority(_)), "{error}");
}

#[test]
fn what_an_authority_is_for_is_read_from_it_and_those_above_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make(folder, "root", "ec:P-384", "root", None);
    for (section, expected) in [
        ("ca", IssuerPurpose::Any),
        ("both", IssuerPurpose::Any),
        ("mail", IssuerPurpose::Mail),
        ("tls", IssuerPurpose::Tls),
        ("mailboxes", IssuerPurpose::Mail),
        ("hosts", IssuerPurpose::Tls),
    ] {
        make(folder, "ca", "ec:P-384", section, Some("root"));
        let opened = read(folder, &["ca.key", "ca.pem", "root.pem"], None).unwrap();
        assert_eq!(opened.purpose, expected, "{section}");
    }
    for (section, expected) in [
        ("ca", Some(IssuerPurpose::Tls)),
        ("tls", Some(IssuerPurpose::Tls)),
        ("mail", None),
    ] {
        make(folder, "middle", "ec:P-384", "tls", Some("root"));
        make(folder, "ca", "ec:P-384", section, Some("middle"));
        let files = ["ca.key", "ca.pem", "middle.pem", "root.pem"];
        match (read(folder, &files, None), expected) {
            (Ok(opened), Some(expected)) => assert_eq!(opened.purpose, expected),
            (Err(ImportError::NotForUs(name)), None) => assert!(name.contains("CN=middle")),
            (other, _) => panic!("{section}: {other:?}"),
        }
    }
    make(folder, "ca", "ec:P-384", "uris", Some("root"));
    let error = read(folder, &["ca.key", "ca.pem", "root.pem"], None).unwrap_err();
    assert!(error.to_string().contains("name constraints"), "{error}");
}

#[test]
fn authorities_that_cannot_issue_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make(folder, "root", "ec:P-384", "root", None);
    make(folder, "root0", "ec:P-384", "root0", None);
    let name = |text: &str| text.to_owned();
    for (section, expected) in [
        (
            "leaf",
            ImportError::NotAuthority(name("CN=ca,O=Example,C=DE")),
        ),
        (
            "nosign",
            ImportError::MayNotSign(name("CN=ca,O=Example,C=DE")),
        ),
        (
            "nolists",
            ImportError::MayNotSignLists(name("CN=ca,O=Example,C=DE")),
        ),
        (
            "server",
            ImportError::NotForUs(name("CN=ca,O=Example,C=DE")),
        ),
        (
            "noid",
            ImportError::Unusable(
                name("CN=ca,O=Example,C=DE"),
                "an authority needs a subject key identifier",
            ),
        ),
    ] {
        make(folder, "ca", "ec:P-384", section, Some("root"));
        let error = read(folder, &["ca.key", "ca.pem", "root.pem"], None).unwrap_err();
        assert_eq!(error, expected);
    }
    make(folder, "ca", "rsa:2048", "ca", Some("root"));
    let error = read(folder, &["ca.key", "ca.pem", "root.pem"], None).unwrap_err();
    assert_eq!(error, ImportError::SmallKey);
    make(folder, "ca", "ec:P-521", "ca", Some("root"));
    let error = read(folder, &["ca.key", "ca.pem", "root.pem"], None).unwrap_err();
    assert!(matches!(error, ImportError::Key(_)), "{error}");

    make(folder, "ca", "ec:P-384", "ca", Some("root0"));
    let error = read(folder, &["ca.key", "ca.pem", "root0.pem"], None).unwrap_err();
    assert!(matches!(error, ImportError::PathTooLong(_)), "{error}");

    make_with(folder, "ca", "ec:P-384", "ca", Some("root"), &["-sha1"]);
    let error = read(folder, &["ca.key", "ca.pem", "root.pem"], None).unwrap_err();
    assert!(matches!(error, ImportError::WeakSignature(_)), "{error}");
}

#[test]
fn chains_with_gaps_say_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    make(folder, "root", "ec:P-384", "root", None);
    make(folder, "middle", "ec:P-384", "root", Some("root"));
    make(folder, "ca", "ec:P-384", "ca", Some("middle"));
    let all = ["ca.key", "ca.pem", "middle.pem", "root.pem"];
    assert!(read(folder, &all, None).is_ok());
    let missing = |files: &[&str]| read(folder, files, None).unwrap_err().to_string();
    let text = missing(&["ca.key", "ca.pem", "root.pem"]);
    assert!(text.contains("CN=middle,O=Example,C=DE"), "{text}");
    let text = missing(&["ca.key", "ca.pem", "middle.pem"]);
    assert!(text.contains("CN=root,O=Example,C=DE"), "{text}");

    let error = |files: &[&str]| read(folder, files, None).unwrap_err();
    assert_eq!(error(&["ca.pem", "root.pem"]), ImportError::NoKey);
    assert_eq!(
        error(&["ca.key", "root.key", "ca.pem"]),
        ImportError::SeveralKeys
    );
    assert_eq!(
        error(&["ca.key", "middle.pem", "root.pem"]),
        ImportError::KeyWithoutCertificate
    );
    assert_eq!(error(&["x.cnf"]), ImportError::NotPem);

    let later = now() + Duration::days(3001);
    let expired = read_at(folder, &all, None, later).unwrap_err();
    assert!(matches!(expired, ImportError::Expired(_)), "{expired}");
    let early = read_at(folder, &all, None, now() - Duration::days(1)).unwrap_err();
    assert!(matches!(early, ImportError::NotYetValid(_)), "{early}");
    let late = read_at(folder, &all, None, now() + Duration::days(2900)).unwrap();
    assert!(matches!(late.notices[..], [AuthorityNotice::EndsSoon(_)]));

    // The root is made anew under its old name.
    make(folder, "root", "ec:P-384", "root", None);
    let other = error(&all);
    assert!(matches!(other, ImportError::OtherIssuer { .. }), "{other}");
}
