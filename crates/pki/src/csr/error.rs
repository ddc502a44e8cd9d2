//! Why a signing request is refused, in words for whoever made it.

/// What is wrong with a signing request, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// More bytes than any request has.
    #[error("this file is larger than 64 KiB and cannot be a signing request; send the .csr file")]
    TooLarge,
    /// Cut short, damaged or something else.
    #[error("this is not a PKCS#10 signing request; send the .csr file, in PEM or DER, undamaged")]
    NotARequest,
    /// PEM of another kind.
    #[error("this is a certificate, not a signing request; send the .csr file made from your key")]
    IsCertificate,
    /// The private key itself was sent.
    #[error(
        "this file holds a private key, which must stay with you; make a new key, since this one \
         has been sent, and send only its signing request"
    )]
    HoldsPrivateKey,
    /// More than one request in the file.
    #[error("this file holds several signing requests; send one at a time")]
    Several,
    /// The same attribute or extension twice, so that it says two things (RFC 2986 section 4.1).
    #[error("this signing request has the same attribute twice; make a new one")]
    Repeated,
    /// More names than a person has.
    #[error("this signing request asks for more than 100 names; leave out those you do not need")]
    TooManyNames,
    /// A name that is not what its type says.
    #[error(
        "this signing request asks for a name that is not one; write mail addresses as \
         email:you@example.com, and host names and IP addresses without anything around them"
    )]
    Name,
    /// Signed with MD5 or SHA-1.
    #[error("this signing request is signed with MD5 or SHA-1; make a new one with SHA-256")]
    WeakHash,
    /// Signed with something else, or not as its key would.
    #[error(
        "this signing request is not signed with RSA (PKCS#1 v1.5) or ECDSA and SHA-256, SHA-384 \
         or SHA-512; make a new one with SHA-256"
    )]
    SignatureAlgorithm,
    /// The signature is not that of the key (RFC 2986 section 4.2).
    #[error(
        "the signature of this signing request does not verify, so it proves no possession of \
         its key; make a new one with the private key it is for"
    )]
    NoPossession,
    /// A key of a kind that is not certified.
    #[error(
        "this signing request is for a kind of key that is not used here; make a key of RSA with \
         2048, 3072 or 4096 bits, or on the curve P-256 or P-384"
    )]
    KeyKind,
    /// A key that is weaker than its size says, or known to others.
    #[error("the key of this signing request must not be used: {0}; make a new key and a request")]
    WeakKey(&'static str),
}
