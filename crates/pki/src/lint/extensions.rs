//! Rules for the extensions of a certificate.

use super::Report;
use crate::name::LONGEST;
use crate::{IssuingCertificate, PublicKey, oid, profile};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{Any, Ia5StringRef};
use der::flagset::FlagSet;
use der::{Decode, Sequence};
use domain::Mailbox;
use x509_cert::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, CertificatePolicies,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier,
};

/// Extensions that are allowed, and all but the last of them required.
const ALLOWED: [ObjectIdentifier; 9] = [
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::CERTIFICATE_POLICIES,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::AUTHORITY_INFO_ACCESS,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::SMIME_CAPABILITIES,
];

/// Checks every extension; returns the address if there is exactly one.
pub(super) fn check(
    report: &mut Report,
    tbs: &TbsCertificate,
    issuer: &IssuingCertificate,
    key: &PublicKey,
) -> Option<Mailbox> {
    let present: &[Extension] = tbs.extensions().map_or(&[], Vec::as_slice);
    for (index, extension) in present.iter().enumerate() {
        let id = extension.extn_id;
        // L16 has its own number, because basic constraints are what a reader looks for.
        report.check(
            "L16",
            id != oid::BASIC_CONSTRAINTS,
            "there are basic constraints",
        );
        let is_allowed = id == oid::BASIC_CONSTRAINTS || ALLOWED.contains(&id);
        report.check("L21", is_allowed, &format!("extension {id} is not allowed"));
        let is_first = present
            .iter()
            .take(index)
            .all(|earlier| earlier.extn_id != id);
        report.check("L21", is_first, &format!("extension {id} is there twice"));
    }
    let extensions = Extensions(present);
    check_usage(report, &extensions, key);
    check_key_identifiers(report, &extensions, issuer, key);
    check_addresses(report, &extensions);
    check_policies(report, &extensions);
    check_capabilities(report, &extensions);
    check_mailbox(report, &extensions, tbs)
}

struct Extensions<'a>(&'a [Extension]);

impl<'a> Extensions<'a> {
    fn find(&self, id: ObjectIdentifier) -> Option<&'a Extension> {
        self.0.iter().find(|extension| extension.extn_id == id)
    }

    /// The extension, if it is there, has this criticality and can be read.
    fn read<T: AssociatedOid + Decode<'a>>(&self, is_critical: bool) -> Option<T> {
        self.find(T::OID)
            .filter(|extension| extension.critical == is_critical)
            .and_then(|extension| T::from_der(extension.extn_value.as_bytes()).ok())
    }
}

fn check_usage(report: &mut Report, extensions: &Extensions<'_>, key: &PublicKey) {
    let expected: FlagSet<KeyUsages> = if key.algorithm().is_rsa() {
        KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment
    } else {
        KeyUsages::DigitalSignature | KeyUsages::KeyAgreement
    };
    report.check(
        "L14",
        extensions
            .read::<KeyUsage>(true)
            .is_some_and(|found| found.0 == expected),
        "the key usage is not critical or not what this kind of key is for",
    );
    report.check(
        "L15",
        extensions
            .read::<ExtendedKeyUsage>(false)
            .is_some_and(|found| found.0 == [oid::EMAIL_PROTECTION]),
        "the extended key usage is not emailProtection alone",
    );
}

fn check_key_identifiers(
    report: &mut Report,
    extensions: &Extensions<'_>,
    issuer: &IssuingCertificate,
    key: &PublicKey,
) {
    let is_issuers = extensions
        .read::<AuthorityKeyIdentifier>(false)
        .is_some_and(|found| {
            found.authority_cert_issuer.is_none()
                && found.authority_cert_serial_number.is_none()
                && found
                    .key_identifier
                    .is_some_and(|id| id.as_bytes() == issuer.key_id())
        });
    report.check(
        "L17",
        is_issuers,
        "the authority key identifier is not the issuer's alone",
    );
    let is_own = extensions
        .read::<SubjectKeyIdentifier>(false)
        .is_some_and(|found| found.0.as_bytes() == key.key_id());
    report.check(
        "L17",
        is_own,
        "the subject key identifier is not that of the key",
    );
}

