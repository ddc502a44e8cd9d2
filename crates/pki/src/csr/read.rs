//! Reading a signing request that anybody may have sent: bounded in size, its key looked at before
//! any arithmetic is done with it, and its signature last.

use super::asked::{self, Asked};
use super::{CertificationRequest, RequestError};
use crate::algorithm::SignatureAlgorithm;
use crate::asn1::split_signed;
use crate::key::{spki_identifier, strength};
use crate::pem::blocks::{blocks, is_pem};
use crate::{Error, KeyBlocklist, PublicKey};
use const_oid::ObjectIdentifier;
use der::asn1::BitStringRef;
use der::{Decode, Reader, SliceReader};
use domain::KeyAlgorithm;
use openssl::pkey::PKey;

/// The largest request that is read, in bytes; one of ours has under 1500.
pub const LARGEST: usize = 64 * 1024;

/// Reads a request in PEM or DER and refuses a key that must not be certified: of a kind not used
/// here, with a weakness (S/MIME Baseline Requirements section 6.1.1.3), or on a list. It was signed
/// by its own key (RFC 2986 section 4.2).
///
/// Whether the key belongs to an authority or to somebody else's certificate is the caller's to ask,
/// by [`CertificationRequest::key_id`].
pub fn check_csr(
    input: &[u8],
    blocklist: &KeyBlocklist,
) -> Result<CertificationRequest, RequestError> {
    if input.len() > LARGEST {
        return Err(RequestError::TooLarge);
    }
    let request = if is_pem(input) {
        read(&from_pem(input)?)?
    } else {
        read(input)?
    };
    match blocklist.find(&request.public_key) {
        Some(reason) => Err(RequestError::WeakKey(reason)),
        None => Ok(request),
    }
}

/// The one request in a file, as DER: what [`check_csr`] looks at, to be kept.
pub fn csr_der(input: &[u8]) -> Result<Vec<u8>, RequestError> {
    if input.len() > LARGEST {
        return Err(RequestError::TooLarge);
    }
    if is_pem(input) {
        from_pem(input)
    } else {
        Ok(input.to_vec())
    }
}

/// Reads a request in DER and verifies that it was signed by its own key (RFC 2986 section 4.2).
/// Anything else asked for is ignored: the profile decides what a certificate contains.
pub fn read_csr(der: &[u8]) -> Result<CertificationRequest, Error> {
    if der.len() > LARGEST {
        return Err(RequestError::TooLarge.into());
    }
    Ok(read(der)?)
}

fn from_pem(input: &[u8]) -> Result<Vec<u8>, RequestError> {
    let text = std::str::from_utf8(input).map_err(|_| RequestError::NotARequest)?;
    let blocks = blocks(text);
    if blocks.iter().any(|one| one.label.ends_with("PRIVATE KEY")) {
        return Err(RequestError::HoldsPrivateKey);
    }
    let mut requests = blocks.iter().filter(|one| {
        // The second label is that of old Microsoft programs (RFC 7468 section 7).
        ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"].contains(&one.label)
    });
    match (requests.next(), requests.next()) {
        (Some(one), None) => {
            let content = one.content().ok_or(RequestError::NotARequest)?;
            Ok(content.to_vec())
        }
        (Some(_), Some(_)) => Err(RequestError::Several),
        _ if blocks.iter().any(|one| one.label == "CERTIFICATE") => {
            Err(RequestError::IsCertificate)
        }
        _ => Err(RequestError::NotARequest),
    }
}

fn read(der: &[u8]) -> Result<CertificationRequest, RequestError> {
    let not_a_request = |_: der::Error| RequestError::NotARequest;
    let signed = split_signed(der).map_err(not_a_request)?;
    let parts = split_content(signed.content).map_err(not_a_request)?;
    let public_key = read_key(parts.spki)?;
    let Asked {
        common_name,
        mailboxes,
        dns_names,
        ip_addresses,
    } = asked::read(parts.subject, parts.attributes)?;
    let algorithm = SignatureAlgorithm::from_identifier(signed.algorithm)
        .ok_or_else(|| unknown_algorithm(signed.algorithm))?;
    if !algorithm.fits(public_key.algorithm()) {
        return Err(RequestError::SignatureAlgorithm);
    }
    if !algorithm.verifies(&public_key, signed.content, signed.signature) {
        return Err(RequestError::NoPossession);
    }
    Ok(CertificationRequest {
        public_key,
        common_name,
        mailboxes,
        dns_names,
        ip_addresses,
    })
}

