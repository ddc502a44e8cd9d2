//! An issuing authority below somebody else's root, which OpenSSL plays.

use crate::common::{NOW, below, key, mailbox, name, p384, profile, serial};
use crate::linting::{codes, command};
use crate::tools::run;
use domain::{HostName, KeyAlgorithm, MailDomain};
use pki::{AuthorityPurpose, Error, IssuerPurpose, IssuingCertificate, PrivateKey};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use time::{Duration, OffsetDateTime};

/// `openssl ca` with the extensions of the request, or with those named.
const CONFIG: &str = "
[ca]
default_ca = offline
[offline]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha384
policy = any
copy_extensions = copyall
unique_subject = no
x509_extensions = added
[any]
countryName = optional
organizationName = optional
commonName = supplied
[added]
authorityKeyIdentifier = keyid
[usage]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
[no_crl]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[code]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
extendedKeyUsage = codeSigning
subjectKeyIdentifier = hash
[odd]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
1.3.6.1.4.1.32473.9 = critical,DER:0500
[named]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical,permitted;dirName:people
[people]
C = DE
[unnamed]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = none
[deep]
basicConstraints = critical,CA:TRUE,pathlen:1
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[root]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
keyUsage = critical,keyCertSign,cRLSign
[root_deep]
basicConstraints = critical,CA:TRUE,pathlen:1
subjectKeyIdentifier = hash
[root_flat]
basicConstraints = critical,CA:TRUE,pathlen:0
subjectKeyIdentifier = hash
[req]
distinguished_name = req_name
[req_name]
";

/// Runs OpenSSL with arguments that have no spaces in them.
fn openssl(folder: &Path, line: &str) {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    run(folder, "openssl", &arguments, "").must_succeed(line);
}

/// A folder with a root of somebody else, `root.pem` and `root.key`.
fn other_root(extensions: &str) -> tempfile::TempDir {
    other_root_with(extensions, ["EC", "ec_paramgen_curve:P-384"], "sha384")
}

fn other_root_with(extensions: &str, [kind, size]: [&str; 2], hash: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("ca.cnf"), CONFIG).unwrap();
    fs::write(path.join("index.txt"), "").unwrap();
    openssl(
        path,
        &format!("genpkey -algorithm {kind} -pkeyopt {size} -out root.key"),
    );
    openssl(
        path,
        "req -new -config ca.cnf -key root.key -subj /C=DE/O=Else/CN=Root -out root.csr",
    );
    openssl(
        path,
        &format!(
            "ca -batch -config ca.cnf -selfsign -in root.csr -keyfile root.key -notext -out root.pem \
             -extensions {extensions} -startdate 20260101000000Z -enddate 20410101000000Z -md {hash}"
        ),
    );
    folder
}

fn der(folder: &Path, file: &str) -> Vec<u8> {
    let pem = fs::read(folder.join(file)).unwrap();
    pki::pem::read_certificates(&pem).unwrap().remove(0)
}

/// Has the root sign the request, as its operator would.
fn sign(folder: &Path, request: &[u8], extensions: &str, until: &str) -> Vec<u8> {
    sign_with(folder, request, extensions, until, "sha384")
}

fn sign_with(folder: &Path, request: &[u8], extensions: &str, until: &str, hash: &str) -> Vec<u8> {
    fs::write(folder.join("request.der"), request).unwrap();
    openssl(
        folder,
        "req -inform DER -in request.der -out request.pem -verify",
    );
    // What the request asks for is copied unless other extensions are named.
    let copied = CONFIG.replace("= copyall", "= none");
    let config = if extensions == "added" {
        CONFIG
    } else {
        &copied
    };
    fs::write(folder.join("ca.cnf"), config).unwrap();
    openssl(
        folder,
        &format!(
            "ca -batch -config ca.cnf -in request.pem -notext -keyfile root.key -cert root.pem \
             -out issuing.pem -extensions {extensions} -startdate 20260901000000Z -enddate {until} \
             -md {hash}"
        ),
    );
    der(folder, "issuing.pem")
}

const UNTIL: &str = "20360901000000Z";

fn own_key() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(KeyAlgorithm::P384).unwrap())
}

fn request(purpose: &AuthorityPurpose) -> Vec<u8> {
    pki::create_issuing_request(&name("Example Offline Issuing"), own_key(), purpose).unwrap()
}

fn check(der: &[u8], root: &[u8], now: OffsetDateTime) -> Result<IssuingCertificate, Error> {
    let public_key = own_key().public_key().unwrap();
    pki::check_issuing_certificate(der, root, &public_key, now)
}

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

/// Has the root make a revocation list for these days of 2026.
fn list(folder: &Path, number: &str, [from, to]: [&str; 2], hash: &str) -> Vec<u8> {
    let config = if number.is_empty() {
        CONFIG.to_owned()
    } else {
        fs::write(folder.join("crlnumber"), format!("{number}\n")).unwrap();
        CONFIG.replace("[offline]", "[offline]\ncrlnumber = crlnumber")
    };
    fs::write(folder.join("ca.cnf"), config).unwrap();
    openssl(
        folder,
        &format!(
            "ca -config ca.cnf -gencrl -keyfile root.key -cert root.pem -md {hash} -out root.crl \
             -crl_lastupdate 2026{from}000000Z -crl_nextupdate 2026{to}000000Z"
        ),
    );
    fs::read(folder.join("root.crl")).unwrap()
}

#[test]
fn a_list_that_was_made_elsewhere_is_checked() {
    let folder = other_root("root");
    let path = folder.path();
    let root = der(path, "root.pem");
    let day = |days| {
        let at = NOW + Duration::days(days);
        format!("{:02}{:02}", u8::from(at.month()), at.day())
    };
    let [before, yesterday, soon, later] = [-20, -1, 10, 20].map(day);
    let now_valid = [yesterday.as_str(), later.as_str()];
    let read = |bytes: &[u8], root: &[u8]| pki::read_foreign_crl(bytes, root, NOW);
    let good = list(path, "1A2B", now_valid, "sha384");
    let found = read(&good, &root).unwrap();
    assert_eq!(found.number, 0x1a2b);
    assert_eq!(read(&found.der, &root).unwrap(), found, "DER as well");
    let refused = |bytes: &[u8], why: &str| match read(bytes, &root) {
        Err(Error::Input(words)) => assert!(words.contains(why), "{words}"),
        other => panic!("{why}: {other:?}"),
    };
    refused(
        b"-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----",
        "damaged",
    );
    refused(b"nonsense", "not a revocation list of version 2");
    refused(&list(path, "", now_valid, "sha384"), "set crlnumber");
    refused(&list(path, "01", now_valid, "sha1"), "SHA-256");
    refused(
        &list(path, "7FFFFFFFFFFFFFFFFF", now_valid, "sha384"),
        "too large",
    );
    refused(
        &list(path, "02", [&before, &yesterday], "sha384"),
        "ended already",
    );
    refused(
        &list(path, "02", [&soon, &later], "sha384"),
        "not valid yet",
    );
    let other = other_root("root");
    let same_name = der(other.path(), "root.pem");
    let wrong = read(&good, &same_name).unwrap_err().to_string();
    assert!(wrong.contains("did not sign this list"), "{wrong}");
    let wrong = read(&good, p384().root.certificate().der()).unwrap_err();
    assert!(wrong.to_string().contains("another authority"), "{wrong}");
}
