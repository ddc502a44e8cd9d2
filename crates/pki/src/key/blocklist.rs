//! Keys that are known to others and therefore never certified (S/MIME Baseline Requirements
//! section 6.1.1.3). The lists come from outside; none is built in.
//!
//! A list has one key in each line, and `#` begins a comment. 64 hexadecimal digits are a key that
//! somebody else has: the SHA-256 of its `SubjectPublicKeyInfo`. 20 are a key that Debian's OpenSSL
//! made in 2006 to 2008 (CVE-2008-0166), as in Debian's old package `openssl-blacklist`: the end of
//! the SHA-1 of `Modulus=...`.

use crate::{Error, PublicKey};
use openssl::sha;
use std::collections::BTreeSet;

/// Keys that must not be certified.
#[derive(Debug, Clone, Default)]
pub struct KeyBlocklist {
    compromised: BTreeSet<[u8; 32]>,
    debian: BTreeSet<[u8; 10]>,
}

impl KeyBlocklist {
    /// Adds a key whose private half somebody else may have, by the SHA-256 of its
    /// `SubjectPublicKeyInfo` (see [`PublicKey::spki_sha256`]).
    pub fn add_compromised(&mut self, spki_sha256: [u8; 32]) {
        self.compromised.insert(spki_sha256);
    }

    /// Adds the keys of a list. Returns how many were read.
    pub fn add_list(&mut self, list: &str) -> Result<usize, Error> {
        let mut count = 0;
        for line in list.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (mut spki_sha256, mut debian) = ([0; 32], [0; 10]);
            if hex::decode_to_slice(line, &mut spki_sha256).is_ok() {
                self.compromised.insert(spki_sha256);
            } else if hex::decode_to_slice(line, &mut debian).is_ok() {
                self.debian.insert(debian);
            } else {
                return Err(Error::Input(
                    "a list of keys has 64 hexadecimal digits in each line, or the 20 of Debian's \
                     weak keys",
                ));
            }
            count += 1;
        }
        Ok(count)
    }

    /// Why a key is on the list, if it is.
    pub fn find(&self, key: &PublicKey) -> Option<&'static str> {
        if self.compromised.contains(&key.spki_sha256()) {
            return Some("it is on the list of compromised keys");
        }
        let is_weak = debian_digest(key).is_some_and(|digest| self.debian.contains(&digest));
        is_weak.then_some("Debian's faulty random generator of 2008 made it")
    }
}

/// The last half of the SHA-1 of what `openssl rsa -modulus` prints.
fn debian_digest(key: &PublicKey) -> Option<[u8; 10]> {
    let modulus = key.pkey().rsa().ok()?.n().to_hex_str().ok()?;
    let digest = sha::sha1(format!("Modulus={}\n", modulus.to_uppercase()).as_bytes());
    digest.get(10..)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PrivateKey;
    use domain::KeyAlgorithm;

    fn key(algorithm: KeyAlgorithm) -> PublicKey {
        PrivateKey::generate(algorithm)
            .unwrap()
            .public_key()
            .unwrap()
    }

    #[test]
    fn listed_keys_are_found_and_others_are_not() {
        let (rsa, other) = (key(KeyAlgorithm::Rsa2048), key(KeyAlgorithm::P256));
        let mut list = KeyBlocklist::default();
        assert_eq!(list.find(&rsa), None);
        let digits = hex::encode(debian_digest(&rsa).unwrap());
        let text = format!("# 2048\n\n00112233445566778899\n{digits}\n");
        assert_eq!(list.add_list(&text).unwrap(), 2);
        assert!(list.find(&rsa).unwrap().contains("Debian"));
        assert_eq!(list.find(&other), None);
        let digits = hex::encode(other.spki_sha256());
        assert_eq!(list.add_list(&format!("  {digits}  ")).unwrap(), 1);
        assert!(list.find(&other).unwrap().contains("compromised"));
        for bad in ["0011", "not hexadecimal", &digits[1..]] {
            assert!(list.add_list(bad).is_err());
        }
    }

    /// The value `openssl rsa -modulus | sha1sum` gives, computed independently.
    #[test]
    fn the_digest_is_that_of_the_package() {
        let n = format!("C{}1", "0".repeat(510));
        let rsa = openssl::rsa::Rsa::from_public_components(
            openssl::bn::BigNum::from_hex_str(&n).unwrap(),
            openssl::bn::BigNum::from_u32(65537).unwrap(),
        )
        .unwrap();
        let key = PublicKey::from_spki(&rsa.public_key_to_der().unwrap()).unwrap();
        assert_eq!(
            hex::encode(debian_digest(&key).unwrap()),
            "eeb3c9c02766b38c3f9d"
        );
    }
}
