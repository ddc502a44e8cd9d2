//! Kinds of certificates, and the parts that one request has.

use crate::words;

/// What certificates of a template are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemplateKind {
    /// S/MIME for a mailbox: one key signs and decrypts.
    Mailbox,
    /// S/MIME that also names the person and their organisation.
    Sponsor,
    /// S/MIME for signing only.
    Sign,
    /// S/MIME for encryption only.
    Encrypt,
    /// Two certificates with a key each from one request: one signs, one decrypts.
    Pair,
    /// A person who signs in to servers (TLS client authentication).
    TlsClient,
    /// A server (TLS server authentication).
    TlsServer,
    /// A device that is both.
    Device,
}

words!(TemplateKind, "kind of template", {
    Mailbox => "mailbox",
    Sponsor => "sponsor",
    Sign => "sign",
    Encrypt => "encrypt",
    Pair => "pair",
    TlsClient => "tls-client",
    TlsServer => "tls-server",
    Device => "device",
});

impl TemplateKind {
    /// Which certificates one request makes, in order.
    pub const fn parts(self) -> &'static [KeyPart] {
        match self {
            Self::Pair => &[KeyPart::Sign, KeyPart::Encrypt],
            _ => &[KeyPart::Whole],
        }
    }

    /// Which issuing authority signs them.
    pub const fn authority(self) -> AuthorityPurpose {
        if self.is_mail() {
            AuthorityPurpose::Mail
        } else {
            AuthorityPurpose::Tls
        }
    }

    /// Whether it is S/MIME.
    pub const fn is_mail(self) -> bool {
        matches!(
            self,
            Self::Mailbox | Self::Sponsor | Self::Sign | Self::Encrypt | Self::Pair
        )
    }

    /// Whether it names hosts, which the requester enters.
    pub const fn names_hosts(self) -> bool {
        matches!(self, Self::TlsServer | Self::Device)
    }

    /// Whether one of its keys decrypts mail, so that a copy of it may be worth keeping for others.
    pub const fn decrypts(self) -> bool {
        matches!(
            self,
            Self::Mailbox | Self::Sponsor | Self::Encrypt | Self::Pair
        )
    }

    /// The name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mailbox => "Mail (address)",
            Self::Sponsor => "Mail (person and organisation)",
            Self::Sign => "Mail, signing only",
            Self::Encrypt => "Mail, encryption only",
            Self::Pair => "Mail, two keys",
            Self::TlsClient => "Sign-in to servers",
            Self::TlsServer => "Server",
            Self::Device => "Device",
        }
    }
}

/// Which of the certificates of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyPart {
    /// The only one.
    Whole,
    /// The half of a split pair that signs. Its key is never kept for anybody else.
    Sign,
    /// The half of a split pair that decrypts.
    Encrypt,
}

words!(KeyPart, "part of a request", {
    Whole => "whole",
    Sign => "sign",
    Encrypt => "encrypt",
});

/// What an authority signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthorityPurpose {
    /// Issuing authorities and its own revocation list, and no people.
    Root,
    /// Certificates for mail.
    Mail,
    /// Certificates for TLS clients, servers and devices.
    Tls,
}

words!(AuthorityPurpose, "purpose of an authority", {
    Root => "root",
    Mail => "mail",
    Tls => "tls",
});
