//! No secret in clear: not in the database files, not in the log at its loudest, not in mails, not
//! on other people's pages.

use crate::demo::Demo;
use crate::node::{Node, Setting, eventually};
use base64::Engine as _;
use std::path::Path;

/// A way in which a secret could be written, and the bytes to look for.
struct Form {
    name: String,
    bytes: Vec<u8>,
}

#[test]
fn no_secret_is_written_in_clear() {
    let demo = Demo::new(None);
    let node = Node::start(&Setting {
        environment: vec![("CERTPORTAL_LOG__LEVEL", "trace".to_owned())],
        ..demo.setting()
    });
    let alice = demo.sign_in(&node, "alice");
    let request = alice.request(&node.url, false);
    eventually("the certificate is ready", || {
        alice.certificate(&node.url, &request).is_some()
    });
    let certificate = alice.certificate(&node.url, &request).unwrap();
    let (password, pfx) = alice.fetch(&node.url, &certificate);

    // A program does the same.
    let token = alice.token(&node.url);
    let api = format!("{}/api/v1{certificate}", node.url);
    let fetched = program(&token, &format!("{api}/pfx"));
    assert_eq!(
        private_key(&fetched, &password),
        private_key(&pfx, &password)
    );
    let shown: serde_json::Value =
        serde_json::from_slice(&program(&token, &format!("{api}/password"))).unwrap();
    assert_eq!(shown["password"], password.as_str());

    let mut secrets = secrets(&demo.people, &password, &pfx);
    secrets.extend(forms("API token", token.as_bytes()));
    secrets.extend(forms(
        "API token without its beginning",
        &token.as_bytes()[4..],
    ));
    let carol = demo.sign_in(&node, "carol");
    let mut pages = Vec::new();
    for path in [
        "/",
        "/overview",
        "/people",
        "/audit",
        &request,
        &certificate,
    ] {
        pages.extend(carol.get(&node.url, path).body);
    }
    for path in [&certificate, "/account", "/account/tokens"] {
        pages.extend(alice.get(&node.url, path).body);
    }
    assert_absent("pages", &pages, &secrets);

    let log = std::fs::read(&node.log).unwrap();
    assert!(
        log.len() > 10_000,
        "the log is at its loudest: {} bytes",
        log.len()
    );
    assert_absent("the log", &log, &secrets);
    drop(node);
    let mut files = 0;
    for entry in std::fs::read_dir(&demo.data).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && path.file_name().is_some_and(|name| name != "keyring.toml") {
            files += 1;
            // Mails wait in the database: this looks into them too.
            assert_absent(
                &path.display().to_string(),
                &std::fs::read(&path).unwrap(),
                &secrets,
            );
        }
    }
    assert!(
        files >= 3,
        "database, journal and the rest were looked at: {files}"
    );
}

/// What a program with a token gets; the token comes from a file, as `docs/api.md` has it.
fn program(token: &str, address: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let header = folder.path().join("header");
    std::fs::write(&header, format!("Authorization: Bearer {token}\n")).unwrap();
    let output = std::process::Command::new("curl")
        .args(["-sk", "--max-time", "30", "--fail-with-body", "-H"])
        .arg(format!("@{}", header.display()))
        .arg(address)
        .output()
        .expect("curl runs (Debian's package `curl`)");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    output.stdout
}

#[test]
fn the_search_finds_what_is_there() {
    let secrets = forms("password", b"ABCD-EFGH");
    for secret in &secrets {
        let found = [b"...".as_slice(), &secret.bytes, b"..."].concat();
        assert!(found_in(&found, &secrets).is_some(), "{}", secret.name);
    }
    assert!(found_in(b"nothing of the kind", &secrets).is_none());
}

/// Everything that must not be found, in every form.
fn secrets(people: &Path, password: &str, pfx: &[u8]) -> Vec<Form> {
    let mut secrets = forms("password of the PFX", password.as_bytes());
    secrets.extend(forms(
        "password without hyphens",
        password.replace('-', "").as_bytes(),
    ));
    let people: serde_json::Value =
        serde_json::from_slice(&std::fs::read(people).unwrap()).unwrap();
    for (key, person) in people.as_object().unwrap() {
        let name = format!("sign-in password of {key}");
        secrets.extend(forms(
            &name,
            person["password"].as_str().unwrap().as_bytes(),
        ));
    }
    // Some bytes from the middle of the container, where it is random.
    secrets.extend(forms("PFX", &pfx[200..232]));
    let key = private_key(pfx, password);
    secrets.extend(forms("private key", &key[key.len() - 32..]));
    secrets
}

/// The private scalar is the end of a P-256 key in PKCS#8; OpenSSL opens the file as its owner would.
fn private_key(pfx: &[u8], password: &str) -> Vec<u8> {
    let opened = openssl::pkcs12::Pkcs12::from_der(pfx)
        .unwrap()
        .parse2(password)
        .unwrap();
    opened
        .pkey
        .unwrap()
        .ec_key()
        .unwrap()
        .private_key()
        .to_vec_padded(32)
        .unwrap()
}

fn forms(name: &str, secret: &[u8]) -> Vec<Form> {
    let standard = base64::engine::general_purpose::STANDARD;
    let url = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let text = |form: &str, bytes: Vec<u8>| Form {
        name: format!("{name} ({form})"),
        bytes,
    };
    let wide: Vec<u8> = secret.iter().flat_map(|byte| [0, *byte]).collect();
    let mut forms = vec![
        text("raw", secret.to_vec()),
        text("hexadecimal", hex::encode(secret).into_bytes()),
        text("HEXADECIMAL", hex::encode_upper(secret).into_bytes()),
        text("UTF-16", wide),
    ];
    // Base64 of something longer holds one of three shifts of the secret; the edges depend on it.
    for shift in 0..3_usize {
        let shifted = [&vec![0; shift], secret].concat();
        let usable = shifted.len() / 3 * 3;
        for (form, encoded) in [
            ("base64", standard.encode(&shifted[..usable])),
            ("base64url", url.encode(&shifted[..usable])),
        ] {
            let middle = encoded.as_bytes()[if shift == 0 { 0 } else { 4 }..].to_vec();
            if middle.len() >= 8 {
                forms.push(text(form, middle));
            }
        }
    }
    forms
}

fn found_in<'a>(text: &[u8], secrets: &'a [Form]) -> Option<&'a str> {
    secrets
        .iter()
        .find(|secret| {
            text.windows(secret.bytes.len())
                .any(|window| window == secret.bytes)
        })
        .map(|secret| secret.name.as_str())
}

fn assert_absent(place: &str, text: &[u8], secrets: &[Form]) {
    if let Some(name) = found_in(text, secrets) {
        panic!("{name} stands in {place}");
    }
}
