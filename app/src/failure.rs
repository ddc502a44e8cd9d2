//! The portal's error on its way through a server function.

use api::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// [`api::Error`] as the answer of a server function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        Self(match value {
            ServerFnErrorErr::Request(_) => Error::new(
                ErrorKind::Unavailable,
                "The portal does not answer. Check your connection, then reload the page.",
            ),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Error::new(
                ErrorKind::Invalid,
                "The address or the form is incomplete. Go back, reload the page and try again.",
            ),
            _ => Error::new(
                ErrorKind::Internal,
                "The portal gave an answer that this page does not understand. Reload the page.",
            ),
        })
    }
}
