//! L11, L12, L13, L29: the address in the alternative name, in the subject, and in the issuer's
//! domains.

use super::{Context, subject};
use crate::{holder, name, oid};
use domain::Mailbox;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{NameConstraints, SubjectAltName};

/// Returns the address if there is exactly one.
pub(super) fn check(context: &mut Context<'_>) -> Option<Mailbox> {
    let is_empty = context.tbs.subject().is_empty();
    let extension = context.extensions.find(oid::SUBJECT_ALT_NAME);
    let names: Option<SubjectAltName> = context.extensions.decode();
    let report = &mut context.report;
    let (Some(extension), Some(SubjectAltName(names))) = (extension, names) else {
        report.refuse("L12", "there is no alternative name with the address");
        return None;
    };
    report.check(
        "L12",
        extension.critical == is_empty,
        if is_empty {
            "the alternative name is not critical although the subject is empty"
        } else {
            "the alternative name is critical although there is a subject"
        },
    );
    let [name] = names.as_slice() else {
        report.refuse(
            "L12",
            format!(
                "the alternative name has {} names instead of one",
                names.len()
            ),
        );
        return None;
    };
    let is_address = match name {
        GeneralName::Rfc822Name(_) => true,
        GeneralName::OtherName(other) => other.type_id == oid::SMTP_UTF8_MAILBOX,
        _ => false,
    };
    report.check(
        "L12",
        is_address,
        "the alternative name is something else than a mail address",
    );
    let mailbox = name::read_address(name);
    report.check(
        "L13",
        mailbox.is_some() || !is_address,
        "the address is not in lower case, or not in the form its letters need: rfc822Name for \
         ASCII, otherwise SmtpUTF8Mailbox, the domain in A-labels",
    );
    let mailbox = mailbox?;
    check_common_name(context, &mailbox);
    check_constraints(context, &mailbox);
    Some(mailbox)
}

fn check_common_name(context: &mut Context<'_>, mailbox: &Mailbox) {
    let has_name = context
        .tbs
        .subject()
        .iter()
        .any(|attribute| attribute.oid == oid::COMMON_NAME);
    if !has_name {
        return;
    }
    let name = subject::find(context.tbs, oid::COMMON_NAME);
    let is_mailbox = name.as_deref() == Some(mailbox.as_str());
    let full_name = subject::find(context.tbs, oid::GIVEN_NAME)
        .zip(subject::find(context.tbs, oid::SURNAME))
        .map(|(given_name, surname)| holder::full_name(&given_name, &surname));
    let is_person = context.facts.is_sponsored && full_name.is_some() && name == full_name;
    context.report.check(
        "L11",
        is_mailbox || is_person,
        "the common name is neither the address in the alternative name, letter for letter, nor \
         the person's name",
    );
}

fn check_constraints(context: &mut Context<'_>, mailbox: &Mailbox) {
    let Some(constraints) = context.issuer.name_constraints() else {
        return;
    };
    context.report.check(
        "L29",
        is_permitted(constraints, mailbox),
        format!(
            "the authority may not issue for {}; it is confined to other mail domains",
            mailbox.domain()
        ),
    );
}

/// RFC 5280 section 4.2.1.10, for permitted mail domains; constraints of another kind are not
/// judged but refused.
fn is_permitted(constraints: &NameConstraints, mailbox: &Mailbox) -> bool {
    let domain = mailbox.domain();
    let permitted = constraints.permitted_subtrees.iter().flatten();
    constraints.excluded_subtrees.is_none()
        && permitted.clone().all(|subtree| {
            matches!(subtree.base, GeneralName::Rfc822Name(_))
                && subtree.minimum == 0
                && subtree.maximum.is_none()
        })
        && permitted.into_iter().any(|subtree| match &subtree.base {
            GeneralName::Rfc822Name(base) => {
                let base = base.as_str().to_ascii_lowercase();
                if base.starts_with('.') {
                    domain.as_str().ends_with(&base)
                } else {
                    domain.as_str() == base || mailbox.as_str() == base
                }
            }
            _ => false,
        })
}
