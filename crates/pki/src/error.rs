//! What can go wrong here, in words that help whoever reads the log.

use crate::csr::RequestError;
use crate::lint::LintError;

/// An error of this crate. No variant carries key material or a password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// OpenSSL refused an operation.
    #[error("openssl refused the operation: {0}")]
    OpenSsl(#[from] openssl::error::ErrorStack),
    /// Bytes from outside are not the DER structure they should be.
    #[error("this is not well-formed DER: {0}")]
    Der(#[from] der::Error),
    /// A key is of a kind or strength that is not used here.
    #[error("this key cannot be used: {0}")]
    Key(&'static str),
    /// A signing request is wrong.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// A certificate cannot serve the purpose it was given for.
    #[error("this certificate cannot be used: {0}")]
    Certificate(&'static str),
    /// A name, number or time for a new certificate is out of bounds.
    #[error("please correct the input: {0}")]
    Input(&'static str),
    /// A serial number is not one of ours.
    #[error("a serial number is 32 hexadecimal digits, the first of them 1 to 7")]
    Serial,
    /// The linter refused what was to be signed.
    #[error(transparent)]
    Lint(#[from] LintError),
    /// The private key does not belong to the certificate.
    #[error("the private key does not belong to the certificate; use the pair made together")]
    KeyMismatch,
    /// The plan was made for another authority than the one asked to sign.
    #[error("this was planned for another authority; plan it again for this one")]
    OtherAuthority,
    /// The signature just made does not verify, or what was signed is not what was linted.
    #[error("the signature just made is wrong; do not use it and check the machine's hardware")]
    BadSignature,
    /// A password that some reader of PFX containers cannot take.
    #[error("the password of a container is 1 to 200 printable ASCII characters")]
    PasswordCharacters,
    /// Triple DES is acceptable only under a strong password made by the portal.
    #[error("a compatible container needs a password made by the portal of at least 112 bits")]
    WeakPassword,
    /// The password does not open the container, or the container is damaged.
    #[error("the password does not open this container")]
    WrongPassword,
}
