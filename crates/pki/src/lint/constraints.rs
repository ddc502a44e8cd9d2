//! L29: the names an issuer is confined to (RFC 5280 section 4.2.1.10).

use super::{Context, subject};
use crate::{Named, oid};
use domain::{HostName, Mailbox};
use std::net::IpAddr;
use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::name::GeneralName;

/// A name that a constraint may be about.
enum Subject<'a> {
    Mailbox(&'a Mailbox),
    Dns(&'a HostName),
    Address(IpAddr),
}

pub(super) fn check(context: &mut Context<'_>, named: &Named) {
    let Some(constraints) = context.issuer.name_constraints() else {
        return;
    };
    let refuse = |name: &str| {
        format!("the authority may not issue for {name}; it is confined to other domains")
    };
    for mailbox in named.mailboxes() {
        let is_allowed = is_allowed(constraints, &Subject::Mailbox(mailbox));
        let words = refuse(mailbox.domain().as_str());
        context.report.check("L29", is_allowed, words);
    }
    for host in named.hosts() {
        let subject = host.address().map_or(Subject::Dns(host), Subject::Address);
        let is_allowed = is_allowed(constraints, &subject);
        context
            .report
            .check("L29", is_allowed, refuse(host.as_str()));
    }
    let has_dns = named.hosts().iter().any(|host| host.address().is_none());
    // Verifiers read a common name that looks like a DNS name as one where there is no other.
    if let (false, Some(host)) = (has_dns, common_name(context)) {
        let is_allowed = is_allowed(constraints, &Subject::Dns(&host));
        context
            .report
            .check("L29", is_allowed, refuse(host.as_str()));
    }
}

fn common_name(context: &Context<'_>) -> Option<HostName> {
    subject::find(context.tbs, oid::COMMON_NAME)
        .filter(|name| name.contains('.'))
        .and_then(|name| HostName::parse(&name).ok())
        .filter(|host| host.address().is_none())
}

/// Whether these are constraints on mail, DNS names and IP addresses alone. Others are not judged,
/// so that they permit nothing.
pub(crate) fn are_understood(constraints: &NameConstraints) -> bool {
    let permitted = constraints.permitted_subtrees.iter().flatten();
    let excluded = constraints.excluded_subtrees.iter().flatten();
    permitted.chain(excluded).all(|subtree| {
        subtree.minimum == 0
            && subtree.maximum.is_none()
            && matches!(
                subtree.base,
                GeneralName::Rfc822Name(_) | GeneralName::DnsName(_) | GeneralName::IpAddress(_)
            )
    })
}

fn is_allowed(constraints: &NameConstraints, name: &Subject<'_>) -> bool {
    let permitted = constraints.permitted_subtrees.iter().flatten();
    let mut excluded = constraints.excluded_subtrees.iter().flatten();
    // A form that no subtree is about is free.
    let mut of_this_form = permitted
        .filter(|subtree| is_of_form(&subtree.base, name))
        .peekable();
    are_understood(constraints)
        && !excluded.any(|subtree| is_below(name, &subtree.base) || could_be(name, &subtree.base))
        && (of_this_form.peek().is_none()
            || of_this_form.any(|subtree| is_below(name, &subtree.base)))
}

const fn is_of_form(base: &GeneralName, name: &Subject<'_>) -> bool {
    matches!(
        (base, name),
        (GeneralName::Rfc822Name(_), Subject::Mailbox(_))
            | (GeneralName::DnsName(_), Subject::Dns(_))
            | (GeneralName::IpAddress(_), Subject::Address(_))
    )
}

fn is_below(name: &Subject<'_>, base: &GeneralName) -> bool {
    match (base, name) {
        (GeneralName::Rfc822Name(base), Subject::Mailbox(mailbox)) => {
            let (base, domain) = (base.as_str().to_ascii_lowercase(), mailbox.domain());
            if base.starts_with('.') {
                domain.as_str().ends_with(&base)
            } else {
                domain.as_str() == base || mailbox.as_str() == base
            }
        }
        (GeneralName::DnsName(base), Subject::Dns(host)) => {
            let base = base.as_str().to_ascii_lowercase();
            is_dns_below(host.as_str(), &base)
        }
        (GeneralName::IpAddress(base), Subject::Address(address)) => {
            is_in_network(*address, base.as_bytes())
        }
        _ => false,
    }
}

/// Zero or more labels added at the left; a base with a leading dot is below itself only.
fn is_dns_below(host: &str, base: &str) -> bool {
    base.is_empty()
        || host == base
        || host
            .strip_suffix(base)
            .is_some_and(|rest| base.starts_with('.') || rest.ends_with('.'))
}

/// A wildcard stands for names that may be excluded.
fn could_be(name: &Subject<'_>, base: &GeneralName) -> bool {
    let (GeneralName::DnsName(base), Subject::Dns(host)) = (base, name) else {
        return false;
    };
    let base = base.as_str().to_ascii_lowercase();
    host.as_str()
        .strip_prefix('*')
        .is_some_and(|domain| base.ends_with(domain))
}

/// The address and its mask, one after the other.
fn is_in_network(address: IpAddr, base: &[u8]) -> bool {
    let bytes = match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    };
    let (network, mask) = base.split_at(base.len() / 2);
    network.len() == bytes.len()
        && bytes
            .iter()
            .zip(network)
            .zip(mask)
            .all(|((byte, network), mask)| byte & mask == network & mask)
}

#[cfg(test)]
mod tests;
