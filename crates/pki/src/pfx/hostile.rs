//! Containers made to waste time, to hide something, or by nobody's program.

use super::structure::{bag, cert_bag, data, encrypted};
use super::*;
use crate::asn1::{
    NULL, constructed, element, integer, octet_string, oid as oid_der, sequence, sequence_of,
};
use crate::{PrivateKey, oid};
use const_oid::ObjectIdentifier;
use domain::KeyAlgorithm;
use rand::{SeedableRng, rngs::StdRng};
use std::time::{Duration, Instant};

const PASSWORD: &str = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ";

fn read(pfx: &[u8]) -> Result<ImportedPfx, PfxError> {
    read_pfx(pfx, &PASSWORD.to_owned().into(), &PfxLimits::default())
}

fn mac(iterations: u64, salt: usize) -> Vec<u8> {
    let digest = sequence(&[
        &sequence(&[&oid_der(oid::SHA256), NULL]),
        &octet_string(&[0; 32]),
    ]);
    sequence(&[&digest, &octet_string(&vec![1; salt]), &integer(iterations)])
}

fn pfx(safes: &[Vec<u8>], mac: &[u8]) -> Vec<u8> {
    sequence(&[&integer(3), &data(&sequence_of(safes)), mac])
}

fn pbes2(iterations: u64, salt: usize) -> Vec<u8> {
    let derivation = sequence(&[
        &oid_der(oid::PBKDF2),
        &sequence(&[
            &octet_string(&vec![2; salt]),
            &integer(iterations),
            &sequence(&[&oid_der(oid::HMAC_SHA256), NULL]),
        ]),
    ]);
    let cipher = sequence(&[&oid_der(oid::AES_256_CBC), &octet_string(&[3; 16])]);
    sequence(&[&oid_der(oid::PBES2), &sequence(&[&derivation, &cipher])])
}

fn pbe(id: ObjectIdentifier, iterations: u64) -> Vec<u8> {
    let parameters = sequence(&[&octet_string(&[4; 8]), &integer(iterations)]);
    sequence(&[&oid_der(id), &parameters])
}

fn key_bag(algorithm: &[u8]) -> Vec<u8> {
    let key = sequence(&[algorithm, &octet_string(&[5; 64])]);
    bag(oid::SHROUDED_KEY_BAG, &key, &[])
}

fn keys(algorithm: &[u8], count: usize) -> Vec<u8> {
    data(&sequence_of(&vec![key_bag(algorithm); count]))
}

/// Whatever is asked for in the open is refused without hashing the password even once.
#[track_caller]
fn refuse(pfx: &[u8], expected: PfxError) {
    refuse_within(pfx, &PfxLimits::default(), expected, 0);
}

#[track_caller]
fn refuse_within(pfx: &[u8], limits: &PfxLimits, expected: PfxError, hashed: u64) {
    let password = PASSWORD.to_owned().into();
    let (read, times) = kdf::count::of(|| read_pfx(pfx, &password, limits));
    assert_eq!(read.unwrap_err(), expected);
    assert_eq!(times, hashed, "{expected}");
}

#[test]
fn what_would_take_long_is_refused_before_the_password_is_hashed() {
    let few = mac(2048, 8);
    for iterations in [300_001, 1 << 31, u64::MAX] {
        refuse(&pfx(&[], &mac(iterations, 8)), PfxError::TooManyIterations);
        for algorithm in [pbes2(iterations, 16), pbe(oid::PBE_SHA1_3DES, iterations)] {
            let inside = vec![encrypted(&algorithm, &[6; 64])];
            refuse(&pfx(&inside, &few), PfxError::TooManyIterations);
            let inside = vec![keys(&algorithm, 1)];
            refuse(&pfx(&inside, &few), PfxError::TooManyIterations);
        }
    }
    // Each within the limit, together above it.
    let inside = vec![keys(&pbes2(300_000, 16), 3)];
    refuse(&pfx(&inside, &mac(300_000, 8)), PfxError::TooManyIterations);
    // A salt is hashed anew for each part of the key.
    refuse(&pfx(&[], &mac(2048, 1025)), PfxError::LongSalt);
    let inside = vec![encrypted(&pbes2(2048, 500_000), &[6; 64])];
    refuse(&pfx(&inside, &few), PfxError::LongSalt);
    let large = pfx(&[data(&vec![0; 1024 * 1024])], &few);
    refuse(&large, PfxError::TooLarge);
    let large = pfx(&[], &mac(2048, 10 << 20));
    refuse(&large, PfxError::TooLarge);
}

