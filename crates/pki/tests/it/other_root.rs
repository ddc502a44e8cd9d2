//! A root of somebody else, which OpenSSL plays: it signs requests and makes revocation lists.

use crate::common::name;
use crate::tools::run;
use domain::KeyAlgorithm;
use pki::{AuthorityPurpose, Error, IssuingCertificate, PrivateKey};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use time::OffsetDateTime;

/// `openssl ca` with the extensions of the request, or with those named.
const CONFIG: &str = include_str!("other_root.cnf");
/// How it numbers its lists.
const NUMBERED: &str = "crlnumber = crlnumber\n";

/// Runs OpenSSL with arguments that have no spaces in them.
pub(crate) fn openssl(folder: &Path, line: &str) {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    run(folder, "openssl", &arguments, "").must_succeed(line);
}

/// A folder with a root of somebody else, `root.pem` and `root.key`.
pub(crate) fn other_root(extensions: &str) -> tempfile::TempDir {
    other_root_with(extensions, ["EC", "ec_paramgen_curve:P-384"], "sha384")
}

pub(crate) fn other_root_with(
    extensions: &str,
    [kind, size]: [&str; 2],
    hash: &str,
) -> tempfile::TempDir {
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

pub(crate) fn der(folder: &Path, file: &str) -> Vec<u8> {
    let pem = fs::read(folder.join(file)).unwrap();
    pki::pem::read_certificates(&pem).unwrap().remove(0)
}

/// Has the root sign the request, as its operator would.
pub(crate) fn sign(folder: &Path, request: &[u8], extensions: &str, until: &str) -> Vec<u8> {
    sign_with(folder, request, extensions, until, "sha384")
}

pub(crate) fn sign_with(
    folder: &Path,
    request: &[u8],
    extensions: &str,
    until: &str,
    hash: &str,
) -> Vec<u8> {
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

pub(crate) const UNTIL: &str = "20360901000000Z";

pub(crate) fn own_key() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(KeyAlgorithm::P384).unwrap())
}

pub(crate) fn request(purpose: &AuthorityPurpose) -> Vec<u8> {
    pki::create_issuing_request(&name("Example Offline Issuing"), own_key(), purpose).unwrap()
}

pub(crate) fn check(
    der: &[u8],
    root: &[u8],
    now: OffsetDateTime,
) -> Result<IssuingCertificate, Error> {
    let public_key = own_key().public_key().unwrap();
    pki::check_issuing_certificate(der, root, &public_key, now)
}

/// Has the root make a revocation list for these days of 2026.
pub(crate) fn list(folder: &Path, number: &str, [from, to]: [&str; 2], hash: &str) -> Vec<u8> {
    let config = if number.is_empty() {
        CONFIG.replace(NUMBERED, "")
    } else {
        fs::write(folder.join("crlnumber"), format!("{number}\n")).unwrap();
        CONFIG.to_owned()
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
