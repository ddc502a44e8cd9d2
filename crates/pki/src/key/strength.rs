//! Checks that an RSA key is as strong as its size says.
//!
//! S/MIME Baseline Requirements section 6.1.6: public exponent, small factors, primes that are
//! close together (Fermat), and the pattern of the ROCA flaw (CVE-2017-15361). Elliptic curve
//! points are checked by OpenSSL when they are read.

use crate::Error;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::pkey::{HasPublic, Private};
use openssl::rsa::{Rsa, RsaRef};
use std::cmp::Ordering;

/// Rounds of Fermat's method that must not find the factors.
const FERMAT_ROUNDS: u32 = 100;

/// Checks a key of ours. The primes are at hand, so closeness is a subtraction (FIPS 186-5
/// section A.1.3: more than 100 bits below half the modulus).
pub(crate) fn check_private(rsa: &RsaRef<Private>) -> Result<(), Error> {
    check_shape(rsa)?;
    let (Some(p), Some(q)) = (rsa.p(), rsa.q()) else {
        return Err(Error::Key("its primes are missing"));
    };
    check_parts(rsa, p, q)?;
    let mut distance = BigNum::new()?;
    if p.ucmp(q) == Ordering::Less {
        distance.checked_sub(q, p)?;
    } else {
        distance.checked_sub(p, q)?;
    }
    if distance.num_bits() <= rsa.n().num_bits() / 2 - 100 {
        return Err(Error::Key("its primes are too close together"));
    }
    Ok(())
}

/// The parts fit each other in size, and the primes make the modulus: a stranger's file could hold an
/// exponent that takes hours to compute with.
fn check_parts(rsa: &RsaRef<Private>, p: &BigNumRef, q: &BigNumRef) -> Result<(), Error> {
    let is_below = |part: Option<&BigNumRef>, bound: &BigNumRef| {
        part.is_some_and(|part| part.ucmp(bound) == Ordering::Less)
    };
    let mut product = BigNum::new()?;
    let fit = is_below(Some(rsa.d()), rsa.n())
        && is_below(Some(p), rsa.n())
        && is_below(Some(q), rsa.n())
        && is_below(rsa.dmp1(), p)
        && is_below(rsa.dmq1(), q)
        && is_below(rsa.iqmp(), p);
    if fit {
        product.checked_mul(p, q, &mut *BigNumContext::new()?)?;
    }
    if product.ucmp(rsa.n()) == Ordering::Equal {
        Ok(())
    } else {
        Err(Error::Key("its parts do not belong together"))
    }
}

/// Checks a public key that is to be certified.
pub(crate) fn check_public<T: HasPublic>(rsa: &Rsa<T>) -> Result<(), Error> {
    check_shape(rsa)?;
    if has_roca_pattern(rsa.n())? {
        return Err(Error::Key("it was made by a chip with the ROCA flaw"));
    }
    if is_fermat_close(rsa.n())? {
        return Err(Error::Key("its primes are too close together"));
    }
    Ok(())
}

fn check_shape<T: HasPublic>(rsa: &RsaRef<T>) -> Result<(), Error> {
    // Ours is 65537. A stranger's may be another odd number above it (S/MIME Baseline Requirements
    // section 6.1.6), up to what OpenSSL verifies with for every size.
    let is_even = !rsa.e().is_bit_set(0);
    if is_even || rsa.e().ucmp(&*BigNum::from_u32(65537)?) == Ordering::Less {
        return Err(Error::Key("its public exponent is even or below 65537"));
    }
    if rsa.e().num_bits() > 64 {
        return Err(Error::Key("its public exponent has more than 64 bits"));
    }
    if rsa.n().num_bits() % 8 != 0 {
        return Err(Error::Key("its modulus is not a whole number of bytes"));
    }
    for prime in small_primes(752) {
        if rsa.n().mod_word(prime)? == 0 {
            return Err(Error::Key("its modulus has a small factor"));
        }
    }
    Ok(())
}

fn small_primes(below: u32) -> impl Iterator<Item = u32> {
    (2..below).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
}

