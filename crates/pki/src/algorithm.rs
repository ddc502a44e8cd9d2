//! Signature algorithms and their identifiers, byte-exact (RFC 4055 section 5, RFC 5758 section
//! 3.2): verifiers compare these bytes, and absent parameters are not the same as NULL ones.

use crate::{Error, PublicKey};
use domain::KeyAlgorithm;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKeyRef, Private};
use openssl::sign::{Signer, Verifier};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    RsaSha256,
    RsaSha384,
    RsaSha512,
    EcdsaSha256,
    EcdsaSha384,
}

impl SignatureAlgorithm {
    const ALL: [Self; 5] = [
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
    ];

    /// The `AlgorithmIdentifier` in DER.
    pub(crate) const fn identifier(self) -> &'static [u8] {
        match self {
            Self::RsaSha256 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",
            Self::RsaSha384 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00",
            Self::RsaSha512 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d\x05\x00",
            Self::EcdsaSha256 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
            Self::EcdsaSha384 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
        }
    }

    pub(crate) fn from_identifier(der: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.identifier() == der)
    }

    /// What a key of this kind signs with: a hash as strong as the curve, SHA-256 for RSA.
    pub(crate) const fn for_key(key: KeyAlgorithm) -> Self {
        match key {
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
                Self::RsaSha256
            }
            KeyAlgorithm::P256 => Self::EcdsaSha256,
            KeyAlgorithm::P384 => Self::EcdsaSha384,
        }
    }

    /// Whether a key of this kind can make such a signature.
    pub(crate) const fn fits(self, key: KeyAlgorithm) -> bool {
        match self {
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => key.is_rsa(),
            Self::EcdsaSha256 | Self::EcdsaSha384 => !key.is_rsa(),
        }
    }

    fn digest(self) -> MessageDigest {
        match self {
            Self::RsaSha256 | Self::EcdsaSha256 => MessageDigest::sha256(),
            Self::RsaSha384 | Self::EcdsaSha384 => MessageDigest::sha384(),
            Self::RsaSha512 => MessageDigest::sha512(),
        }
    }

    /// Signs; the randomness of ECDSA and of RSA blinding is OpenSSL's.
    pub(crate) fn sign(self, key: &PKeyRef<Private>, content: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(Signer::new(self.digest(), key)?.sign_oneshot_to_vec(content)?)
    }

    /// Whether the signature is good. A malformed one is simply not good.
    pub(crate) fn verifies(self, key: &PublicKey, content: &[u8], signature: &[u8]) -> bool {
        self.fits(key.algorithm())
            && Verifier::new(self.digest(), key.pkey())
                .and_then(|mut verifier| verifier.verify_oneshot(signature, content))
                .unwrap_or(false)
    }
}
