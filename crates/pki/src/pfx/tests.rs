//! Every value of a container, read with typed structures instead of the code that wrote it, and
//! decrypted by hand.

use super::kdf::{self, Hash, Purpose};
use super::*;
use crate::oid;
use const_oid::ObjectIdentifier;
use der::asn1::{Any, BmpString, OctetString, SetOfVec};
use der::{Sequence, ValueOrd};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, decrypt};
use rand::{SeedableRng, rngs::StdRng};
use time::macros::datetime;

const PASSWORD: &str = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ";

#[derive(Sequence)]
struct Algorithm {
    id: ObjectIdentifier,
    parameters: Any,
}
#[derive(Sequence)]
struct ContentInfo {
    id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: Any,
}
#[derive(Sequence)]
struct Mac {
    digest: DigestInfo,
    salt: OctetString,
    iterations: u32,
}
#[derive(Sequence)]
struct DigestInfo {
    algorithm: Algorithm,
    digest: OctetString,
}
#[derive(Sequence)]
struct Pfx {
    version: u8,
    safes: ContentInfo,
    mac: Mac,
}
#[derive(Sequence)]
struct EncryptedContent {
    id: ObjectIdentifier,
    algorithm: Algorithm,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    content: OctetString,
}
#[derive(Sequence)]
struct EncryptedSafe {
    version: u8,
    content: EncryptedContent,
}
#[derive(Sequence, Clone, PartialEq, Eq, ValueOrd)]
struct Attribute {
    id: ObjectIdentifier,
    values: SetOfVec<Any>,
}
#[derive(Sequence)]
struct Bag {
    id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: Any,
    attributes: Option<SetOfVec<Attribute>>,
}
#[derive(Sequence)]
struct EncryptedKey {
    algorithm: Algorithm,
    content: OctetString,
}
#[derive(Sequence)]
struct Pbes2 {
    derivation: Algorithm,
    cipher: Algorithm,
}
#[derive(Sequence)]
struct Pbkdf2 {
    salt: OctetString,
    iterations: u32,
    prf: Algorithm,
}
#[derive(Sequence)]
struct Pbe {
    salt: OctetString,
    iterations: u32,
}

fn modern(algorithm: &Algorithm, content: &OctetString) -> Vec<u8> {
    assert_eq!(algorithm.id, oid::PBES2);
    let scheme: Pbes2 = algorithm.parameters.decode_as().unwrap();
    assert_eq!(scheme.derivation.id, oid::PBKDF2);
    let pbkdf2: Pbkdf2 = scheme.derivation.parameters.decode_as().unwrap();
    assert_eq!(
        (pbkdf2.salt.as_bytes().len(), pbkdf2.iterations),
        (16, 2048)
    );
    assert_eq!(pbkdf2.prf.id, oid::HMAC_SHA256);
    assert!(pbkdf2.prf.parameters.is_null());
    assert_eq!(scheme.cipher.id, oid::AES_256_CBC);
    let start: OctetString = scheme.cipher.parameters.decode_as().unwrap();
    let mut key = [0; 32];
    let salt = pbkdf2.salt.as_bytes();
    let sha256 = MessageDigest::sha256();
    openssl::pkcs5::pbkdf2_hmac(PASSWORD.as_bytes(), salt, 2048, sha256, &mut key).unwrap();
    decrypt(
        Cipher::aes_256_cbc(),
        &key,
        Some(start.as_bytes()),
        content.as_bytes(),
    )
    .unwrap()
}

fn compatible(algorithm: &Algorithm, content: &OctetString) -> Vec<u8> {
    assert_eq!(algorithm.id, oid::PBE_SHA1_3DES);
    let pbe: Pbe = algorithm.parameters.decode_as().unwrap();
    assert_eq!((pbe.salt.as_bytes().len(), pbe.iterations), (8, 2048));
    let derive = |purpose, length| {
        let salt = pbe.salt.as_bytes();
        kdf::derive(Hash::Sha1, &kdf::bmp(PASSWORD), salt, 2048, purpose, length)
    };
    let (key, start) = (derive(Purpose::Key, 24), derive(Purpose::InitialValue, 8));
    decrypt(
        Cipher::des_ede3_cbc(),
        &key,
        Some(&start),
        content.as_bytes(),
    )
    .unwrap()
}