/// What can be refused only after it was decrypted.
#[track_caller]
fn refuse_opened(pfx: &[u8], expected: PfxError) {
    assert_eq!(read(pfx).unwrap_err(), expected);
}

/// Room for NSS is no room for bombs.
#[test]
fn what_nss_writes_is_the_most_that_is_hashed() {
    let (most, limits) = (600_000, PfxLimits::with_nss());
    let refuse = |pfx: &[u8]| refuse_within(pfx, &limits, PfxError::TooManyIterations, 0);
    for iterations in [most + 1, 1 << 31, u64::MAX] {
        refuse(&pfx(&[], &mac(iterations, 8)));
        for algorithm in [pbes2(iterations, 16), pbe(oid::PBE_SHA1_3DES, iterations)] {
            refuse(&pfx(&[keys(&algorithm, 1)], &mac(1, 8)));
            refuse(&pfx(&[encrypted(&algorithm, &[6; 64])], &mac(1, 8)));
        }
    }
    // The sum is that of the check, the certificates and three keys.
    let certificates = encrypted(&pbes2(most, 16), &[6; 64]);
    let inside = [certificates.clone(), keys(&pbes2(most, 16), 4)];
    refuse(&pfx(&inside, &mac(most, 8)));
    // One less is within it. The check does not fit, and a key and the certificates are tried, to tell
    // a wrong password from damage.
    let inside = [certificates, keys(&pbes2(most, 16), 3)];
    let made = pfx(&inside, &mac(most, 8));
    let password = PASSWORD.to_owned().into();
    let (read, times) = kdf::count::of(|| read_pfx(&made, &password, &limits));
    assert_eq!(read.unwrap_err(), PfxError::WrongPassword);
    assert_eq!(times, 3 * most);
}

/// What stands within encryption cannot be seen before; it is counted before it is hashed itself.
#[test]
fn a_bomb_within_encryption_costs_what_is_around_it() {
    let limits = PfxLimits::with_nss();
    let mut rng = StdRng::seed_from_u64(4);
    let mut protection = protect::Protection::new(PfxFlavour::Modern, PASSWORD, 2048);
    let bomb = sequence(&[&key_bag(&pbes2(1 << 31, 16))]);
    let around = protection.encrypt(&bomb, &mut rng).unwrap();
    let safes = sequence_of(&[encrypted(&around.algorithm, &around.content)]);
    let mac = protection.mac(&safes, &mut rng).unwrap();
    let made = sequence(&[&integer(3), &data(&safes), &mac]);
    refuse_within(&made, &limits, PfxError::TooManyIterations, 2 * 2048);
}

#[test]
fn what_is_too_many_or_too_deep_is_refused() {
    let few = mac(2048, 8);
    let inside = vec![keys(&pbes2(1, 16), 201)];
    refuse(&pfx(&inside, &few), PfxError::TooManyKeys);
    let certificates = vec![cert_bag(b"certificate", &[]); 201];
    let inside = vec![data(&sequence_of(&certificates))];
    refuse(&pfx(&inside, &few), PfxError::TooManyCertificates);
    let bags = vec![key_bag(&pbes2(1, 16)); 10_000];
    let many = pfx(&[data(&sequence_of(&bags))], &few);
    refuse(&many, PfxError::TooLarge);
    let empty_bags = vec![bag(oid::DATA, NULL, &[]); 20_000];
    let many = pfx(&[data(&sequence_of(&empty_bags))], &few);
    refuse(&many, PfxError::TooNested);

    let mut nested = sequence(&[]);
    for _ in 0..6 {
        nested = sequence(&[&bag(oid::SAFE_CONTENTS_BAG, &nested, &[])]);
    }
    refuse(&pfx(&[data(&nested)], &few), PfxError::TooNested);
    refuse(&[0x30, 0x80].repeat(100_000), PfxError::TooNested);
    let mut nested = Vec::new();
    while nested.len() < 100_000 {
        nested = element(0x30, &nested);
    }
    refuse(&nested, PfxError::TooNested);
}

