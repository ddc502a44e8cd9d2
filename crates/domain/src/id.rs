//! Identifiers: one type per thing, so that they cannot be mixed up.
//!
//! They are UUID version 7 (RFC 9562 section 5.7): sorted by time of creation, which gives lists a
//! stable order for keyset paging. They are names, not secrets.

use rand_core::Rng;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

fn version_7(now: OffsetDateTime, rng: &mut dyn Rng) -> Uuid {
    let millis = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let mut random = [0; 10];
    rng.fill_bytes(&mut random);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier for something created `now`.
            pub fn generate(now: OffsetDateTime, rng: &mut dyn Rng) -> Self {
                Self(version_7(now, rng))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(value).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }
    )+};
}

id! {
    /// A person with an account.
    PersonId,
    /// A request for a certificate.
    RequestId,
    /// An issued certificate.
    CertificateId,
    /// A certificate template.
    TemplateId,
    /// A certification authority.
    AuthorityId,
    /// A key of an OCSP responder.
    ResponderId,
    /// A private key made ahead.
    PoolKeyId,
    /// A certificate that somebody brought along.
    ImportedId,
    /// A message in the outbox.
    MailId,
    /// A running server process.
    NodeId,
    /// A session, as shown to its owner; never the value of the cookie.
    SessionId,
    /// An API token, as shown to its owner; never the token itself.
    ApiTokenId,
}
