//! L11, L12, L13: the addresses in the alternative name and in the subject.

use super::{Context, Report, subject};
use crate::named::is_address;
use crate::{MailKind, holder, name, oid};
use domain::Mailbox;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// Returns the addresses if they can be read.
pub(super) fn check(context: &mut Context<'_>, kind: MailKind<'_>) -> Option<Vec<Mailbox>> {
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
    let mailboxes = check_addresses(report, ("L12", "L13"), &names, kind.more)?;
    check_common_name(context, kind, &mailboxes);
    Some(mailboxes)
}

/// The alternative name is addresses alone, each in its one form, and after the first those that are
/// expected: no more, no fewer, none twice.
pub(super) fn check_addresses(
    report: &mut Report,
    (kind_rule, form_rule): (&'static str, &'static str),
    names: &[GeneralName],
    more: &[Mailbox],
) -> Option<Vec<Mailbox>> {
    let expected = 1 + more.len();
    report.check(
        kind_rule,
        names.len() == expected,
        format!(
            "the alternative name has {} names instead of {expected}",
            names.len()
        ),
    );
    let are_addresses = names.iter().all(is_address);
    report.check(
        kind_rule,
        are_addresses,
        "the alternative name has something else than mail addresses",
    );
    let mailboxes: Option<Vec<Mailbox>> = names.iter().map(name::read_address).collect();
    report.check(
        form_rule,
        mailboxes.is_some() || !are_addresses,
        "an address is not in lower case, or not in the form its letters need: rfc822Name for \
         ASCII, otherwise SmtpUTF8Mailbox, the domain in A-labels",
    );
    let mailboxes = mailboxes.filter(|mailboxes| !mailboxes.is_empty())?;
    report.check(
        kind_rule,
        names.len() != expected || mailboxes.iter().skip(1).eq(more),
        "the alternative name has another address than those that were checked",
    );
    let is_new =
        |(place, one): (usize, &Mailbox)| !mailboxes.iter().take(place).any(|two| two == one);
    report.check(
        kind_rule,
        mailboxes.iter().enumerate().all(is_new),
        "an address is in the alternative name twice",
    );
    Some(mailboxes)
}

fn check_common_name(context: &mut Context<'_>, kind: MailKind<'_>, mailboxes: &[Mailbox]) {
    let has_name = context
        .tbs
        .subject()
        .iter()
        .any(|attribute| attribute.oid == oid::COMMON_NAME);
    if !has_name {
        return;
    }
    let name = subject::find(context.tbs, oid::COMMON_NAME);
    let is_mailbox = mailboxes
        .iter()
        .any(|mailbox| name.as_deref() == Some(mailbox.as_str()));
    let full_name = subject::find(context.tbs, oid::GIVEN_NAME)
        .zip(subject::find(context.tbs, oid::SURNAME))
        .map(|(given_name, surname)| holder::full_name(&given_name, &surname));
    let is_person = kind.is_sponsored && full_name.is_some() && name == full_name;
    context.report.check(
        "L11",
        is_mailbox || is_person,
        "the common name is neither an address in the alternative name, letter for letter, nor \
         the person's name",
    );
}
