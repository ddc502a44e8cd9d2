//! What pages ask the server for. Each function is one call of the portal; who may do what is
//! checked there, not here.

#![expect(
    missing_docs,
    reason = "the macro makes a struct of each function's arguments"
)]

mod account;
mod audit;
mod authorities;
mod certificates;
mod overview;
mod people;
mod queue;
mod requests;
mod sign_in;
mod site;
mod templates;
#[cfg(test)]
mod tests;

pub use account::*;
pub use audit::*;
pub use authorities::*;
pub use certificates::*;
pub use overview::*;
pub use people::*;
pub use queue::*;
pub use requests::*;
pub use sign_in::*;
pub use site::*;
pub use templates::*;

#[cfg(feature = "ssr")]
use std::{future::Future, sync::Arc};

#[cfg(feature = "ssr")]
use crate::{Failure, PageContext};

/// Calls the portal as this visitor, and gives the answer the status of what went wrong.
#[cfg(feature = "ssr")]
async fn call<T, F>(ask: impl FnOnce(Arc<dyn api::Portal>) -> F + Send) -> Result<T, Failure>
where
    F: Future<Output = Result<T, api::Error>> + Send,
{
    let Some(page) = leptos::prelude::use_context::<PageContext>() else {
        return Err(Failure(api::Error::new(
            api::ErrorKind::Internal,
            "The portal is not connected to its pages. Tell an administrator.",
        )));
    };
    let answer = ask(page.portal).await;
    if let Err(error) = &answer {
        (page.set_status)(error.kind.status());
    }
    answer.map_err(Failure)
}
