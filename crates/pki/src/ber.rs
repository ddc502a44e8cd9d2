//! Reading ASN.1 of strangers (X.690): BER as a tree, so that what older programs write, lengths
//! that are indefinite or too long and strings in pieces, is read like DER.
//!
//! Nesting and the number of elements are bounded; nothing is interpreted before it is asked for.

use const_oid::ObjectIdentifier;

/// Deepest nesting; a container from a real program has under twenty levels in one layer.
const DEEPEST: usize = 32;

/// Most elements in one layer; 200 certificates in a container need about 4000.
const MOST: usize = 50_000;

/// Why bytes are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Not BER, or cut short, or not the structure it should be.
    Shape,
    /// Nested too deeply.
    Deep,
    /// Made of too many elements.
    Many,
}

/// One element.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    tag: u8,
    content: Content<'a>,
}

#[derive(Debug)]
enum Content<'a> {
    Bytes(&'a [u8]),
    Parts(Vec<Node<'a>>),
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const OID: u8 = 0x06;
const CONSTRUCTED: u8 = 0x20;

/// Reads one element that takes up all the bytes.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node<'_>, Malformed> {
    let mut reader = Reader {
        rest: bytes,
        left: MOST,
    };
    let node = reader.element(0)?;
    if reader.rest.is_empty() {
        Ok(node)
    } else {
        Err(Malformed::Shape)
    }
}

impl<'a> Node<'a> {
    /// The parts of an element with this tag.
    pub(crate) fn parts(&self, tag: u8) -> Result<&[Self], Malformed> {
        match &self.content {
            Content::Parts(parts) if self.tag == tag => Ok(parts),
            _ => Err(Malformed::Shape),
        }
    }

    /// The parts of a `SEQUENCE`.
    pub(crate) fn sequence(&self) -> Result<&[Self], Malformed> {
        self.parts(SEQUENCE)
    }

    /// What stands in `[number] EXPLICIT`.
    pub(crate) fn explicit(&self, number: u8) -> Result<&Self, Malformed> {
        match self.parts(0xa0 | number)? {
            [inner] => Ok(inner),
            _ => Err(Malformed::Shape),
        }
    }

    /// The bytes of a primitive element with this tag.
    pub(crate) fn primitive(&self, tag: u8) -> Result<&'a [u8], Malformed> {
        match self.content {
            Content::Bytes(bytes) if self.tag == tag => Ok(bytes),
            _ => Err(Malformed::Shape),
        }
    }

    /// An object identifier.
    pub(crate) fn oid(&self) -> Result<ObjectIdentifier, Malformed> {
        ObjectIdentifier::from_bytes(self.primitive(OID)?).map_err(|_| Malformed::Shape)
    }

    /// A number that is not negative; one too large for the type counts as the largest.
    pub(crate) fn number(&self) -> Result<u64, Malformed> {
        let bytes = self.primitive(INTEGER)?;
        if bytes.first().is_none_or(|first| first & 0x80 != 0) {
            return Err(Malformed::Shape);
        }
        let bytes = bytes
            .iter()
            .position(|byte| *byte != 0)
            .and_then(|start| bytes.get(start..))
            .unwrap_or_default();
        if bytes.len() > 8 {
            return Ok(u64::MAX);
        }
        Ok(bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// An `OCTET STRING`, put together if it comes in pieces (X.690 section 8.7.3).
    pub(crate) fn octets(&self) -> Result<Vec<u8>, Malformed> {
        self.octets_as(OCTETS)
    }

    /// An octet string under an implicit tag, `0x80` for `[0]`.
    pub(crate) fn octets_as(&self, tag: u8) -> Result<Vec<u8>, Malformed> {
        match &self.content {
            Content::Bytes(bytes) if self.tag == tag => Ok(bytes.to_vec()),
            Content::Parts(parts) if self.tag == tag | CONSTRUCTED => {
                let mut joined = Vec::new();
                for part in parts {
                    joined.extend(part.octets()?);
                }
                Ok(joined)
            }
            _ => Err(Malformed::Shape),
        }
    }

    /// The element with definite lengths, as short as they can be.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        match &self.content {
            Content::Bytes(bytes) => crate::asn1::element(self.tag, bytes),
            Content::Parts(parts) => {
                let joined: Vec<u8> = parts.iter().flat_map(Self::to_der).collect();
                crate::asn1::element(self.tag, &joined)
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(Malformed::Shape)?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed::Shape)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A length; none if it is indefinite (X.690 section 8.1.3).
    fn length(&mut self) -> Result<Option<usize>, Malformed> {
        match self.byte()? {
            short @ 0..=0x7f => Ok(Some(usize::from(short))),
            0x80 => Ok(None),
            long => {
                let mut length: usize = 0;
                for byte in self.take(usize::from(long & 0x7f))? {
                    length = length
                        .checked_mul(256)
                        .and_then(|length| length.checked_add(usize::from(*byte)))
                        .ok_or(Malformed::Shape)?;
                }
                Ok(Some(length))
            }
        }
    }

    fn element(&mut self, depth: usize) -> Result<Node<'a>, Malformed> {
        if depth > DEEPEST {
            return Err(Malformed::Deep);
        }
        self.left = self.left.checked_sub(1).ok_or(Malformed::Many)?;
        let tag = self.byte()?;
        // Numbers above 30 take more bytes, and nothing read here has one. A zero is the end of an
        // indefinite length, which cannot stand alone.
        if tag & 0x1f == 0x1f || tag == 0 {
            return Err(Malformed::Shape);
        }
        let is_constructed = tag & CONSTRUCTED != 0;
        let content = match (self.length()?, is_constructed) {
            (Some(length), false) => Content::Bytes(self.take(length)?),
            (Some(length), true) => {
                let mut inner = Reader {
                    rest: self.take(length)?,
                    left: self.left,
                };
                let mut parts = Vec::new();
                while !inner.rest.is_empty() {
                    parts.push(inner.element(depth + 1)?);
                }
                self.left = inner.left;
                Content::Parts(parts)
            }
            (None, true) => {
                let mut parts = Vec::new();
                while !self.rest.starts_with(&[0, 0]) {
                    parts.push(self.element(depth + 1)?);
                }
                self.take(2)?;
                Content::Parts(parts)
            }
            (None, false) => return Err(Malformed::Shape),
        };
        Ok(Node { tag, content })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_strings_in_pieces_become_der() {
        let ber = b"\x30\x80\x24\x80\x04\x81\x02ab\x04\x01c\x00\x00\x02\x01\x05\x00\x00";
        let node = parse(ber).unwrap();
        let [text, number] = node.sequence().unwrap() else {
            panic!("two parts");
        };
        assert_eq!(text.octets().unwrap(), b"abc");
        assert_eq!(number.number().unwrap(), 5);
        assert_eq!(
            node.to_der(),
            b"\x30\x0c\x24\x07\x04\x02ab\x04\x01c\x02\x01\x05"
        );
    }

    #[test]
    fn damage_is_refused() {
        for (bytes, reason) in [
            (&b""[..], Malformed::Shape),
            (b"\x30", Malformed::Shape),
            (b"\x30\x05\x02\x01\x05", Malformed::Shape),
            (b"\x02\x01\x05\x00", Malformed::Shape),
            (b"\x30\x80\x02\x01\x05", Malformed::Shape),
            (b"\x04\x80\x00\x00", Malformed::Shape),
            (
                b"\x30\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00",
                Malformed::Shape,
            ),
            (b"\x3f\x81\x01\x00", Malformed::Shape),
            (&[0x30, 0x80].repeat(1000), Malformed::Deep),
        ] {
            assert_eq!(parse(bytes).unwrap_err(), reason, "{bytes:x?}");
        }
        let many = crate::asn1::element(0x30, &[5, 0].repeat(MOST));
        assert_eq!(parse(&many).unwrap_err(), Malformed::Many);
    }

    #[test]
    fn numbers_are_not_negative_and_saturate() {
        let number = |content: &[u8]| {
            let der = crate::asn1::element(INTEGER, content);
            parse(&der).unwrap().number()
        };
        assert_eq!(number(&[0]), Ok(0));
        assert_eq!(number(&[0, 0xff]), Ok(255));
        assert_eq!(number(&[0x7f; 20]), Ok(u64::MAX));
        assert_eq!(number(&[0xff]), Err(Malformed::Shape));
        assert_eq!(number(&[]), Err(Malformed::Shape));
    }
}
