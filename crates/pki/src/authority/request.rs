//! The signing request of an issuing authority whose root is kept elsewhere, offline.

use super::{AuthorityName, AuthorityPurpose, check_strength};
use crate::asn1::{constructed, integer, join_signed, sequence};
use crate::{Error, PrivateKey, extension, name};

/// Makes a request (PKCS#10, RFC 2986) for the certificate of an issuing authority, in DER, signed
/// by its key. It asks for the extensions that the certificate needs: basic constraints with path
/// length 0, key usage, extended key usage, the purpose's domains and the key identifier. What came
/// of it is checked by [`check_issuing_certificate`](super::check_issuing_certificate).
pub fn create_issuing_request(
    name: &AuthorityName,
    key: &PrivateKey,
    purpose: &AuthorityPurpose,
) -> Result<Vec<u8>, Error> {
    check_strength(key.algorithm())?;
    let public_key = key.public_key()?;
    let mut extensions = purpose.extensions()?;
    extensions.push(extension::subject_key_identifier(public_key.key_id()));
    let content = sequence(&[
        &integer(0),
        &name::authority(name)?,
        public_key.spki_der(),
        &constructed(0, &extension::extension_request(&extensions)),
    ]);
    let (algorithm, signature) = key.sign(&content)?;
    Ok(join_signed(&content, algorithm.identifier(), &signature))
}
