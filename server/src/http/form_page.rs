//! A form that has a handler of its own: what came with it, and the answer: the page that it was on,
//! with what became of it, so that what is shown once is in no cookie and nothing that was typed is
//! lost.

use api::{Done, Error, ErrorKind};
use app::PostOutcome;
use axum::Extension;
use axum::extract::FromRequestParts;
use axum::extract::rejection::ExtensionRejection;
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use serde::Serialize;

use super::forms::{SentFile, SentForm};
use super::guest::Guest;
use super::headers::PageNonce;
use super::visit::Visit;
use super::{call, flash, pages};

/// A form that was sent, and by whom.
pub(super) struct Sent {
    pub(super) guest: Guest,
    nonce: PageNonce,
    pub(super) form: SentForm,
    /// The file that was chosen in it.
    pub(super) file: Option<SentFile>,
    pub(super) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequestParts<S> for Sent {
    type Rejection = ExtensionRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Extension(guest) = Extension::from_request_parts(parts, state).await?;
        let Extension(nonce) = Extension::from_request_parts(parts, state).await?;
        let Extension(form) = Extension::from_request_parts(parts, state).await?;
        Ok(Self {
            guest,
            nonce,
            form,
            file: parts.extensions.get().cloned(),
            headers: parts.headers.clone(),
        })
    }
}

impl Sent {
    /// What whoever sent it may do.
    pub(super) fn visit(&self) -> Visit {
        Visit::new(self.guest.clone())
    }

    /// The page that it is on; `action` is where it was sent to, by which its page knows it.
    pub(super) fn on(&self, action: impl Into<String>, page: impl Into<String>) -> FormPage<'_> {
        FormPage {
            sent: self,
            action: action.into(),
            page: page.into(),
        }
    }
}

/// A form that was sent, and where.
pub(super) struct FormPage<'a> {
    sent: &'a Sent,
    action: String,
    page: String,
}

impl FormPage<'_> {
    /// Answers; who is not signed in signs in first.
    pub(super) async fn answer(self, outcome: Result<PostOutcome, Error>) -> Response {
        let Sent {
            guest,
            nonce,
            form,
            headers,
            ..
        } = self.sent;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) if error.kind == ErrorKind::NotSignedIn => {
                return call::back_to_form(guest, form, self.action, error);
            }
            Err(error) => PostOutcome::Failed {
                form: self.action,
                error,
                values: flash::values(form),
            },
        };
        pages::page_after_post(guest.clone(), nonce.clone(), &self.page, headers, outcome).await
    }

    /// Answers with what was done, which leads to another page, or with what was refused.
    pub(super) async fn done(self, result: Result<Done, Error>) -> Response {
        let Sent { guest, headers, .. } = self.sent;
        match result {
            Ok(done) => call::done_with(guest, headers, &self.action, done),
            Err(error) => self.refuse(error).await,
        }
    }

    /// Answers with a value that the page shows, or with what was refused; a program is told as JSON.
    pub(super) async fn show<T: Serialize>(
        self,
        result: Result<T, Error>,
        shown: impl FnOnce(T) -> PostOutcome,
    ) -> Response {
        match call::json(&self.sent.headers, &result) {
            Some(response) => response,
            None => self.answer(result.map(shown)).await,
        }
    }

    /// Answers what was refused; a program is told as JSON.
    pub(super) async fn refuse(self, error: Error) -> Response {
        match call::json(&self.sent.headers, &Err::<(), _>(error.clone())) {
            Some(response) => response,
            None => self.answer(Err(error)).await,
        }
    }
}
