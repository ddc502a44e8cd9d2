//! L17, L18, L19, L20: where a certificate points to: keys, lists, the issuer, its policy.

use super::Context;
use super::Report;
use super::extensions::Extensions;
use crate::{CertificateKind, Generation, IssuingCertificate, PublicKey, oid, profile};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, Ia5StringRef};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, CertificatePolicies, CrlDistributionPoints,
    SubjectKeyIdentifier,
};

pub(super) fn check(context: &mut Context<'_>, key: Option<&PublicKey>) {
    let report = &mut context.report;
    check_key_identifiers(report, &context.extensions, context.issuer, key);
    check_addresses(report, &context.extensions);
    check_policies(report, &context.extensions, &context.facts.kind);
}

fn check_key_identifiers(
    report: &mut Report,
    extensions: &Extensions<'_>,
    issuer: &IssuingCertificate,
    key: Option<&PublicKey>,
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
        .is_some_and(|found| key.is_none_or(|key| found.0.as_bytes() == key.key_id()));
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
            let is_known = |method| [oid::ACCESS_CA_ISSUERS, oid::ACCESS_OCSP].contains(&method);
            found
                .0
                .iter()
                .all(|access| is_known(access.access_method) && is_http(&access.access_location))
                && found
                    .0
                    .iter()
                    .any(|access| access.access_method == oid::ACCESS_CA_ISSUERS)
        });
    report.check(
        "L19",
        has_issuer,
        "the issuer's certificate is not at an http address",
    );
}

fn check_policies(report: &mut Report, extensions: &Extensions<'_>, kind: &CertificateKind<'_>) {
    let chosen = chosen(kind);
    let is_good = extensions
        .read::<CertificatePolicies>(false)
        .is_some_and(|found| {
            let [policy] = found.0.as_slice() else {
                return false;
            };
            let id = policy.policy_identifier;
            let is_claim = id == oid::ANY_POLICY || id.to_string().starts_with("2.23.140.");
            chosen.map_or(!is_claim, |chosen| id == chosen)
                && policy.policy_qualifiers.iter().flatten().all(|qualifier| {
                    qualifier.policy_qualifier_id == oid::QUALIFIER_CPS
                        && qualifier.qualifier.as_ref().is_some_and(is_web_address)
                })
        });
    report.check(
        "L20",
        is_good,
        if chosen.is_some() {
            "there is not the one reserved policy that was chosen, with at most an http statement"
        } else {
            "there is not one policy of our own with at most an http statement"
        },
    );
    let is_strict = matches!(
        kind,
        CertificateKind::Mail(kind)
            if kind.has_client_auth && kind.reserved_policy == Some(Generation::Strict)
    );
    report.check(
        "L20",
        !is_strict,
        "the strict policy is for mail alone; choose multipurpose, or leave clientAuth out",
    );
}

/// The reserved policy, if the facts say that it was chosen.
fn chosen(kind: &CertificateKind<'_>) -> Option<ObjectIdentifier> {
    let CertificateKind::Mail(kind) = kind else {
        return None;
    };
    kind.reserved_policy
        .map(|generation| profile::reserved_policy(kind.is_sponsored, generation))
}

fn is_web_address(value: &Any) -> bool {
    value
        .decode_as::<Ia5StringRef<'_>>()
        .is_ok_and(|url| profile::is_web_url(url.as_str()))
}
