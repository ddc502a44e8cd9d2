//! Containers are opened by the programs that import them.

use crate::common::{issue, key, p384, rng, rsa};
use crate::tools::{python, run};
use domain::{KeyAlgorithm, PfxFlavour, Secret};
use pki::pfx::{self, FEW_ITERATIONS, MANY_ITERATIONS};
use pki::{BundleInput, Certificate};
use std::fs;
use std::path::Path;

const PASSWORD: &str = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ";
const KINDS: [KeyAlgorithm; 2] = [KeyAlgorithm::Rsa3072, KeyAlgorithm::P256];

fn make(algorithm: KeyAlgorithm, flavour: PfxFlavour, iterations: u32) -> (Vec<u8>, Certificate) {
    let hierarchy = if algorithm.is_rsa() { rsa() } else { p384() };
    let leaf = issue(&hierarchy.issuing, key(algorithm), "alice@example.com");
    let password = Secret::new(PASSWORD.to_owned());
    let input = BundleInput {
        key: key(algorithm),
        leaf_der: leaf.der(),
        chain: &hierarchy.chain(),
        friendly_name: &pfx::friendly_name(leaf.mailbox().unwrap(), leaf.not_before()),
        password: &password,
        flavour,
        iterations,
    };
    let made = pki::bundle(&input, &mut rng()).unwrap();
    pki::verify_opens(made.expose(), &password).unwrap();
    let wrong = pki::verify_opens(made.expose(), &"WRONG".to_owned().into());
    assert!(matches!(wrong, Err(pki::Error::WrongPassword)));
    (made.expose().clone(), leaf)
}

/// Calls a check with each container as `file.p12` in an empty folder.
fn each(check: impl Fn(&Path, KeyAlgorithm, PfxFlavour, &Certificate)) {
    for algorithm in KINDS {
        for (flavour, iterations) in [
            (PfxFlavour::Modern, FEW_ITERATIONS),
            (PfxFlavour::Modern, MANY_ITERATIONS),
            (PfxFlavour::Compatible, FEW_ITERATIONS),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (pfx, leaf) = make(algorithm, flavour, iterations);
            fs::write(folder.path().join("file.p12"), pfx).unwrap();
            check(folder.path(), algorithm, flavour, &leaf);
        }
    }
}

#[test]
fn openssl_reads_them() {
    each(|folder, algorithm, flavour, leaf| {
        let open = |password: &str| {
            let password = format!("pass:{password}");
            let arguments = [
                "pkcs12", "-in", "file.p12", "-passin", &password, "-nodes", "-info",
            ];
            run(folder, "openssl", &arguments, "")
        };
        let text = open(PASSWORD).must_succeed("openssl pkcs12").text;
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 3);
        assert_eq!(text.matches("BEGIN PRIVATE KEY").count(), 1);
        assert_eq!(
            text.matches("friendlyName: alice@example.com (2026-10)")
                .count(),
            2
        );
        let id = leaf.sha1_thumbprint().to_uppercase();
        let id: Vec<&str> = (0..20).map(|i| &id[2 * i..2 * i + 2]).collect();
        assert_eq!(
            text.matches(&format!("localKeyID: {}", id.join(" ")))
                .count(),
            2
        );
        let protection = match flavour {
            PfxFlavour::Modern => "PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256",
            PfxFlavour::Compatible => "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048",
        };
        let protection = if text.contains("Iteration 100000") {
            protection.replace("2048", "100000")
        } else {
            protection.to_owned()
        };
        assert_eq!(text.matches(&protection).count(), 2, "{algorithm} {text}");
        assert!(!open("WRONG").is_success);
    });
}

#[test]
fn nss_reads_them() {
    each(|folder, algorithm, _, _| {
        run(
            folder,
            "certutil",
            &["-N", "-d", "sql:.", "--empty-password"],
            "",
        )
        .must_succeed("certutil");
        let import = |password: &str| {
            let arguments = ["-i", "file.p12", "-d", "sql:.", "-W", password, "-K", ""];
            run(folder, "pk12util", &arguments, "")
        };
        assert!(!import("WRONG").is_success);
        import(PASSWORD).must_succeed("pk12util");
        let keys = run(folder, "certutil", &["-K", "-d", "sql:."], "")
            .must_succeed("certutil")
            .text;
        assert!(
            keys.contains("alice@example.com (2026-10)"),
            "{algorithm}: {keys}"
        );
        let all = run(folder, "certutil", &["-L", "-d", "sql:."], "")
            .must_succeed("certutil")
            .text;
        assert!(
            all.contains("u,u,u") && all.contains("Example Root"),
            "{algorithm}: {all}"
        );
    });
}