struct Parts<'a> {
    subject: &'a [u8],
    spki: &'a [u8],
    /// The elements of the set, one after the other.
    attributes: &'a [u8],
}

/// `CertificationRequestInfo` (RFC 2986 section 4.1). Some programs leave the attributes out.
fn split_content(der: &[u8]) -> Result<Parts<'_>, der::Error> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|inner: &mut SliceReader<'_>| -> Result<_, der::Error> {
        u8::decode(inner)?;
        let (subject, spki) = (inner.tlv_bytes()?, inner.tlv_bytes()?);
        let attributes = if inner.is_finished() {
            &[][..]
        } else {
            content_of(inner.tlv_bytes()?, 0xa0)?
        };
        Ok(Parts {
            subject,
            spki,
            attributes,
        })
    })?;
    reader.finish()?;
    Ok(parts)
}

/// What stands within one element with this tag.
pub(super) fn content_of(tlv: &[u8], tag: u8) -> Result<&[u8], der::Error> {
    let mut reader = SliceReader::new(tlv)?;
    let found = reader.read_byte()?;
    let length = der::Length::decode(&mut reader)?;
    let content = reader.read_slice(length)?;
    reader.finish()?;
    if found == tag {
        Ok(content)
    } else {
        Err(der::ErrorKind::Failed.into())
    }
}

/// The kind is read before OpenSSL sees the key: it would also take curves that are spelled out.
fn read_key(spki: &[u8]) -> Result<PublicKey, RequestError> {
    let mut reader = SliceReader::new(spki).map_err(|_| RequestError::NotARequest)?;
    let identifier = reader
        .sequence(|inner: &mut SliceReader<'_>| -> Result<_, der::Error> {
            let identifier = inner.tlv_bytes()?;
            BitStringRef::decode(inner)?;
            Ok(identifier)
        })
        .map_err(|_| RequestError::NotARequest)?;
    let is_known = KeyAlgorithm::ALL
        .iter()
        .any(|algorithm| spki_identifier(*algorithm) == identifier);
    if !is_known {
        return Err(RequestError::KeyKind);
    }
    let pkey = PKey::public_key_from_der(spki)
        .map_err(|_| RequestError::WeakKey("it is not a point of its curve or not a number"))?;
    if let Ok(rsa) = pkey.rsa() {
        if ![2048, 3072, 4096].contains(&rsa.n().num_bits()) {
            return Err(RequestError::KeyKind);
        }
        strength::check_public(&rsa).map_err(|error| weakness(&error))?;
    } else {
        let curve = pkey.ec_key().map_err(|_| RequestError::KeyKind)?;
        curve
            .check_key()
            .map_err(|_| RequestError::WeakKey("it is not a point of its curve"))?;
    }
    PublicKey::from_spki(spki).map_err(|error| weakness(&error))
}

fn weakness(error: &Error) -> RequestError {
    match error {
        Error::Key(reason) => RequestError::WeakKey(reason),
        _ => RequestError::KeyKind,
    }
}

/// MD2, MD4, MD5 and SHA-1 with RSA (RFC 8017 appendix C), SHA-1 with DSA and ECDSA.
const WEAK: [&str; 6] = [
    "1.2.840.113549.1.1.2",
    "1.2.840.113549.1.1.3",
    "1.2.840.113549.1.1.4",
    "1.2.840.113549.1.1.5",
    "1.2.840.10040.4.3",
    "1.2.840.10045.4.1",
];

fn unknown_algorithm(identifier: &[u8]) -> RequestError {
    let id: Result<ObjectIdentifier, _> = content_of(identifier, 0x30).and_then(|content| {
        let mut reader = SliceReader::new(content)?;
        ObjectIdentifier::decode(&mut reader)
    });
    match id {
        Ok(id) if WEAK.contains(&id.to_string().as_str()) => RequestError::WeakHash,
        Ok(_) => RequestError::SignatureAlgorithm,
        Err(_) => RequestError::NotARequest,
    }
}
