//! The key ring as text: what stands in the file, apart from the file itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Secret;
use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

use crate::keyring::RingKey;
use crate::{KeyId, KeyRing};

const VERSION: u32 = 1;

const HEAD: &str = "\
# The keys that open everything CertPortal keeps secret.
# Back this file up apart from the database: without it, no key or password can be read again.
# Keep it readable by the portal's account alone, and do not remove keys from it.
";

/// Why a text is not a key ring. Never holds any of the text.
pub(crate) enum TextError {
    UnknownVersion(u32),
    DamagedKey(KeyId),
    Problem(String),
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ring {
    #[serde(rename = "version")]
    _version: u32,
    active: String,
    key: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    id: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(deserialize_with = "wiped_string")]
    secret: Zeroizing<String>,
}

fn wiped_string<'de, D: Deserializer<'de>>(from: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(from).map(Zeroizing::new)
}

/// The text of a ring.
pub(crate) fn write(ring: &KeyRing) -> Zeroizing<String> {
    // Reserved at once: a string that grows would leave copies of secrets in memory.
    let mut text = Zeroizing::new(String::with_capacity(1024 + 256 * ring.keys().count()));
    let mut line = |parts: &[&str]| {
        for part in parts {
            text.push_str(part);
        }
        text.push('\n');
    };
    line(&[HEAD, "version = 1"]);
    line(&["active = \"", &ring.active_id().to_string(), "\""]);
    for key in ring.keys() {
        // RFC 3339 has no years beyond 9999, which a clock does not show.
        let created_at = key.created_at().format(&Rfc3339).unwrap_or_default();
        let secret = Zeroizing::new(STANDARD.encode(key.secret().expose()));
        line(&["\n[[key]]"]);
        line(&["id = \"", &key.id().to_string(), "\""]);
        line(&["created_at = \"", &created_at, "\""]);
        line(&["secret = \"", &secret, "\""]);
    }
    text
}

/// The ring that a text describes.
pub(crate) fn read(text: &str) -> Result<KeyRing, TextError> {
    let Version { version } = parse(text)?;
    if version != VERSION {
        return Err(TextError::UnknownVersion(version));
    }
    let ring: Ring = parse(text)?;
    let active = parse_id(&ring.active)?;
    let mut keys = Vec::with_capacity(ring.key.len());
    for key in ring.key {
        let key_id = parse_id(&key.id)?;
        let is_known = |known: &RingKey| known.id() == key_id;
        if keys.iter().any(is_known) {
            return Err(problem(&format!("key {key_id} stands there twice")));
        }
        let secret = decode(&key.secret).ok_or_else(|| {
            problem(&format!(
                "the secret of key {key_id} is not base64 of 32 bytes"
            ))
        })?;
        let key = RingKey::new(secret, key.created_at);
        if key.id() != key_id {
            return Err(TextError::DamagedKey(key_id));
        }
        keys.push(key);
    }
    let mut keys = keys.into_iter();
    let oldest = keys.next().ok_or_else(|| problem("it holds no key"))?;
    KeyRing::from_keys(oldest, keys.collect(), active)
        .ok_or_else(|| problem(&format!("the active key {active} is not in it")))
}

/// Parses TOML. The parser's own messages quote the text, so only the line is told.
fn parse<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, TextError> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        problem(&format!("line {line} is not as it should be"))
    })
}

fn parse_id(text: &str) -> Result<KeyId, TextError> {
    let mut id = [0; 8];
    hex::decode_to_slice(text, &mut id)
        .map(|()| KeyId(id))
        .map_err(|_| problem("an identifier is not 16 hexadecimal digits"))
}

fn decode(text: &str) -> Option<Secret<[u8; 32]>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    bytes.as_slice().try_into().ok().map(Secret::new)
}

fn problem(text: &str) -> TextError {
    TextError::Problem(text.to_owned())
}
