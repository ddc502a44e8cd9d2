//! The answer to a form that has a handler of its own: the page that it was on, with what became of
//! it, so that what is shown once is in no cookie and nothing that was typed is lost.

use api::{Error, ErrorKind};
use app::PostOutcome;
use axum::response::Response;
use http::HeaderMap;

use super::forms::SentForm;
use super::guest::Guest;
use super::headers::PageNonce;
use super::{call, flash, pages};

/// A form that was sent, and where.
pub(super) struct FormPage<'a> {
    pub(super) guest: Guest,
    pub(super) nonce: PageNonce,
    pub(super) form: &'a SentForm,
    pub(super) headers: &'a HeaderMap,
    /// Where it was sent to, by which its page knows it.
    pub(super) action: String,
    /// The page that it is on.
    pub(super) page: String,
}

impl FormPage<'_> {
    /// Answers; who is not signed in signs in first.
    pub(super) async fn answer(self, outcome: Result<PostOutcome, Error>) -> Response {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) if error.kind == ErrorKind::NotSignedIn => {
                return call::back_to_form(&self.guest, self.form, self.action, error);
            }
            Err(error) => PostOutcome::Failed {
                form: self.action,
                error,
                values: flash::values(self.form),
            },
        };
        pages::page_after_post(self.guest, self.nonce, &self.page, self.headers, outcome).await
    }

    /// Answers what was refused; a program is told as JSON.
    pub(super) async fn refuse(self, error: Error) -> Response {
        match call::json(self.headers, &Err::<(), _>(error.clone())) {
            Some(response) => response,
            None => self.answer(Err(error)).await,
        }
    }
}
