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
