//! The bags of a container from outside (RFC 7292 section 4.2).

use super::PfxError;
use super::limits::Budget;
use super::scheme::Sealed;
use crate::ber::{self, BMP_STRING, Node, SET};
use crate::oid;
use zeroize::Zeroizing;

/// Deepest nesting of safes within safes.
const DEEPEST: usize = 4;

/// What the bags hold so far.
#[derive(Default)]
pub(super) struct Bags {
    pub(super) keys: Vec<KeyBag>,
    pub(super) certificates: Vec<CertificateBag>,
}

pub(super) struct KeyBag {
    pub(super) key: KeyContent,
    pub(super) label: Label,
}

pub(super) enum KeyContent {
    Clear(Zeroizing<Vec<u8>>),
    Sealed(Sealed),
}

pub(super) struct CertificateBag {
    pub(super) der: Vec<u8>,
    pub(super) label: Label,
}

/// The attributes that are of use.
#[derive(Default)]
pub(super) struct Label {
    pub(super) friendly_name: Option<String>,
    pub(super) local_key_id: Option<Vec<u8>>,
}

impl Bags {
    /// Adds the bags of one safe, `SafeContents`.
    pub(super) fn add(&mut self, safe: &[u8], budget: &mut Budget) -> Result<(), PfxError> {
        self.add_all(&ber::parse(safe)?, budget, 0)
    }

    fn add_all(
        &mut self,
        safe: &Node<'_>,
        budget: &mut Budget,
        depth: usize,
    ) -> Result<(), PfxError> {
        if depth > DEEPEST {
            return Err(PfxError::TooNested);
        }
        for bag in safe.sequence()? {
            let [id, value, attributes @ ..] = bag.sequence()? else {
                return Err(PfxError::Broken);
            };
            let value = value.explicit(0)?;
            match id.oid()? {
                oid::KEY_BAG => {
                    let key = KeyContent::Clear(Zeroizing::new(value.to_der()));
                    self.add_key(key, attributes, budget)?;
                }
                oid::SHROUDED_KEY_BAG => {
                    let key = KeyContent::Sealed(Sealed::read_key(value, budget)?);
                    self.add_key(key, attributes, budget)?;
                }
                oid::CERT_BAG => self.add_certificate(value, attributes, budget)?,
                oid::SAFE_CONTENTS_BAG => self.add_all(value, budget, depth + 1)?,
                // Revocation lists, and secrets that programs keep for themselves.
                _ => {}
            }
        }
        Ok(())
    }

    fn add_key(
        &mut self,
        key: KeyContent,
        attributes: &[Node<'_>],
        budget: &mut Budget,
    ) -> Result<(), PfxError> {
        budget.key()?;
        let label = Label::read(attributes)?;
        self.keys.push(KeyBag { key, label });
        Ok(())
    }

    fn add_certificate(
        &mut self,
        value: &Node<'_>,
        attributes: &[Node<'_>],
        budget: &mut Budget,
    ) -> Result<(), PfxError> {
        let [id, content] = value.sequence()? else {
            return Err(PfxError::Broken);
        };
        budget.certificate()?;
        if id.oid()? == oid::X509_CERTIFICATE {
            let der = content.explicit(0)?.octets()?;
            let label = Label::read(attributes)?;
            self.certificates.push(CertificateBag { der, label });
        }
        Ok(())
    }
}

impl Label {
    /// Reads the attributes, of which others are ignored.
    fn read(attributes: &[Node<'_>]) -> Result<Self, PfxError> {
        let mut label = Self::default();
        let attributes = match attributes {
            [] => return Ok(label),
            [set] => set.parts(SET)?,
            _ => return Err(PfxError::Broken),
        };
        for attribute in attributes {
            let [id, values] = attribute.sequence()? else {
                return Err(PfxError::Broken);
            };
            let Some(value) = values.parts(SET)?.first() else {
                continue;
            };
            match id.oid()? {
                oid::FRIENDLY_NAME => {
                    label.friendly_name = Some(text(value.primitive(BMP_STRING)?));
                }
                oid::LOCAL_KEY_ID => label.local_key_id = Some(value.octets()?),
                _ => {}
            }
        }
        Ok(label)
    }
}

/// A `BMPString` as text to be shown, without control characters and not endless.
fn text(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| match pair {
        [high, low] => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    });
    char::decode_utf16(units)
        .filter_map(Result::ok)
        .filter(|character| !character.is_control())
        .take(256)
        .collect()
}
