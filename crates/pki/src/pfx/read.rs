//! Reading a container that anybody may have made (RFC 7292 section 4).
//!
//! What it would cost is known before the password is hashed for the first time, and what is within
//! encryption is counted before it is decrypted further. Read here rather than by OpenSSL, whose
//! safe bindings neither ask for the cost first nor return more than one key.

use super::PfxError;
use super::bags::{Bags, KeyContent};
use super::limits::{Budget, PfxLimits};
use super::mac::Mac;
use super::pairs::{self, ImportedPair};
use super::scheme::{Password, Scheme, Sealed};
use crate::ber::{self, Node, OCTETS};
use crate::{PrivateKey, oid};
use domain::Secret;
use zeroize::Zeroizing;

/// Bytes of a password that somebody could have typed or pasted.
const LONGEST_PASSWORD: usize = 1024;

/// What a container held.
#[derive(Debug)]
pub struct ImportedPfx {
    /// Each key with its certificate, in the container's order; at least one.
    pub pairs: Vec<ImportedPair>,
    /// The other certificates in DER, in the container's order: issuers, mostly.
    pub others: Vec<Vec<u8>>,
}

/// Reads a container with keys: of OpenSSL, NSS, Java, Windows and ourselves, in DER or BER, under
/// PBES2 or Triple DES. Each key has its certificate and is strong.
pub fn read_pfx(
    bytes: &[u8],
    password: &Secret<String>,
    limits: &PfxLimits,
) -> Result<ImportedPfx, PfxError> {
    if bytes.len() > limits.bytes {
        return Err(PfxError::TooLarge);
    }
    if password.expose().len() > LONGEST_PASSWORD {
        return Err(PfxError::WrongPassword);
    }
    let mut budget = Budget::new(*limits);
    let outer = Outer::read(bytes, &mut budget)?;
    let password = outer.check_password(password.expose())?;
    let mut bags = outer.bags;
    for sealed in &outer.sealed {
        let safe = sealed.open(&password)?.ok_or(PfxError::Damaged)?;
        bags.add(&safe, &mut budget).map_err(within)?;
    }
    // All has been counted by now, so that the keys, the costly part, come last.
    let mut keys = Vec::new();
    for bag in bags.keys {
        keys.push((open_key(&bag.key, &password)?, bag.label));
    }
    pairs::pair(keys, bags.certificates)
}

/// What can be seen without the password.
struct Outer {
    /// What the MAC is over.
    content: Vec<u8>,
    mac: Mac,
    /// Bags that are not encrypted; keys in them are.
    bags: Bags,
    /// Safes that are encrypted.
    sealed: Vec<Sealed>,
}

impl Outer {
    fn read(bytes: &[u8], budget: &mut Budget) -> Result<Self, PfxError> {
        let pfx = ber::parse(bytes)?;
        let (version, content, mac) = match pfx.sequence()? {
            [version, content] => (version, content, None),
            [version, content, mac] => (version, content, Some(mac)),
            _ => return Err(PfxError::Broken),
        };
        if version.number()? != 3 {
            return Err(PfxError::Broken);
        }
        let content = match content_info(content)? {
            (oid::DATA, content) => content.octets()?,
            (oid::SIGNED_DATA, _) => {
                return Err(PfxError::Unsupported("a signature instead of a password"));
            }
            _ => return Err(PfxError::Broken),
        };
        let mut bags = Bags::default();
        let mut sealed = Vec::new();
        for safe in ber::parse(&content)?.sequence()? {
            match content_info(safe)? {
                (oid::DATA, safe) => bags.add(&safe.octets()?, budget)?,
                (oid::ENCRYPTED_DATA, safe) => sealed.push(encrypted_safe(safe, budget)?),
                (oid::ENVELOPED_DATA, _) => {
                    return Err(PfxError::Unsupported("a public key instead of a password"));
                }
                _ => return Err(PfxError::Broken),
            }
        }
        let mac = Mac::read(mac.ok_or(PfxError::NoMac)?, budget)?;
        Ok(Self {
            content,
            mac,
            bags,
            sealed,
        })
    }

