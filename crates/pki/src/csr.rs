//! Signing requests, PKCS#10 (RFC 2986): how a key asks any authority for a certificate.

use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{constructed, integer, join_signed, sequence, split_signed};
use crate::{Error, PrivateKey, PublicKey, extension, name, oid};
use der::{Decode, Encode};
use domain::Mailbox;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::request::{CertReq, ExtensionReq};

/// The largest request that is read, in bytes; one of ours has under 1500.
const LARGEST: usize = 16 * 1024;

/// Makes a request for a mailbox, signed by its key. The address stands in the common name, where
/// it fits, and in an `rfc822Name` of the requested extensions.
pub fn create_csr(key: &PrivateKey, mailbox: &Mailbox) -> Result<Vec<u8>, Error> {
    let (subject, is_subject_empty) = name::subject(mailbox);
    let names = extension::subject_alt_name(&[extension::address_name(mailbox)], is_subject_empty);
    let content = sequence(&[
        &integer(0),
        &subject,
        key.public_key()?.spki_der(),
        &constructed(0, &extension::extension_request(&[names])),
    ]);
    let (algorithm, signature) = key.sign(&content)?;
    Ok(join_signed(&content, algorithm.identifier(), &signature))
}

/// What a request asks for. Whoever made it held the private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificationRequest {
    /// The key to be certified.
    pub public_key: PublicKey,
    /// The addresses asked for, in the request's order.
    pub mailboxes: Vec<Mailbox>,
}

/// Reads a request in DER and verifies that it was signed by its own key (RFC 2986 section 4.2).
/// Anything else asked for is ignored: the profile decides what a certificate contains.
pub fn read_csr(der: &[u8]) -> Result<CertificationRequest, Error> {
    if der.len() > LARGEST {
        return Err(Error::Request("it is larger than 16 KiB"));
    }
    let request = CertReq::from_der(der)?;
    let public_key = PublicKey::from_spki(&request.info.public_key.to_der()?)?;
    if public_key.algorithm().is_rsa() {
        crate::key::strength::check_public(&public_key.pkey().rsa()?)?;
    }
    let signed = split_signed(der)?;
    let algorithm = SignatureAlgorithm::from_identifier(signed.algorithm).ok_or(Error::Request(
        "it is not signed with SHA-2 and RSA or ECDSA",
    ))?;
    if !algorithm.verifies(&public_key, signed.content, signed.signature) {
        return Err(Error::Request(
            "its signature does not verify, so it proves no possession",
        ));
    }
    Ok(CertificationRequest {
        public_key,
        mailboxes: mailboxes(&request)?,
    })
}

fn mailboxes(request: &CertReq) -> Result<Vec<Mailbox>, Error> {
    use const_oid::AssociatedOid;
    let mut mailboxes = Vec::new();
    let requested = request
        .info
        .attributes
        .iter()
        .filter(|attribute| attribute.oid == ExtensionReq::OID);
    for value in requested.flat_map(|attribute| attribute.values.iter()) {
        let extensions = ExtensionReq::from_der(&value.to_der()?)?;
        for extension in extensions
            .0
            .iter()
            .filter(|e| e.extn_id == SubjectAltName::OID)
        {
            for name in SubjectAltName::from_der(extension.extn_value.as_bytes())?.0 {
                let mailbox = match &name {
                    GeneralName::Rfc822Name(address) => Mailbox::parse(address.as_str()).ok(),
                    GeneralName::OtherName(other) if other.type_id == oid::SMTP_UTF8_MAILBOX => {
                        name::read_address(&name)
                    }
                    _ => continue,
                };
                mailboxes.push(
                    mailbox.ok_or(Error::Request("it asks for something that is no address"))?,
                );
            }
        }
    }
    Ok(mailboxes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::KeyAlgorithm;
    use openssl::bn::BigNum;
    use openssl::rsa::Rsa;

    fn request(spki: &[u8], addresses: &[Vec<u8>]) -> Vec<u8> {
        let names = extension::subject_alt_name(addresses, false);
        let content = sequence(&[
            &integer(0),
            &name::common_name("alice@example.com"),
            spki,
            &constructed(0, &extension::extension_request(&[names])),
        ]);
        join_signed(
            &content,
            SignatureAlgorithm::RsaSha256.identifier(),
            &[7; 256],
        )
    }

    /// The key is looked at before its signature: verifying one with 16384 bits would take long.
    #[test]
    fn bad_keys_are_refused_before_the_signature_is_tried() {
        let sound = Rsa::generate(2048).unwrap();
        let mut large = BigNum::new().unwrap();
        large.lshift(sound.n(), 16384 - 2048).unwrap();
        large.add_word(1).unwrap();
        for (n, e, reason) in [
            (&*large, 65537, "only RSA of 2048"),
            (sound.n(), 1, "exponent"),
            (sound.n(), 65538, "exponent"),
        ] {
            let n = n.to_owned().unwrap();
            let rsa = Rsa::from_public_components(n, BigNum::from_u32(e).unwrap()).unwrap();
            let der = request(&rsa.public_key_to_der().unwrap(), &[]);
            let error = read_csr(&der).unwrap_err();
            assert!(
                matches!(&error, Error::Key(text) if text.contains(reason)),
                "{error}"
            );
        }
    }

    #[test]
    fn a_thousand_names_are_too_many() {
        let key = PrivateKey::generate(KeyAlgorithm::P256).unwrap();
        let names: Vec<Vec<u8>> = (0..1000)
            .map(|number| extension::mailbox_name(&format!("alice{number}@example.com")))
            .collect();
        let der = request(key.public_key().unwrap().spki_der(), &names);
        assert!(matches!(read_csr(&der), Err(Error::Request(_))));
    }
}
