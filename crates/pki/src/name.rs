//! Distinguished names (RFC 5280 section 4.1.2.4), one attribute per RDN.

use crate::asn1::{oid, printable_string, sequence, sequence_of, set_of, utf8_string};
use crate::{AuthorityName, Error, oid};
use const_oid::ObjectIdentifier;
use domain::Mailbox;

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

/// The subject of a certificate for a mailbox: the address as common name where it fits, otherwise
/// empty (S/MIME Baseline Requirements section 7.1.4.2.3). The flag says whether it is empty, in
/// which case the alternative name has to be critical (RFC 5280 section 4.1.2.6).
pub(crate) fn subject(mailbox: &Mailbox) -> (Vec<u8>, bool) {
    if mailbox.as_str().len() > LONGEST {
        (sequence(&[]), true)
    } else {
        (common_name(mailbox.as_str()), false)
    }
}

pub(crate) fn common_name(text: &str) -> Vec<u8> {
    sequence_of(&[rdn(oid::COMMON_NAME, &utf8_string(text))])
}
