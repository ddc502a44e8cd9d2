//! Sealing a value to the one place in the database where it belongs.
//!
//! Version 1, all lengths fixed but the last:
//! ```text
//! 1  version = 1        8  key id             12  nonce of the wrapping
//! 48 data key + tag     12 nonce of content    n  content, then 16 bytes of tag
//! ```
//! Both layers are AES-256-GCM (NIST SP 800-38D): a fresh random data key seals the content, the
//! ring's wrapping key seals the data key. Both authenticate the same [additional data](Place).
//! Random 96-bit nonces allow 2^32 values per ring key (section 8.3); rotate long before that.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use domain::Secret;
use rand::CryptoRng;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Error, KeyId, KeyRing};

const VERSION: u8 = 1;
const NONCE: usize = 12;
const WRAPPED: usize = 32 + 16;

/// Where a sealed value belongs. It opens nowhere else.
///
/// The additional data is: version, key id, length of the table name (8 bytes, big endian), table
/// name, length and name of the column likewise, row, owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Name of the table.
    pub table: &'a str,
    /// Name of the column.
    pub column: &'a str,
    /// Primary key of the row.
    pub row: Uuid,
    /// The person, or other thing, whose secret it is.
    pub owner: Uuid,
}

impl Place<'_> {
    fn additional_data(&self, key_id: KeyId) -> Vec<u8> {
        let mut data = vec![VERSION];
        data.extend(key_id.0);
        for name in [self.table, self.column] {
            data.extend((name.len() as u64).to_be_bytes());
            data.extend(name.as_bytes());
        }
        data.extend(self.row.as_bytes());
        data.extend(self.owner.as_bytes());
        data
    }
}

impl KeyRing {
    /// Seals a value under the active key; it is 97 bytes longer than the value.
    ///
    /// Fails only with [`Error::TooLong`].
    pub fn seal(
        &self,
        place: Place<'_>,
        plain: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, Error> {
        let key = self.active();
        let data = place.additional_data(key.id());
        let mut data_key = Zeroizing::new([0; 32]);
        let (mut wrap_nonce, mut nonce) = ([0; NONCE], [0; NONCE]);
        rng.fill_bytes(data_key.as_mut_slice());
        rng.fill_bytes(&mut wrap_nonce);
        rng.fill_bytes(&mut nonce);
        let wrapped = encrypt(key.wrapping().expose(), wrap_nonce, &*data_key, &data)?;
        let content = encrypt(&data_key, nonce, plain, &data)?;
        Ok([
            [VERSION].as_slice(),
            &key.id().0,
            &wrap_nonce,
            &wrapped,
            &nonce,
            &content,
        ]
        .concat())
    }

    /// Opens a value that was sealed for the same place, under any key of the ring.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, Error> {
        let parts = Parts::parse(sealed)?;
        let key_id = parts.key_id;
        let key = self.find(key_id).ok_or(Error::UnknownKey { key_id })?;
        let data = place.additional_data(key_id);
        let wrapping = key.wrapping().expose();
        let data_key = decrypt(wrapping, *parts.wrap_nonce, parts.wrapped, &data)?;
        let data_key = data_key.first_chunk().ok_or(Error::Malformed)?;
        let mut plain = decrypt(data_key, *parts.nonce, parts.content, &data)?;
        Ok(Secret::new(std::mem::take(&mut *plain)))
    }

    /// Whether a value ought to be opened and sealed anew, because the active key did not seal it.
    /// True as well for what is no envelope, so that opening it brings the damage to light.
    pub fn needs_reseal(&self, sealed: &[u8]) -> bool {
        Parts::parse(sealed).map_or(true, |parts| parts.key_id != self.active_id())
    }
}

/// The fields of an envelope.
struct Parts<'a> {
    key_id: KeyId,
    wrap_nonce: &'a [u8; NONCE],
    wrapped: &'a [u8; WRAPPED],
    nonce: &'a [u8; NONCE],
    content: &'a [u8],
}

impl<'a> Parts<'a> {
    fn parse(sealed: &'a [u8]) -> Result<Self, Error> {
        let (version, rest) = sealed.split_first().ok_or(Error::Malformed)?;
        if *version != VERSION {
            return Err(Error::UnknownFormat { version: *version });
        }
        let (key_id, rest) = rest.split_first_chunk().ok_or(Error::Malformed)?;
        let (wrap_nonce, rest) = rest.split_first_chunk().ok_or(Error::Malformed)?;
        let (wrapped, rest) = rest.split_first_chunk().ok_or(Error::Malformed)?;
        let (nonce, content) = rest.split_first_chunk().ok_or(Error::Malformed)?;
        if content.len() < 16 {
            return Err(Error::Malformed);
        }
        Ok(Self {
            key_id: KeyId(*key_id),
            wrap_nonce,
            wrapped,
            nonce,
            content,
        })
    }
}

fn encrypt(key: &[u8; 32], nonce: [u8; NONCE], msg: &[u8], aad: &[u8]) -> Result<Vec<u8>, Error> {
    Aes256Gcm::new(key.into())
        .encrypt(&nonce.into(), Payload { msg, aad })
        .map_err(|_| Error::TooLong)
}

fn decrypt(
    key: &[u8; 32],
    nonce: [u8; NONCE],
    msg: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    Aes256Gcm::new(key.into())
        .decrypt(&nonce.into(), Payload { msg, aad })
        .map(Zeroizing::new)
        .map_err(|_| Error::Tampered)
}

#[cfg(test)]
mod tests;
