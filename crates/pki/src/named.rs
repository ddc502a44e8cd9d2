//! Whom a certificate is for, as its alternative name says.

use crate::{name, oid};
use domain::{HostName, Mailbox};
use std::net::IpAddr;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// The names in a certificate's alternative name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A person, by their mail addresses; at least one.
    Mailboxes(Vec<Mailbox>),
    /// A server or device, by host names and addresses; none if a device has only a common name.
    Hosts(Vec<HostName>),
}

impl Named {
    /// The first mail address, if it is for a person.
    pub const fn mailbox(&self) -> Option<&Mailbox> {
        self.mailboxes().first()
    }

    /// The mail addresses, if it is for a person.
    pub const fn mailboxes(&self) -> &[Mailbox] {
        match self {
            Self::Mailboxes(mailboxes) => mailboxes.as_slice(),
            Self::Hosts(_) => &[],
        }
    }

    /// The host names and addresses, if it is for a server or device.
    pub fn hosts(&self) -> &[HostName] {
        match self {
            Self::Mailboxes(_) => &[],
            Self::Hosts(hosts) => hosts,
        }
    }

    /// Reads an alternative name that holds addresses alone, or hosts alone.
    pub(crate) fn read(names: Option<&SubjectAltName>) -> Option<Self> {
        let names = names.map_or(&[][..], |names| names.0.as_slice());
        if names.first().is_some_and(is_address) {
            let mailboxes: Option<Vec<Mailbox>> = names.iter().map(name::read_address).collect();
            return mailboxes.map(Self::Mailboxes);
        }
        let hosts: Option<Vec<HostName>> = names.iter().map(read_host).collect();
        hosts.map(Self::Hosts)
    }
}

/// Whether this is a mail address, in a good form or not.
pub(crate) fn is_address(name: &GeneralName) -> bool {
    match name {
        GeneralName::Rfc822Name(_) => true,
        GeneralName::OtherName(other) => other.type_id == oid::SMTP_UTF8_MAILBOX,
        _ => false,
    }
}

/// Reads a host name if it stands in its one form: a DNS name in lower case and A-labels, an
/// address in 4 or 16 bytes (RFC 5280 section 4.2.1.6).
pub(crate) fn read_host(name: &GeneralName) -> Option<HostName> {
    match name {
        GeneralName::DnsName(text) => HostName::parse_international(text.as_str())
            .ok()
            .filter(|host| host.as_str() == text.as_str() && host.address().is_none()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let address = <[u8; 4]>::try_from(bytes)
                .map(IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                .ok()?;
            HostName::parse(&address.to_string()).ok()
        }
        _ => None,
    }
}
