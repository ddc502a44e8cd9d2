//! Serial number, algorithm, times and issuer, broken one at a time.

use super::super::draft::*;
use super::{attribute, id, refuse};
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{
    constructed, element, integer, oid as oid_der, primitive, sequence, sequence_of,
};
use crate::{LintFacts, name, oid};
use domain::KeyAlgorithm;
use time::Duration;

#[test]
fn fields() {
    let facts = LintFacts {
        now: Some(NOW),
        last_serial: Some(serial()),
        ..LintFacts::default()
    };
    let fresh = || element(0x02, &[0x5a; 16]);
    let facts_without_last = LintFacts {
        last_serial: None,
        ..facts
    };
    let next = {
        let number = u128::from_be_bytes(*serial().as_bytes()) + 1;
        element(0x02, &number.to_be_bytes())
    };
    refuse(
        &key(KeyAlgorithm::P256),
        &facts,
        &[
            ("L02", "follows the one before", &|d| {
                d.serial.clone_from(&next);
            }),
            ("L02", "not random", &|d| d.serial = fresh()),
        ],
    );
    refuse(
        &key(KeyAlgorithm::P256),
        &facts_without_last,
        &[
            ("DER", "not a TBSCertificate", &|d| d.serial = Vec::new()),
            ("DER", "not a TBSCertificate", &|d| {
                d.version = constructed(0, &element(0x02, &[0, 2]));
            }),
            ("L01", "version", &|d| d.version = Vec::new()),
            ("L01", "unique identifier", &|d| {
                d.unique_ids = primitive(1, &[0, 0xaa]);
            }),
            ("L02", "16 bytes", &|d| d.serial = integer(12345)),
            ("L02", "16 bytes", &|d| d.serial = integer(0)),
            ("L02", "16 bytes", &|d| {
                d.serial = element(0x02, &[0xa5; 16]);
            }),
            ("L02", "16 bytes", &|d| {
                d.serial = element(0x02, &[0x7f; 20]);
            }),
            ("L02", "not random", &|d| {
                d.serial = element(0x02, &[&[0x50][..], &[0; 14], &[1]].concat());
            }),
            ("L03", "byte for byte", &|d| {
                d.signature = SignatureAlgorithm::EcdsaSha256.identifier().to_vec();
            }),
            ("L03", "byte for byte", &|d| {
                d.signature = sequence(&[&oid_der(id("1.2.840.10045.4.3.3")), &[5, 0]]);
            }),
            ("L03", "byte for byte", &|d| {
                // sha1WithRSAEncryption
                d.signature = sequence(&[&oid_der(id("1.2.840.113549.1.1.5")), &[5, 0]]);
            }),
            ("L06", "730 days", &|d| {
                d.validity = validity(START, START + Duration::days(730));
            }),
            ("L06", "ends before", &|d| {
                d.validity = validity(START, START - Duration::SECOND);
            }),
            ("L07", "future", &|d| {
                d.validity = validity(NOW + Duration::SECOND, NOW + Duration::DAY);
            }),
            ("L07", "over an hour", &|d| {
                d.validity = validity(NOW - Duration::HOUR * 2, NOW + Duration::DAY);
            }),
            ("L08", "wrong type", &|d| {
                d.validity = sequence(&[
                    &crate::asn1::time(START),
                    &element(0x18, b"20270101000000Z"),
                ]);
            }),
            ("DER", "not a TBSCertificate", &|d| {
                d.validity = sequence(&[
                    &crate::asn1::time(START),
                    &element(0x18, b"20500101000000.5Z"),
                ]);
            }),
            ("L09", "byte for byte", &|d| {
                d.issuer = name::common_name("Issuing");
            }),
            ("L09", "byte for byte", &|d| {
                // The same name in another string type.
                let printable = |text: &str| element(0x13, text.as_bytes());
                d.issuer = sequence_of(&[
                    attribute(oid::COUNTRY, &printable("DE")),
                    attribute(oid::ORGANISATION, &printable("Example")),
                    attribute(oid::COMMON_NAME, &printable("Issuing")),
                ]);
            }),
            ("L27", "not within", &|d| {
                let end = authority().certificate().not_after() + Duration::SECOND;
                d.validity = validity(START, end);
            }),
        ],
    );
}
