//! L10: what the subject may say (S/MIME Baseline Requirements section 7.1.4.2).

use super::Context;
use crate::name::LONGEST;
use crate::{MailKind, OrganisationIdentifier, oid};
use const_oid::ObjectIdentifier;
use der::Tagged;
use der::asn1::{Any, PrintableStringRef, Utf8StringRef};
use x509_cert::TbsCertificate;

/// Attributes of a sponsor-validated certificate, and whether they are required.
const SPONSORED: [(ObjectIdentifier, bool, &str); 6] = [
    (oid::COUNTRY, false, "country"),
    (oid::ORGANISATION, true, "organisation"),
    (
        oid::ORGANISATION_IDENTIFIER,
        true,
        "organisation identifier",
    ),
    (oid::GIVEN_NAME, true, "given name"),
    (oid::SURNAME, true, "surname"),
    (oid::COMMON_NAME, false, "common name"),
];
const MAILBOX: [(ObjectIdentifier, bool, &str); 1] = [(oid::COMMON_NAME, false, "common name")];

pub(super) fn check(context: &mut Context<'_>, kind: MailKind<'_>) {
    let allowed: &[_] = if kind.is_sponsored {
        &SPONSORED
    } else {
        &MAILBOX
    };
    let subject = context.tbs.subject();
    let report = &mut context.report;
    report.check(
        "L10",
        subject.len() == subject.iter().count(),
        "the subject has several attributes in one part of the name",
    );
    for attribute in subject.iter() {
        let Some((id, _, what)) = allowed.iter().find(|(id, ..)| *id == attribute.oid) else {
            report.refuse(
                "L10",
                format!(
                    "the subject must not have the attribute {} in this kind of certificate",
                    attribute.oid
                ),
            );
            continue;
        };
        match text(&attribute.value) {
            Some(value) => {
                if let Some(wrong) = wrong_text(*id, &value) {
                    report.refuse("L10", format!("the subject's {what} {wrong}"));
                }
            }
            None => report.refuse(
                "L10",
                format!("the subject's {what} is neither UTF8String nor PrintableString"),
            ),
        }
    }
    for (id, is_required, what) in allowed {
        let count = subject.iter().filter(|one| one.oid == *id).count();
        report.check(
            "L10",
            count <= 1,
            format!("the subject has more than one {what}"),
        );
        report.check(
            "L10",
            count > 0 || !is_required,
            format!("the subject has no {what}, which this kind of certificate needs"),
        );
    }
    if kind.is_sponsored {
        check_organisation(context);
    }
}

pub(super) fn wrong_text(id: ObjectIdentifier, value: &str) -> Option<String> {
    let longest = if id == oid::COUNTRY { 2 } else { LONGEST };
    let length = value.chars().count();
    if length > longest {
        Some(format!("has {length} characters; at most {longest} fit"))
    } else if !value.chars().any(char::is_alphanumeric) {
        Some("is only filler; leave it out".to_owned())
    } else if value.trim() != value || value.chars().any(char::is_control) {
        Some("begins or ends with a space or has a control character".to_owned())
    } else {
        None
    }
}

fn check_organisation(context: &mut Context<'_>) {
    let identifier = find(context.tbs, oid::ORGANISATION_IDENTIFIER);
    let country = find(context.tbs, oid::COUNTRY);
    let Some(identifier) = identifier else {
        return;
    };
    let Ok(identifier) = OrganisationIdentifier::parse(&identifier) else {
        context.report.refuse(
            "L10",
            "the organisation identifier has no known scheme, country and reference",
        );
        return;
    };
    context.report.check(
        "L10",
        country.is_none()
            || identifier
                .country()
                .is_none_or(|own| Some(own) == country.as_deref()),
        "the organisation is registered in another country than the subject's",
    );
}

/// The first value of an attribute of the subject, if it is text.
pub(super) fn find(tbs: &TbsCertificate, id: ObjectIdentifier) -> Option<String> {
    tbs.subject()
        .iter()
        .find(|attribute| attribute.oid == id)
        .and_then(|attribute| text(&attribute.value))
}

pub(super) fn text(value: &Any) -> Option<String> {
    match value.tag() {
        der::Tag::Utf8String => value
            .decode_as::<Utf8StringRef<'_>>()
            .ok()
            .map(|text| text.as_str().to_owned()),
        der::Tag::PrintableString => value
            .decode_as::<PrintableStringRef<'_>>()
            .ok()
            .map(|text| text.as_str().to_owned()),
        _ => None,
    }
}
