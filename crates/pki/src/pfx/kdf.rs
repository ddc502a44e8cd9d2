//! The key derivations of containers: that of PKCS#12 (RFC 7292 appendix B.2), and PBKDF2.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkcs5::pbkdf2_hmac;
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
    #[cfg(test)]
    count::add(iterations);
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

/// PBKDF2 (RFC 8018 section 5.2): fills the key.
pub(super) fn pbkdf2(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    digest: MessageDigest,
    key: &mut [u8],
) -> Result<(), ErrorStack> {
    #[cfg(test)]
    count::add(iterations);
    let rounds = usize::try_from(iterations).unwrap_or(usize::MAX);
    pbkdf2_hmac(password, salt, rounds, digest, key)
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

/// How often a password was hashed on this thread: shows that what would take long is refused before
/// the first time, which no clock can on a busy machine.
#[cfg(test)]
pub(super) mod count {
    use std::cell::Cell;

    thread_local!(static HASHED: Cell<u64> = const { Cell::new(0) });

    pub(super) fn add(iterations: u32) {
        HASHED.set(HASHED.get() + u64::from(iterations));
    }

    /// What something gives, and how often it hashed.
    pub(in crate::pfx) fn of<T>(run: impl FnOnce() -> T) -> (T, u64) {
        let before = HASHED.get();
        let done = run();
        (done, HASHED.get() - before)
    }
}
