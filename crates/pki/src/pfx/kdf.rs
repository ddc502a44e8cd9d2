//! The key derivation of PKCS#12 (RFC 7292 appendix B.2).

use openssl::hash::MessageDigest;
use openssl::sha::{Sha1, Sha256};
use zeroize::Zeroizing;

/// What the derived bytes are for (RFC 7292 appendix B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    InitialValue = 2,
    Mac = 3,
}

/// The hash functions of our two flavours. Their own types are used, as looking a digest up anew
/// for each of thousands of short messages takes longer than computing it.
#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    pub(super) fn digest(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
        }
    }

    /// Hashes the two parts, and then the hash itself, so many times in all.
    fn repeat(self, first: &[u8], second: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
        macro_rules! repeat {
            ($hash:ty) => {{
                let mut hasher = <$hash>::new();
                hasher.update(first);
                hasher.update(second);
                let mut hash = hasher.finish();
                for _ in 1..iterations {
                    let mut hasher = <$hash>::new();
                    hasher.update(&hash);
                    hash = hasher.finish();
                }
                Zeroizing::new(hash.to_vec())
            }};
        }
        match self {
            Self::Sha1 => repeat!(Sha1),
            Self::Sha256 => repeat!(Sha256),
        }
    }
}

/// Block size of SHA-1 and SHA-256.
const BLOCK: usize = 64;

/// Derives `length` bytes. The password is ASCII here; it enters as a `BMPString` with a final
/// zero (appendix B.1).
pub(super) fn derive(
    hash: Hash,
    password: &str,
    salt: &[u8],
    iterations: u32,
    purpose: Purpose,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let password: Zeroizing<Vec<u8>> = Zeroizing::new(
        password
            .encode_utf16()
            .chain([0])
            .flat_map(u16::to_be_bytes)
            .collect(),
    );
    let diversifier = [purpose as u8; BLOCK];
    let password = Zeroizing::new(fill(&password));
    let mut input = Zeroizing::new([fill(salt).as_slice(), &password].concat());
    let mut derived = Zeroizing::new(Vec::with_capacity(length + BLOCK));
    loop {
        let round = hash.repeat(&diversifier, &input, iterations);
        derived.extend_from_slice(&round);
        if derived.len() >= length {
            derived.truncate(length);
            return derived;
        }
        for block in input.chunks_mut(BLOCK) {
            add_one_and(block, &round);
        }
    }
}

/// Repeats the bytes to a whole number of blocks.
fn fill(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len().div_ceil(BLOCK) * BLOCK;
    bytes.iter().copied().cycle().take(length).collect()
}

/// Adds `B + 1` to a block as a big-endian number, where `B` is the hash, repeated to block size.
fn add_one_and(block: &mut [u8], hash: &[u8]) {
    let addend: Zeroizing<Vec<u8>> =
        Zeroizing::new(hash.iter().copied().cycle().take(BLOCK).collect());
    let mut carry = 1;
    for (byte, add) in block.iter_mut().zip(addend.iter()).rev() {
        let [high, low] = (u16::from(*byte) + u16::from(*add) + carry).to_be_bytes();
        carry = u16::from(high);
        *byte = low;
    }
}
