//! Which names lie within constraints, also those that other people's roots may have set.

use super::*;
use der::Decode;

fn dns(base: &str) -> Vec<u8> {
    crate::asn1::primitive(2, base.as_bytes())
}

fn mail(base: &str) -> Vec<u8> {
    crate::asn1::primitive(1, base.as_bytes())
}

fn network(bytes: &[u8]) -> Vec<u8> {
    crate::asn1::primitive(7, bytes)
}

fn constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> NameConstraints {
    use crate::asn1::{constructed, sequence};
    let subtrees = |number, bases: &[Vec<u8>]| {
        let all: Vec<Vec<u8>> = bases.iter().map(|base| sequence(&[base])).collect();
        if all.is_empty() {
            Vec::new()
        } else {
            constructed(number, &all.concat())
        }
    };
    let der = sequence(&[&subtrees(0, permitted), &subtrees(1, excluded)]);
    NameConstraints::from_der(&der).unwrap()
}

#[track_caller]
fn check(constraints: &NameConstraints, names: &[(&str, bool)]) {
    for (name, expected) in names {
        let found = if let Ok(mailbox) = Mailbox::parse(name) {
            is_allowed(constraints, &Subject::Mailbox(&mailbox))
        } else {
            let host = HostName::parse(name).unwrap();
            let subject = host.address().map_or(Subject::Dns(&host), Subject::Address);
            is_allowed(constraints, &subject)
        };
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn permitted_domains_hold_for_their_form() {
    check(
        &constraints(&[dns("Example.com"), dns(".example.org")], &[]),
        &[
            ("example.com", true),
            ("www.example.com", true),
            ("*.example.com", true),
            ("notexample.com", false),
            ("example.com.evil.net", false),
            ("example.org", false),
            ("www.example.org", true),
            ("192.0.2.1", true),
            ("alice@example.net", true),
        ],
    );
    check(
        &constraints(
            &[
                mail("example.com"),
                mail(".example.org"),
                mail("bob@example.net"),
            ],
            &[],
        ),
        &[
            ("alice@example.com", true),
            ("alice@mail.example.com", false),
            ("alice@mail.example.org", true),
            ("alice@example.org", false),
            ("bob@example.net", true),
            ("alice@example.net", false),
            ("www.example.net", true),
        ],
    );
}

#[test]
fn excluded_names_are_refused() {
    check(
        &constraints(
            &[dns("")],
            &[dns("secret.example.com"), mail("example.net")],
        ),
        &[
            ("www.example.com", true),
            ("secret.example.com", false),
            ("a.secret.example.com", false),
            ("*.example.com", false),
            ("*.www.example.com", true),
            ("alice@example.net", false),
            ("alice@example.com", true),
        ],
    );
}

#[test]
fn networks_have_a_mask() {
    let four = network(&[192, 0, 2, 0, 255, 255, 255, 0]);
    let all_six = network(&[0; 32]);
    check(
        &constraints(std::slice::from_ref(&four), &[]),
        &[
            ("192.0.2.77", true),
            ("192.0.3.1", false),
            ("::1", false),
            ("example.com", true),
        ],
    );
    check(
        &constraints(&[], &[all_six]),
        &[("192.0.2.1", true), ("::1", false)],
    );
}

#[test]
fn what_is_not_understood_permits_nothing() {
    let directory = crate::asn1::constructed(4, &crate::asn1::sequence(&[]));
    check(
        &constraints(&[dns("example.com"), directory.clone()], &[]),
        &[("www.example.com", false)],
    );
    check(
        &constraints(&[], &[directory]),
        &[("www.example.com", false), ("alice@example.com", false)],
    );
}