    /// Tells a wrong password from a damaged file: where only the MAC is wrong, the password still
    /// decrypts something into what it should be.
    fn check_password(&self, text: &str) -> Result<Password, PfxError> {
        let password = Password::new(text);
        if self.mac.verifies(&password, &self.content)? {
            return Ok(password);
        }
        if text.is_empty() {
            let absent = Password::absent();
            if self.mac.verifies(&absent, &self.content)? {
                return Ok(absent);
            }
        }
        let keys = self.bags.keys.iter().filter_map(|bag| match &bag.key {
            KeyContent::Sealed(sealed) => Some(sealed),
            KeyContent::Clear(_) => None,
        });
        for sealed in keys.take(1).chain(self.sealed.iter().take(1)) {
            let clear = sealed.open(&password)?;
            if clear.is_some_and(|clear| ber::parse(&clear).is_ok_and(|it| it.sequence().is_ok())) {
                return Err(PfxError::Damaged);
            }
        }
        Err(PfxError::WrongPassword)
    }
}

/// The type of a `ContentInfo` and what is in it.
fn content_info<'a, 'b>(
    node: &'a Node<'b>,
) -> Result<(const_oid::ObjectIdentifier, &'a Node<'b>), PfxError> {
    match node.sequence()? {
        [id, content] => Ok((id.oid()?, content.explicit(0)?)),
        _ => Err(PfxError::Broken),
    }
}

/// `EncryptedData` (RFC 5652 section 8).
fn encrypted_safe(node: &Node<'_>, budget: &mut Budget) -> Result<Sealed, PfxError> {
    let [_version, content, ..] = node.sequence()? else {
        return Err(PfxError::Broken);
    };
    let [id, algorithm, content] = content.sequence()? else {
        return Err(PfxError::Broken);
    };
    if id.oid()? != oid::DATA {
        return Err(PfxError::Broken);
    }
    Ok(Sealed {
        scheme: Scheme::read(algorithm, budget)?,
        content: content.octets_as(0x80)?,
    })
}

/// What is malformed within encryption that the password opens was damaged, not mistyped.
fn within(error: PfxError) -> PfxError {
    match error {
        PfxError::Broken => PfxError::Damaged,
        other => other,
    }
}

fn open_key(key: &KeyContent, password: &Password) -> Result<PrivateKey, PfxError> {
    let opened;
    let clear: &Zeroizing<Vec<u8>> = match key {
        KeyContent::Clear(clear) => clear,
        KeyContent::Sealed(sealed) => {
            opened = sealed.open(password)?.ok_or(PfxError::Damaged)?;
            &opened
        }
    };
    read_key(clear)
}

/// Reads PKCS#8 from outside. The kind is looked at before OpenSSL sees it, which takes more kinds
/// than are used here, and curves that are spelled out.
pub(crate) fn read_key(pkcs8: &[u8]) -> Result<PrivateKey, PfxError> {
    let tree = ber::parse(pkcs8).map_err(|_| PfxError::Damaged)?;
    let [_version, algorithm, key, ..] = tree.sequence()? else {
        return Err(PfxError::Damaged);
    };
    key.primitive(OCTETS)?;
    let is_known = match algorithm.sequence()? {
        [id, ..] if id.oid()? == oid::RSA => true,
        [id, curve, ..] if id.oid()? == oid::EC => curve.oid().is_ok(),
        _ => false,
    };
    if !is_known {
        return Err(PfxError::Key("only RSA, P-256 and P-384 are used"));
    }
    let key = PrivateKey::from_pkcs8(pkcs8).map_err(|error| reason(&error))?;
    key.check_foreign().map_err(|error| reason(&error))?;
    Ok(key)
}

fn reason(error: &crate::Error) -> PfxError {
    match error {
        crate::Error::Key(reason) => PfxError::Key(reason),
        _ => PfxError::Key("openssl cannot read it"),
    }
}