#[test]
fn what_is_not_read_is_told() {
    let few = mac(2048, 8);
    for old in [oid::PBE_SHA1_RC2_40, oid::PBE_SHA1_RC4_128] {
        let inside = vec![encrypted(&pbe(old, 2048), &[6; 64])];
        refuse(&pfx(&inside, &few), PfxError::OldEncryption);
    }
    refuse(&pfx(&[], &[]), PfxError::NoMac);
    refuse(b"not a container", PfxError::Broken);
    refuse(&[], PfxError::Broken);
    let unknown = sequence(&[&oid_der(oid::SHA256), NULL]);
    let inside = vec![encrypted(&unknown, &[6; 64])];
    assert!(matches!(
        read(&pfx(&inside, &few)),
        Err(PfxError::Unsupported(_))
    ));
    let signed = sequence(&[&oid_der(oid::SIGNED_DATA), &constructed(0, NULL)]);
    let signed = sequence(&[&integer(3), &signed]);
    assert!(matches!(read(&signed), Err(PfxError::Unsupported(_))));
}

/// A container with this as its only key, and with the certificate.
fn with_key(pkcs8: &[u8], certificates: &[Vec<u8>]) -> Vec<u8> {
    let mut protection = protect::Protection::new(PfxFlavour::Modern, PASSWORD, 1);
    let mut rng = StdRng::seed_from_u64(1);
    let made = protection.encrypt(pkcs8, &mut rng).unwrap();
    let key = sequence(&[&made.algorithm, &octet_string(&made.content)]);
    let certificates: Vec<Vec<u8>> = certificates.iter().map(|der| cert_bag(der, &[])).collect();
    let safes = sequence_of(&[
        data(&sequence(&[&bag(oid::SHROUDED_KEY_BAG, &key, &[])])),
        data(&sequence_of(&certificates)),
    ]);
    let mac = protection.mac(&safes, &mut rng).unwrap();
    sequence(&[&integer(3), &data(&safes), &mac])
}

fn certificate(key: &PrivateKey) -> Vec<u8> {
    use crate::AuthorityName;
    let name = AuthorityName {
        common_name: "Somebody".to_owned(),
        organisation: "Example".to_owned(),
        country: "DE".to_owned(),
    };
    let serial = crate::Serial::generate(&mut StdRng::seed_from_u64(2));
    let now = time::macros::datetime!(2026-10-01 12:34:56 UTC);
    crate::create_root(&name, key, &serial, now, 5).unwrap()
}

#[test]
fn keys_that_do_not_fit_are_refused() {
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let other = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let pkcs8 = |key: &PrivateKey| key.to_pkcs8().unwrap().expose().clone();
    let (own, others) = (certificate(&key), certificate(&other));
    let read_back = read(&with_key(&pkcs8(&key), &[others.clone(), own.clone()])).unwrap();
    assert_eq!(read_back.pairs.len(), 1);
    assert_eq!(read_back.pairs[0].certificate_der, own);
    assert_eq!(read_back.others, std::slice::from_ref(&others));
    refuse_opened(&with_key(&pkcs8(&key), &[others]), PfxError::NoCertificate);
    refuse_opened(
        &with_key(&pkcs8(&key), &[b"\x30\x00".to_vec()]),
        PfxError::BadCertificate,
    );
    refuse_opened(
        &with_key(b"rubbish", std::slice::from_ref(&own)),
        PfxError::Damaged,
    );

    // The private half of one key with the public half of another.
    let (mut mixed, theirs) = (pkcs8(&key), pkcs8(&other));
    let public_half = mixed.len() - 97;
    mixed.truncate(public_half);
    mixed.extend_from_slice(&theirs[theirs.len() - 97..]);
    let error = read(&with_key(&mixed, &[certificate(&other)])).unwrap_err();
    assert!(matches!(error, PfxError::Key(_)), "{error}");

    let weak = openssl::rsa::Rsa::generate(1024).unwrap();
    let weak = openssl::pkey::PKey::from_rsa(weak).unwrap();
    let error = read(&with_key(&weak.private_key_to_pkcs8().unwrap(), &[own])).unwrap_err();
    assert!(matches!(error, PfxError::Key(_)), "{error}");
}

