//! What a certificate is going to say, in words for those who decide about it.

use crate::{Error, Named, oid, tbs};
use const_oid::ObjectIdentifier;
use der::Decode;
use x509_cert::TbsCertificate;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage,
    KeyUsage, SubjectAltName,
};

/// The fields of to-be-signed bytes as name and words, in the order in which people ask for them.
pub fn describe(tbs_der: &[u8]) -> Result<Vec<(&'static str, String)>, Error> {
    let content = TbsCertificate::from_der(tbs_der)?;
    let names = content.get_extension::<SubjectAltName>()?;
    let subject = content.subject().to_string();
    let validity = content.validity();
    let mut fields = vec![
        ("Subject", or(subject, "empty")),
        (
            "Alternative name",
            or(
                names_in_words(names.as_ref().map(|(_, names)| names)),
                "none",
            ),
        ),
        ("Issuer", content.issuer().to_string()),
        (
            "Validity",
            format!(
                "{} to {}",
                tbs::from_x509(validity.not_before).date(),
                tbs::from_x509(validity.not_after).date()
            ),
        ),
    ];
    if let Some((_, usage)) = content.get_extension::<KeyUsage>()? {
        fields.push(("Key usage", usage_in_words(usage)));
    }
    if let Some((_, purposes)) = content.get_extension::<ExtendedKeyUsage>()? {
        let words: Vec<String> = purposes.0.iter().map(purpose_in_words).collect();
        fields.push(("Extended key usage", words.join(", ")));
    }
    if let Some((_, policies)) = content.get_extension::<CertificatePolicies>()? {
        let words = policies.0.iter().map(|policy| policy.policy_identifier);
        let words: Vec<String> = words.map(|policy| policy.to_string()).collect();
        fields.push(("Policy", words.join(", ")));
    }
    if let Some((_, points)) = content.get_extension::<CrlDistributionPoints>()? {
        fields.push(("Revocation list", list_addresses(&points)));
    }
    if let Some((_, access)) = content.get_extension::<AuthorityInfoAccessSyntax>()? {
        for entry in &access.0 {
            let what = if entry.access_method == oid::ACCESS_OCSP {
                "Status (OCSP)"
            } else {
                "Issuer's certificate"
            };
            fields.push((what, address(&entry.access_location).unwrap_or_default()));
        }
    }
    Ok(fields)
}

fn or(text: String, otherwise: &str) -> String {
    if text.is_empty() {
        otherwise.to_owned()
    } else {
        text
    }
}

fn names_in_words(names: Option<&SubjectAltName>) -> String {
    match Named::read(names) {
        Some(holder) => {
            let addresses = holder.mailboxes().iter().map(domain::Mailbox::as_str);
            let hosts = holder.hosts().iter().map(domain::HostName::as_str);
            let words: Vec<&str> = addresses.chain(hosts).collect();
            words.join(", ")
        }
        None => String::new(),
    }
}

fn usage_in_words(usage: KeyUsage) -> String {
    let words = [
        (usage.digital_signature(), "signs (digitalSignature)"),
        (usage.key_encipherment(), "decrypts (keyEncipherment)"),
        (usage.key_agreement(), "decrypts (keyAgreement)"),
    ];
    let words: Vec<&str> = words
        .into_iter()
        .filter_map(|(is_set, word)| is_set.then_some(word))
        .collect();
    words.join(", ")
}

fn purpose_in_words(purpose: &ObjectIdentifier) -> String {
    match *purpose {
        oid::EMAIL_PROTECTION => "mail (emailProtection)".to_owned(),
        oid::CLIENT_AUTH => "sign-in to servers (clientAuth)".to_owned(),
        oid::SERVER_AUTH => "server (serverAuth)".to_owned(),
        other => other.to_string(),
    }
}

fn list_addresses(points: &CrlDistributionPoints) -> String {
    let mut found = Vec::new();
    for point in &points.0 {
        if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
            found.extend(names.iter().filter_map(address));
        }
    }
    found.join(", ")
}

fn address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(text) => Some(text.to_string()),
        _ => None,
    }
}
