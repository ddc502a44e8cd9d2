//! Encrypting the parts of a container and authenticating the whole.

use super::kdf::{self, Hash, Purpose};
use crate::asn1::{NULL, integer, octet_string, oid, sequence};
use crate::{Error, oid};
use domain::PfxFlavour;
use openssl::hash::MessageDigest;
use openssl::pkcs5::pbkdf2_hmac;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, encrypt};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Salt of the MAC, and of Triple DES. macOS is reported to refuse other lengths for the MAC.
const SHORT_SALT: usize = 8;

/// A password and how it is used in one container.
pub(super) struct Protection<'a> {
    flavour: PfxFlavour,
    password: &'a str,
    iterations: u32,
    /// Derived once: both parts have the same salt and so the same key, each with a random initial
    /// value of its own. The password would not be harder to find if there were two.
    modern_key: Option<ModernKey>,
}

struct ModernKey {
    salt: [u8; 16],
    key: Zeroizing<[u8; 32]>,
}

/// Ciphertext with the `AlgorithmIdentifier` that tells how to decrypt it.
pub(super) struct Encrypted {
    pub(super) algorithm: Vec<u8>,
    pub(super) content: Vec<u8>,
}

impl<'a> Protection<'a> {
    pub(super) const fn new(flavour: PfxFlavour, password: &'a str, iterations: u32) -> Self {
        Self {
            flavour,
            password,
            iterations,
            modern_key: None,
        }
    }

    pub(super) fn encrypt(
        &mut self,
        clear: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Encrypted, Error> {
        match self.flavour {
            PfxFlavour::Modern => self.encrypt_modern(clear, rng),
            PfxFlavour::Compatible => self.encrypt_compatible(clear, rng),
        }
    }

    /// PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC (RFC 8018 section 6.2 and appendix A).
    fn encrypt_modern(
        &mut self,
        clear: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Encrypted, Error> {
        let ModernKey { salt, key } = match self.modern_key.take() {
            Some(derived) => derived,
            None => self.derive_modern(rng)?,
        };
        let initial_value = random::<16>(rng);
        let derivation = sequence(&[
            &oid(oid::PBKDF2),
            &sequence(&[
                &octet_string(&salt),
                &integer(self.iterations.into()),
                &sequence(&[&oid(oid::HMAC_SHA256), NULL]),
            ]),
        ]);
        let cipher = sequence(&[&oid(oid::AES_256_CBC), &octet_string(&initial_value)]);
        let content = encrypt(
            Cipher::aes_256_cbc(),
            key.as_ref(),
            Some(&initial_value),
            clear,
        )?;
        self.modern_key = Some(ModernKey { salt, key });
        Ok(Encrypted {
            algorithm: sequence(&[&oid(oid::PBES2), &sequence(&[&derivation, &cipher])]),
            content,
        })
    }

    fn derive_modern(&self, rng: &mut dyn CryptoRng) -> Result<ModernKey, Error> {
        let salt = random::<16>(rng);
        let mut key = Zeroizing::new([0; 32]);
        let rounds = usize::try_from(self.iterations).unwrap_or(usize::MAX);
        let password = self.password.as_bytes();
        pbkdf2_hmac(
            password,
            &salt,
            rounds,
            MessageDigest::sha256(),
            key.as_mut(),
        )?;
        Ok(ModernKey { salt, key })
    }

    /// `pbeWithSHAAnd3-KeyTripleDES-CBC` (RFC 7292 appendix C).
    fn encrypt_compatible(
        &self,
        clear: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Encrypted, Error> {
        let salt = random::<SHORT_SALT>(rng);
        let password = kdf::bmp(self.password);
        let derive = |purpose, length| {
            kdf::derive(
                Hash::Sha1,
                &password,
                &salt,
                self.iterations,
                purpose,
                length,
            )
        };
        let key = derive(Purpose::Key, 24);
        let initial_value = derive(Purpose::InitialValue, 8);
        let parameters = sequence(&[&octet_string(&salt), &integer(self.iterations.into())]);
        Ok(Encrypted {
            algorithm: sequence(&[&oid(oid::PBE_SHA1_3DES), &parameters]),
            content: encrypt(Cipher::des_ede3_cbc(), &key, Some(&initial_value), clear)?,
        })
    }

    /// `MacData` over the authenticated safe (RFC 7292 section 4 and appendix A).
    pub(super) fn mac(&self, content: &[u8], rng: &mut dyn CryptoRng) -> Result<Vec<u8>, Error> {
        let (hash, identifier) = match self.flavour {
            PfxFlavour::Modern => (Hash::Sha256, oid::SHA256),
            PfxFlavour::Compatible => (Hash::Sha1, oid::SHA1),
        };
        let salt = random::<SHORT_SALT>(rng);
        let digest = hash.digest();
        let (password, length) = (kdf::bmp(self.password), digest.size());
        let key = kdf::derive(
            hash,
            &password,
            &salt,
            self.iterations,
            Purpose::Mac,
            length,
        );
        let mac = Signer::new(digest, PKey::hmac(&key)?.as_ref())?.sign_oneshot_to_vec(content)?;
        let digest_info = sequence(&[&sequence(&[&oid(identifier), NULL]), &octet_string(&mac)]);
        Ok(sequence(&[
            &digest_info,
            &octet_string(&salt),
            &integer(self.iterations.into()),
        ]))
    }
}

fn random<const N: usize>(rng: &mut dyn CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
