//! Whom a certificate for TLS connections names.

use crate::{CertificateKind, CommonName, TlsPurpose};
use domain::{HostName, Mailbox};

/// The holder of a certificate for TLS connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsHolder {
    /// A person who signs in to servers.
    Client {
        /// The address, which is what servers know a person by.
        mailbox: Mailbox,
        /// Further addresses of the same person, none of them twice.
        more: Vec<Mailbox>,
        /// The person's name, or the address.
        common_name: CommonName,
    },
    /// A server.
    Server {
        /// Its names and addresses, at least one (RFC 9525 section 3).
        hosts: Vec<HostName>,
        /// The first DNS name, or nothing: no other name of a server is ever checked.
        common_name: CommonName,
    },
    /// A device that opens and accepts connections.
    Device {
        /// Its names and addresses; none needs a name that was checked.
        hosts: Vec<HostName>,
        /// What it is called, for example its serial number, or its first DNS name.
        common_name: CommonName,
    },
}

impl TlsHolder {
    /// Which end of a connection it is.
    pub const fn purpose(&self) -> TlsPurpose {
        match self {
            Self::Client { .. } => TlsPurpose::Client,
            Self::Server { .. } => TlsPurpose::Server,
            Self::Device { .. } => TlsPurpose::Device,
        }
    }

    /// The kind of certificate this holder gets, which the linter is told when bytes are taken up
    /// again.
    pub fn kind(&self) -> CertificateKind<'_> {
        CertificateKind::Tls {
            purpose: self.purpose(),
            common_name: self.common_name().checked(),
            more: match self {
                Self::Client { more, .. } => more,
                Self::Server { .. } | Self::Device { .. } => &[],
            },
        }
    }

    /// All addresses of a person, the one they are known by first; none of servers and devices.
    pub fn mailboxes(&self) -> impl Iterator<Item = &Mailbox> {
        let (first, more) = match self {
            Self::Client { mailbox, more, .. } => (Some(mailbox), more.as_slice()),
            Self::Server { .. } | Self::Device { .. } => (None, &[][..]),
        };
        first.into_iter().chain(more)
    }

    /// The names and addresses of a server or device.
    pub fn hosts(&self) -> &[HostName] {
        match self {
            Self::Client { .. } => &[],
            Self::Server { hosts, .. } | Self::Device { hosts, .. } => hosts,
        }
    }

    pub(crate) const fn common_name(&self) -> &CommonName {
        match self {
            Self::Client { common_name, .. }
            | Self::Server { common_name, .. }
            | Self::Device { common_name, .. } => common_name,
        }
    }
}
