//! The keys that seal secrets: one active, older ones kept so that what they sealed still opens.
//!
//! A ring key is 256 random bits. It never encrypts anything itself: HMAC-SHA-256 derives from it
//! the key that wraps data keys, its own identifier (so an identifier commits to one key, and a
//! mistyped secret is noticed), and subkeys for other purposes.

use std::fmt;

use domain::Secret;
use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use sha2::Sha256;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Name of a ring key: the first eight bytes of a hash of it, written as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// One key of the ring, with what is derived from it.
pub(crate) struct RingKey {
    id: KeyId,
    created_at: OffsetDateTime,
    secret: Secret<[u8; 32]>,
    wrapping: Secret<[u8; 32]>,
}

impl RingKey {
    pub(crate) fn new(secret: Secret<[u8; 32]>, created_at: OffsetDateTime) -> Self {
        let id = subkey(&secret, "id", "");
        let id = id.expose().first_chunk().copied().unwrap_or_default();
        Self {
            id: KeyId(id),
            created_at,
            wrapping: subkey(&secret, "wrap", ""),
            secret,
        }
    }

    fn generate(now: OffsetDateTime, rng: &mut dyn CryptoRng) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        rng.fill_bytes(secret.as_mut_slice());
        Self::new(Secret::new(*secret), now)
    }

    pub(crate) const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) const fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    pub(crate) const fn secret(&self) -> &Secret<[u8; 32]> {
        &self.secret
    }

    /// The key that wraps data keys.
    pub(crate) const fn wrapping(&self) -> &Secret<[u8; 32]> {
        &self.wrapping
    }
}

/// The keys under which this installation's secrets are sealed.
///
/// It is created once, at set-up, and lives in a file outside the database
/// ([`KeyRing::create`], [`KeyRing::load`]). Without it nothing sealed can be read again.
pub struct KeyRing {
    oldest: RingKey,
    later: Vec<RingKey>,
    active: KeyId,
}

impl KeyRing {
    /// A ring with one new key that is nowhere but in memory: for tests and demonstrations, since
    /// all that it seals is lost with the process.
    pub fn generate_in_memory(now: OffsetDateTime, rng: &mut dyn CryptoRng) -> Self {
        let oldest = RingKey::generate(now, rng);
        Self {
            active: oldest.id,
            oldest,
            later: Vec::new(),
        }
    }

    /// A ring of keys in order of their making; `None` if `active` is not one of them.
    pub(crate) fn from_keys(oldest: RingKey, later: Vec<RingKey>, active: KeyId) -> Option<Self> {
        let ring = Self {
            oldest,
            later,
            active,
        };
        ring.find(active).is_some().then_some(ring)
    }

    /// Makes a new key and seals with it from now on; values sealed under the older keys still
    /// open. The caller then [saves](KeyRing::save) the ring *before* sealing anything with it.
    pub fn rotate(&mut self, now: OffsetDateTime, rng: &mut dyn CryptoRng) -> KeyId {
        let key = RingKey::generate(now, rng);
        self.active = key.id;
        self.later.push(key);
        self.active
    }

    /// The identifier of the key that seals.
    pub const fn active_id(&self) -> KeyId {
        self.active
    }

    /// Every key's identifier and time of making, oldest first.
    pub fn list_keys(&self) -> impl Iterator<Item = (KeyId, OffsetDateTime)> {
        self.keys().map(|key| (key.id, key.created_at))
    }

    /// A 256-bit key for another purpose, such as CSRF tokens. It is derived from the oldest key,
    /// so that rotation does not change it; different purposes give unrelated keys.
    pub fn derive(&self, purpose: &str) -> Secret<[u8; 32]> {
        subkey(&self.oldest.secret, "derive", purpose)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &RingKey> {
        std::iter::once(&self.oldest).chain(&self.later)
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&RingKey> {
        self.keys().find(|key| key.id == id)
    }

    pub(crate) fn active(&self) -> &RingKey {
        self.find(self.active).unwrap_or(&self.oldest)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("active", &self.active)
            .field("keys", &self.keys().map(RingKey::id).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// HMAC-SHA-256 under the ring key of an unambiguous label: a pseudo-random function used as a key
/// derivation function, as in NIST SP 800-108r1 section 4.
fn subkey(secret: &Secret<[u8; 32]>, kind: &str, purpose: &str) -> Secret<[u8; 32]> {
    // RFC 2104 section 2: a key shorter than the block is padded with zeros.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(secret.expose()) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in ["certportal/keyring/1/", kind, "/", purpose] {
        mac.update(part.as_bytes());
    }
    Secret::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-08-20 12:00 UTC);

    #[test]
    fn a_subkey_is_plain_hmac_so_that_other_tools_can_compute_it() {
        // Python: hmac.new(bytes(range(32)), b"certportal/keyring/1/derive/csrf", "sha256")
        let mut secret = [0; 32];
        for (index, byte) in (0..).zip(secret.iter_mut()) {
            *byte = index;
        }
        assert_eq!(
            hex::encode(subkey(&Secret::new(secret), "derive", "csrf").expose()),
            "e77dfeb18ada079b0c62557ad1f98e548ca9e7044145d29db087f748438a52cb"
        );
    }

    #[test]
    fn rotation_keeps_old_keys_and_derived_keys() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut keys = KeyRing::generate_in_memory(NOW, &mut rng);
        let (first, csrf) = (keys.active_id(), keys.derive("csrf"));
        let second = keys.rotate(NOW, &mut rng);
        assert_ne!(first, second);
        assert_eq!(keys.active_id(), second);
        assert_eq!(
            keys.list_keys().map(|(id, _)| id).collect::<Vec<_>>(),
            [first, second]
        );
        assert_eq!(keys.derive("csrf").expose(), csrf.expose());
        assert_ne!(keys.derive("other").expose(), csrf.expose());
    }

    #[test]
    fn debug_shows_identifiers_only() {
        let keys = KeyRing::generate_in_memory(NOW, &mut StdRng::seed_from_u64(1));
        let shown = format!("{keys:?}");
        let id = keys.active_id();
        assert_eq!(
            shown,
            format!("KeyRing {{ active: KeyId({id}), keys: [KeyId({id})], .. }}")
        );
    }
}
