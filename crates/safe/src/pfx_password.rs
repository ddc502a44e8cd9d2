//! Passwords that the portal makes, for containers and for new accounts.
//!
//! They travel by eye and keyboard: ASCII only, no blanks, short enough for every reader of PFX
//! files (at most 31 characters), without symbols that look alike where length allows.

use domain::{PfxPasswordPolicy, Secret};
use rand::CryptoRng;
use zeroize::Zeroizing;

/// 32 symbols: no I, O, 0 or 1.
const CLEAR: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// 75 symbols, none of which needs quoting within single quotes of a shell.
const DENSE: &[u8; 75] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*-+=,.";

/// The password of a PFX container.
///
/// `Fours` has 29 characters: six groups of four, joined by hyphens that are part of the password.
/// `Sixteen` has 16.
pub fn generate_pfx_password(policy: PfxPasswordPolicy, rng: &mut dyn CryptoRng) -> Secret<String> {
    // Reserved at once: a string that grows would leave copies of its beginning in memory.
    let mut password = Zeroizing::new(String::with_capacity(32));
    match policy {
        PfxPasswordPolicy::Fours => {
            for position in 0..24 {
                if position > 0 && position % 4 == 0 {
                    password.push('-');
                }
                password.push(draw(CLEAR, rng));
            }
        }
        PfxPasswordPolicy::Sixteen => {
            for _ in 0..16 {
                password.push(draw(DENSE, rng));
            }
        }
    }
    Secret::new(std::mem::take(&mut *password))
}

/// The first password of a new account, to be changed at the first sign-in: six groups of four.
pub fn generate_start_password(rng: &mut dyn CryptoRng) -> Secret<String> {
    generate_pfx_password(PfxPasswordPolicy::Fours, rng)
}

/// One symbol, each equally likely: a byte beyond the last whole multiple of the alphabet's size
/// is drawn again.
fn draw(alphabet: &[u8], rng: &mut dyn CryptoRng) -> char {
    let limit = 256 - 256 % alphabet.len();
    loop {
        let mut byte = [0];
        rng.fill_bytes(&mut byte);
        let number = usize::from(byte[0]);
        if number < limit
            && let Some(symbol) = alphabet.get(number % alphabet.len())
        {
            return char::from(*symbol);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn fours_are_six_groups_of_clear_symbols() {
        let mut rng = StdRng::seed_from_u64(11);
        for _ in 0..1000 {
            let password = generate_pfx_password(PfxPasswordPolicy::Fours, &mut rng);
            let password = password.expose();
            assert_eq!(password.len(), 29);
            let groups: Vec<&str> = password.split('-').collect();
            assert_eq!(groups.len(), 6);
            for group in groups {
                assert_eq!(group.len(), 4);
                assert!(group.bytes().all(|b| CLEAR.contains(&b)), "{group}");
            }
        }
    }

    #[test]
    fn the_alphabets_have_the_promised_size() {
        for (alphabet, policy, symbols) in [
            (CLEAR.as_slice(), PfxPasswordPolicy::Fours, 24.0),
            (DENSE.as_slice(), PfxPasswordPolicy::Sixteen, 16.0),
        ] {
            let distinct = alphabet.iter().collect::<BTreeSet<_>>().len();
            assert_eq!(distinct, alphabet.len());
            let bits = f64::from(u32::try_from(distinct).unwrap()).log2() * symbols;
            assert!(
                (0.0..1.0).contains(&(bits - f64::from(policy.bits()))),
                "{bits}"
            );
        }
    }

    #[test]
    fn every_symbol_of_sixteen_is_equally_likely() {
        let mut rng = StdRng::seed_from_u64(13);
        let mut counts: BTreeMap<char, u32> = BTreeMap::new();
        for _ in 0..15_000 {
            let password = generate_pfx_password(PfxPasswordPolicy::Sixteen, &mut rng);
            assert_eq!(password.expose().len(), 16);
            for symbol in password.expose().chars() {
                *counts.entry(symbol).or_default() += 1;
            }
        }
        assert_eq!(counts.len(), 75);
        // 240,000 draws, 3,200 expected of each. Chi-squared with 74 degrees of freedom stays
        // below 133 but once in 30,000 times; taking bytes modulo 75 would give some 12,000.
        let chi_squared: f64 = counts
            .values()
            .map(|count| (f64::from(*count) - 3200.0).powi(2) / 3200.0)
            .sum();
        assert!(chi_squared < 133.0, "{chi_squared}");
    }
}
