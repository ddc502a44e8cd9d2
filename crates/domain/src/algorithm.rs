//! Kinds of private keys that the portal makes.

use crate::words;

/// Algorithm and size of a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyAlgorithm {
    /// RSA with a modulus of 2048 bits.
    Rsa2048,
    /// RSA with a modulus of 3072 bits: 128-bit strength, the default.
    Rsa3072,
    /// RSA with a modulus of 4096 bits.
    Rsa4096,
    /// ECDSA and ECDH on NIST P-256.
    P256,
    /// ECDSA and ECDH on NIST P-384.
    P384,
}

words!(KeyAlgorithm, "key algorithm", {
    Rsa2048 => "rsa2048",
    Rsa3072 => "rsa3072",
    Rsa4096 => "rsa4096",
    P256 => "p256",
    P384 => "p384",
});

impl KeyAlgorithm {
    /// Whether this is RSA, which can transport keys; elliptic curves agree on them instead.
    pub const fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }

    /// The name as people write it, for example `RSA-3072`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Rsa2048 => "RSA-2048",
            Self::Rsa3072 => "RSA-3072",
            Self::Rsa4096 => "RSA-4096",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }
}