/// ROCA primes are powers of 65537 modulo every small prime, and so is their product. A sound
/// modulus passes for all of these with a probability of about 2^-27.
fn has_roca_pattern(n: &BigNumRef) -> Result<bool, Error> {
    for prime in small_primes(168).skip(1) {
        let remainder = n.mod_word(prime)?;
        let prime = u64::from(prime);
        let mut power = 1;
        let is_power = (0..prime).any(|_| {
            power = power * 65537 % prime;
            power == remainder
        });
        if !is_power {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Fermat's method: if `n = a² - b²` with `a` just above the root of `n`, the factors are near.
fn is_fermat_close(n: &BigNumRef) -> Result<bool, Error> {
    let mut context = BigNumContext::new()?;
    let mut a = square_root(n, &mut context)?;
    let mut square = BigNum::new()?;
    let mut difference = BigNum::new()?;
    for _ in 0..=FERMAT_ROUNDS {
        square.sqr(&a, &mut context)?;
        if square.ucmp(n) != Ordering::Less {
            difference.checked_sub(&square, n)?;
            if is_square(&difference, &mut context)? {
                return Ok(true);
            }
        }
        a.add_word(1)?;
    }
    Ok(false)
}

fn is_square(n: &BigNumRef, context: &mut BigNumContext) -> Result<bool, Error> {
    // Squares take few values modulo these; this spares nearly all the roots.
    for modulus in [64, 63, 65, 11] {
        let remainder = n.mod_word(modulus)?;
        let modulus = u64::from(modulus);
        if !(0..modulus).any(|x| x * x % modulus == remainder) {
            return Ok(false);
        }
    }
    let root = square_root(n, context)?;
    let mut square = BigNum::new()?;
    square.sqr(&root, context)?;
    Ok(square.ucmp(n) == Ordering::Equal)
}

/// Integer square root, rounded down, by Newton's method from above.
fn square_root(n: &BigNumRef, context: &mut BigNumContext) -> Result<BigNum, Error> {
    if n.num_bits() == 0 {
        return Ok(BigNum::new()?);
    }
    let mut root = BigNum::new()?;
    root.set_bit(n.num_bits() / 2 + 1)?;
    loop {
        let mut quotient = BigNum::new()?;
        quotient.checked_div(n, &root, context)?;
        let mut sum = BigNum::new()?;
        sum.checked_add(&root, &quotient)?;
        let mut next = BigNum::new()?;
        next.rshift1(&sum)?;
        if next.ucmp(&root) != Ordering::Less {
            return Ok(root);
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prime_near(start: &BigNumRef) -> BigNum {
        let mut context = BigNumContext::new().unwrap();
        let mut n = start.to_owned().unwrap();
        n.set_bit(0).unwrap();
        while !n.is_prime(20, &mut context).unwrap() {
            n.add_word(2).unwrap();
        }
        n
    }

    #[test]
    fn close_primes_are_found_and_others_are_not() {
        let mut context = BigNumContext::new().unwrap();
        let mut start = BigNum::new().unwrap();
        start.generate_prime(512, false, None, None).unwrap();
        let p = prime_near(&start);
        let mut after = p.to_owned().unwrap();
        after.add_word(2).unwrap();
        let q = prime_near(&after);
        let mut n = BigNum::new().unwrap();
        n.checked_mul(&p, &q, &mut context).unwrap();
        assert!(is_fermat_close(&n).unwrap());

        let sound = Rsa::generate(2048).unwrap();
        check_private(&sound).unwrap();
        check_public(&sound).unwrap();
    }

    /// Fermat's method needs `(p - q)² / 8√n` rounds: some fifty for the first pair, five hundred
    /// for the second.
    #[test]
    fn a_hundred_rounds_are_made() {
        let mut context = BigNumContext::new().unwrap();
        let mut p = BigNum::new().unwrap();
        p.generate_prime(1024, false, None, None).unwrap();
        for (factor, is_found) in [(20, true), (64, false)] {
            let mut distance = BigNum::new().unwrap();
            distance.set_bit(512).unwrap();
            distance.mul_word(factor).unwrap();
            let mut start = BigNum::new().unwrap();
            start.checked_add(&p, &distance).unwrap();
            let q = prime_near(&start);
            let mut n = BigNum::new().unwrap();
            n.checked_mul(&p, &q, &mut context).unwrap();
            assert_eq!(is_fermat_close(&n).unwrap(), is_found, "{factor}");
        }
    }

    #[test]
    fn the_roca_pattern_is_found() {
        let mut context = BigNumContext::new().unwrap();
        let e = BigNum::from_u32(65537).unwrap();
        let mut n = BigNum::new().unwrap();
        n.exp(&e, &BigNum::from_u32(128).unwrap(), &mut context)
            .unwrap();
        assert!(has_roca_pattern(&n).unwrap());
    }

    #[test]
    fn a_small_factor_and_a_small_exponent_are_found() {
        let e = BigNum::from_u32(65537).unwrap();
        let n = BigNum::from_hex_str(&format!("c{}9", "0".repeat(510))).unwrap();
        let mut n = n.to_owned().unwrap();
        while n.mod_word(751).unwrap() != 0 {
            n.add_word(2).unwrap();
        }
        let bad = Rsa::from_public_components(n, e).unwrap();
        assert!(check_public(&bad).is_err());

        let three = Rsa::generate_with_e(2048, &BigNum::from_u32(3).unwrap()).unwrap();
        assert!(check_public(&three).is_err());
    }

    #[test]
    fn roots_are_exact() {
        let mut context = BigNumContext::new().unwrap();
        for (n, root) in [
            (0, 0),
            (1, 1),
            (3, 1),
            (4, 2),
            (99, 9),
            (100, 10),
            (u32::MAX, 65535),
        ] {
            let found = square_root(&BigNum::from_u32(n).unwrap(), &mut context).unwrap();
            assert_eq!(found, BigNum::from_u32(root).unwrap(), "{n}");
        }
    }
}
