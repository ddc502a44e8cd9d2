//! Something could not be shown or done: what it was, and what to do.

use api::{Error, ErrorKind};
use leptos::prelude::*;

/// The heading for a kind of error.
pub const fn title(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotSignedIn => "Please sign in",
        ErrorKind::NotConfirmed => "Please confirm that it is you",
        ErrorKind::Forbidden => "This is not for your role",
        ErrorKind::NotFound => "There is nothing here",
        ErrorKind::Invalid => "Something needs to be changed",
        ErrorKind::Conflict => "This has changed in the meantime",
        ErrorKind::TooMany => "Too many tries",
        ErrorKind::Sealed => "The portal is locked",
        ErrorKind::Unavailable => "Something does not answer",
        ErrorKind::Internal => "The portal made a mistake",
    }
}

/// An error in place of what was asked for.
#[component]
pub fn ErrorPanel(
    /// What went wrong.
    error: Error,
) -> impl IntoView {
    let incident = error.incident.map(|number| {
        view! {
            <p>"For administrators: the details are in the server's log under " <code>{number}</code> "."</p>
        }
    });
    view! {
        <section class="error-panel" role="alert">
            <h2>{title(error.kind)}</h2>
            <p>{error.message}</p>
            {(!error.fields.is_empty())
                .then(|| {
                    view! {
                        <ul>
                            {error
                                .fields
                                .into_iter()
                                .map(|field| view! { <li>{field.message}</li> })
                                .collect_view()}
                        </ul>
                    }
                })}
            {incident}
        </section>
    }
}
