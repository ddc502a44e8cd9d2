//! Revocation lists of a root whose key is kept elsewhere.

use crate::common::{NOW, p384};
use crate::other_root::{der, list, other_root};
use pki::Error;
use time::Duration;

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
