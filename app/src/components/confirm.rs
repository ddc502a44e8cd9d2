//! A fold in front of something that cannot be undone.

use leptos::prelude::*;

/// Shows a button's worth of text; opened, it says what will happen and holds the form.
#[component]
pub fn Confirm(
    /// What can be done, as a verb.
    #[prop(into)]
    summary: String,
    /// Whether it is open already, because the form was sent and something was wrong.
    #[prop(optional)]
    open: bool,
    /// What will happen, and the form.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="confirm" open=open>
            <summary class="button is-quiet">{summary}</summary>
            <div class="confirm-body">{children()}</div>
        </details>
    }
}