fn check_attributes(bag: &Bag, leaf: &[u8]) {
    let attributes = bag.attributes.as_ref().unwrap();
    assert_eq!(attributes.len(), 2);
    for attribute in attributes.iter() {
        let value = attribute.values.get(0).unwrap();
        if attribute.id == oid::FRIENDLY_NAME {
            let name: BmpString = value.decode_as().unwrap();
            assert_eq!(name.to_string(), "alice@example.com (2026-10)");
        } else {
            assert_eq!(attribute.id, oid::LOCAL_KEY_ID);
            let id: OctetString = value.decode_as().unwrap();
            assert_eq!(id.as_bytes(), openssl::sha::sha1(leaf));
        }
    }
}

fn server_certificate() -> (PrivateKey, Vec<u8>) {
    let names = ["localhost".to_owned()];
    let now = datetime!(2026-10-01 12:00 UTC);
    let (key, certificate) =
        crate::tls::self_signed(&names, now, &mut StdRng::seed_from_u64(1)).unwrap();
    let key = crate::pem::read_private_key(key.expose().as_bytes()).unwrap();
    (
        key,
        crate::pem::read_certificates(certificate.as_bytes())
            .unwrap()
            .remove(0),
    )
}

#[test]
fn every_value_is_as_decided() {
    let (key, leaf) = server_certificate();
    let (_, above) = server_certificate();
    let mailbox = Mailbox::parse("alice@example.com").unwrap();
    let password = Secret::new(PASSWORD.to_owned());
    for flavour in [PfxFlavour::Modern, PfxFlavour::Compatible] {
        let input = BundleInput {
            key: &key,
            leaf_der: &leaf,
            chain: std::slice::from_ref(&above),
            friendly_name: &friendly_name(&mailbox, datetime!(2026-10-01 12:00 UTC)),
            password: &password,
            flavour,
            iterations: FEW_ITERATIONS,
        };
        let made = bundle(&input, &mut StdRng::seed_from_u64(3)).unwrap();
        let (open, hash, mac_id): (fn(&Algorithm, &OctetString) -> Vec<u8>, _, _) = match flavour {
            PfxFlavour::Modern => (modern, Hash::Sha256, oid::SHA256),
            PfxFlavour::Compatible => (compatible, Hash::Sha1, oid::SHA1),
        };

        let pfx = Pfx::from_der(made.expose()).unwrap();
        assert_eq!((pfx.version, pfx.safes.id), (3, oid::DATA));
        assert_eq!(pfx.to_der().unwrap(), *made.expose(), "canonical DER");
        let safes: OctetString = pfx.safes.content.decode_as().unwrap();

        let mac = &pfx.mac;
        assert_eq!((mac.salt.as_bytes().len(), mac.iterations), (8, 2048));
        assert_eq!(mac.digest.algorithm.id, mac_id);
        let salt = mac.salt.as_bytes();
        let digest = hash.digest();
        let mac_key = kdf::derive(
            hash,
            &kdf::bmp(PASSWORD),
            salt,
            2048,
            Purpose::Mac,
            digest.size(),
        );
        let mac_key = PKey::hmac(&mac_key).unwrap();
        let expected = Signer::new(digest, &mac_key)
            .unwrap()
            .sign_oneshot_to_vec(safes.as_bytes())
            .unwrap();
        assert_eq!(mac.digest.digest.as_bytes(), expected);

        let safes = Vec::<ContentInfo>::from_der(safes.as_bytes()).unwrap();
        let [certificates, keys] = safes.as_slice() else {
            panic!("two safes")
        };
        assert_eq!((certificates.id, keys.id), (oid::ENCRYPTED_DATA, oid::DATA));

        let encrypted: EncryptedSafe = certificates.content.decode_as().unwrap();
        assert_eq!((encrypted.version, encrypted.content.id), (0, oid::DATA));
        let clear = open(&encrypted.content.algorithm, &encrypted.content.content);
        let bags = Vec::<Bag>::from_der(&clear).unwrap();
        assert_eq!(bags.len(), 2);
        for (bag, der) in bags.iter().zip([&leaf, &above]) {
            assert_eq!(bag.id, oid::CERT_BAG);
            let inner: ContentInfo = bag.value.decode_as().unwrap();
            assert_eq!(inner.id, oid::X509_CERTIFICATE);
            assert_eq!(
                inner.content.decode_as::<OctetString>().unwrap().as_bytes(),
                der
            );
        }
        check_attributes(&bags[0], &leaf);
        assert!(bags[1].attributes.is_none());

        let keys: OctetString = keys.content.decode_as().unwrap();
        let bags = Vec::<Bag>::from_der(keys.as_bytes()).unwrap();
        assert_eq!((bags.len(), bags[0].id), (1, oid::SHROUDED_KEY_BAG));
        check_attributes(&bags[0], &leaf);
        let shrouded: EncryptedKey = bags[0].value.decode_as().unwrap();
        let clear = open(&shrouded.algorithm, &shrouded.content);
        assert_eq!(clear, *key.to_pkcs8().unwrap().expose());
    }
}

