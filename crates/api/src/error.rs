//! What went wrong, in words for people and a kind for programs.

use serde::{Deserialize, Serialize};

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What kind of thing went wrong.
    pub kind: ErrorKind,
    /// One or two sentences for the reader, with what to do.
    pub message: String,
    /// What is wrong with which field of a form.
    #[serde(default)]
    pub fields: Vec<FieldError>,
    /// Number under which the details stand in the server's log; only for [`ErrorKind::Internal`].
    #[serde(default)]
    pub incident: Option<String>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field in the form.
    pub field: String,
    /// What to change.
    pub message: String,
}

/// Kind of an error; each stands for one HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Nobody is signed in (401).
    NotSignedIn,
    /// The person must confirm who they are first (401).
    NotConfirmed,
    /// Signed in, but not allowed (403).
    Forbidden,
    /// There is no such thing, or it is somebody else's (404).
    NotFound,
    /// A field is wrong (422).
    Invalid,
    /// It was changed or decided in the meantime (409).
    Conflict,
    /// Too many tries (429).
    TooMany,
    /// The portal has no usable key ring (503).
    Sealed,
    /// Something the portal needs does not answer (503).
    Unavailable,
    /// A fault of the portal (500).
    Internal,
}

impl ErrorKind {
    /// The HTTP status code.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotSignedIn | Self::NotConfirmed => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Sealed | Self::Unavailable => 503,
        }
    }
}

impl Error {
    /// An error with a message and nothing else.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            fields: Vec::new(),
            incident: None,
        }
    }

    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// Several wrong fields.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let message = match fields.len() {
            1 => "One field needs your attention.".to_owned(),
            count => format!("{count} fields need your attention."),
        };
        Self {
            kind: ErrorKind::Invalid,
            message,
            fields,
            incident: None,
        }
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Self {
        Self::new(ErrorKind::NotSignedIn, "Please sign in first.")
    }

    /// There is no such thing.
    pub fn not_found() -> Self {
        Self::new(
            ErrorKind::NotFound,
            "There is nothing here, or it is not yours to see.",
        )
    }

    /// The role does not allow it.
    pub fn forbidden() -> Self {
        Self::new(
            ErrorKind::Forbidden,
            "Your role does not allow this. If you need it, ask an administrator.",
        )
    }
}
