//! L04, L05 and the part of L24 that the bytes show: the key to be certified.

use super::Context;
use crate::key::{spki_identifier, strength};
use crate::{Error, PublicKey};
use der::Encode;
use domain::KeyAlgorithm;
use openssl::pkey::{PKey, Public};

/// Reads and checks the key; without one, only the rules that need none are checked.
pub(super) fn check(context: &mut Context<'_>) -> Option<PublicKey> {
    let Ok(spki) = context.tbs.subject_public_key_info().to_der() else {
        context
            .report
            .refuse("L04", "the public key cannot be read");
        return None;
    };
    let identifier = context.tbs.subject_public_key_info().algorithm.to_der();
    let is_exact = identifier.is_ok_and(|identifier| {
        KeyAlgorithm::ALL
            .iter()
            .any(|algorithm| spki_identifier(*algorithm) == identifier)
    });
    let report = &mut context.report;
    report.check(
        "L04",
        is_exact,
        "the public key is not RSA, P-256 or P-384 written byte-exactly",
    );
    let Ok(pkey) = PKey::public_key_from_der(&spki) else {
        report.refuse("L04", "the public key cannot be read");
        return None;
    };
    for weakness in weaknesses(&pkey) {
        report.refuse("L05", format!("the public key is weak: {weakness}"));
    }
    let key = PublicKey::from_spki(&spki);
    if let (Err(_), true) = (&key, report.0.is_empty()) {
        report.refuse("L04", "the public key is not written as the standard says");
    }
    let key = key.ok()?;
    if let Some(reason) = context.facts.blocklist.and_then(|list| list.find(&key)) {
        report.refuse("L05", format!("this key must not be used: {reason}"));
    }
    report.check(
        "L24",
        &key != context.issuer.public_key(),
        "this is the authority's own key",
    );
    Some(key)
}

fn weaknesses(pkey: &PKey<Public>) -> Vec<String> {
    let checked = match (pkey.rsa(), pkey.ec_key()) {
        (Ok(rsa), _) => {
            let bits = rsa.n().num_bits();
            if ![2048, 3072, 4096].contains(&bits) {
                return vec![format!("it has {bits} bits; use RSA of 2048, 3072 or 4096")];
            }
            strength::check_public(&rsa)
        }
        (_, Ok(curve)) => curve.check_key().map_err(Error::from),
        _ => return Vec::new(),
    };
    match checked {
        Ok(()) => Vec::new(),
        Err(Error::Key(reason)) => vec![reason.to_owned()],
        Err(_) => vec!["openssl refuses it".to_owned()],
    }
}
