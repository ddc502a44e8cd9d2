//! Why a container from outside is not read.

/// What is wrong with a container, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PfxError {
    /// More bytes than allowed.
    #[error("this container is too large; export one person's keys only, in a file below 1 MiB")]
    TooLarge,
    /// Not a container, or cut short.
    #[error("this is not a PKCS#12 container (.p12 or .pfx), or it is damaged; export it again")]
    Broken,
    /// Nested more deeply, or in more parts, than a program would write.
    #[error("this container is nested too deeply or in too many parts; export it again")]
    TooNested,
    /// Hashing the password would take too long.
    #[error(
        "this container asks to hash the password too often (iterations); from Firefox or \
         Thunderbird export its certificates one by one, else export it again with \
         `openssl pkcs12 -in old.p12 -nodes | openssl pkcs12 -export -out new.p12`"
    )]
    TooManyIterations,
    /// A salt that only wastes time.
    #[error("this container has a salt of more than 1 KiB; export it again with another program")]
    LongSalt,
    /// Too many keys.
    #[error("this container holds too many keys; export at most 200")]
    TooManyKeys,
    /// Too many certificates.
    #[error("this container holds too many certificates; export at most 200")]
    TooManyCertificates,
    /// The password is wrong: the file itself is in order as far as can be told.
    #[error("the password does not open this container; check it, also for capital letters")]
    WrongPassword,
    /// The password is right, and the content was changed or cut.
    #[error("the password is right, but this container is damaged; export it again")]
    Damaged,
    /// RC2 or RC4, broken for decades.
    #[error(
        "this container is encrypted with RC2 or RC4, which is not safe and not read here; export \
         it again with AES-256, or convert it with `openssl pkcs12 -legacy -in old.p12 -nodes | \
         openssl pkcs12 -export -out new.p12`"
    )]
    OldEncryption,
    /// Something else that is not read.
    #[error(
        "this container uses {0}, which is not read here; export it with AES-256 and HMAC-SHA-256"
    )]
    Unsupported(&'static str),
    /// Nothing shows whether the password is right.
    #[error("this container has no integrity check (MAC); export it again with one")]
    NoMac,
    /// Certificates only.
    #[error("this container holds no private key; export it with the key")]
    NoKey,
    /// No certificate is for a key.
    #[error("this container holds a key without its certificate; export both together")]
    NoCertificate,
    /// A certificate is not one.
    #[error("this container holds a certificate that cannot be read; export it again without it")]
    BadCertificate,
    /// A key is of a kind or strength not used here, or no key.
    #[error("a key of this container cannot be used: {0}")]
    Key(&'static str),
    /// OpenSSL refused an operation on what looked in order.
    #[error("openssl refused to read this container; export it again with AES-256")]
    OpenSsl,
}

impl From<crate::ber::Malformed> for PfxError {
    fn from(malformed: crate::ber::Malformed) -> Self {
        match malformed {
            crate::ber::Malformed::Shape => Self::Broken,
            crate::ber::Malformed::Deep | crate::ber::Malformed::Many => Self::TooNested,
        }
    }
}

impl From<openssl::error::ErrorStack> for PfxError {
    fn from(_: openssl::error::ErrorStack) -> Self {
        Self::OpenSsl
    }
}
