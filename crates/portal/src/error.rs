//! Why a use case could not be done, and its words for people.

use api::{ErrorKind, FieldError};
use domain::{MailboxError, TextError, TokenScope};

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The person must confirm who they are first.
    #[error("identity was not confirmed")]
    NotConfirmed,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The API token that a program came with may not be used for this.
    #[error("the token lacks the scope {0}")]
    OutOfScope(TokenScope),
    /// There is no such thing, or it is somebody else's.
    #[error("not found")]
    NotFound,
    /// Fields of the form are wrong.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// It was changed in the meantime; the text is for the person.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries.
    #[error("too many tries, again in {retry_after_secs} s")]
    TooMany {
        /// When to come back, in seconds.
        retry_after_secs: u64,
    },
    /// There is no usable key ring.
    #[error("the portal is sealed")]
    Sealed,
    /// Something the portal needs is busy; trying again helps.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// A fault.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A fault with its cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
        }])
    }

    /// The words for people. [`Error::Internal`] is logged under `incident`, which the reader gets.
    pub(crate) fn explain(self, incident: impl FnOnce() -> String) -> api::Error {
        match self {
            Self::NotSignedIn => api::Error::not_signed_in(),
            Self::NotConfirmed => api::Error::new(
                ErrorKind::NotConfirmed,
                "Please confirm that it is you with your sign-in password.",
            ),
            Self::Forbidden => api::Error::forbidden(),
            Self::OutOfScope(needed) => api::Error::new(
                ErrorKind::Forbidden,
                format!("This token may not do this. Make one with the scope \"{needed}\"."),
            ),
            Self::NotFound => api::Error::not_found(),
            Self::Invalid(fields) => api::Error::fields(fields),
            Self::Conflict(message) => api::Error::new(ErrorKind::Conflict, message),
            Self::TooMany { retry_after_secs } => api::Error::new(
                ErrorKind::TooMany,
                format!(
                    "Too many tries. Please try again in {}.",
                    wait_in_words(retry_after_secs)
                ),
            ),
            Self::Sealed => api::Error::new(
                ErrorKind::Sealed,
                "The portal is sealed: its key ring is missing or is another one. Nothing is lost. \
                 Please tell an administrator.",
            ),
            Self::Busy(what) => api::Error::new(
                ErrorKind::Unavailable,
                format!(
                    "The {what} is busy right now. Nothing was changed; please try again in a moment."
                ),
            ),
            Self::Internal(cause) => {
                let incident = incident();
                tracing::error!(incident, cause = chain(cause.as_ref()), "internal error");
                api::Error {
                    incident: Some(incident.clone()),
                    ..api::Error::new(
                        ErrorKind::Internal,
                        format!(
                            "Something went wrong on our side, and nothing was changed. \
                             If it happens again, tell an administrator the number {incident}."
                        ),
                    )
                }
            }
        }
    }
}

fn wait_in_words(secs: u64) -> String {
    match secs {
        0..=1 => "a second".to_owned(),
        2..=90 => format!("{secs} seconds"),
        _ => format!("{} minutes", secs.div_ceil(60)),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            store::Error::Busy => Self::Busy("database"),
            store::Error::Conflict(what) => {
                Self::Conflict(format!("That is not possible: {what}."))
            }
            other => Self::internal(other),
        }
    }
}

impl From<safe::Error> for Error {
    fn from(error: safe::Error) -> Self {
        match error {
            safe::Error::Busy => Self::Busy("sign-in"),
            other => Self::internal(other),
        }
    }
}

impl From<pki::Error> for Error {
    fn from(error: pki::Error) -> Self {
        Self::internal(error)
    }
}

impl From<cpu::Error> for Error {
    fn from(error: cpu::Error) -> Self {
        Self::internal(error)
    }
}

/// Collects what is wrong with a form, so that all of it is said at once.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub(crate) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// Keeps the value, or notes why it is wrong.
    pub(crate) fn take<T, E: FieldProblem>(
        &mut self,
        field: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value
            .map_err(|problem| self.add(field, sentence(&problem.to_string())))
            .ok()
    }

    /// What was noted.
    pub(crate) fn into_inner(self) -> Vec<FieldError> {
        self.0
    }

    /// Fails where anything was noted.
    pub(crate) fn check(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }
}

/// Errors of `domain` whose text is meant for the person at the form.
pub(crate) trait FieldProblem: std::fmt::Display {}
impl FieldProblem for TextError {}
impl FieldProblem for MailboxError {}
impl FieldProblem for safe::PasswordProblem {}

/// Error texts are lower case without a full stop; people read sentences.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}.", first.to_uppercase(), letters.as_str())
    })
}

/// A form had a hole that checking should have noticed: a fault, not the person's.
pub(crate) fn checked<T>(value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::internal("a form passed its checks without a value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_error_does_not_tell_its_cause() {
        let told = Error::internal("the secret path /x").explain(|| "ABC123".to_owned());
        assert!(!told.message.contains("/x"));
        assert!(told.message.contains("ABC123"));
        assert_eq!(told.kind, ErrorKind::Internal);
    }

    #[test]
    fn field_texts_are_sentences() {
        assert_eq!(sentence("please fill this in"), "Please fill this in.");
        assert_eq!(sentence(""), "");
    }
}