#[test]
fn java_reads_them() {
    each(|folder, algorithm, _, _| {
        let list = |password: &str| {
            let arguments = [
                "-J-XX:TieredStopAtLevel=1",
                "-list",
                "-v",
                "-keystore",
                "file.p12",
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
            ];
            run(folder, "keytool", &arguments, "")
        };
        let text = list(PASSWORD).must_succeed("keytool").text;
        for line in [
            "PrivateKeyEntry",
            "chain length: 3",
            "alice@example.com (2026-10)",
        ] {
            assert!(
                text.contains(line),
                "{algorithm}: {line:?} is not in\n{text}"
            );
        }
        if algorithm == KeyAlgorithm::P256 {
            assert!(!list("WRONG").is_success);
        }
    });
}

#[test]
fn gnutls_reads_them() {
    each(|folder, algorithm, flavour, _| {
        let open = |password: &str| {
            let arguments = [
                "--inder",
                "--p12-info",
                "--password",
                password,
                "--infile",
                "file.p12",
            ];
            run(folder, "certtool", &arguments, "")
        };
        let text = open(PASSWORD).must_succeed("certtool").text;
        let mac = match flavour {
            PfxFlavour::Modern => "SHA256",
            PfxFlavour::Compatible => "SHA1",
        };
        assert!(text.contains(&format!("MAC: {mac}")), "{algorithm}: {text}");
        assert!(text.contains("Salt size: 8"), "{algorithm}: {text}");
        assert_eq!(
            text.matches("BEGIN CERTIFICATE").count(),
            3,
            "{algorithm}: {text}"
        );
        assert!(!open("WRONG").is_success);
    });
}

const PYTHON: &str = r#"
import sys
from cryptography.hazmat.primitives.serialization import pkcs12
data, password = open("file.p12", "rb").read(), sys.stdin.read().encode()
opened = pkcs12.load_pkcs12(data, password)
assert opened.cert.friendly_name == b"alice@example.com (2026-10)", opened.cert.friendly_name
assert opened.key.public_key() == opened.cert.certificate.public_key()
assert [c.friendly_name for c in opened.additional_certs] == [None, None]
try:
    pkcs12.load_pkcs12(data, b"WRONG")
    raise SystemExit("the wrong password was accepted")
except ValueError:
    pass
print("ok")
"#;

#[test]
fn pyca_reads_them() {
    each(|folder, _, _, _| assert_eq!(python(folder, PYTHON, PASSWORD), "ok\n"));
}

#[test]
fn gnupg_reads_the_compatible_ones() {
    each(|folder, algorithm, flavour, _| {
        // GnuPG 2.2 reads neither PBES2 nor keys on elliptic curves from a container.
        if flavour == PfxFlavour::Modern || !algorithm.is_rsa() {
            return;
        }
        let home = folder.join("home");
        fs::create_dir(&home).unwrap();
        let arguments = [
            "--homedir",
            "home",
            "--batch",
            "--pinentry-mode",
            "loopback",
            "--passphrase-fd",
            "0",
            "--disable-dirmngr",
            "--import",
            "file.p12",
        ];
        // It ends with 2 in a fresh home even if the key was imported.
        let answer = run(folder, "gpgsm", &arguments, &format!("{PASSWORD}\n"));
        let _ = run(
            folder,
            "gpgconf",
            &["--homedir", "home", "--kill", "all"],
            "",
        );
        assert!(
            answer.text.contains("secret keys imported: 1"),
            "{algorithm}: {}",
            answer.text
        );
    });
}

#[test]
fn what_a_reader_could_not_take_is_not_made() {
    let leaf = issue(
        &p384().issuing,
        key(KeyAlgorithm::P256),
        "alice@example.com",
    );
    let check = |key, password: &str, friendly_name: &str, flavour, iterations| {
        let password = Secret::new(password.to_owned());
        let input = BundleInput {
            key,
            leaf_der: leaf.der(),
            chain: &[],
            friendly_name,
            password: &password,
            flavour,
            iterations,
        };
        pki::bundle(&input, &mut rng()).map(|_| ())
    };
    let own = key(KeyAlgorithm::P256);
    let modern = PfxFlavour::Modern;
    check(own, PASSWORD, "x", modern, 2048).unwrap();
    for password in ["", "grün", "a\0b", "tab\t", &"x".repeat(201)] {
        assert!(
            check(own, password, "x", modern, 2048).is_err(),
            "{password:?}"
        );
    }
    assert!(check(own, PASSWORD, "", modern, 2048).is_err());
    assert!(check(own, PASSWORD, &"x".repeat(65), modern, 2048).is_err());
    assert!(check(own, PASSWORD, "x", modern, 1).is_err());
    assert!(check(own, PASSWORD, "x", PfxFlavour::Compatible, 100_000).is_err());
    assert!(check(key(KeyAlgorithm::P384), PASSWORD, "x", modern, 2048).is_err());
}
