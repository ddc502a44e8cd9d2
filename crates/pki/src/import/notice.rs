//! What should be known about an authority that is taken over, without being wrong.

use super::chain::Link;
use crate::PublicKey;
use domain::KeyAlgorithm;
use time::{Duration, OffsetDateTime};

/// Something to be shown before an authority is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorityNotice {
    /// The key is good enough, but smaller than those made here.
    SmallerKey(KeyAlgorithm),
    /// It signed itself, so it must not issue to people.
    Root,
    /// It ends within two years.
    EndsSoon(OffsetDateTime),
}

impl std::fmt::Display for AuthorityNotice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SmallerKey(algorithm) => write!(
                f,
                "the key is {}; authorities made here have RSA-4096 or P-384",
                algorithm.label()
            ),
            Self::Root => f.write_str(
                "this is a root; certificates for people are issued by an authority below it",
            ),
            Self::EndsSoon(at) => write!(
                f,
                "its certificate ends on {}; nothing issued can last longer, so plan its successor",
                at.date()
            ),
        }
    }
}

pub(super) fn collect(own: &Link, key: &PublicKey, now: OffsetDateTime) -> Vec<AuthorityNotice> {
    let algorithm = key.algorithm();
    let is_small = !matches!(algorithm, KeyAlgorithm::Rsa4096 | KeyAlgorithm::P384);
    let ends_soon = own.not_after - now < Duration::days(2 * 365);
    [
        is_small.then_some(AuthorityNotice::SmallerKey(algorithm)),
        own.is_self_issued().then_some(AuthorityNotice::Root),
        ends_soon.then_some(AuthorityNotice::EndsSoon(own.not_after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