fn is_http(name: &GeneralName) -> bool {
    matches!(name, GeneralName::UniformResourceIdentifier(url) if profile::is_http_url(url.as_str()))
}

fn check_addresses(report: &mut Report, extensions: &Extensions<'_>) {
    let has_list = extensions
        .read::<CrlDistributionPoints>(false)
        .is_some_and(|found| {
            !found.0.is_empty()
                && found.0.iter().all(|point| {
                    point.reasons.is_none()
                        && point.crl_issuer.is_none()
                        && matches!(
                            &point.distribution_point,
                            Some(DistributionPointName::FullName(names))
                                if !names.is_empty() && names.iter().all(is_http)
                        )
                })
        });
    report.check(
        "L18",
        has_list,
        "there is no revocation list at an http address alone",
    );
    let has_issuer = extensions
        .read::<AuthorityInfoAccessSyntax>(false)
        .is_some_and(|found| {
            let count = |method| {
                let is_method = |access: &&AccessDescription| access.access_method == method;
                found.0.iter().filter(is_method).count()
            };
            let (issuers, responders) = (count(oid::ACCESS_CA_ISSUERS), count(oid::ACCESS_OCSP));
            issuers == 1
                && responders <= 1
                && issuers + responders == found.0.len()
                && found
                    .0
                    .iter()
                    .all(|access| is_http(&access.access_location))
        });
    report.check(
        "L19",
        has_issuer,
        "the issuer's certificate, or the OCSP responder, is not at one http address",
    );
}

fn check_policies(report: &mut Report, extensions: &Extensions<'_>) {
    let is_own = extensions
        .read::<CertificatePolicies>(false)
        .is_some_and(|found| {
            let [policy] = found.0.as_slice() else {
                return false;
            };
            let id = policy.policy_identifier;
            let is_claim = id == oid::ANY_POLICY || id.to_string().starts_with("2.23.140.");
            !is_claim
                && policy.policy_qualifiers.iter().flatten().all(|qualifier| {
                    qualifier.policy_qualifier_id == oid::QUALIFIER_CPS
                        && qualifier.qualifier.as_ref().is_some_and(is_web_address)
                })
        });
    report.check(
        "L20",
        is_own,
        "there is not one policy of our own with at most an http statement",
    );
}

fn is_web_address(value: &Any) -> bool {
    value
        .decode_as::<Ia5StringRef<'_>>()
        .is_ok_and(|url| profile::is_web_url(url.as_str()))
}

/// `SMIMECapability` (RFC 4262 section 2), without parameters as AES has them (RFC 8551).
#[derive(Sequence)]
struct Capability {
    id: ObjectIdentifier,
}

fn check_capabilities(report: &mut Report, extensions: &Extensions<'_>) {
    let Some(extension) = extensions.find(oid::SMIME_CAPABILITIES) else {
        return;
    };
    let has_aes = Vec::<Capability>::from_der(extension.extn_value.as_bytes()).is_ok_and(|found| {
        found
            .iter()
            .any(|capability| capability.id == oid::AES_256_CBC)
    });
    report.check(
        "L22",
        has_aes && !extension.critical,
        "the capabilities are critical or do not list AES-256",
    );
}

fn check_mailbox(
    report: &mut Report,
    extensions: &Extensions<'_>,
    tbs: &TbsCertificate,
) -> Option<Mailbox> {
    let names = extensions.read::<SubjectAltName>(tbs.subject().is_empty());
    let text = match names.as_ref().map(|names| names.0.as_slice()) {
        Some([GeneralName::Rfc822Name(name)]) => Some(name.as_str()),
        _ => None,
    };
    report.check(
        "L12",
        text.is_some(),
        "there is not one address, critical if the subject is empty",
    );
    let mailbox = Mailbox::parse(text?)
        .ok()
        .filter(|mailbox| Some(mailbox.as_str()) == text);
    report.check(
        "L13",
        mailbox.is_some(),
        "the address is not an address in lower case",
    );
    let mailbox = mailbox?;
    let is_same = tbs.subject().is_empty()
        || tbs.subject().common_name().is_ok_and(|name| {
            name.is_some_and(|name| {
                name.value() == mailbox.as_str() && name.value().len() <= LONGEST
            })
        });
    report.check("L11", is_same, "the common name is not the address");
    Some(mailbox)
}
