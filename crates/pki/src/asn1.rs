//! Writing DER (X.690): small functions that nest as the ASN.1 does.
//!
//! Reading is left to the `der` and `x509-cert` crates, so that what is written here is checked by
//! a second implementation before it is signed.

use const_oid::ObjectIdentifier;
use der::asn1::BitStringRef;
use der::{Decode, Reader, SliceReader};
use time::{OffsetDateTime, UtcOffset};

pub(crate) const NULL: &[u8] = &[0x05, 0x00];

/// Any element: tag, definite length, content (X.690 section 10.1).
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    joined(tag, &[content])
}

/// Bytes of a tag and the longest length.
const LONGEST_HEAD: usize = 10;

/// An element of several parts, each copied once: they may be tens of megabytes.
fn joined(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut der = Vec::with_capacity(LONGEST_HEAD + length);
    der.extend(head(tag, length));
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

/// Tag and length of an element whose content follows.
pub(crate) fn head(tag: u8, length: usize) -> Vec<u8> {
    let mut der = vec![tag];
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        der.push(short);
    } else {
        let bytes = without_leading_zeros(&length.to_be_bytes());
        // At most eight bytes of length, so the count fits.
        der.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0x08));
        der.extend(bytes);
    }
    der
}

fn without_leading_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .copied()
        .skip_while(|byte| *byte == 0)
        .collect()
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    joined(0x30, parts)
}

/// `SEQUENCE OF` whose members were made by a loop.
pub(crate) fn sequence_of(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// `SET OF`, members in the order DER wants (X.690 section 11.6).
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    element(0x31, &parts.concat())
}

/// `[number] EXPLICIT`, or an implicit constructed tag around content that is already joined.
pub(crate) fn constructed(number: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | number, content)
}

/// `[number] IMPLICIT` of a primitive type.
pub(crate) fn primitive(number: u8, content: &[u8]) -> Vec<u8> {
    element(0x80 | number, content)
}

pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    element(0x06, oid.as_bytes())
}

pub(crate) fn boolean_true() -> Vec<u8> {
    element(0x01, &[0xff])
}

/// A non-negative `INTEGER` in as few bytes as possible.
pub(crate) fn integer(value: u64) -> Vec<u8> {
    let mut bytes = without_leading_zeros(&value.to_be_bytes());
    if bytes.first().is_none_or(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    element(0x02, &bytes)
}

pub(crate) fn octet_string(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

/// A `BIT STRING` of whole bytes.
pub(crate) fn bit_string(content: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], content].concat())
}

pub(crate) fn utf8_string(text: &str) -> Vec<u8> {
    element(0x0c, text.as_bytes())
}

pub(crate) fn printable_string(text: &str) -> Vec<u8> {
    element(0x13, text.as_bytes())
}

pub(crate) fn ia5_string(text: &str) -> Vec<u8> {
    element(0x16, text.as_bytes())
}

/// A `BMPString`: big-endian UTF-16 (X.690 section 8.23.8).
pub(crate) fn bmp_string(text: &str) -> Vec<u8> {
    let content: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    element(0x1e, &content)
}

/// `Time`: `UTCTime` to 2049, then `GeneralizedTime` (RFC 5280 section 4.1.2.5).
pub(crate) fn time(at: OffsetDateTime) -> Vec<u8> {
    let at = at.to_offset(UtcOffset::UTC);
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    if (1950..2050).contains(&at.year()) {
        element(0x17, format!("{:02}{rest}", at.year() % 100).as_bytes())
    } else {
        element(0x18, format!("{:04}{rest}", at.year()).as_bytes())
    }
}

/// `GeneralizedTime` in whole seconds of UTC, as OCSP has it in every year (RFC 6960 section 4.2.1).
pub(crate) fn generalized_time(at: OffsetDateTime) -> Vec<u8> {
    let at = at.to_offset(UtcOffset::UTC);
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
    element(0x18, text.as_bytes())
}

pub(crate) fn enumerated(value: u8) -> Vec<u8> {
    element(0x0a, &[value])
}

/// The three parts every signed structure has: certificate, request and revocation list
/// (RFC 5280 section 4.1, RFC 2986 section 4.2).
pub(crate) struct Signed<'a> {
    /// What was signed, byte for byte.
    pub(crate) content: &'a [u8],
    /// The algorithm's identifier, byte for byte.
    pub(crate) algorithm: &'a [u8],
    pub(crate) signature: &'a [u8],
}

/// Takes a signed structure apart without interpreting it.
pub(crate) fn split_signed(der: &[u8]) -> Result<Signed<'_>, der::Error> {
    let mut reader = SliceReader::new(der)?;
    let (content, algorithm, signature) =
        reader.sequence(|inner: &mut SliceReader<'_>| -> Result<_, der::Error> {
            Ok((
                inner.tlv_bytes()?,
                inner.tlv_bytes()?,
                BitStringRef::decode(inner)?,
            ))
        })?;
    reader.finish()?;
    let signature = signature.as_bytes().ok_or(der::ErrorKind::Failed)?;
    Ok(Signed {
        content,
        algorithm,
        signature,
    })
}

/// Puts a signed structure together.
pub(crate) fn join_signed(content: &[u8], algorithm: &[u8], signature: &[u8]) -> Vec<u8> {
    sequence(&[content, algorithm, &bit_string(signature)])
}
