//! Private and public keys: making, checking, storing.
//!
//! A value of these types is one of the five kinds in [`KeyAlgorithm`] and passed the checks of
//! `strength`. OpenSSL makes keys with its own random generator, seeded by the operating system.

pub(crate) mod blocklist;
pub(crate) mod strength;

use crate::Error;
use crate::algorithm::SignatureAlgorithm;
use der::asn1::BitStringRef;
use der::{Decode, Reader, SliceReader};
use domain::{KeyAlgorithm, Secret};
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private, Public};
use openssl::rsa::Rsa;
use openssl::sha;

/// A private key. OpenSSL wipes its memory when it is dropped.
#[derive(Clone)]
pub struct PrivateKey {
    pkey: PKey<Private>,
    algorithm: KeyAlgorithm,
}

impl PrivateKey {
    /// Makes a key, RSA with the public exponent 65537. Takes microseconds for an elliptic curve
    /// and up to seconds for RSA-4096: not on a thread that has to answer others.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<Self, Error> {
        let pkey = match algorithm {
            KeyAlgorithm::Rsa2048 => PKey::from_rsa(Rsa::generate(2048)?)?,
            KeyAlgorithm::Rsa3072 => PKey::from_rsa(Rsa::generate(3072)?)?,
            KeyAlgorithm::Rsa4096 => PKey::from_rsa(Rsa::generate(4096)?)?,
            KeyAlgorithm::P256 => PKey::ec_gen("P-256")?,
            KeyAlgorithm::P384 => PKey::ec_gen("P-384")?,
        };
        Self::checked(pkey)
    }

    /// Reads an unencrypted PKCS#8 `PrivateKeyInfo` (RFC 5208 section 5).
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        Self::checked(PKey::private_key_from_pkcs8(der)?)
    }

    fn checked(pkey: PKey<Private>) -> Result<Self, Error> {
        let algorithm = algorithm_of(&pkey)?;
        if algorithm.is_rsa() {
            let rsa = pkey.rsa()?;
            strength::check_private(&rsa)?;
        }
        Ok(Self { pkey, algorithm })
    }

    /// The key as PKCS#8 `PrivateKeyInfo` in DER, unencrypted: seal it at once.
    pub fn to_pkcs8(&self) -> Result<Secret<Vec<u8>>, Error> {
        Ok(Secret::new(self.pkey.private_key_to_pkcs8()?))
    }

    /// Kind and size of the key.
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The public half.
    pub fn public_key(&self) -> Result<PublicKey, Error> {
        PublicKey::from_spki(&self.pkey.public_key_to_der()?)
    }

    pub(crate) fn pkey(&self) -> &PKeyRef<Private> {
        &self.pkey
    }

    /// Checks a key that somebody else made as a public one is checked, and that its halves belong
    /// together, which a stranger's file need not be true about.
    pub(crate) fn check_foreign(&self) -> Result<(), Error> {
        let public_key = self.public_key()?;
        if self.algorithm.is_rsa() {
            strength::check_public(&public_key.pkey().rsa()?)?;
        }
        let content = b"the halves of this key belong together";
        let is_whole = self
            .sign(content)
            .is_ok_and(|(algorithm, made)| algorithm.verifies(&public_key, content, &made));
        if is_whole {
            Ok(())
        } else {
            Err(Error::Key("its parts do not belong together"))
        }
    }

    /// Signs with the algorithm that fits this kind of key.
    pub(crate) fn sign(&self, content: &[u8]) -> Result<(SignatureAlgorithm, Vec<u8>), Error> {
        let algorithm = SignatureAlgorithm::for_key(self.algorithm);
        Ok((algorithm, algorithm.sign(&self.pkey, content)?))
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm.label())
    }
}

/// A public key with its `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
#[derive(Clone)]
pub struct PublicKey {
    pkey: PKey<Public>,
    algorithm: KeyAlgorithm,
    spki: Vec<u8>,
    key_id: [u8; 20],
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` in DER. The algorithm must be written byte-exactly as
    /// RFC 3279 section 2.3.1 and RFC 5480 section 2.1.1 say, an EC point uncompressed.
    pub fn from_spki(der: &[u8]) -> Result<Self, Error> {
        let mut reader = SliceReader::new(der)?;
        let (identifier, bits) =
            reader.sequence(|inner: &mut SliceReader<'_>| -> Result<_, der::Error> {
                Ok((inner.tlv_bytes()?, BitStringRef::decode(inner)?))
            })?;
        reader.finish()?;
        let bits = bits
            .as_bytes()
            .ok_or(Error::Key("its bits are not whole bytes"))?;
        let pkey = PKey::public_key_from_der(der)?;
        let algorithm = algorithm_of(&pkey)?;
        if identifier != spki_identifier(algorithm) {
            return Err(Error::Key(
                "its algorithm is not written as the standard says",
            ));
        }
        if !algorithm.is_rsa() && bits.first() != Some(&0x04) {
            return Err(Error::Key("its point is compressed"));
        }
        let key_id = sha::sha1(bits);
        Ok(Self {
            pkey,
            algorithm,
            spki: der.to_vec(),
            key_id,
        })
    }

    /// Kind and size of the key.
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The `SubjectPublicKeyInfo` in DER.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// Key identifier by method 1 of RFC 5280 section 4.2.1.2: SHA-1 of the public key's bits. It
    /// tells keys apart; nobody's security rests on it.
    pub const fn key_id(&self) -> &[u8; 20] {
        &self.key_id
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`, for recognising a key that was seen before.
    pub fn spki_sha256(&self) -> [u8; 32] {
        sha::sha256(&self.spki)
    }

    pub(crate) fn pkey(&self) -> &PKeyRef<Public> {
        &self.pkey
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "PublicKey({}, {})",
            self.algorithm.label(),
            hex::encode(self.key_id)
        )
    }
}

fn algorithm_of<T: HasPublic>(pkey: &PKeyRef<T>) -> Result<KeyAlgorithm, Error> {
    let unknown = Error::Key("only RSA of 2048, 3072 or 4096 bits, P-256 and P-384 are used");
    match pkey.id() {
        Id::RSA => match pkey.bits() {
            2048 => Ok(KeyAlgorithm::Rsa2048),
            3072 => Ok(KeyAlgorithm::Rsa3072),
            4096 => Ok(KeyAlgorithm::Rsa4096),
            _ => Err(unknown),
        },
        Id::EC => match pkey.ec_key()?.group().curve_name() {
            Some(Nid::X9_62_PRIME256V1) => Ok(KeyAlgorithm::P256),
            Some(Nid::SECP384R1) => Ok(KeyAlgorithm::P384),
            _ => Err(unknown),
        },
        _ => Err(unknown),
    }
}

/// The `AlgorithmIdentifier` of a public key, in DER.
pub(crate) const fn spki_identifier(algorithm: KeyAlgorithm) -> &'static [u8] {
    match algorithm {
        KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
            b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
        }
        KeyAlgorithm::P256 => {
            b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
        }
        KeyAlgorithm::P384 => {
            b"\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"
        }
    }
}