/// An exponent of a million bits takes hours to compute with.
#[test]
fn keys_with_endless_parts_are_refused() {
    use openssl::bn::BigNum;
    let rsa = openssl::rsa::Rsa::generate(2048).unwrap();
    let owned = |part: &openssl::bn::BigNumRef| part.to_owned().unwrap();
    let mut endless = BigNum::new().unwrap();
    endless.lshift(rsa.d(), 1_000_000).unwrap();
    endless.add_word(1).unwrap();
    for (d, dmp1) in [
        (endless.to_owned().unwrap(), owned(rsa.dmp1().unwrap())),
        (owned(rsa.d()), endless),
    ] {
        let slow = openssl::rsa::Rsa::from_private_components(
            owned(rsa.n()),
            owned(rsa.e()),
            d,
            owned(rsa.p().unwrap()),
            owned(rsa.q().unwrap()),
            dmp1,
            owned(rsa.dmq1().unwrap()),
            owned(rsa.iqmp().unwrap()),
        )
        .unwrap();
        let pkcs8 = openssl::pkey::PKey::from_rsa(slow)
            .unwrap()
            .private_key_to_pkcs8()
            .unwrap();
        let start = Instant::now();
        let error = read(&with_key(&pkcs8, &[])).unwrap_err();
        assert!(matches!(error, PfxError::Key(_)), "{error}");
        assert!(start.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn a_wrong_password_is_told_from_damage() {
    let key = PrivateKey::generate(KeyAlgorithm::P384).unwrap();
    let good = with_key(key.to_pkcs8().unwrap().expose(), &[certificate(&key)]);
    let wrong = "WRONG".to_owned().into();
    assert_eq!(
        read_pfx(&good, &wrong, &PfxLimits::default()).unwrap_err(),
        PfxError::WrongPassword
    );
    let mut damaged = good.clone();
    let place = good.len() - 200;
    damaged[place] ^= 1;
    assert_eq!(read(&damaged).unwrap_err(), PfxError::Damaged);
    let mut cut = good;
    cut.truncate(place);
    assert_eq!(read(&cut).unwrap_err(), PfxError::Broken);
}

/// What is within a good MAC may be rubbish too: whoever sends the file knows the password.
#[test]
fn no_damage_within_makes_the_reader_panic_or_slow() {
    use rand::RngExt;
    let mut rng = StdRng::seed_from_u64(3);
    for (algorithm, rounds) in [(KeyAlgorithm::P384, 2000), (KeyAlgorithm::Rsa4096, 200)] {
        let key = PrivateKey::generate(algorithm).unwrap();
        let (pkcs8, own) = (key.to_pkcs8().unwrap().expose().clone(), certificate(&key));
        assert!(read(&with_key(&pkcs8, std::slice::from_ref(&own))).is_ok());
        for round in 0..rounds {
            let (mut pkcs8, mut own) = (pkcs8.clone(), own.clone());
            let target = if round % 2 == 0 { &mut pkcs8 } else { &mut own };
            for _ in 0..rng.random_range(1..4) {
                let place = rng.random_range(0..target.len());
                target[place] = rng.random();
            }
            let start = Instant::now();
            let _ = read(&with_key(&pkcs8, &[own]));
            assert!(
                start.elapsed() < Duration::from_secs(2),
                "{}",
                hex::encode(pkcs8)
            );
        }
    }
}
