//! Kinds of certificates, as the linter is told which one to expect.

use crate::KeyPurpose;
use domain::Mailbox;

/// What kind of certificate is expected. The default is what the portal issues by default: for a
/// mailbox, with one key for everything, under a policy of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateKind<'a> {
    /// For mail (S/MIME).
    Mail(MailKind<'a>),
    /// For TLS connections.
    Tls {
        /// Which end of a connection it is for.
        purpose: TlsPurpose,
        /// The name of the person or device, if the common name has to be that; otherwise it is
        /// the address or the first DNS name.
        common_name: Option<&'a str>,
        /// The addresses that are expected after the first one, of a person.
        more: &'a [Mailbox],
    },
}

impl Default for CertificateKind<'_> {
    fn default() -> Self {
        Self::Mail(MailKind::default())
    }
}

/// What differs between certificates for mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailKind<'a> {
    /// The addresses that are expected after the first one (L12).
    pub more: &'a [Mailbox],
    /// Whether the subject has to name a person and an organisation (L10, L11).
    pub is_sponsored: bool,
    /// What the key is for (L14, L22).
    pub purpose: KeyPurpose,
    /// Whether the key also signs in to servers (L15): the extended key usage `clientAuth`.
    pub has_client_auth: bool,
    /// The reserved policy that was chosen, if one was (L20).
    pub reserved_policy: Option<Generation>,
}

/// Generations of the S/MIME Baseline Requirements (section 7.1.6.1). The third one, *legacy*, may
/// not be issued any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// For mail and, where asked for, signing in.
    Multipurpose,
    /// For mail alone.
    Strict,
}

/// Which end of a TLS connection a certificate is for (RFC 5280 section 4.2.1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsPurpose {
    /// A person who signs in: `clientAuth`.
    Client,
    /// A server: `serverAuth`.
    Server,
    /// A device that is both: `serverAuth` and `clientAuth`.
    Device,
}
