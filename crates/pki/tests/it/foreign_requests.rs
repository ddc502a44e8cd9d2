//! Signing requests that other programs made, good and bad, and damaged ones.

use crate::common::{issue, key, mailbox, p384};
use crate::tools::run;
use domain::KeyAlgorithm;
use pki::{KeyBlocklist, PfxLimits, RequestError, check_csr};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

fn check(bytes: &[u8]) -> Result<pki::CertificationRequest, RequestError> {
    check_csr(bytes, &KeyBlocklist::default())
}

/// Has OpenSSL make a request, in PEM.
fn request(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let all = [
        &["req", "-new", "-nodes", "-keyout", "k.pem", "-out", "r.pem"],
        arguments,
    ]
    .concat();
    run(folder, "openssl", &all, "").must_succeed("openssl req");
    fs::read(folder.join("r.pem")).unwrap()
}

const SUBJECT: [&str; 4] = [
    "-subj",
    "/C=DE/O=Example/CN=Alice Example",
    "-addext",
    "subjectAltName=email:Alice@Example.com,DNS:WWW.Example.com,IP:192.0.2.7,IP:2001:db8::1,URI:x:y",
];

#[test]
fn requests_of_openssl_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for arguments in [
        &["-newkey", "rsa:2048"][..],
        &["-newkey", "rsa:4096", "-sha512"],
        &[
            "-newkey",
            "rsa:3072",
            "-sha384",
            "-pkeyopt",
            "rsa_keygen_pubexp:65539",
        ],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &[
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-sha384",
        ],
    ] {
        let pem = request(folder, &[arguments, &SUBJECT].concat());
        let read = check(&pem).unwrap();
        assert_eq!(read.common_name.as_deref(), Some("Alice Example"));
        assert_eq!(read.mailboxes, [mailbox("alice@example.com")]);
        assert_eq!(read.dns_names, ["www.example.com"]);
        let addresses: Vec<String> = read.ip_addresses.iter().map(ToString::to_string).collect();
        assert_eq!(addresses, ["192.0.2.7", "2001:db8::1"]);
        let made = pki::pem::read_private_key(&fs::read(folder.join("k.pem")).unwrap()).unwrap();
        assert_eq!(read.public_key, made.public_key().unwrap());
        assert_eq!(read.key_id(), read.public_key.spki_sha256());

        // With the text before it, with the label of old Windows, and in DER.
        run(
            folder,
            "openssl",
            &["req", "-in", "r.pem", "-text", "-out", "t.pem"],
            "",
        )
        .must_succeed("openssl req");
        assert_eq!(
            check(&fs::read(folder.join("t.pem")).unwrap()).unwrap(),
            read
        );
        let renamed = String::from_utf8(pem).unwrap();
        let renamed = renamed.replace("CERTIFICATE REQ", "NEW CERTIFICATE REQ");
        assert_eq!(
            check(renamed.replace('\n', "\r\n").as_bytes()).unwrap(),
            read
        );
        run(
            folder,
            "openssl",
            &["req", "-in", "r.pem", "-outform", "DER", "-out", "r.der"],
            "",
        )
        .must_succeed("openssl req");
        assert_eq!(
            check(&fs::read(folder.join("r.der")).unwrap()).unwrap(),
            read
        );
    }
}

#[test]
fn bad_requests_of_openssl_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (arguments, expected, words) in [
        (
            &["-newkey", "rsa:1024"][..],
            RequestError::KeyKind,
            "2048, 3072 or 4096",
        ),
        (
            &["-newkey", "rsa:2056"],
            RequestError::KeyKind,
            "make a key",
        ),
        (
            &["-newkey", "rsa:2048", "-pkeyopt", "rsa_keygen_pubexp:3"],
            RequestError::WeakKey("its public exponent is even or below 65537"),
            "make a new key",
        ),
        (&["-newkey", "ed25519"], RequestError::KeyKind, "P-256"),
        (
            &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
            RequestError::KeyKind,
            "P-384",
        ),
        (
            &[
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-pkeyopt",
                "ec_param_enc:explicit",
            ],
            RequestError::KeyKind,
            "P-256",
        ),
        (
            &["-newkey", "rsa:2048", "-sha1"],
            RequestError::WeakHash,
            "SHA-256",
        ),
        (
            &["-newkey", "rsa:2048", "-md5"],
            RequestError::WeakHash,
            "make a new one",
        ),
        (
            &["-newkey", "rsa:2048", "-sigopt", "rsa_padding_mode:pss"],
            RequestError::SignatureAlgorithm,
            "PKCS#1 v1.5",
        ),
    ] {
        let pem = request(folder, &[arguments, &SUBJECT].concat());
        let error = check(&pem).unwrap_err();
        assert_eq!(error, expected, "{arguments:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let wrong_name = [
        "-newkey",
        "rsa:2048",
        "-subj",
        "/CN=a",
        "-addext",
        "subjectAltName=email:nobody",
    ];
    assert_eq!(
        check(&request(folder, &wrong_name)),
        Err(RequestError::Name)
    );
}

