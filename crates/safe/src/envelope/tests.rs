//! What an envelope promises: it opens in its own place, unchanged, and nowhere else.

use std::collections::HashSet;

use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use time::OffsetDateTime;
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-08-20 12:00 UTC);
const PLACE: Place<'_> = Place {
    table: "certificate",
    column: "password",
    row: Uuid::from_u128(1),
    owner: Uuid::from_u128(2),
};

fn keys() -> (KeyRing, StdRng) {
    let mut rng = StdRng::seed_from_u64(7);
    (KeyRing::generate_in_memory(NOW, &mut rng), rng)
}

#[test]
fn a_sealed_value_opens_in_its_place_only() {
    let (keys, mut rng) = keys();
    let sealed = keys.seal(PLACE, b"secret", &mut rng).unwrap();
    assert_eq!(sealed.len(), 97 + 6);
    assert_eq!(keys.open(PLACE, &sealed).unwrap().expose(), b"secret");
    for elsewhere in [
        Place {
            table: "request",
            ..PLACE
        },
        Place {
            column: "key",
            ..PLACE
        },
        Place {
            row: PLACE.owner,
            ..PLACE
        },
        Place {
            owner: PLACE.row,
            ..PLACE
        },
        Place {
            row: PLACE.owner,
            owner: PLACE.row,
            ..PLACE
        },
        // The lengths keep neighbouring names apart.
        Place {
            table: "certificatep",
            column: "assword",
            ..PLACE
        },
    ] {
        assert_eq!(
            keys.open(elsewhere, &sealed).unwrap_err(),
            Error::Tampered,
            "{elsewhere:?}"
        );
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let (keys, mut rng) = keys();
    let sealed = keys.seal(PLACE, b"secret", &mut rng).unwrap();
    for at in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[at / 8] ^= 1 << (at % 8);
        let error = keys.open(PLACE, &changed).unwrap_err();
        let is_expected = match at / 8 {
            0 => matches!(error, Error::UnknownFormat { .. }),
            1..=8 => matches!(error, Error::UnknownKey { .. }),
            _ => error == Error::Tampered,
        };
        assert!(is_expected, "bit {at}: {error:?}");
    }
    for length in 0..sealed.len() {
        assert!(keys.open(PLACE, &sealed[..length]).is_err(), "{length}");
    }
}

#[test]
fn another_ring_says_which_key_is_missing() {
    let (keys, mut rng) = keys();
    let sealed = keys.seal(PLACE, b"secret", &mut rng).unwrap();
    let other = KeyRing::generate_in_memory(NOW, &mut rng);
    let key_id = keys.active_id();
    assert_eq!(
        other.open(PLACE, &sealed).unwrap_err(),
        Error::UnknownKey { key_id }
    );
}

#[test]
fn rotation_asks_for_resealing_and_loses_nothing() {
    let (mut keys, mut rng) = keys();
    let sealed = keys.seal(PLACE, b"secret", &mut rng).unwrap();
    assert!(!keys.needs_reseal(&sealed));
    keys.rotate(NOW, &mut rng);
    assert!(keys.needs_reseal(&sealed));
    assert!(keys.needs_reseal(b""));
    let opened = keys.open(PLACE, &sealed).unwrap();
    let again = keys.seal(PLACE, opened.expose(), &mut rng).unwrap();
    assert!(!keys.needs_reseal(&again));
    assert_eq!(keys.open(PLACE, &again).unwrap().expose(), b"secret");
}

#[test]
fn nonces_do_not_repeat() {
    let (keys, mut rng) = keys();
    let mut seen = HashSet::new();
    for _ in 0..100_000 {
        let sealed = keys.seal(PLACE, b"", &mut rng).unwrap();
        let parts = Parts::parse(&sealed).unwrap();
        assert!(seen.insert(*parts.nonce) && seen.insert(*parts.wrap_nonce));
    }
}

proptest! {
    #[test]
    fn anything_seals_and_opens(
        plain in proptest::collection::vec(any::<u8>(), 0..300),
        table in "\\PC{0,20}",
        column in "\\PC{0,20}",
        row: u128,
        owner: u128,
    ) {
        let (keys, mut rng) = keys();
        let (row, owner) = (Uuid::from_u128(row), Uuid::from_u128(owner));
        let place = Place { table: &table, column: &column, row, owner };
        let sealed = keys.seal(place, &plain, &mut rng).unwrap();
        let opened = keys.open(place, &sealed).unwrap();
        prop_assert_eq!(opened.expose(), &plain);
    }

    #[test]
    fn rubbish_never_opens_and_never_panics(
        mut rubbish in proptest::collection::vec(any::<u8>(), 0..300),
        looks_right: bool,
    ) {
        let (keys, _) = keys();
        if looks_right {
            let head = [&[VERSION][..], &keys.active_id().0].concat();
            rubbish.splice(0..0, head);
        }
        prop_assert!(keys.open(PLACE, &rubbish).is_err());
    }
}