/// With one key for both parts, an initial value used twice would tell which beginnings are equal.
#[test]
fn no_initial_value_is_used_twice() {
    let (key, leaf) = server_certificate();
    let password = Secret::new(PASSWORD.to_owned());
    let input = BundleInput {
        key: &key,
        leaf_der: &leaf,
        chain: &[],
        friendly_name: "alice",
        password: &password,
        flavour: PfxFlavour::Modern,
        iterations: FEW_ITERATIONS,
    };
    let mut rng = StdRng::seed_from_u64(4);
    let mut values = Vec::new();
    for _ in 0..2 {
        let made = bundle(&input, &mut rng).unwrap();
        let marker = [crate::asn1::oid(oid::AES_256_CBC), vec![0x04, 16]].concat();
        let windows = made.expose().windows(marker.len() + 16);
        let found = windows.filter_map(|window| window.strip_prefix(marker.as_slice()));
        values.extend(found.map(<[u8]>::to_vec));
    }
    assert_eq!(values.len(), 4);
    values.sort();
    values.dedup();
    assert_eq!(values.len(), 4);
}

#[test]
fn names_are_short_and_ascii() {
    let at = datetime!(2026-02-03 04:05:06 UTC);
    let short = Mailbox::parse("alice@example.com").unwrap();
    assert_eq!(friendly_name(&short, at), "alice@example.com (2026-02)");
    assert_eq!(file_name(&short, at), "alice@example.com-202602.p12");
    let long = format!("{}@{}.example.com", "a".repeat(64), ["b"; 80].join("."));
    let long = Mailbox::parse(&long).unwrap();
    assert_eq!(friendly_name(&long, at).len(), 64);
    assert!(friendly_name(&long, at).ends_with(" (2026-02)"));
    assert!(file_name(&long, at).len() <= 255);
}

#[test]
fn the_number_of_iterations_follows_from_the_password() {
    assert_eq!(iterations(PfxPasswordPolicy::Fours), 2_048);
    assert_eq!(iterations(PfxPasswordPolicy::Sixteen), 100_000);
}

/// Known answers that circulate since PKCS#12's first implementations.
#[test]
fn the_key_derivation_gives_known_answers() {
    let derive = |salt: &str, iterations, purpose, length| {
        let salt = hex::decode(salt).unwrap();
        hex::encode(kdf::derive(
            Hash::Sha1,
            &kdf::bmp("smeg"),
            &salt,
            iterations,
            purpose,
            length,
        ))
    };
    assert_eq!(
        derive("0a58cf64530d823f", 1, Purpose::Key, 24),
        "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"
    );
    assert_eq!(
        derive("0a58cf64530d823f", 1, Purpose::InitialValue, 8),
        "79993dfe048d3b76"
    );
    assert_eq!(
        derive("3d83c0e4546ac140", 1, Purpose::Mac, 20),
        "8d967d88f6caa9d714800ab3d48051d63f73a312"
    );
}
