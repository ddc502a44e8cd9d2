//! Which certificate of a container is for which key.

use super::PfxError;
use super::bags::{CertificateBag, Label};
use super::read::ImportedPfx;
use crate::PrivateKey;
use openssl::x509::{X509, X509Ref};
use std::cmp::Ordering;

/// A key with its certificate.
#[derive(Debug)]
pub struct ImportedPair {
    /// The private key.
    pub key: PrivateKey,
    /// Its certificate in DER, of whichever authority. If there are several for the key, the one
    /// marked as the key's or else the newest.
    pub certificate_der: Vec<u8>,
    /// The name the container gives them.
    pub friendly_name: Option<String>,
}

struct Candidate {
    certificate: X509,
    der: Vec<u8>,
    label: Label,
    is_taken: bool,
}

pub(super) fn pair(
    keys: Vec<(PrivateKey, Label)>,
    certificates: Vec<CertificateBag>,
) -> Result<ImportedPfx, PfxError> {
    if keys.is_empty() {
        return Err(PfxError::NoKey);
    }
    let mut candidates = Vec::new();
    for bag in certificates {
        candidates.push(Candidate {
            certificate: X509::from_der(&bag.der).map_err(|_| PfxError::BadCertificate)?,
            der: bag.der,
            label: bag.label,
            is_taken: false,
        });
    }
    let mut pairs = Vec::new();
    for (key, label) in keys {
        let best = candidates
            .iter_mut()
            .filter(|one| certifies(&one.certificate, &key))
            .max_by(|a, b| {
                let is_marked = |one: &Candidate| {
                    one.label.local_key_id.is_some() && one.label.local_key_id == label.local_key_id
                };
                let by_age = || newer(&a.certificate, &b.certificate);
                is_marked(a).cmp(&is_marked(b)).then_with(by_age)
            })
            .ok_or(PfxError::NoCertificate)?;
        best.is_taken = true;
        pairs.push(ImportedPair {
            friendly_name: label
                .friendly_name
                .or_else(|| best.label.friendly_name.clone()),
            certificate_der: best.der.clone(),
            key,
        });
    }
    let others = candidates
        .into_iter()
        .filter(|one| !one.is_taken)
        .map(|one| one.der)
        .collect();
    Ok(ImportedPfx { pairs, others })
}

fn certifies(certificate: &X509Ref, key: &PrivateKey) -> bool {
    certificate
        .public_key()
        .is_ok_and(|certified| certified.public_eq(key.pkey()))
}

fn newer(a: &X509Ref, b: &X509Ref) -> Ordering {
    a.not_before()
        .compare(b.not_before())
        .unwrap_or(Ordering::Equal)
}
