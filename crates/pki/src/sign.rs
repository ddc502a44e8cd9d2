//! Signing a plan: the only way to a certificate.

use crate::{Certificate, Error, Planned, SigningAuthority, asn1};

/// Signs what was planned for this authority, and consumes the plan.
///
/// The new certificate is taken apart again: its signature has verified, and what it covers is,
/// byte for byte, what was linted.
pub fn sign(planned: Planned, authority: &SigningAuthority) -> Result<Certificate, Error> {
    if !planned.is_for(authority.certificate()) {
        return Err(Error::OtherAuthority);
    }
    let tbs_der = planned.into_tbs();
    let der = authority.sign(&tbs_der)?;
    if asn1::split_signed(&der)?.content != tbs_der {
        return Err(Error::BadSignature);
    }
    Certificate::parse(&der)
}
