//! Whom a certificate for TLS connections names.

use crate::{CertificateKind, TlsPurpose};
use domain::{HostName, Mailbox, Name};

/// The holder of a certificate for TLS connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsHolder {
    /// A person who signs in to servers.
    Client {
        /// The address, which is what servers know a person by.
        mailbox: Mailbox,
        /// The person's name, for the common name; without it the address stands there.
        person: Option<Name>,
    },
    /// A server.
    Server {
        /// Its names and addresses, at least one (RFC 9525 section 3). The first DNS name is also
        /// the common name, where it fits.
        hosts: Vec<HostName>,
    },
    /// A device that opens and accepts connections.
    Device {
        /// Its names and addresses; none needs the other name.
        hosts: Vec<HostName>,
        /// What it is called, for example its serial number, for the common name.
        common_name: Option<Name>,
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
        let common_name = match self {
            Self::Client { person, .. } => person.as_ref(),
            Self::Server { .. } => None,
            Self::Device { common_name, .. } => common_name.as_ref(),
        };
        CertificateKind::Tls {
            purpose: self.purpose(),
            common_name: common_name.map(Name::as_str),
        }
    }

    pub(crate) fn hosts(&self) -> &[HostName] {
        match self {
            Self::Client { .. } => &[],
            Self::Server { hosts } | Self::Device { hosts, .. } => hosts,
        }
    }
}
