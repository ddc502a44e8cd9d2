//! A serial, a thumbprint, a password: something to copy rather than to type.

use leptos::prelude::*;

use crate::browser;

/// Text in fixed width with a button that copies it. The text never goes into an attribute.
#[component]
pub fn CopyText(
    /// What is copied, exactly.
    #[prop(into)]
    text: String,
    /// What it is, for those who do not see it: "Copy serial number".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let copied = text.clone();
    view! {
        <span class="copy-text">
            <code>{text}</code>
            <button
                type="button"
                class="button is-quiet is-small needs-script"
                on:click=move |_| browser::copy(&copied, is_copied)
            >
                {move || if is_copied.get() { "Copied" } else { "Copy" }}
                <span class="visually-hidden">" "{label}</span>
            </button>
            <span class="visually-hidden" role="status">
                {move || is_copied.get().then_some("Copied")}
            </span>
        </span>
    }
}
