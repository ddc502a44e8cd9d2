//! The key derivation of PKCS#12 (RFC 7292 appendix B.2).

use openssl::hash::MessageDigest;
use openssl::sha::{Sha1, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

/// What the derived bytes are for (RFC 7292 appendix B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    InitialValue = 2,
    Mac = 3,
}

/// The hash functions of our two flavours and of other people's containers. Their own types are
/// used, as looking a digest up anew for each of thousands of short messages takes longer than
/// computing it.
#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) fn digest(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }

    /// Bytes of a block.
    const fn block(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => 128,
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
            Self::Sha384 => repeat!(Sha384),
            Self::Sha512 => repeat!(Sha512),
        }
    }
}

/// A password as it enters the derivation: a `BMPString` with a final zero (appendix B.1).
pub(super) fn bmp(password: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(
        password
            .encode_utf16()
            .chain([0])
            .flat_map(u16::to_be_bytes)
            .collect(),
    )
}

/// Derives `length` bytes from a password as [`bmp`] makes it.
pub(super) fn derive(
    hash: Hash,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    purpose: Purpose,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = hash.block();
    let diversifier = vec![purpose as u8; block];
    let password = Zeroizing::new(fill(password, block));
    let mut input = Zeroizing::new([fill(salt, block).as_slice(), &password].concat());
    let mut derived = Zeroizing::new(Vec::with_capacity(length + block));
    loop {
        let round = hash.repeat(&diversifier, &input, iterations);
        derived.extend_from_slice(&round);
        if derived.len() >= length {
            derived.truncate(length);
            return derived;
        }
        for part in input.chunks_mut(block) {
            add_one_and(part, &round);
        }
    }
}

/// Repeats the bytes to a whole number of blocks.
fn fill(bytes: &[u8], block: usize) -> Vec<u8> {
    let length = bytes.len().div_ceil(block) * block;
    bytes.iter().copied().cycle().take(length).collect()
}

/// Adds `B + 1` to a block as a big-endian number, where `B` is the hash, repeated to block size.
fn add_one_and(block: &mut [u8], hash: &[u8]) {
    let addend: Zeroizing<Vec<u8>> =
        Zeroizing::new(hash.iter().copied().cycle().take(block.len()).collect());
    let mut carry = 1;
    for (byte, add) in block.iter_mut().zip(addend.iter()).rev() {
        let [high, low] = (u16::from(*byte) + u16::from(*add) + carry).to_be_bytes();
        carry = u16::from(high);
        *byte = low;
    }
}
