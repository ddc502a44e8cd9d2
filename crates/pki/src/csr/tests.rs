//! Requests that nobody's program makes, put together by hand.

use super::*;
use crate::KeyBlocklist;
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{element, oid as oid_der, sequence_of};
use crate::oid;
use const_oid::ObjectIdentifier;
use domain::KeyAlgorithm;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::rsa::Rsa;
use std::sync::OnceLock;

fn key() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateKey::generate(KeyAlgorithm::P256).unwrap())
}

fn check(der: &[u8]) -> Result<CertificationRequest, RequestError> {
    check_csr(der, &KeyBlocklist::default())
}

/// A request for any key, its signature rubbish.
fn unsigned(spki: &[u8], algorithm: &[u8]) -> Vec<u8> {
    let content = sequence(&[
        &integer(0),
        &name::common_name("alice@example.com"),
        spki,
        &constructed(0, &[]),
    ]);
    join_signed(&content, algorithm, &[7; 256])
}

fn rsa_request(n: &BigNumRef, e: u32) -> Vec<u8> {
    let e = BigNum::from_u32(e).unwrap();
    let rsa = Rsa::from_public_components(n.to_owned().unwrap(), e).unwrap();
    let identifier = SignatureAlgorithm::RsaSha256.identifier();
    unsigned(&rsa.public_key_to_der().unwrap(), identifier)
}

/// A request that its key signed, with these attributes.
fn signed(subject: &[u8], attributes: &[Vec<u8>]) -> Vec<u8> {
    let content = sequence(&[
        &integer(0),
        subject,
        key().public_key().unwrap().spki_der(),
        &constructed(0, &attributes.concat()),
    ]);
    let (algorithm, signature) = key().sign(&content).unwrap();
    join_signed(&content, algorithm.identifier(), &signature)
}

fn asking(names: &[Vec<u8>]) -> Vec<u8> {
    let names = extension::subject_alt_name(names, false);
    signed(&sequence(&[]), &[extension::extension_request(&[names])])
}

/// The key is looked at before its signature: verifying one with 16384 bits would take long.
#[test]
fn bad_keys_are_refused_before_the_signature_is_tried() {
    let sound = Rsa::generate(2048).unwrap();
    let mut large = BigNum::new().unwrap();
    large.lshift(sound.n(), 16384 - 2048).unwrap();
    large.add_word(1).unwrap();
    for (n, e, reason) in [
        (&*large, 65537, "kind of key"),
        (sound.n(), 1, "exponent"),
        (sound.n(), 3, "exponent"),
        (sound.n(), 65538, "exponent"),
    ] {
        let error = check(&rsa_request(n, e)).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert!(error.to_string().contains("make a"), "{error}");
    }
    // Only the signature is wrong with this one.
    for e in [65537, 65539] {
        let error = check(&rsa_request(sound.n(), e)).unwrap_err();
        assert_eq!(error, RequestError::NoPossession);
    }
    let identifier = SignatureAlgorithm::EcdsaSha256.identifier();
    let other = unsigned(&sound.public_key_to_der().unwrap(), identifier);
    assert_eq!(check(&other), Err(RequestError::SignatureAlgorithm));
}

#[test]
fn moduli_that_fall_apart_are_refused() {
    let mut context = BigNumContext::new().unwrap();
    let mut p = BigNum::new().unwrap();
    p.generate_prime(1024, false, None, None).unwrap();
    let mut q = p.to_owned().unwrap();
    q.add_word(2).unwrap();
    while !q.is_prime(10, &mut context).unwrap() {
        q.add_word(2).unwrap();
    }
    let mut close = BigNum::new().unwrap();
    close.checked_mul(&p, &q, &mut context).unwrap();
    let error = check(&rsa_request(&close, 65537)).unwrap_err();
    assert!(error.to_string().contains("close together"), "{error}");

    // As the faulty chips': a power of 65537 modulo the product of the first odd primes.
    let mut product = BigNum::from_u32(1).unwrap();
    for prime in (3..168).filter(|n| (2..*n).all(|divisor| n % divisor != 0)) {
        product.mul_word(prime).unwrap();
    }
    let mut step = BigNum::new().unwrap();
    step.lshift1(&product).unwrap();
    let mut high = BigNum::new().unwrap();
    high.lshift(&product, 2048 - product.num_bits()).unwrap();
    let mut roca = BigNum::new().unwrap();
    roca.checked_add(&high, &BigNum::from_u32(65537).unwrap())
        .unwrap();
    while (168..752).any(|small| roca.mod_word(small).unwrap() == 0) {
        let before = roca.to_owned().unwrap();
        roca.checked_add(&before, &step).unwrap();
    }
    assert_eq!(roca.num_bits(), 2048);
    let error = check(&rsa_request(&roca, 65537)).unwrap_err();
    assert!(error.to_string().contains("ROCA"), "{error}");
}

#[test]
fn listed_keys_are_refused() {
    let der = create_csr(key(), &Mailbox::parse("alice@example.com").unwrap()).unwrap();
    let read = check(&der).unwrap();
    assert_eq!(read.key_id(), key().public_key().unwrap().spki_sha256());
    let mut list = KeyBlocklist::default();
    list.add_compromised(read.key_id());
    let error = check_csr(&der, &list).unwrap_err();
    assert!(error.to_string().contains("compromised"), "{error}");
}

