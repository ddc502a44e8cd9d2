//! A start password, on its one way past an administrator's eyes.

use api::{AddedPerson, url};
use leptos::prelude::*;

use crate::components::CopyText;
use crate::context::PostOutcome;

/// The person that the form sent before this page has added, or whose password it has reset.
pub(in crate::pages) fn just_added() -> Option<AddedPerson> {
    match use_context::<PostOutcome>() {
        Some(PostOutcome::Added(added)) => Some(added),
        _ => None,
    }
}

/// Shows the start password and says what to do with it.
#[component]
pub(in crate::pages) fn StartPassword(
    /// The person with the password.
    added: AddedPerson,
) -> impl IntoView {
    view! {
        <section class="card start-password" aria-labelledby="start-password">
            <h2 id="start-password">"Start password for " {added.name}</h2>
            <div role="status">
                <CopyText text=added.start_password.expose() label="the start password" />
            </div>
            <p>
                "Give it to them in person or by phone, not by mail. They sign in with "
                <strong>{added.mailbox}</strong>
                " and change it after signing in."
            </p>
            <p>
                <strong>"It is shown only now."</strong>
                " If it gets lost, reset the password on "
                <a href=url::person(added.id)>"their page"</a>
                "."
            </p>
        </section>
    }
}
