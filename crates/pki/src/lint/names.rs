//! L11, L12, L13: the address in the alternative name and in the subject.

use super::{Context, subject};
use crate::named::is_address;
use crate::{MailKind, holder, name, oid};
use domain::Mailbox;
use x509_cert::ext::pkix::SubjectAltName;

/// Returns the address if there is exactly one.
pub(super) fn check(context: &mut Context<'_>, kind: MailKind) -> Option<Mailbox> {
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
    let is_address = is_address(name);
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
    check_common_name(context, kind, &mailbox);
    Some(mailbox)
}

fn check_common_name(context: &mut Context<'_>, kind: MailKind, mailbox: &Mailbox) {
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
    let is_person = kind.is_sponsored && full_name.is_some() && name == full_name;
    context.report.check(
        "L11",
        is_mailbox || is_person,
        "the common name is neither the address in the alternative name, letter for letter, nor \
         the person's name",
    );
}