#[test]
fn other_files_are_told_from_requests() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let pem = request(folder, &[&["-newkey", "rsa:2048"][..], &SUBJECT].concat());
    let private = fs::read(folder.join("k.pem")).unwrap();
    assert_eq!(check(&private), Err(RequestError::HoldsPrivateKey));
    let both = [pem.as_slice(), &private].concat();
    assert_eq!(check(&both), Err(RequestError::HoldsPrivateKey));
    assert_eq!(check(&pem.repeat(2)), Err(RequestError::Several));
    let certificate = pki::pem::certificates(&p384().chain()).unwrap();
    assert_eq!(
        check(certificate.as_bytes()),
        Err(RequestError::IsCertificate)
    );
    assert_eq!(check(&p384().chain()[0]), Err(RequestError::NotARequest));
    assert_eq!(check(&pem[..pem.len() / 2]), Err(RequestError::NotARequest));
    assert_eq!(check(b""), Err(RequestError::NotARequest));

    // Its own key is what an authority is recognised by.
    let authority = p384().issuing.certificate().public_key().clone();
    assert_ne!(check(&pem).unwrap().key_id(), authority.spki_sha256());
}

/// One to three bytes changed, cut out, doubled or cut off.
fn damage(bytes: &[u8], rng: &mut StdRng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.random_range(1..4) {
        let place = rng.random_range(0..bytes.len().max(1));
        let end = (place + rng.random_range(0..8)).min(bytes.len());
        match rng.random_range(0..8) {
            0 => bytes.truncate(place),
            1 => {
                bytes.drain(place.min(end)..end);
            }
            2 => {
                let part = bytes[place.min(end)..end].to_vec();
                bytes.splice(end..end, part);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte = rng.random();
                }
            }
        }
    }
    bytes
}

#[test]
fn no_damage_makes_the_readers_panic_or_slow() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut rng = StdRng::seed_from_u64(4711);
    let pem = request(folder, &[&["-newkey", "rsa:2048"][..], &SUBJECT].concat());
    let own = pki::create_csr(key(KeyAlgorithm::P384), &mailbox("alice@example.com")).unwrap();
    run(
        folder,
        "openssl",
        &["req", "-in", "r.pem", "-outform", "DER", "-out", "r.der"],
        "",
    )
    .must_succeed("openssl req");
    let foreign = fs::read(folder.join("r.der")).unwrap();
    let mut slowest = Duration::ZERO;
    let mut time = |read: &dyn Fn()| {
        let start = Instant::now();
        read();
        slowest = slowest.max(start.elapsed());
    };
    for sample in [&pem, &own, &foreign] {
        for _ in 0..3000 {
            let damaged = damage(sample, &mut rng);
            time(&|| {
                if let Ok(read) = check(&damaged) {
                    // Between the lines of PEM anything may stand.
                    let _ = read.key_id();
                }
            });
        }
    }

    let leaf = issue(
        &p384().issuing,
        key(KeyAlgorithm::P256),
        "alice@example.com",
    );
    let private = pki::pem::private_key(key(KeyAlgorithm::P256)).unwrap();
    fs::write(folder.join("key.pem"), private.expose()).unwrap();
    let text = pki::pem::certificates(&[leaf.der()]).unwrap();
    fs::write(folder.join("leaf.pem"), text).unwrap();
    let password = "secret".to_owned().into();
    for more in [
        &["-macalg", "sha256"][..],
        &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"],
        &["-keypbe", "NONE", "-certpbe", "NONE"],
    ] {
        let arguments = [
            "pkcs12",
            "-export",
            "-inkey",
            "key.pem",
            "-in",
            "leaf.pem",
            "-out",
            "a.p12",
            "-iter",
            "1",
            "-passout",
            "pass:secret",
        ];
        run(folder, "openssl", &[&arguments, more].concat(), "").must_succeed("openssl");
        let sample = fs::read(folder.join("a.p12")).unwrap();
        assert!(pki::read_pfx(&sample, &password, &PfxLimits::default()).is_ok());
        for _ in 0..3000 {
            let damaged = damage(&sample, &mut rng);
            time(&|| {
                let _ = pki::read_pfx(&damaged, &password, &PfxLimits::default());
            });
        }
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
}
