//! The nesting of a container (RFC 7292 section 4 and 5), all in DER with definite lengths.

use super::BundleEntry;
use super::protect::Protection;
use crate::asn1::{
    bmp_string, constructed, integer, octet_string, oid, primitive, sequence, sequence_of, set_of,
};
use crate::{Error, oid};
use const_oid::ObjectIdentifier;
use openssl::sha;
use rand_core::CryptoRng;

/// Writes the whole container: the certificates of the keys first, then those above them; each key
/// in a bag of its own.
pub(super) fn write(
    entries: &[BundleEntry<'_>],
    chain: &[Vec<u8>],
    protection: &mut Protection<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, Error> {
    let labels: Vec<Vec<u8>> = entries
        .iter()
        .map(|entry| attributes(entry.friendly_name, entry.leaf_der))
        .collect();
    let mut certificates: Vec<Vec<u8>> = entries
        .iter()
        .zip(&labels)
        .map(|(entry, label)| cert_bag(entry.leaf_der, label))
        .collect();
    certificates.extend(chain.iter().map(|der| cert_bag(der, &[])));
    let certificates = protection.encrypt(&sequence_of(&certificates), rng)?;
    let mut keys = Vec::new();
    for (entry, label) in entries.iter().zip(&labels) {
        let key = protection.encrypt(entry.key.to_pkcs8()?.expose(), rng)?;
        let key = sequence(&[&key.algorithm, &octet_string(&key.content)]);
        keys.push(bag(oid::SHROUDED_KEY_BAG, &key, label));
    }
    let keys = sequence_of(&keys);

    let safes = sequence(&[
        &encrypted(&certificates.algorithm, &certificates.content),
        &data(&keys),
    ]);
    let mac = protection.mac(&safes, rng)?;
    Ok(sequence(&[&integer(3), &data(&safes), &mac]))
}

/// `ContentInfo` of type `encryptedData` (RFC 5652 section 8).
pub(super) fn encrypted(algorithm: &[u8], content: &[u8]) -> Vec<u8> {
    let encrypted = sequence(&[
        &integer(0),
        &sequence(&[&oid(oid::DATA), algorithm, &primitive(0, content)]),
    ]);
    sequence(&[&oid(oid::ENCRYPTED_DATA), &constructed(0, &encrypted)])
}

/// `ContentInfo` of type `data`.
pub(super) fn data(content: &[u8]) -> Vec<u8> {
    sequence(&[&oid(oid::DATA), &constructed(0, &octet_string(content))])
}

pub(super) fn bag(id: ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    sequence(&[&oid(id), &constructed(0, value), attributes])
}

pub(super) fn cert_bag(der: &[u8], attributes: &[u8]) -> Vec<u8> {
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
