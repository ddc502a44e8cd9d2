//! Reading a request (RFC 6960 section 4.1). The signature of a signed one is passed over: statuses
//! are public, so it does not matter who asks.

use crate::oid;
use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber};

/// This is not a request as RFC 6960 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an OCSP request in DER as in RFC 6960 section 4.1.1")]
pub struct Malformed;

impl From<der::Error> for Malformed {
    fn from(_: der::Error) -> Self {
        Self
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspRequest {
    /// The certificates asked for, at least one.
    pub ids: Vec<CertId>,
    /// What the answer has to repeat (RFC 9654 section 2.1), 1 to 128 octets.
    pub nonce: Option<Vec<u8>>,
}

/// A certificate as a request names it: by issuer and serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    der: Vec<u8>,
    hash: Option<Hash>,
    pub(super) name_hash: Vec<u8>,
    pub(super) key_hash: Vec<u8>,
    serial: Vec<u8>,
}

/// How issuers are hashed. SHA-1 tells issuers apart here, which no signature rests on; RFC 5019
/// clients know nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

impl CertId {
    /// The identifier as it was sent, which is also how it is answered.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The content of the serial number's `INTEGER`.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Nothing if it is a hash that is not known here.
    pub(super) const fn hash(&self) -> Option<Hash> {
        self.hash
    }
}

impl OcspRequest {
    /// Reads a request. A nonce that is empty or longer than 128 octets is an error (RFC 9654
    /// section 2.1), as is a critical extension that is not known.
    pub fn parse(der: &[u8]) -> Result<Self, Malformed> {
        if der.len() > super::LARGEST_REQUEST {
            return Err(Malformed);
        }
        let mut reader = SliceReader::new(der)?;
        let request = reader.sequence(|outer: &mut SliceReader<'_>| -> Result<_, Malformed> {
            let request = outer.sequence(read_tbs)?;
            if next_is(outer, 0) {
                expect(outer, 0)?;
            }
            Ok(request)
        })?;
        reader.finish()?;
        Ok(request)
    }
}

fn read_tbs(tbs: &mut SliceReader<'_>) -> Result<OcspRequest, Malformed> {
    if next_is(tbs, 0) {
        // Version 1 is the default, and the only one.
        if expect(tbs, 0)? != [0x02, 0x01, 0x00] {
            return Err(Malformed);
        }
    }
    if next_is(tbs, 1) {
        expect(tbs, 1)?;
    }
    let ids = tbs.sequence(|list: &mut SliceReader<'_>| -> Result<_, Malformed> {
        let mut ids = Vec::new();
        while !list.is_finished() {
            ids.push(list.sequence(read_single)?);
        }
        Ok(ids)
    })?;
    let mut nonce = None;
    if next_is(tbs, 2) {
        nonce = read_extensions(expect(tbs, 2)?)?;
    }
    if ids.is_empty() || !tbs.is_finished() {
        return Err(Malformed);
    }
    Ok(OcspRequest { ids, nonce })
}

fn read_single(single: &mut SliceReader<'_>) -> Result<CertId, Malformed> {
    let id = read_id(single.tlv_bytes()?)?;
    if next_is(single, 0) {
        // A nonce has no meaning here; a critical extension that is not known is an error.
        read_extensions(expect(single, 0)?)?;
    }
    if single.is_finished() {
        Ok(id)
    } else {
        Err(Malformed)
    }
}

fn read_id(der: &[u8]) -> Result<CertId, Malformed> {
    let mut reader = SliceReader::new(der)?;
    let id = reader.sequence(|id: &mut SliceReader<'_>| -> Result<_, Malformed> {
        let hash = id.sequence(read_hash)?;
        let name_hash = <&OctetStringRef>::decode(id)?.as_bytes().to_vec();
        let key_hash = <&OctetStringRef>::decode(id)?.as_bytes().to_vec();
        let serial = read_serial(id)?;
        Ok(CertId {
            der: der.to_vec(),
            hash,
            name_hash,
            key_hash,
            serial,
        })
    })?;
    reader.finish()?;
    Ok(id)
}

/// The algorithm's parameters are NULL or absent; both are in use (RFC 5754 section 2).
fn read_hash(algorithm: &mut SliceReader<'_>) -> Result<Option<Hash>, Malformed> {
    let id = ObjectIdentifier::decode(algorithm)?;
    let parameters = if algorithm.is_finished() {
        &[]
    } else {
        algorithm.tlv_bytes()?
    };
    if !algorithm.is_finished() {
        return Err(Malformed);
    }
    let is_plain = parameters.is_empty() || parameters == crate::asn1::NULL;
    Ok(match id {
        oid::SHA1 if is_plain => Some(Hash::Sha1),
        oid::SHA256 if is_plain => Some(Hash::Sha256),
        _ => None,
    })
}

fn read_serial(reader: &mut SliceReader<'_>) -> Result<Vec<u8>, Malformed> {
    let mut integer = SliceReader::new(reader.tlv_bytes()?)?;
    let header = der::Header::decode(&mut integer)?;
    let content = integer.read_slice(header.length())?;
    if header.tag() != Tag::Integer || content.is_empty() {
        return Err(Malformed);
    }
    Ok(content.to_vec())
}

/// Reads `Extensions` (RFC 5280 section 4.1) and gives the nonce.
fn read_extensions(der: &[u8]) -> Result<Option<Vec<u8>>, Malformed> {
    let found = Vec::<x509_cert::ext::Extension>::from_der(der)?;
    let mut nonce = None;
    for extension in found {
        if extension.extn_id == oid::OCSP_NONCE {
            let value = <&OctetStringRef>::from_der(extension.extn_value.as_bytes())?.as_bytes();
            if nonce.is_some() || !(1..=128).contains(&value.len()) {
                return Err(Malformed);
            }
            nonce = Some(value.to_vec());
        } else if extension.critical {
            return Err(Malformed);
        }
    }
    Ok(nonce)
}

/// Whether `[number] EXPLICIT` comes next.
fn next_is(reader: &SliceReader<'_>, number: u8) -> bool {
    Tag::peek(reader).is_ok_and(|tag| tag == explicit(number))
}

/// The content of `[number] EXPLICIT`.
fn expect<'a>(reader: &mut SliceReader<'a>, number: u8) -> Result<&'a [u8], Malformed> {
    let mut element = SliceReader::new(reader.tlv_bytes()?)?;
    let header = der::Header::decode(&mut element)?;
    if header.tag() != explicit(number) {
        return Err(Malformed);
    }
    Ok(element.read_slice(header.length())?)
}

const fn explicit(number: u8) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number as u32),
    }
}

#[cfg(test)]
mod tests;
