//! Noticing at the start that the key ring is the wrong one.
//!
//! At set-up the portal seals a known value and keeps it in the database. A ring that cannot open
//! it belongs to another installation or has lost a key, and the portal must not work with it.

use rand::CryptoRng;
use uuid::Uuid;

use crate::{Error, KeyRing, Place};

const KNOWN: &[u8] = b"certportal key check";

const PLACE: Place<'_> = Place {
    table: "key_check",
    column: "sealed",
    row: Uuid::nil(),
    owner: Uuid::nil(),
};

impl KeyRing {
    /// The value to keep in the database at set-up, and to replace after each rotation once
    /// everything has been sealed anew.
    pub fn key_check(&self, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, Error> {
        self.seal(PLACE, KNOWN, rng)
    }

    /// Whether this ring belongs to the database that holds `sealed`.
    ///
    /// [`Error::WrongRing`] if it does not, [`Error::Tampered`] or [`Error::Malformed`] if the
    /// stored value was damaged.
    pub fn verify_key_check(&self, sealed: &[u8]) -> Result<(), Error> {
        match self.open(PLACE, sealed) {
            Ok(opened) if opened.expose() == KNOWN => Ok(()),
            Ok(_) => Err(Error::Tampered),
            Err(Error::UnknownKey { key_id }) => Err(Error::WrongRing { key_id }),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_right_ring_passes_and_another_one_does_not() {
        let now = datetime!(2026-08-20 12:00 UTC);
        let mut rng = StdRng::seed_from_u64(3);
        let mut keys = KeyRing::generate_in_memory(now, &mut rng);
        let key_id = keys.active_id();
        let check = keys.key_check(&mut rng).unwrap();
        assert_eq!(keys.verify_key_check(&check), Ok(()));
        keys.rotate(now, &mut rng);
        assert_eq!(keys.verify_key_check(&check), Ok(()));

        let other = KeyRing::generate_in_memory(now, &mut rng);
        assert_eq!(
            other.verify_key_check(&check),
            Err(Error::WrongRing { key_id })
        );
        assert_eq!(
            keys.verify_key_check(&check[1..]),
            Err(Error::UnknownFormat { version: check[1] })
        );
        assert_eq!(keys.verify_key_check(b""), Err(Error::Malformed));
    }
}
