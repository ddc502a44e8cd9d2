//! What the certificates of one authority have in common: validity, policy, addresses.

use crate::error::Error;
use crate::{Generation, oid};
use const_oid::ObjectIdentifier;

/// The longest validity of a certificate, in days.
pub const LONGEST_DAYS: u16 = 730;

/// Policy used until the operator sets one below their own enterprise number. It lies below the
/// number that IANA keeps for examples (RFC 5612), so it promises nothing.
pub const EXAMPLE_POLICY: &str = "1.3.6.1.4.1.32473.1.1";

/// The policy under which certificates for mail are issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    /// One of our own, dotted. Reserved identifiers are refused here.
    Own(String),
    /// The identifier that the S/MIME Baseline Requirements reserve for this kind of certificate
    /// (section 7.1.6.1). It asserts audits and hardware that an authority with its key in
    /// software does not have: only for operators who know that theirs does.
    Reserved(Generation),
}

impl Policy {
    /// The reserved policy, if it was chosen.
    pub(crate) const fn reserved(&self) -> Option<Generation> {
        match self {
            Self::Own(_) => None,
            Self::Reserved(generation) => Some(*generation),
        }
    }

    /// Fails unless an own policy is a dotted object identifier.
    pub fn check(&self) -> Result<(), Error> {
        self.identifier(false).map(drop)
    }

    pub(crate) fn identifier(&self, is_sponsored: bool) -> Result<ObjectIdentifier, Error> {
        match self {
            Self::Own(dotted) => own_policy(dotted),
            Self::Reserved(generation) => Ok(reserved_policy(is_sponsored, *generation)),
        }
    }
}

/// `mailbox-validated` or `sponsor-validated`, of a generation.
pub(crate) const fn reserved_policy(
    is_sponsored: bool,
    generation: Generation,
) -> ObjectIdentifier {
    match (is_sponsored, generation) {
        (false, Generation::Multipurpose) => oid::RESERVED_MAILBOX_MULTIPURPOSE,
        (false, Generation::Strict) => oid::RESERVED_MAILBOX_STRICT,
        (true, Generation::Multipurpose) => oid::RESERVED_SPONSOR_MULTIPURPOSE,
        (true, Generation::Strict) => oid::RESERVED_SPONSOR_STRICT,
    }
}

fn own_policy(dotted: &str) -> Result<ObjectIdentifier, Error> {
    dotted.parse().map_err(|_| {
        Error::Input("the policy is a dotted object identifier such as 1.3.6.1.4.1.32473.1")
    })
}

/// Settings of certificates for mail ("mailbox-validated" or "sponsor-validated" in the S/MIME
/// Baseline Requirements).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmimeProfile {
    /// Days of validity, 1 to [`LONGEST_DAYS`].
    pub valid_days: u16,
    /// Certificate policy.
    pub policy: Policy,
    /// Whether the key may also sign in to servers (`clientAuth`), which makes the certificate
    /// multipurpose and needs an authority that allows it.
    pub has_client_auth: bool,
    /// Where the issuing authority's revocation list is, `http://`.
    pub crl_url: String,
    /// Where the issuing authority's certificate is in DER, `http://`.
    pub issuer_url: String,
    /// Where the status of a certificate can be asked for (OCSP, RFC 6960), `http://`.
    pub ocsp_url: Option<String>,
    /// Where the certification practice statement is. Best left out: RFC 5280 section 4.2.1.4
    /// recommends a policy without qualifiers, and linters remark on one.
    pub cps_url: Option<String>,
}

/// Settings of certificates for TLS connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsProfile {
    /// Days of validity, 1 to [`LONGEST_DAYS`].
    pub valid_days: u16,
    /// Certificate policy of our own, dotted. Reserved identifiers are refused: they are for
    /// authorities that browsers trust.
    pub policy_oid: String,
    /// Where the issuing authority's revocation list is, `http://`.
    pub crl_url: String,
    /// Where the issuing authority's certificate is in DER, `http://`.
    pub issuer_url: String,
    /// Where the status of a certificate can be asked for (OCSP, RFC 6960), `http://`.
    pub ocsp_url: Option<String>,
    /// Where the certification practice statement is; see [`SmimeProfile::cps_url`].
    pub cps_url: Option<String>,
}

impl TlsProfile {
    pub(crate) fn policy(&self) -> Result<ObjectIdentifier, Error> {
        own_policy(&self.policy_oid)
    }
}

/// Whether this is a plain `http` URL with a host, in ASCII without spaces, and short enough for
/// an `IA5String` that every reader takes.
pub(crate) fn is_http_url(url: &str) -> bool {
    is_url(url, &["http://"])
}

pub(crate) fn is_web_url(url: &str) -> bool {
    is_url(url, &["http://", "https://"])
}

fn is_url(url: &str, schemes: &[&str]) -> bool {
    let host = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    url.len() <= 500
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
        && host.is_some_and(|rest| {
            rest.split(['/', ':'])
                .next()
                .is_some_and(|host| !host.is_empty() && !host.contains('@'))
        })
}
