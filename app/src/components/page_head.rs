//! A page's title, in the page and in the browser's tab.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::browser;
use crate::components::frame::Arrival;

/// The page's one `h1` and the title of the tab.
#[component]
pub fn PageHead(
    /// The title.
    #[prop(into)]
    title: String,
    /// One or two sentences below it.
    #[prop(into, optional)]
    lead: String,
) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H1>::new();
    let arrival = use_context::<Arrival>();
    Effect::new(move || {
        // After a step inside the application, screen readers have to be told where they are.
        if let Some(heading) = heading.get()
            && arrival.is_some_and(Arrival::is_by_link)
        {
            browser::focus(&heading);
        }
    });
    view! {
        <Title text=title.clone() />
        <header class="page-head">
            <h1 node_ref=heading tabindex="-1">
                {title}
            </h1>
            {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
        </header>
    }
}
