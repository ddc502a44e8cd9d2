//! Containers that other programs made are read, and several keys go into one and come out.

use crate::common::{NOW, issue, key, mailbox, p384, rng};
use crate::tools::{Answer, run};
use domain::{KeyAlgorithm, PfxFlavour, PfxPasswordPolicy, Secret};
use pki::pfx::{self, FEW_ITERATIONS, MANY_ITERATIONS};
use pki::{
    BundleEntry, BundleManyInput, Certificate, ImportedPfx, PfxError, PfxLimits, PrivateKey,
};
use std::fs;
use std::path::Path;

const PASSWORD: &str = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ";

fn open(bytes: &[u8], password: &str) -> Result<ImportedPfx, PfxError> {
    open_within(bytes, password, &PfxLimits::default())
}

fn open_within(bytes: &[u8], password: &str, limits: &PfxLimits) -> Result<ImportedPfx, PfxError> {
    pki::read_pfx(bytes, &password.to_owned().into(), limits)
}

/// Writes key, certificate and chain as PEM into the folder.
fn write_pem(folder: &Path, algorithm: KeyAlgorithm) -> Certificate {
    let leaf = issue(&p384().issuing, key(algorithm), "alice@example.com");
    let pem = pki::pem::private_key(key(algorithm)).unwrap();
    fs::write(folder.join("key.pem"), pem.expose()).unwrap();
    let leaf_pem = pki::pem::certificates(&[leaf.der()]).unwrap();
    fs::write(folder.join("leaf.pem"), leaf_pem).unwrap();
    let chain = pki::pem::certificates(&p384().chain()).unwrap();
    fs::write(folder.join("chain.pem"), chain).unwrap();
    leaf
}

fn export(folder: &Path, password: &str, more: &[&str]) -> Answer {
    let password = format!("pass:{password}");
    let mut arguments = vec![
        "pkcs12",
        "-export",
        "-inkey",
        "key.pem",
        "-in",
        "leaf.pem",
        "-certfile",
        "chain.pem",
        "-name",
        "Alice's key",
        "-out",
        "made.p12",
        "-passout",
        &password,
    ];
    arguments.extend(more);
    run(folder, "openssl", &arguments, "")
}

#[track_caller]
fn check(folder: &Path, file: &str, password: &str, leaf: &Certificate, name: &str) {
    let bytes = fs::read(folder.join(file)).unwrap();
    let limits = if file == "nss.p12" {
        PfxLimits::with_nss()
    } else {
        PfxLimits::default()
    };
    let read = open_within(&bytes, password, &limits).unwrap();
    let [pair] = read.pairs.as_slice() else {
        panic!("{} keys", read.pairs.len());
    };
    assert_eq!(pair.certificate_der, leaf.der());
    assert_eq!(&pair.key.public_key().unwrap(), leaf.public_key());
    assert_eq!(pair.friendly_name.as_deref(), Some(name));
    let mut others = read.others;
    let mut chain = p384().chain();
    others.sort();
    chain.sort();
    assert_eq!(others, chain);
    let wrong = open_within(&bytes, "WRONG", &limits).unwrap_err();
    assert_eq!(wrong, PfxError::WrongPassword);
}

#[test]
fn containers_of_openssl_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for algorithm in [KeyAlgorithm::Rsa2048, KeyAlgorithm::P256] {
        let leaf = write_pem(folder, algorithm);
        for more in [
            &[][..],
            &["-macalg", "sha512", "-iter", "300000"],
            &[
                "-macalg",
                "sha384",
                "-keypbe",
                "AES-128-CBC",
                "-certpbe",
                "AES-192-CBC",
            ],
            &["-keypbe", "NONE"],
            &["-certpbe", "NONE"],
            // As Windows writes them.
            &[
                "-keypbe",
                "PBE-SHA1-3DES",
                "-certpbe",
                "PBE-SHA1-3DES",
                "-macalg",
                "sha1",
                "-iter",
                "2000",
                "-CSP",
                "Microsoft Software Key Storage Provider",
                "-LMK",
            ],
            &[
                "-keypbe",
                "PBE-SHA1-2DES",
                "-certpbe",
                "PBE-SHA1-3DES",
                "-macalg",
                "sha1",
            ],
        ] {
            for password in [PASSWORD, "Füße 🔑", ""] {
                export(folder, password, more).must_succeed("openssl pkcs12");
                check(folder, "made.p12", password, &leaf, "Alice's key");
            }
        }
    }
}

