//! Random tokens for links and cookies.
//!
//! The holder gets the token, the database its hash: who reads the database cannot use it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// 256 random bits as 43 characters that need no escaping in a URL (RFC 4648 section 5).
pub fn random_token(rng: &mut dyn CryptoRng) -> String {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(bytes.as_mut_slice());
    URL_SAFE_NO_PAD.encode(*bytes)
}

/// SHA-256 of a token, the form in which it is stored. No salt or stretching: a token is random.
pub fn hash_token(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Compares two values in a time that depends on their lengths only.
pub fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn tokens_are_long_safe_in_urls_and_differ() {
        let mut rng = StdRng::seed_from_u64(5);
        let (one, two) = (random_token(&mut rng), random_token(&mut rng));
        assert_eq!(one.len(), 43);
        assert!(
            one.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        );
        assert_ne!(one, two);
        assert!(is_same(&hash_token(&one), &hash_token(&one)));
        assert!(!is_same(&hash_token(&one), &hash_token(&two)));
        assert!(!is_same(b"a", b"ab"));
    }

    #[test]
    fn the_hash_is_plain_sha_256() {
        // FIPS 180-4, the well-known example "abc".
        assert_eq!(
            hex::encode(hash_token("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
