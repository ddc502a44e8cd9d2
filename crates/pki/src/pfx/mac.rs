//! The integrity check of a container from outside (RFC 7292 section 4, `MacData`).

use super::PfxError;
use super::kdf::{self, Hash, Purpose};
use super::limits::Budget;
use super::scheme::Password;
use crate::ber::Node;
use crate::oid;
use openssl::memcmp;
use openssl::pkey::PKey;
use openssl::sign::Signer;

pub(super) struct Mac {
    hash: Hash,
    expected: Vec<u8>,
    salt: Vec<u8>,
    iterations: u32,
}

impl Mac {
    pub(super) fn read(node: &Node<'_>, budget: &mut Budget) -> Result<Self, PfxError> {
        let [digest, salt, rest @ ..] = node.sequence()? else {
            return Err(PfxError::Broken);
        };
        let iterations = match rest {
            [] => 1,
            [iterations] => iterations.number()?,
            _ => return Err(PfxError::Broken),
        };
        let [algorithm, expected] = digest.sequence()? else {
            return Err(PfxError::Broken);
        };
        let Some(id) = algorithm.sequence()?.first() else {
            return Err(PfxError::Broken);
        };
        let salt = salt.octets()?;
        let iterations = budget.derive(iterations, &salt)?;
        let hash = match id.oid()? {
            oid::SHA1 => Hash::Sha1,
            oid::SHA256 => Hash::Sha256,
            oid::SHA384 => Hash::Sha384,
            oid::SHA512 => Hash::Sha512,
            oid::PBMAC1 => return Err(PfxError::Unsupported("the integrity check PBMAC1")),
            _ => return Err(PfxError::Unsupported("an unknown integrity check")),
        };
        Ok(Self {
            hash,
            expected: expected.octets()?,
            salt,
            iterations,
        })
    }

    pub(super) fn verifies(&self, password: &Password, content: &[u8]) -> Result<bool, PfxError> {
        let digest = self.hash.digest();
        let key = kdf::derive(
            self.hash,
            password.bmp(),
            &self.salt,
            self.iterations,
            Purpose::Mac,
            digest.size(),
        );
        let mac = Signer::new(digest, PKey::hmac(&key)?.as_ref())?.sign_oneshot_to_vec(content)?;
        Ok(mac.len() == self.expected.len() && memcmp::eq(&mac, &self.expected))
    }
}
