//! Keys that are weak, each in its own way, in a certificate that is good otherwise.

use super::super::LintFacts;
use super::draft::{authority, key};
use super::mutants::{Break, id, other_serial, refuse};
use crate::KeyBlocklist;
use crate::asn1::{oid as oid_der, sequence};
use domain::KeyAlgorithm;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::rsa::Rsa;

fn spki(n: &BigNumRef, e: u32) -> Vec<u8> {
    let e = BigNum::from_u32(e).unwrap();
    let rsa = Rsa::from_public_components(n.to_owned().unwrap(), e).unwrap();
    rsa.public_key_to_der().unwrap()
}

fn number(make: impl FnOnce(&mut BigNum, &mut BigNumContext)) -> BigNum {
    let mut n = BigNum::new().unwrap();
    make(&mut n, &mut BigNumContext::new().unwrap());
    n
}

/// Product of a prime of 1024 bits and the next one.
fn close_primes() -> BigNum {
    number(|n, context| {
        let mut p = BigNum::new().unwrap();
        p.generate_prime(1024, false, None, None).unwrap();
        let mut q = p.to_owned().unwrap();
        q.add_word(2).unwrap();
        while !q.is_prime(10, context).unwrap() {
            q.add_word(2).unwrap();
        }
        n.checked_mul(&p, &q, context).unwrap();
    })
}

/// A modulus of 2048 bits that is a power of 65537 modulo the product of the primes to 167, as the
/// moduli of the faulty chips are, and has no small factor.
fn roca() -> BigNum {
    let primes: Vec<u32> = (2..168)
        .filter(|n| (2..*n).all(|divisor| n % divisor != 0))
        .collect();
    number(|n, context| {
        let mut product = BigNum::from_u32(1).unwrap();
        for prime in &primes {
            product.mul_word(*prime).unwrap();
        }
        let (e, power) = (
            BigNum::from_u32(65537).unwrap(),
            BigNum::from_u32(4711).unwrap(),
        );
        n.mod_exp(&e, &power, &product, context).unwrap();
        let mut multiple = BigNum::new().unwrap();
        multiple
            .lshift(&product, 2047 - product.num_bits() + 1)
            .unwrap();
        let start = n.to_owned().unwrap();
        n.checked_add(&start, &multiple).unwrap();
        let has_factor = |n: &BigNum| (168..752).any(|small| n.mod_word(small).unwrap() == 0);
        while n.num_bits() != 2048 || has_factor(n) {
            let before = n.to_owned().unwrap();
            n.checked_add(&before, &product).unwrap();
            if n.num_bits() < 2048 {
                let before = n.to_owned().unwrap();
                n.checked_add(&before, &multiple).unwrap();
            }
        }
    })
}

#[test]
fn keys() {
    let rsa = key(KeyAlgorithm::Rsa2048);
    let n = rsa.pkey().rsa().unwrap().n().to_owned().unwrap();
    let small = Rsa::generate(1024).unwrap();
    let even = number(|even, _| {
        even.checked_add(&n, &BigNum::from_u32(1).unwrap()).unwrap();
    });
    let factor = number(|with, context| {
        let mut rest = BigNum::new().unwrap();
        rest.rshift(&n, 10).unwrap();
        rest.set_bit(0).unwrap();
        with.checked_mul(&rest, &BigNum::from_u32(751).unwrap(), context)
            .unwrap();
        while with.num_bits() < 2048 {
            let before = with.to_owned().unwrap();
            with.lshift1(&before).unwrap();
            with.add_word(751).unwrap();
        }
    });
    let (close, roca) = (close_primes(), roca());
    let mut list = KeyBlocklist::default();
    list.add_compromised(rsa.spki_sha256());
    let variants: [Break<'_>; 11] = [
        ("L04", "byte-exactly", &|d| {
            let algorithm = sequence(&[&oid_der(id("1.2.840.113549.1.1.1"))]);
            let bits = d.spki[19..].to_vec();
            d.spki = sequence(&[&algorithm, &bits]);
        }),
        ("L04", "byte-exactly", &|d| {
            let ed25519 = sequence(&[&oid_der(id("1.3.101.112"))]);
            d.spki = sequence(&[&ed25519, &crate::asn1::bit_string(&[9; 32])]);
        }),
        ("L05", "1024 bits", &|d| d.spki = spki(small.n(), 65537)),
        ("L05", "exponent", &|d| d.spki = spki(&n, 3)),
        ("L05", "exponent", &|d| d.spki = spki(&n, 1)),
        ("L05", "exponent", &|d| d.spki = spki(&n, 65538)),
        ("L05", "small factor", &|d| d.spki = spki(&even, 65537)),
        ("L05", "small factor", &|d| d.spki = spki(&factor, 65537)),
        ("L05", "too close together", &|d| {
            d.spki = spki(&close, 65537);
        }),
        ("L05", "ROCA", &|d| d.spki = spki(&roca, 65537)),
        ("L24", "own key", &|d| {
            d.spki = authority().certificate().public_key().spki_der().to_vec();
        }),
    ];
    refuse(&rsa, &LintFacts::default(), &variants);
    let facts = LintFacts {
        blocklist: Some(&list),
        ..LintFacts::default()
    };
    refuse(
        &rsa,
        &facts,
        &[("L05", "compromised", &|d| d.serial = other_serial())],
    );
}
