//! Distinguished names (RFC 5280 section 4.1.2.4), one attribute per RDN.

use crate::asn1::{oid, printable_string, sequence, sequence_of, set_of, utf8_string};
use crate::{AuthorityName, Error, oid};
use crate::{CommonName, Holder};
use const_oid::ObjectIdentifier;
use der::asn1::Utf8StringRef;
use domain::Mailbox;
use x509_cert::ext::pkix::name::GeneralName;

/// The longest common name or organisation (RFC 5280 appendix A, `ub-common-name`).
pub(crate) const LONGEST: usize = 64;

fn rdn(attribute: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    set_of(vec![sequence(&[&oid(attribute), value])])
}

/// The name of an authority: country, organisation, common name, in this order.
pub(crate) fn authority(name: &AuthorityName) -> Result<Vec<u8>, Error> {
    for (text, what) in [
        (
            &name.common_name,
            "the common name has 1 to 64 characters, none of them control characters",
        ),
        (
            &name.organisation,
            "the organisation has 1 to 64 characters, none of them control characters",
        ),
    ] {
        let is_printable = !text.trim().is_empty() && !text.chars().any(char::is_control);
        if !is_printable || text.trim() != text || text.chars().count() > LONGEST {
            return Err(Error::Input(what));
        }
    }
    if name.country.len() != 2 || !name.country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Error::Input(
            "the country has two capital letters, as in ISO 3166-1",
        ));
    }
    Ok(sequence_of(&[
        rdn(oid::COUNTRY, &printable_string(&name.country)),
        rdn(oid::ORGANISATION, &utf8_string(&name.organisation)),
        rdn(oid::COMMON_NAME, &utf8_string(&name.common_name)),
    ]))
}

/// The subject of a certificate: person and organisation if it is sponsor-validated (S/MIME
/// Baseline Requirements section 7.1.4.2.2), otherwise that of its mailbox.
pub(crate) fn holder(holder: &Holder) -> (Vec<u8>, bool) {
    let own_name = match &holder.common_name {
        CommonName::Checked(name) => Some(name.as_str()),
        CommonName::Alternative => short(&holder.mailbox),
        CommonName::Absent => None,
    };
    let Some(person) = &holder.sponsored else {
        return subject(own_name);
    };
    let mut attributes = Vec::new();
    if let Some(country) = person.identifier.country() {
        attributes.push(rdn(oid::COUNTRY, &printable_string(country)));
    }
    let texts = [
        (oid::ORGANISATION, person.organisation.as_str()),
        (oid::ORGANISATION_IDENTIFIER, person.identifier.as_str()),
        (oid::GIVEN_NAME, person.given_name.as_str()),
        (oid::SURNAME, person.surname.as_str()),
    ];
    attributes.extend(texts.map(|(id, text)| rdn(id, &utf8_string(text))));
    attributes.extend(own_name.map(|name| rdn(oid::COMMON_NAME, &utf8_string(name))));
    (sequence_of(&attributes), false)
}

/// An address as it can stand in a common name: ASCII, and not too long.
pub(crate) fn short(mailbox: &Mailbox) -> Option<&str> {
    Some(mailbox.as_str()).filter(|text| text.is_ascii() && text.len() <= LONGEST)
}

/// A subject of a common name alone, or none, as the S/MIME Baseline Requirements section 7.1.4.2.3
/// allow it. The flag says whether it is empty, in which case the alternative name has to be critical
/// (RFC 5280 section 4.1.2.6).
pub(crate) fn subject(own_name: Option<&str>) -> (Vec<u8>, bool) {
    own_name.map_or_else(|| (sequence(&[]), true), |name| (common_name(name), false))
}

pub(crate) fn common_name(text: &str) -> Vec<u8> {
    sequence_of(&[rdn(oid::COMMON_NAME, &utf8_string(text))])
}

/// Reads the address of an alternative name, if it stands in the form `extension`
/// writes: lower case, and as `SmtpUTF8Mailbox` exactly if it is not ASCII (RFC 9598 section 3).
pub(crate) fn read_address(name: &GeneralName) -> Option<Mailbox> {
    let (text, is_ascii) = match name {
        GeneralName::Rfc822Name(text) => (text.as_str().to_owned(), true),
        GeneralName::OtherName(other) if other.type_id == oid::SMTP_UTF8_MAILBOX => {
            let text: Utf8StringRef<'_> = other.value.decode_as().ok()?;
            (text.as_str().to_owned(), false)
        }
        _ => return None,
    };
    Mailbox::parse_international(&text)
        .ok()
        .filter(|mailbox| mailbox.as_str() == text && mailbox.is_ascii() == is_ascii)
}
