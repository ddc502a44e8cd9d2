//! The extensions we write, one function each (RFC 5280 sections 4.2 and 5.2).

use crate::asn1::{
    NULL, boolean_true, constructed, element, ia5_string, integer, octet_string, oid, primitive,
    sequence, sequence_of, utf8_string,
};
use crate::oid;
use const_oid::ObjectIdentifier;
use domain::Mailbox;
use std::net::IpAddr;

/// Key usages as bits of the first byte of the `BIT STRING` (RFC 5280 section 4.2.1.3).
pub(crate) mod usage {
    pub(crate) const DIGITAL_SIGNATURE: u8 = 0x80;
    pub(crate) const KEY_ENCIPHERMENT: u8 = 0x20;
    pub(crate) const KEY_AGREEMENT: u8 = 0x08;
    pub(crate) const KEY_CERT_SIGN: u8 = 0x04;
    pub(crate) const CRL_SIGN: u8 = 0x02;
}

fn extension(id: ObjectIdentifier, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if is_critical {
        boolean_true()
    } else {
        Vec::new()
    };
    sequence(&[&oid(id), &critical, &octet_string(value)])
}

pub(crate) fn basic_constraints_authority(path_length: Option<u8>) -> Vec<u8> {
    let path_length = path_length.map(|n| integer(n.into())).unwrap_or_default();
    extension(
        oid::BASIC_CONSTRAINTS,
        true,
        &sequence(&[&boolean_true(), &path_length]),
    )
}

/// A named bit list: trailing zero bits are not written (X.690 section 11.2.2).
pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    let unused = u8::try_from(bits.trailing_zeros()).unwrap_or_default();
    extension(oid::KEY_USAGE, true, &element(0x03, &[unused, bits]))
}

pub(crate) fn extended_key_usage(purposes: &[ObjectIdentifier]) -> Vec<u8> {
    let purposes: Vec<Vec<u8>> = purposes.iter().map(|purpose| oid(*purpose)).collect();
    extension(oid::EXTENDED_KEY_USAGE, false, &sequence_of(&purposes))
}

pub(crate) fn subject_key_identifier(key_id: &[u8]) -> Vec<u8> {
    extension(oid::SUBJECT_KEY_IDENTIFIER, false, &octet_string(key_id))
}

pub(crate) fn authority_key_identifier(key_id: &[u8]) -> Vec<u8> {
    let value = sequence(&[&primitive(0, key_id)]);
    extension(oid::AUTHORITY_KEY_IDENTIFIER, false, &value)
}

/// `rfc822Name` (RFC 5280 section 4.2.1.6).
pub(crate) fn mailbox_name(mailbox: &str) -> Vec<u8> {
    primitive(1, mailbox.as_bytes())
}

/// The one form an address has in a certificate: `rfc822Name`, or `SmtpUTF8Mailbox` for letters
/// beyond ASCII before the `@` (RFC 9598 section 3).
pub(crate) fn address_name(mailbox: &Mailbox) -> Vec<u8> {
    if mailbox.is_ascii() {
        mailbox_name(mailbox.as_str())
    } else {
        let value = constructed(0, &utf8_string(mailbox.as_str()));
        constructed(0, &[oid(oid::SMTP_UTF8_MAILBOX), value].concat())
    }
}

/// Only names below these (RFC 5280 section 4.2.1.10), each a `GeneralName`. RFC 9598 section 6
/// extends those for mail domains to `SmtpUTF8Mailbox`.
pub(crate) fn name_constraints(permitted: &[Vec<u8>]) -> Vec<u8> {
    let permitted: Vec<Vec<u8>> = permitted.iter().map(|base| sequence(&[base])).collect();
    let value = sequence(&[&constructed(0, &permitted.concat())]);
    extension(oid::NAME_CONSTRAINTS, true, &value)
}

