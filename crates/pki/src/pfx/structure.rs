//! The nesting of a container (RFC 7292 section 4 and 5), all in DER with definite lengths.

use super::BundleInput;
use super::protect::Protection;
use crate::asn1::{
    bmp_string, constructed, integer, octet_string, oid, primitive, sequence, sequence_of, set_of,
};
use crate::{Error, oid};
use const_oid::ObjectIdentifier;
use openssl::sha;
use rand_core::CryptoRng;

/// Writes the whole container.
pub(super) fn write(
    input: &BundleInput<'_>,
    protection: &mut Protection<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, Error> {
    let attributes = attributes(input.friendly_name, input.leaf_der);
    let mut certificates = vec![cert_bag(input.leaf_der, &attributes)];
    certificates.extend(input.chain.iter().map(|der| cert_bag(der, &[])));
    let certificates = protection.encrypt(&sequence_of(&certificates), rng)?;
    let key = protection.encrypt(input.key.to_pkcs8()?.expose(), rng)?;
    let key = sequence(&[&key.algorithm, &octet_string(&key.content)]);
    let key = sequence(&[&bag(oid::SHROUDED_KEY_BAG, &key, &attributes)]);

    let encrypted = sequence(&[
        &integer(0),
        &sequence(&[
            &oid(oid::DATA),
            &certificates.algorithm,
            &primitive(0, &certificates.content),
        ]),
    ]);
    let safes = sequence(&[
        &sequence(&[&oid(oid::ENCRYPTED_DATA), &constructed(0, &encrypted)]),
        &data(&key),
    ]);
    let mac = protection.mac(&safes, rng)?;
    Ok(sequence(&[&integer(3), &data(&safes), &mac]))
}

/// `ContentInfo` of type `data`.
fn data(content: &[u8]) -> Vec<u8> {
    sequence(&[&oid(oid::DATA), &constructed(0, &octet_string(content))])
}

fn bag(id: ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    sequence(&[&oid(id), &constructed(0, value), attributes])
}

fn cert_bag(der: &[u8], attributes: &[u8]) -> Vec<u8> {
    let value = sequence(&[
        &oid(oid::X509_CERTIFICATE),
        &constructed(0, &octet_string(der)),
    ]);
    bag(oid::CERT_BAG, &value, attributes)
}

/// Name, and the link between key and leaf, which readers take to find the pair: SHA-1 of the
/// certificate by convention (RFC 7292 section 4.2 leaves it open).
fn attributes(friendly_name: &str, leaf_der: &[u8]) -> Vec<u8> {
    let attribute = |id, value: Vec<u8>| sequence(&[&oid(id), &set_of(vec![value])]);
    set_of(vec![
        attribute(oid::FRIENDLY_NAME, bmp_string(friendly_name)),
        attribute(oid::LOCAL_KEY_ID, octet_string(&sha::sha1(leaf_der))),
    ])
}
