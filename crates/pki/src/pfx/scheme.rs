//! How something in a container is encrypted: read first, paid for, and only then used.

use super::PfxError;
use super::kdf::{self, Hash, Purpose};
use super::limits::Budget;
use crate::ber::{INTEGER, Node, OCTETS};
use crate::oid;
use const_oid::ObjectIdentifier;
use openssl::hash::MessageDigest;
use openssl::symm::{Cipher, decrypt};
use zeroize::Zeroizing;

/// A password in the two forms that derivations take.
pub(crate) struct Password {
    /// PBES2 (RFC 8018 section 3: bytes; everybody takes UTF-8).
    utf8: Zeroizing<Vec<u8>>,
    /// PKCS#12 (RFC 7292 appendix B.1).
    bmp: Zeroizing<Vec<u8>>,
}

impl Password {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            utf8: Zeroizing::new(text.as_bytes().to_vec()),
            bmp: kdf::bmp(text),
        }
    }

    /// No password at all, which some programs write for an empty one.
    pub(super) fn absent() -> Self {
        Self {
            utf8: Zeroizing::default(),
            bmp: Zeroizing::default(),
        }
    }

    pub(super) fn bmp(&self) -> &[u8] {
        &self.bmp
    }
}

/// An encryption scheme with its parameters.
pub(crate) struct Scheme {
    derivation: Derivation,
    salt: Vec<u8>,
    iterations: u32,
    cipher: Cipher,
}

enum Derivation {
    /// PBES2 with PBKDF2 (RFC 8018 section 6.2) and the start of the cipher's chain.
    Pbkdf2(MessageDigest, Vec<u8>),
    /// `pbeWithSHAAnd..` (RFC 7292 appendix C), with this many bytes of key.
    Pkcs12(usize),
}

impl Scheme {
    /// Reads an `AlgorithmIdentifier`.
    pub(crate) fn read(node: &Node<'_>, budget: &mut Budget) -> Result<Self, PfxError> {
        let [id, parameters] = node.sequence()? else {
            return Err(PfxError::Broken);
        };
        match id.oid()? {
            oid::PBES2 => Self::read_pbes2(parameters, budget),
            oid::PBE_SHA1_3DES => Self::read_pkcs12(parameters, 24, budget),
            oid::PBE_SHA1_2DES => Self::read_pkcs12(parameters, 16, budget),
            oid::PBE_SHA1_RC2_40
            | oid::PBE_SHA1_RC2_128
            | oid::PBE_SHA1_RC4_40
            | oid::PBE_SHA1_RC4_128 => Err(PfxError::OldEncryption),
            _ => Err(PfxError::Unsupported("an unknown encryption")),
        }
    }

    fn read_pkcs12(node: &Node<'_>, key: usize, budget: &mut Budget) -> Result<Self, PfxError> {
        let [salt, iterations] = node.sequence()? else {
            return Err(PfxError::Broken);
        };
        let salt = salt.octets()?;
        Ok(Self {
            derivation: Derivation::Pkcs12(key),
            iterations: budget.derive(iterations.number()?, &salt)?,
            salt,
            cipher: Cipher::des_ede3_cbc(),
        })
    }

    fn read_pbes2(node: &Node<'_>, budget: &mut Budget) -> Result<Self, PfxError> {
        let [derivation, encryption] = node.sequence()? else {
            return Err(PfxError::Broken);
        };
        let ([id, parameters], [cipher, start]) = (derivation.sequence()?, encryption.sequence()?)
        else {
            return Err(PfxError::Unsupported("an unknown encryption"));
        };
        if id.oid()? != oid::PBKDF2 {
            return Err(PfxError::Unsupported("a key derivation other than PBKDF2"));
        }
        let cipher = cipher_of(cipher.oid()?)?;
        let start = start.octets()?;
        if Some(start.len()) != cipher.iv_len() {
            return Err(PfxError::Broken);
        }
        // The salt can be an algorithm's in theory (RFC 8018 appendix A.2); nobody has one.
        let [salt, iterations, rest @ ..] = parameters.sequence()? else {
            return Err(PfxError::Broken);
        };
        let salt = salt.octets()?;
        let iterations = budget.derive(iterations.number()?, &salt)?;
        let (length, function) = match rest {
            [] => (None, None),
            [one] if one.primitive(INTEGER).is_ok() => (Some(one.number()?), None),
            [one] => (None, Some(one)),
            [length, function] => (Some(length.number()?), Some(function)),
            _ => return Err(PfxError::Broken),
        };
        if length.is_some_and(|length| u64::try_from(cipher.key_len()) != Ok(length)) {
            return Err(PfxError::Broken);
        }
        let digest = match function.map(Node::sequence).transpose()? {
            None => MessageDigest::sha1(),
            Some([id, ..]) => pseudo_random_function(id.oid()?)?,
            Some([]) => return Err(PfxError::Broken),
        };
        Ok(Self {
            derivation: Derivation::Pbkdf2(digest, start),
            iterations,
            salt,
            cipher,
        })
    }