#[test]
fn keys_of_other_kinds_are_refused_before_openssl_sees_them() {
    let ecdsa = SignatureAlgorithm::EcdsaSha256.identifier();
    let id = |dotted| oid_der(ObjectIdentifier::new_unwrap(dotted));
    // Ed25519, secp256k1, and a curve that is spelled out.
    let spelled_out = sequence(&[&integer(1), &sequence(&[])]);
    for algorithm in [
        sequence(&[&id("1.3.101.112")]),
        sequence(&[&oid_der(oid::EC), &id("1.3.132.0.10")]),
        sequence(&[&oid_der(oid::EC), &spelled_out]),
    ] {
        let spki = sequence(&[&algorithm, &crate::asn1::bit_string(&[4; 65])]);
        assert_eq!(check(&unsigned(&spki, ecdsa)), Err(RequestError::KeyKind));
    }
    // P-256, but no point of it.
    let algorithm = crate::key::spki_identifier(KeyAlgorithm::P256);
    let spki = sequence(&[algorithm, &crate::asn1::bit_string(&[4; 65])]);
    assert!(matches!(
        check(&unsigned(&spki, ecdsa)),
        Err(RequestError::WeakKey(_))
    ));
}

#[test]
fn weak_and_unknown_signatures_are_told_apart() {
    let spki = key().public_key().unwrap().spki_der().to_vec();
    for (dotted, expected) in [
        ("1.2.840.113549.1.1.4", RequestError::WeakHash),
        ("1.2.840.113549.1.1.5", RequestError::WeakHash),
        ("1.2.840.10045.4.1", RequestError::WeakHash),
        ("1.2.840.113549.1.1.10", RequestError::SignatureAlgorithm),
        ("1.3.101.112", RequestError::SignatureAlgorithm),
    ] {
        let algorithm = sequence(&[&oid_der(ObjectIdentifier::new_unwrap(dotted))]);
        assert_eq!(check(&unsigned(&spki, &algorithm)), Err(expected));
    }
}

#[test]
fn more_than_a_hundred_names_are_too_many() {
    let names = |count: usize| -> Vec<Vec<u8>> {
        (0..count)
            .map(|number| extension::mailbox_name(&format!("alice{number}@example.com")))
            .collect()
    };
    assert_eq!(check(&asking(&names(100))).unwrap().mailboxes.len(), 100);
    for count in [101, 1000] {
        assert_eq!(
            check(&asking(&names(count))),
            Err(RequestError::TooManyNames)
        );
    }
}

#[test]
fn names_that_are_none_are_refused() {
    for bad in [
        extension::mailbox_name("nobody"),
        extension::mailbox_name("a b@example.com"),
        element(0x82, b"www.example.com\0.evil.example"),
        element(0x82, b"\"><script>"),
        element(0x82, b""),
        element(0x87, &[1, 2, 3]),
    ] {
        assert_eq!(check(&asking(&[bad])), Err(RequestError::Name));
    }
    let control = name::common_name("Alice\nEvil");
    assert_eq!(check(&signed(&control, &[])), Err(RequestError::Name));
    let good = [
        element(0x82, b"WWW.Example.com"),
        element(0x87, &[192, 0, 2, 1]),
        element(0x86, b"https://ignored.example"),
    ];
    let read = check(&asking(&good)).unwrap();
    assert_eq!(read.dns_names, ["www.example.com"]);
    assert_eq!(read.ip_addresses, [IpAddr::from([192, 0, 2, 1])]);
    assert_eq!((read.common_name, read.mailboxes), (None, vec![]));
}

#[test]
fn the_same_attribute_twice_is_refused() {
    let name = extension::mailbox_name("alice@example.com");
    let names = extension::subject_alt_name(&[name], false);
    let once = extension::extension_request(std::slice::from_ref(&names));
    let subject = name::common_name("Alice");
    let read = check(&signed(&subject, std::slice::from_ref(&once))).unwrap();
    assert_eq!(read.common_name.as_deref(), Some("Alice"));
    let twice_within = extension::extension_request(&[names.clone(), names.clone()]);
    let two_values = sequence(&[
        &oid_der(oid::EXTENSION_REQUEST),
        &element(0x31, &[sequence_of(&[names]), sequence(&[])].concat()),
    ]);
    for attributes in [
        vec![once.clone(), once],
        vec![twice_within],
        vec![two_values],
    ] {
        assert_eq!(
            check(&signed(&subject, &attributes)),
            Err(RequestError::Repeated)
        );
    }
}

#[test]
fn rubbish_is_no_request() {
    let good = create_csr(key(), &Mailbox::parse("alice@example.com").unwrap()).unwrap();
    for length in 0..good.len() {
        assert_eq!(check(&good[..length]), Err(RequestError::NotARequest));
    }
    let mut longer = good.clone();
    longer.push(0);
    let mut nested = Vec::new();
    while nested.len() < 30_000 {
        nested = element(0x30, &nested);
    }
    let attribute = sequence(&[&oid_der(oid::EXTENSION_REQUEST), &element(0x31, &nested)]);
    for rubbish in [longer, nested, signed(&sequence(&[]), &[attribute])] {
        assert_eq!(check(&rubbish), Err(RequestError::NotARequest));
    }
    assert_eq!(check(&vec![0x30; LARGEST + 1]), Err(RequestError::TooLarge));
    assert!(matches!(
        read_csr(&vec![0x30; LARGEST + 1]),
        Err(Error::Request(RequestError::TooLarge))
    ));
}
