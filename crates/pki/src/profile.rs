//! What the certificates of one authority have in common: validity, policy, addresses.

use crate::error::Error;
use const_oid::ObjectIdentifier;

/// The longest validity of a certificate, in days.
pub const LONGEST_DAYS: u16 = 730;

/// Policy used until the operator sets one below their own enterprise number. It lies below the
/// number that IANA keeps for examples (RFC 5612), so it promises nothing.
pub const EXAMPLE_POLICY: &str = "1.3.6.1.4.1.32473.1.1";

/// Settings of the certificates for mailboxes ("mailbox-validated, multipurpose" in the S/MIME
/// Baseline Requirements).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmimeProfile {
    /// Days of validity, 1 to [`LONGEST_DAYS`].
    pub valid_days: u16,
    /// Certificate policy, dotted. The reserved identifiers below 2.23.140.1.5 are refused: they
    /// assert audits and hardware that an authority with its key in software does not have.
    pub policy_oid: String,
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

impl SmimeProfile {
    pub(crate) fn policy(&self) -> Result<ObjectIdentifier, Error> {
        self.policy_oid.parse().map_err(|_| {
            Error::Input("the policy is a dotted object identifier such as 1.3.6.1.4.1.32473.1")
        })
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