    /// Decrypts; none if the padding is wrong, which is nearly always a wrong password or damage.
    pub(crate) fn decrypt(
        &self,
        password: &Password,
        content: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, PfxError> {
        let mut key = Zeroizing::new(Vec::new());
        let start = match &self.derivation {
            Derivation::Pbkdf2(digest, start) => {
                key.resize(self.cipher.key_len(), 0);
                let (salt, iterations) = (&self.salt, self.iterations);
                kdf::pbkdf2(&password.utf8, salt, iterations, *digest, &mut key)?;
                Zeroizing::new(start.clone())
            }
            Derivation::Pkcs12(length) => {
                let derive = |purpose, length| {
                    let (salt, iterations) = (&self.salt, self.iterations);
                    kdf::derive(Hash::Sha1, &password.bmp, salt, iterations, purpose, length)
                };
                key = derive(Purpose::Key, *length);
                // Triple DES with two keys begins and ends with the same one.
                let first: Zeroizing<Vec<u8>> =
                    Zeroizing::new(key.iter().copied().take(24 - length).collect());
                key.extend_from_slice(&first);
                derive(Purpose::InitialValue, 8)
            }
        };
        Ok(decrypt(self.cipher, &key, Some(&start), content)
            .ok()
            .map(Zeroizing::new))
    }
}

fn cipher_of(id: ObjectIdentifier) -> Result<Cipher, PfxError> {
    match id {
        oid::AES_128_CBC => Ok(Cipher::aes_128_cbc()),
        oid::AES_192_CBC => Ok(Cipher::aes_192_cbc()),
        oid::AES_256_CBC => Ok(Cipher::aes_256_cbc()),
        oid::DES_EDE3_CBC => Ok(Cipher::des_ede3_cbc()),
        _ => Err(PfxError::Unsupported("an unknown cipher")),
    }
}

fn pseudo_random_function(id: ObjectIdentifier) -> Result<MessageDigest, PfxError> {
    match id {
        oid::HMAC_SHA1 => Ok(MessageDigest::sha1()),
        oid::HMAC_SHA224 => Ok(MessageDigest::sha224()),
        oid::HMAC_SHA256 => Ok(MessageDigest::sha256()),
        oid::HMAC_SHA384 => Ok(MessageDigest::sha384()),
        oid::HMAC_SHA512 => Ok(MessageDigest::sha512()),
        _ => Err(PfxError::Unsupported("an unknown hash function")),
    }
}

/// An encrypted thing with its scheme.
pub(crate) struct Sealed {
    pub(crate) scheme: Scheme,
    pub(crate) content: Vec<u8>,
}

impl Sealed {
    /// `EncryptedPrivateKeyInfo` (RFC 5958 section 3).
    pub(crate) fn read_key(node: &Node<'_>, budget: &mut Budget) -> Result<Self, PfxError> {
        let [algorithm, content] = node.sequence()? else {
            return Err(PfxError::Broken);
        };
        Ok(Self {
            scheme: Scheme::read(algorithm, budget)?,
            content: content.octets_as(OCTETS)?,
        })
    }

    pub(crate) fn open(&self, password: &Password) -> Result<Option<Zeroizing<Vec<u8>>>, PfxError> {
        self.scheme.decrypt(password, &self.content)
    }
}
