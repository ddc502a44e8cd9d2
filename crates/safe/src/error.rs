//! What can go wrong with a sealed value or a password hash.
//!
//! None of these carries a secret: they may be logged and shown to administrators.

use crate::KeyId;

/// Why a secret could not be sealed, opened, hashed or verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The value was sealed under a key that this ring does not hold.
    #[error(
        "the value was sealed under key {key_id}, which is not in the key ring; restore the key \
         ring file that holds it"
    )]
    UnknownKey {
        /// The key named in the envelope.
        key_id: KeyId,
    },
    /// The value was changed, or it was moved from another table, column, row or owner.
    #[error(
        "the sealed value was changed or does not belong here; look into the audit log and \
         restore the record from a backup"
    )]
    Tampered,
    /// Too short, or not laid out as an envelope.
    #[error("the sealed value is cut short or damaged; restore the record from a backup")]
    Malformed,
    /// Written by a newer version of the program.
    #[error("the sealed value has format {version}, which this version cannot read; update it")]
    UnknownFormat {
        /// The version byte that was met.
        version: u8,
    },
    /// More than AES-GCM can hold in one message (64 GiB).
    #[error("the value is too long to be sealed")]
    TooLong,
    /// The key ring is not the one with which the database was set up.
    #[error(
        "the key ring does not belong to this database, which needs key {key_id}; restore the key \
         ring file that was in use when the database was set up"
    )]
    WrongRing {
        /// The key that the database asks for.
        key_id: KeyId,
    },
    /// Too many passwords are waiting to be checked.
    #[error("too many people are signing in at this moment; try again in a few seconds")]
    Busy,
    /// The stored text is not an argon2 hash within reasonable limits.
    #[error("the stored password hash cannot be read; give this person a new password")]
    StoredHash,
    /// The parameters are outside what argon2 allows (RFC 9106 section 3.1).
    #[error("argon2 does not accept these parameters; use more memory, or fewer lanes")]
    Cost,
    /// The thread that computed the hash ended early, for example while the program shuts down.
    #[error("the password could not be checked because the server is stopping; try again")]
    Stopped,
}
