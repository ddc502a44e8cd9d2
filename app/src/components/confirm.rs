//! A fold in front of something that cannot be undone.

use leptos::prelude::*;

use super::fold;

/// Shows a button's worth of text; opened, it says what will happen and holds the form.
#[component]
pub fn Confirm(
    /// What can be done, as a verb.
    #[prop(into)]
    summary: String,
    /// What will happen, and the form.
    children: Children,
) -> impl IntoView {
    let (content, is_open) = fold::content(children);
    view! {
        <details class="confirm" open=is_open>
            <summary class="button is-quiet">{summary}</summary>
            <div class="confirm-body">{content}</div>
        </details>
    }
}