#[test]
fn what_openssl_writes_and_we_do_not_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_pem(folder, KeyAlgorithm::P256);
    for (more, expected) in [
        (&["-legacy"][..], PfxError::OldEncryption),
        (&["-nomac"], PfxError::NoMac),
        (&["-iter", "300001"], PfxError::TooManyIterations),
        (&["-nokeys"], PfxError::NoKey),
    ] {
        export(folder, PASSWORD, more).must_succeed("openssl pkcs12");
        let bytes = fs::read(folder.join("made.p12")).unwrap();
        assert_eq!(open(&bytes, PASSWORD).unwrap_err(), expected, "{more:?}");
    }
}

/// NSS writes BER: indefinite lengths, strings in pieces.
#[test]
fn containers_of_nss_are_read() {
    for (algorithm, forms) in [(KeyAlgorithm::Rsa2048, 1), (KeyAlgorithm::P256, 3)] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let leaf = write_pem(folder, algorithm);
        export(folder, PASSWORD, &[]).must_succeed("openssl pkcs12");
        let nss = |program: &str, arguments: &[&str]| {
            run(folder, program, arguments, "").must_succeed(program);
        };
        nss("certutil", &["-N", "-d", "sql:.", "--empty-password"]);
        nss(
            "pk12util",
            &["-i", "made.p12", "-d", "sql:.", "-W", PASSWORD, "-K", ""],
        );
        let all = [
            &[][..],
            &["-c", "AES-256-CBC", "-C", "AES-128-CBC", "-M", "SHA-512"],
            &[
                "-c",
                "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC",
                "-C",
                "none",
            ],
        ];
        for more in all.iter().take(forms) {
            let mut arguments = vec![
                "-o",
                "nss.p12",
                "-n",
                "Alice's key",
                "-d",
                "sql:.",
                "-W",
                PASSWORD,
                "-K",
                "",
            ];
            arguments.extend(*more);
            nss("pk12util", &arguments);
            let bytes = fs::read(folder.join("nss.p12")).unwrap();
            assert_eq!(bytes[1], 0x80, "this is where the indefinite length was");
            assert_eq!(
                open(&bytes, PASSWORD).unwrap_err(),
                PfxError::TooManyIterations
            );
            check(folder, "nss.p12", PASSWORD, &leaf, "Alice's key");
        }
    }
}

#[test]
fn containers_of_java_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let leaf = write_pem(folder, KeyAlgorithm::Rsa2048);
    export(folder, PASSWORD, &[]).must_succeed("openssl pkcs12");
    for more in [&[][..], &["-J-Dkeystore.pkcs12.legacy"]] {
        let _ = fs::remove_file(folder.join("java.p12"));
        let mut arguments = vec![
            "-importkeystore",
            "-srckeystore",
            "made.p12",
            "-srcstorepass",
            PASSWORD,
            "-destkeystore",
            "java.p12",
            "-deststoretype",
            "PKCS12",
            "-deststorepass",
            PASSWORD,
            "-noprompt",
        ];
        arguments.extend(more);
        run(folder, "keytool", &arguments, "").must_succeed("keytool");
        if more.is_empty() {
            check(folder, "java.p12", PASSWORD, &leaf, "alice's key");
        } else {
            let bytes = fs::read(folder.join("java.p12")).unwrap();
            assert_eq!(open(&bytes, PASSWORD).unwrap_err(), PfxError::OldEncryption);
        }
    }
}

/// Three earlier keys of one person, the oldest last.
fn earlier() -> Vec<(&'static PrivateKey, Certificate, String)> {
    [
        KeyAlgorithm::P256,
        KeyAlgorithm::Rsa2048,
        KeyAlgorithm::P384,
    ]
    .into_iter()
    .zip([10_u8, 9, 8])
    .map(|(algorithm, month)| {
        let leaf = issue(&p384().issuing, key(algorithm), "alice@example.com");
        let from = NOW.replace_month(month.try_into().unwrap()).unwrap();
        (
            key(algorithm),
            leaf,
            pfx::friendly_name(&mailbox("alice@example.com"), from),
        )
    })
    .collect()
}

