//! What a signing request asks to be named: its subject and its alternative names.

use super::RequestError;
use super::read::content_of;
use crate::{name, oid};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{BmpString, Ia5StringRef, PrintableStringRef, Utf8StringRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use domain::Mailbox;
use std::net::IpAddr;
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;
use x509_cert::request::ExtensionReq;

/// Most alternative names of a request; a person has a handful of addresses.
const MOST_NAMES: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) common_name: Option<String>,
    pub(super) mailboxes: Vec<Mailbox>,
    pub(super) dns_names: Vec<String>,
    pub(super) ip_addresses: Vec<IpAddr>,
}

pub(super) fn read(subject: &[u8], attributes: &[u8]) -> Result<Asked, RequestError> {
    let subject = Name::from_der(subject).map_err(|_| RequestError::NotARequest)?;
    let mut asked = Asked {
        common_name: common_name(&subject)?,
        ..Asked::default()
    };
    if let Some(extensions) = requested_extensions(attributes)? {
        let mut seen = Vec::new();
        for extension in extensions {
            if seen.contains(&extension.extn_id) {
                return Err(RequestError::Repeated);
            }
            seen.push(extension.extn_id);
            if extension.extn_id == SubjectAltName::OID {
                asked.add(extension.extn_value.as_bytes())?;
            }
        }
    }
    Ok(asked)
}

/// The extensions asked for (RFC 2985 section 5.4.2), and whether any attribute is there twice.
fn requested_extensions(attributes: &[u8]) -> Result<Option<Extensions>, RequestError> {
    let not_a_request = |_: der::Error| RequestError::NotARequest;
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    let mut extensions = None;
    let mut reader = SliceReader::new(attributes).map_err(not_a_request)?;
    while !reader.is_finished() {
        let (id, values) = reader
            .sequence(|inner: &mut SliceReader<'_>| -> Result<_, der::Error> {
                Ok((
                    ObjectIdentifier::decode(inner)?,
                    content_of(inner.tlv_bytes()?, 0x31)?,
                ))
            })
            .map_err(not_a_request)?;
        if seen.contains(&id) {
            return Err(RequestError::Repeated);
        }
        // Programs add some of their own; a hundred of them is a game.
        if seen.len() >= 100 {
            return Err(RequestError::NotARequest);
        }
        seen.push(id);
        if id == oid::EXTENSION_REQUEST {
            let mut values = SliceReader::new(values).map_err(not_a_request)?;
            let value = values.tlv_bytes().map_err(not_a_request)?;
            if !values.is_finished() {
                return Err(RequestError::Repeated);
            }
            let requested = ExtensionReq::from_der(value).map_err(not_a_request)?;
            extensions = Some(requested.0);
        }
    }
    Ok(extensions)
}

/// The last common name, which is the most specific one.
fn common_name(subject: &Name) -> Result<Option<String>, RequestError> {
    let Some(value) = subject
        .iter_rdn()
        .flat_map(x509_cert::name::RelativeDistinguishedName::iter)
        .filter(|attribute| attribute.oid == oid::COMMON_NAME)
        .last()
        .map(|attribute| &attribute.value)
    else {
        return Ok(None);
    };
    let text = match value.tag() {
        Tag::Utf8String => value
            .decode_as::<Utf8StringRef<'_>>()
            .map(|text| text.as_str().to_owned()),
        Tag::PrintableString => value
            .decode_as::<PrintableStringRef<'_>>()
            .map(|text| text.as_str().to_owned()),
        Tag::Ia5String => value
            .decode_as::<Ia5StringRef<'_>>()
            .map(|text| text.as_str().to_owned()),
        Tag::BmpString => value.decode_as::<BmpString>().map(|text| text.to_string()),
        // T61String has had several meanings; Latin 1 is what programs wrote (RFC 5280 appendix B).
        Tag::TeletexString => Ok(value.value().iter().copied().map(char::from).collect()),
        _ => return Err(RequestError::Name),
    };
    let text = text.map_err(|_| RequestError::Name)?;
    if text.chars().any(char::is_control) || text.chars().count() > 10 * name::LONGEST {
        return Err(RequestError::Name);
    }
    Ok((!text.trim().is_empty()).then(|| text.trim().to_owned()))
}

impl Asked {
    /// Adds the alternative names. Kinds that are not listed here are ignored, but counted.
    fn add(&mut self, extension: &[u8]) -> Result<(), RequestError> {
        let names = content_of(extension, 0x30).map_err(|_| RequestError::NotARequest)?;
        let mut reader = SliceReader::new(names).map_err(|_| RequestError::NotARequest)?;
        let mut count = 0;
        while !reader.is_finished() {
            count += 1;
            if count > MOST_NAMES {
                return Err(RequestError::TooManyNames);
            }
            let one = reader.tlv_bytes().map_err(|_| RequestError::NotARequest)?;
            let one = GeneralName::from_der(one).map_err(|_| RequestError::Name)?;
            self.add_one(&one)?;
        }
        Ok(())
    }

    fn add_one(&mut self, one: &GeneralName) -> Result<(), RequestError> {
        match one {
            GeneralName::Rfc822Name(address) => {
                let mailbox = Mailbox::parse(address.as_str()).map_err(|_| RequestError::Name)?;
                self.mailboxes.push(mailbox);
            }
            GeneralName::OtherName(other) if other.type_id == oid::SMTP_UTF8_MAILBOX => {
                let mailbox = name::read_address(one).ok_or(RequestError::Name)?;
                self.mailboxes.push(mailbox);
            }
            GeneralName::DnsName(host) => {
                if !is_host(host.as_str()) {
                    return Err(RequestError::Name);
                }
                self.dns_names.push(host.as_str().to_ascii_lowercase());
            }
            GeneralName::IpAddress(address) => {
                let bytes = address.as_bytes();
                let address = <[u8; 4]>::try_from(bytes)
                    .map(IpAddr::from)
                    .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                    .map_err(|_| RequestError::Name)?;
                self.ip_addresses.push(address);
            }
            _ => {}
        }
        Ok(())
    }
}

/// A host name in the letters of RFC 1123 section 2.1, perhaps with an underscore or a star.
fn is_host(name: &str) -> bool {
    let name = name.strip_prefix("*.").unwrap_or(name);
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}
