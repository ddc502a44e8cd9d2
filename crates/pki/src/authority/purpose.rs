//! What an issuing authority is for, and the extensions that hold it to that.

use crate::extension::{self, usage};
use crate::{Error, oid};
use const_oid::ObjectIdentifier;
use domain::{HostName, MailDomain};

/// What an issuing authority is for. Its extended key usage holds for everything below it, and its
/// domains become critical name constraints (RFC 5280 section 4.2.1.10): whoever trusts the root is
/// not exposed to certificates for other people's domains. Without domains there is no constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorityPurpose {
    /// Certificates for mail.
    Mail {
        /// The mail domains it is confined to. A subdomain is a domain of its own.
        domains: Vec<MailDomain>,
        /// Whether those certificates may also sign in to servers, which is best left out: a key
        /// for mail then opens no doors.
        has_client_auth: bool,
    },
    /// Certificates for servers, devices and people who sign in to them.
    Tls {
        /// The domains it is confined to, each with everything below it. DNS names alone are
        /// confined: not IP addresses, and not the mail addresses of people.
        domains: Vec<HostName>,
    },
}

/// For mail, in every domain.
impl Default for AuthorityPurpose {
    fn default() -> Self {
        Self::Mail {
            domains: Vec::new(),
            has_client_auth: false,
        }
    }
}

impl AuthorityPurpose {
    /// The extensions that say what the authority may do.
    pub(super) fn extensions(&self) -> Result<Vec<Vec<u8>>, Error> {
        let mut extensions = vec![
            extension::basic_constraints_authority(Some(0)),
            extension::key_usage(usage::KEY_CERT_SIGN | usage::CRL_SIGN),
            extension::extended_key_usage(self.extended_key_usage()),
        ];
        let permitted = self.permitted()?;
        if !permitted.is_empty() {
            extensions.push(extension::name_constraints(&permitted));
        }
        Ok(extensions)
    }

    const fn extended_key_usage(&self) -> &'static [ObjectIdentifier] {
        match self {
            Self::Mail {
                has_client_auth: false,
                ..
            } => &[oid::EMAIL_PROTECTION],
            Self::Mail {
                has_client_auth: true,
                ..
            } => &[oid::EMAIL_PROTECTION, oid::CLIENT_AUTH],
            Self::Tls { .. } => &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
        }
    }

    fn permitted(&self) -> Result<Vec<Vec<u8>>, Error> {
        match self {
            Self::Mail { domains, .. } => Ok(domains
                .iter()
                .map(|domain| extension::mailbox_name(domain.as_str()))
                .collect()),
            Self::Tls { domains } => domains
                .iter()
                .map(|domain| {
                    if domain.is_wildcard() || domain.address().is_some() {
                        return Err(Error::Input(
                            "an authority is confined to domains, not to wildcards or IP addresses",
                        ));
                    }
                    Ok(extension::host_name(domain.as_str()))
                })
                .collect(),
        }
    }
}
