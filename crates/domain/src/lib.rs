//! The words and rules of CertPortal.
//!
//! Everything here is pure: no I/O, no clock, no randomness of its own, and it builds for wasm.
//! A value of one of these types is valid; whatever comes from outside is parsed into one at the
//! edge and trusted from then on.

mod algorithm;
mod api_token;
mod audit;
mod certificate_change;
mod certificate_search;
mod clock;
mod host_name;
mod id;
mod mailbox;
mod permission;
mod person;
mod pfx;
mod request;
mod revocation;
mod secret;
mod template;
mod text;

pub use algorithm::KeyAlgorithm;
pub use api_token::{LONGEST_TOKEN_DAYS, MOST_TOKENS, TokenScope};
pub use audit::AuditAction;
pub use certificate_change::{CertificateChange, CertificateStanding};
pub use certificate_search::{
    ByteRange, CertificateSearch, NumberSearch, name_words, search_words,
};
pub use clock::{Clock, to_micros};
pub use host_name::{HostName, HostNameError};
pub use id::{
    ApiTokenId, AuthorityId, CertificateId, ImportedId, MailId, NodeId, PersonId, PoolKeyId,
    RequestId, ResponderId, SessionId, TemplateId,
};
pub use mailbox::{MailDomain, Mailbox, MailboxError};
pub use permission::{Permission, may};
pub use person::{PersonState, Role};
pub use pfx::{CertificateForm, Device, DownloadKind, PfxFlavour, PfxPasswordPolicy};
pub use request::{RequestState, Step};
pub use revocation::{RevocationReason, RevocationState};
pub use secret::Secret;
pub use template::{
    AddressSource, ApprovalRule, AuthorityPurpose, CommonNameSource, Delivery, KeyPart,
    LONGEST_DAYS, PfxChoice, PolicyChoice, Renewal, Template, TemplateContent, TemplateKind,
    TemplateProblem,
};
pub use text::{Name, Reason, TextError};

/// A value stored as a word was not one of the words this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a known {what}")]
pub struct UnknownWord {
    /// What was being read, in words.
    pub what: &'static str,
    /// The value that was met.
    pub value: String,
}

/// Gives an enum its stored and spoken word: `as_str`, `Display`, `FromStr`, serde as that word.
macro_rules! words {
    ($type:ty, $what:literal, { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in the database, in URLs and in the log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::UnknownWord;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                match value {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownWord { what: $what, value: value.to_owned() }),
                }
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<'de, str>::deserialize(d)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use words;
