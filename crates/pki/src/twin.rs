//! A certificate's twin, for linters that insist on a reserved policy.
//!
//! S/MIME Baseline Requirements section 4.3.1.2 names this way of linting: the same content, signed
//! by a key that is thrown away. Nobody trusts the twin; it never leaves the tests.

use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{constructed, integer, join_signed, sequence};
use crate::{Error, Generation, PrivateKey, oid, profile};
use der::asn1::OctetString;
use der::{Decode, Encode};
use domain::KeyAlgorithm;
use x509_cert::TbsCertificate;
use x509_cert::ext::pkix::CertificatePolicies;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;

/// The arc of the policies that the S/MIME Baseline Requirements reserve.
const RESERVED: &str = "2.23.140.1.5.";

/// Puts the reserved policy "mailbox-validated, multipurpose" in place of ours, or that of
/// "sponsor-validated, multipurpose" if the subject names an organisation, leaves a reserved one as it is, and signs with a new key of
/// the same kind as the issuer's, which is dropped.
pub fn lint_twin(tbs_der: &[u8]) -> Result<Vec<u8>, Error> {
    let tbs = TbsCertificate::from_der(tbs_der)?;
    let identifier = tbs.signature().to_der()?;
    let algorithm = SignatureAlgorithm::from_identifier(&identifier).ok_or(Error::Certificate(
        "its signature algorithm is not one of ours",
    ))?;
    let names_organisation = tbs
        .subject()
        .iter()
        .any(|attribute| attribute.oid == oid::ORGANISATION_IDENTIFIER);
    let reserved = profile::reserved_policy(names_organisation, Generation::Multipurpose);
    let mut extensions = tbs.extensions().cloned().unwrap_or_default();
    for extension in extensions
        .iter_mut()
        .filter(|e| e.extn_id == oid::CERTIFICATE_POLICIES)
    {
        let mut policies = CertificatePolicies::from_der(extension.extn_value.as_bytes())?;
        let is_ours = |policy: &&mut PolicyInformation| {
            !policy.policy_identifier.to_string().starts_with(RESERVED)
        };
        for policy in policies.0.iter_mut().filter(is_ours) {
            policy.policy_identifier = reserved;
        }
        extension.extn_value = OctetString::new(policies.to_der()?)?;
    }
    let twin = sequence(&[
        &constructed(0, &integer(2)),
        &tbs.serial_number().to_der()?,
        &identifier,
        &tbs.issuer().to_der()?,
        &tbs.validity().to_der()?,
        &tbs.subject().to_der()?,
        &tbs.subject_public_key_info().to_der()?,
        &constructed(3, &extensions.to_der()?),
    ]);
    let key = PrivateKey::generate(match algorithm {
        SignatureAlgorithm::EcdsaSha256 => KeyAlgorithm::P256,
        SignatureAlgorithm::EcdsaSha384 => KeyAlgorithm::P384,
        _ => KeyAlgorithm::Rsa2048,
    })?;
    let signature = algorithm.sign(key.pkey(), &twin)?;
    Ok(join_signed(&twin, &identifier, &signature))
}
