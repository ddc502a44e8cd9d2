//! Asking for the CAA records of one name, as the rest of the crate sees it.

use async_trait::async_trait;

/// One CAA record (RFC 8659 section 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Whoever does not know the tag must not issue (section 4.5).
    pub is_critical: bool,
    /// What the value means, such as `issue`.
    pub tag: String,
    /// Not checked yet.
    pub value: Vec<u8>,
}

/// The CAA records of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordSet {
    /// The records; none where the name or its records do not exist.
    pub properties: Vec<Property>,
    /// For how many seconds they may be kept.
    pub ttl_secs: u32,
}

/// Why there is no trustworthy answer. All of these mean that nothing is issued (S/MIME Baseline
/// Requirements section 4.2.2.1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// Nobody answered.
    #[error("the resolver does not answer in time; see whether it runs and may be reached")]
    TimedOut,
    /// There is nobody to ask, or no way there.
    #[error("the resolver cannot be reached: {0}")]
    Unreachable(String),
    /// SERVFAIL (RFC 1035 section 4.1.1), which is also what a resolver that validates says of
    /// signatures that are wrong (RFC 4035 section 5.5).
    #[error(
        "the resolver reports a failure: the domain's name servers do not work, or its DNSSEC \
         signatures are wrong"
    )]
    ServerFailure,
    /// It is a name server of some domains only.
    #[error(
        "the resolver only refers to other name servers; configure one that resolves by itself"
    )]
    Referral,
    /// Anything else.
    #[error("the resolver answers {0:?}")]
    Other(String),
}

/// Asks for the CAA records of one name.
#[async_trait]
pub trait Lookup: Send + Sync + std::fmt::Debug {
    /// The records of exactly this name, without its parents; an alias (CNAME) has those of what it
    /// stands for (RFC 8659 section 3).
    async fn lookup(&self, name: &str) -> Result<RecordSet, LookupError>;
}