fn many(flavour: PfxFlavour, iterations: u32) -> Vec<u8> {
    let earlier = earlier();
    let entries: Vec<BundleEntry<'_>> = earlier
        .iter()
        .map(|(key, leaf, name)| BundleEntry {
            key,
            leaf_der: leaf.der(),
            friendly_name: name,
        })
        .collect();
    let password = Secret::new(PASSWORD.to_owned());
    let input = BundleManyInput {
        entries: &entries,
        chain: &p384().chain(),
        password: &password,
        flavour,
        iterations,
    };
    let made = pki::bundle_many(&input, &mut rng()).unwrap();
    let read = open(made.expose(), PASSWORD).unwrap();
    assert_eq!(read.others, p384().chain());
    for (pair, entry) in read.pairs.iter().zip(&entries) {
        assert_eq!(pair.certificate_der, entry.leaf_der);
        assert_eq!(
            pair.key.public_key().unwrap(),
            entry.key.public_key().unwrap()
        );
        assert_eq!(pair.friendly_name.as_deref(), Some(entry.friendly_name));
    }
    assert_eq!(read.pairs.len(), entries.len());
    made.expose().clone()
}

#[test]
fn openssl_nss_and_java_read_several_keys_from_one_container() {
    for (flavour, iterations) in [
        (PfxFlavour::Modern, FEW_ITERATIONS),
        (PfxFlavour::Modern, MANY_ITERATIONS),
        (PfxFlavour::Compatible, FEW_ITERATIONS),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("many.p12"), many(flavour, iterations)).unwrap();
        let password = format!("pass:{PASSWORD}");
        let arguments = ["pkcs12", "-in", "many.p12", "-passin", &password, "-nodes"];
        let text = run(folder, "openssl", &arguments, "")
            .must_succeed("openssl pkcs12")
            .text;
        assert_eq!(text.matches("BEGIN PRIVATE KEY").count(), 3);
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 5);
        assert_eq!(text.matches("localKeyID").count(), 6);
        for (_, leaf, name) in earlier() {
            assert_eq!(text.matches(&format!("friendlyName: {name}")).count(), 2);
            drop(leaf);
        }

        let nss = |program: &str, arguments: &[&str]| {
            run(folder, program, arguments, "")
                .must_succeed(program)
                .text
        };
        nss("certutil", &["-N", "-d", "sql:.", "--empty-password"]);
        nss(
            "pk12util",
            &["-i", "many.p12", "-d", "sql:.", "-W", PASSWORD, "-K", ""],
        );
        let keys = nss("certutil", &["-K", "-d", "sql:."]);
        assert_eq!(keys.matches("alice@example.com").count(), 3, "{keys}");
        let all = nss("certutil", &["-L", "-d", "sql:."]);
        assert_eq!(all.matches("u,u,u").count(), 3, "{all}");

        let arguments = ["-list", "-keystore", "many.p12", "-storepass", PASSWORD];
        let entries = run(folder, "keytool", &arguments, "")
            .must_succeed("keytool")
            .text;
        assert_eq!(entries.matches("PrivateKeyEntry").count(), 3, "{entries}");
    }
}

#[test]
fn a_container_of_several_keys_is_refused_where_readers_would() {
    let earlier = earlier();
    let entry = |index: usize, name| BundleEntry {
        key: earlier[index].0,
        leaf_der: earlier[index].1.der(),
        friendly_name: name,
    };
    let password = Secret::new(PASSWORD.to_owned());
    let make = |entries: &[BundleEntry<'_>], flavour, iterations| {
        let input = BundleManyInput {
            entries,
            chain: &[],
            password: &password,
            flavour,
            iterations,
        };
        pki::bundle_many(&input, &mut rng())
    };
    let modern = PfxFlavour::Modern;
    let swapped = BundleEntry {
        key: earlier[1].0,
        ..entry(0, "a")
    };
    assert!(make(&[entry(0, "a"), entry(1, "b")], modern, 2048).is_ok());
    assert!(make(&[], modern, 2048).is_err());
    assert!(make(&[entry(0, "a"), entry(1, "A")], modern, 2048).is_err());
    assert!(make(&[entry(0, "a"), entry(0, "b")], modern, 2048).is_err());
    assert!(make(&[swapped], modern, 2048).is_err());
    assert!(make(&[entry(0, "")], modern, 2048).is_err());
    assert!(make(&[entry(0, "a"), entry(1, "b")], modern, 300_000).is_err());
    assert!(make(&[entry(0, "a")], PfxFlavour::Compatible, 100_000).is_err());

    assert_eq!(pfx::iterations_for(PfxPasswordPolicy::Fours, 50), 2048);
    assert_eq!(pfx::iterations_for(PfxPasswordPolicy::Sixteen, 1), 100_000);
    assert_eq!(pfx::iterations_for(PfxPasswordPolicy::Sixteen, 48), 20_000);
}