/// `iPAddress` or `dNSName`.
pub(crate) fn host_name(host: &str) -> Vec<u8> {
    match host.parse() {
        Ok(IpAddr::V4(address)) => primitive(7, &address.octets()),
        Ok(IpAddr::V6(address)) => primitive(7, &address.octets()),
        Err(_) => primitive(2, host.as_bytes()),
    }
}

pub(crate) fn subject_alt_name(names: &[Vec<u8>], is_critical: bool) -> Vec<u8> {
    extension(oid::SUBJECT_ALT_NAME, is_critical, &sequence_of(names))
}

fn uri(url: &str) -> Vec<u8> {
    primitive(6, url.as_bytes())
}

pub(crate) fn crl_distribution_points(url: &str) -> Vec<u8> {
    let point = constructed(0, &constructed(0, &uri(url)));
    extension(
        oid::CRL_DISTRIBUTION_POINTS,
        false,
        &sequence(&[&sequence(&[&point])]),
    )
}

/// Where to ask for a certificate's status, and where its issuer's certificate is.
pub(crate) fn authority_info_access(ocsp_url: Option<&str>, issuer_url: &str) -> Vec<u8> {
    let responder = ocsp_url.map_or_else(Vec::new, |url| {
        sequence(&[&oid(oid::ACCESS_OCSP), &uri(url)])
    });
    let issuers = sequence(&[&oid(oid::ACCESS_CA_ISSUERS), &uri(issuer_url)]);
    extension(
        oid::AUTHORITY_INFO_ACCESS,
        false,
        &sequence(&[&responder, &issuers]),
    )
}

/// Says that the status of an OCSP responder's own certificate need not be asked for (RFC 6960
/// section 4.2.2.2.1).
pub(crate) fn ocsp_no_check() -> Vec<u8> {
    extension(oid::OCSP_NO_CHECK, false, NULL)
}

/// The nonce of a request, in its answer (RFC 9654 section 2.1).
pub(crate) fn ocsp_nonce(nonce: &[u8]) -> Vec<u8> {
    extension(oid::OCSP_NONCE, false, &octet_string(nonce))
}

pub(crate) fn certificate_policies(policy: ObjectIdentifier, cps_url: Option<&str>) -> Vec<u8> {
    let qualifiers = cps_url.map_or_else(Vec::new, |url| {
        sequence(&[&sequence(&[&oid(oid::QUALIFIER_CPS), &ia5_string(url)])])
    });
    let policies = sequence(&[&sequence(&[&oid(policy), &qualifiers])]);
    extension(oid::CERTIFICATE_POLICIES, false, &policies)
}

/// What the owner's mail program can decrypt (RFC 4262), so that the first encrypted reply is not
/// Triple DES. Senders take the first they know (RFC 8551 section 2.5.2): CBC comes before GCM,
/// which many mail programs still cannot read.
pub(crate) fn smime_capabilities() -> Vec<u8> {
    let capabilities: Vec<Vec<u8>> = [
        oid::AES_256_CBC,
        oid::AES_128_CBC,
        oid::AES_256_GCM,
        oid::AES_128_GCM,
    ]
    .map(|cipher| sequence(&[&oid(cipher)]))
    .into();
    extension(oid::SMIME_CAPABILITIES, false, &sequence_of(&capabilities))
}

pub(crate) fn crl_number(number: u64) -> Vec<u8> {
    extension(oid::CRL_NUMBER, false, &integer(number))
}

pub(crate) fn reason_code(reason: u8) -> Vec<u8> {
    extension(oid::REASON_CODE, false, &element(0x0a, &[reason]))
}

/// `extensionRequest` (RFC 2985 section 5.4.2), as the only attribute of a signing request.
pub(crate) fn extension_request(extensions: &[Vec<u8>]) -> Vec<u8> {
    let values = crate::asn1::set_of(vec![sequence_of(extensions)]);
    sequence(&[&oid(oid::EXTENSION_REQUEST), &values])
}
