//! T01 to T06: certificates for TLS connections (RFC 5280, names as in RFC 9525).

use super::names::check_addresses;
use super::usage::{check_key_usage, check_purposes};
use super::{Context, subject};
use crate::named::read_host;
use crate::prepare::MOST_HOSTS;
use crate::{Named, PublicKey, TlsPurpose, name, oid};
use const_oid::ObjectIdentifier;
use der::flagset::FlagSet;
use domain::{HostName, Mailbox};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{KeyUsages, SubjectAltName};

/// Returns whom it is for, if that can be read.
pub(super) fn check(
    context: &mut Context<'_>,
    purpose: TlsPurpose,
    (common_name, more): (Option<&str>, &[Mailbox]),
    key: Option<&PublicKey>,
) -> Option<Named> {
    check_key_usage(context, "T04", key.map(|key| expected(purpose, key)));
    let (purposes, words): (&[ObjectIdentifier], _) = match purpose {
        TlsPurpose::Client => (&[oid::CLIENT_AUTH], "clientAuth alone"),
        TlsPurpose::Server => (&[oid::SERVER_AUTH], "serverAuth alone"),
        TlsPurpose::Device => (
            &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
            "serverAuth and clientAuth alone",
        ),
    };
    check_purposes(context, "T05", purposes, words);
    context.report.check(
        "T06",
        context.extensions.find(oid::SMIME_CAPABILITIES).is_none(),
        "there are capabilities for mail in a certificate that is not for mail",
    );
    let named = check_names(context, purpose, common_name, more);
    check_subject(context, common_name, named.as_ref());
    named
}

/// A server's RSA key also decrypts in the older suites of TLS 1.2.
fn expected(purpose: TlsPurpose, key: &PublicKey) -> FlagSet<KeyUsages> {
    if key.algorithm().is_rsa() && purpose != TlsPurpose::Client {
        KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment
    } else {
        KeyUsages::DigitalSignature.into()
    }
}

fn check_names(
    context: &mut Context<'_>,
    purpose: TlsPurpose,
    common_name: Option<&str>,
    more: &[Mailbox],
) -> Option<Named> {
    let is_empty = context.tbs.subject().is_empty();
    let extension = context.extensions.find(oid::SUBJECT_ALT_NAME);
    let names: Option<SubjectAltName> = context.extensions.decode();
    let report = &mut context.report;
    let Some(extension) = extension else {
        let may_do_without = purpose == TlsPurpose::Device && common_name.is_some() && !is_empty;
        report.check(
            "T02",
            may_do_without,
            "there is no alternative name, by which programs know the other end",
        );
        return may_do_without.then(|| Named::Hosts(Vec::new()));
    };
    report.check(
        "T02",
        extension.critical == is_empty,
        if is_empty {
            "the alternative name is not critical although the subject is empty"
        } else {
            "the alternative name is critical although there is a subject"
        },
    );
    let Some(names) = names.filter(|names| !names.0.is_empty()) else {
        report.refuse("T02", "the alternative name has no name in it");
        return None;
    };
    if purpose == TlsPurpose::Client {
        let rules = ("T02", "T03");
        check_addresses(report, rules, &names.0, more).map(Named::Mailboxes)
    } else {
        check_hosts(context, &names)
    }
}

fn check_hosts(context: &mut Context<'_>, names: &SubjectAltName) -> Option<Named> {
    let report = &mut context.report;
    let is_host =
        |name: &GeneralName| matches!(name, GeneralName::DnsName(_) | GeneralName::IpAddress(_));
    let are_hosts = names.0.iter().all(is_host);
    report.check(
        "T02",
        are_hosts,
        "the alternative name has something else than host names and IP addresses",
    );
    report.check(
        "T02",
        names.0.len() <= MOST_HOSTS,
        format!("the alternative name has more than {MOST_HOSTS} names"),
    );
    let hosts: Option<Vec<HostName>> = names.0.iter().map(read_host).collect();
    report.check(
        "T03",
        hosts.is_some() || !are_hosts,
        "a host name is not in its one form: lower case, A-labels, a wildcard alone at the left \
         of a domain, an IP address of 4 or 16 bytes as its own kind of name",
    );
    let hosts = hosts?;
    let is_new =
        |(place, host): (usize, &HostName)| !hosts.iter().take(place).any(|one| one == host);
    report.check(
        "T03",
        hosts.iter().enumerate().all(is_new),
        "a host name is there twice",
    );
    Some(Named::Hosts(hosts))
}

fn check_subject(context: &mut Context<'_>, common_name: Option<&str>, named: Option<&Named>) {
    let subject = context.tbs.subject();
    let report = &mut context.report;
    let mut attributes = subject.iter();
    let (first, second) = (attributes.next(), attributes.next());
    let is_common_name = first.is_none_or(|one| one.oid == oid::COMMON_NAME);
    report.check(
        "T01",
        is_common_name && second.is_none(),
        "the subject has something else than one common name",
    );
    let text = first.and_then(|one| subject::text(&one.value));
    report.check(
        "T01",
        first.is_none() || text.is_some(),
        "the common name is neither UTF8String nor PrintableString",
    );
    if let Some(wrong) = text
        .as_deref()
        .and_then(|text| subject::wrong_text(oid::COMMON_NAME, text))
    {
        report.refuse("T01", format!("the common name {wrong}"));
    }
    let (Some(named), true) = (named, is_common_name) else {
        return;
    };
    let is_expected = match (common_name, text.as_deref()) {
        (Some(expected), found) => found == Some(expected),
        (None, None) => true,
        (None, Some(found)) => own_name(named).is_some_and(|own| own == found),
    };
    report.check(
        "T01",
        is_expected,
        "the common name is neither the one that was checked nor the first name in the \
         alternative name, letter for letter",
    );
}

/// The name that may stand in the common name unasked: what the alternative name has already.
fn own_name(named: &Named) -> Option<&str> {
    let mut hosts = named.hosts().iter().filter(|host| host.address().is_none());
    let host = hosts.next().map(HostName::as_str);
    let host = host.filter(|host| host.len() <= name::LONGEST);
    named.mailbox().map_or(host, name::short)
}
