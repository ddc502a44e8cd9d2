//! Why an authority cannot be taken over. Certificates are called by their subjects.

use crate::PfxError;

/// What is wrong with an authority's files, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The container is not read.
    #[error(transparent)]
    Pfx(#[from] PfxError),
    /// Neither PEM nor anything in it.
    #[error(
        "this is not PEM text below 1 MiB; give the key and the certificates as PEM, or a .p12"
    )]
    NotPem,
    /// No private key.
    #[error("the private key is missing; add it, or use a container that holds it")]
    NoKey,
    /// More than one key, so that it is not clear which is meant.
    #[error("there are several private keys; leave only that of the authority to be taken over")]
    SeveralKeys,
    /// Encrypted, and nobody said with what.
    #[error("the private key is encrypted; give its passphrase")]
    NeedsPassphrase,
    /// The passphrase does not decrypt the key.
    #[error("the passphrase does not open the private key; check it, also for capital letters")]
    WrongPassphrase,
    /// A key of a kind or strength not used here.
    #[error("the private key cannot be used: {0}")]
    Key(&'static str),
    /// RSA below 3072 bits.
    #[error("an authority's key has at least RSA-3072, P-256 or P-384; make a new authority")]
    SmallKey,
    /// A certificate that cannot be parsed.
    #[error("a certificate cannot be read; export it again")]
    Unreadable,
    /// More certificates than a chain has.
    #[error("there are more than 32 certificates; give only the authority's and those above it")]
    TooManyCertificates,
    /// None of the certificates is the key's.
    #[error("no certificate belongs to the private key; add the authority's own certificate")]
    KeyWithoutCertificate,
    /// Basic constraints do not say so (RFC 5280 section 4.2.1.9).
    #[error("{0} is not an authority (CA:TRUE is missing); choose the authority's certificate")]
    NotAuthority(String),
    /// Key usage without `keyCertSign`.
    #[error("{0} may not sign certificates (keyCertSign is missing); have it certified anew")]
    MayNotSign(String),
    /// Key usage without `cRLSign`, which the portal needs to publish revocations.
    #[error("{0} may not sign revocation lists (cRLSign is missing); have it certified anew")]
    MayNotSignLists(String),
    /// Extended key usage without `emailProtection`, and without both of `serverAuth` and
    /// `clientAuth`.
    #[error(
        "{0} may issue neither for mail (emailProtection) nor for TLS (serverAuth and clientAuth); \
         have it certified anew"
    )]
    NotForUs(String),
    /// Something else that the portal needs of an authority.
    #[error("{0} cannot issue here: {1}")]
    Unusable(String, &'static str),
    /// Past its validity.
    #[error("{0} has expired; have it renewed and import the new certificate")]
    Expired(String),
    /// Before its validity.
    #[error("{0} is not valid yet; check its dates and the clock of this machine")]
    NotYetValid(String),
    /// The chain ends before a root.
    #[error("the certificate of {issuer}, which issued {subject}, is missing; add it to the file")]
    MissingIssuer {
        /// What was issued.
        subject: String,
        /// Who issued it.
        issuer: String,
    },
    /// There is a certificate of the issuer's name, but its key did not sign.
    #[error(
        "the certificate of {issuer} in the file did not sign {subject}; it has the same name, but \
         another key: add the right one"
    )]
    OtherIssuer {
        /// What was issued.
        subject: String,
        /// Who is said to have issued it.
        issuer: String,
    },
    /// Signed with MD5 or SHA-1.
    #[error("{0} is signed with MD5 or SHA-1, which can be forged; have it certified anew")]
    WeakSignature(String),
    /// RSA below 2048 bits above the authority.
    #[error("the key of {0} has fewer than 2048 bits; move to an authority below another root")]
    WeakIssuer(String),
    /// An authority above allows fewer below it (RFC 5280 section 4.2.1.9).
    #[error("{0} does not allow so many authorities below it (pathlen); have it certified anew")]
    PathTooLong(String),
    /// More authorities above each other than anybody has.
    #[error("there are more than 8 authorities above each other; import one nearer to the root")]
    ChainTooLong,
}

pub(super) fn of_key(error: &crate::Error) -> ImportError {
    match error {
        crate::Error::Key(reason) => ImportError::Key(reason),
        _ => ImportError::Key("openssl cannot read it"),
    }
}
