//! The way to the rest of a list.

use leptos::prelude::*;

/// A link to the next page of a list; nothing on the last one.
#[component]
pub fn NextPage(
    /// Where the next page is.
    href: Option<String>,
) -> impl IntoView {
    href.map(|href| {
        view! {
            <nav class="next-page" aria-label="More of this list">
                <a class="button is-quiet" href=href rel="next">
                    "Show more"
                </a>
            </nav>
        }
    })
}
