//! Surfaces that hold something together: a card, a notice, an empty list.

use leptos::prelude::*;

use super::BadgeTone;

/// A box around things that belong together.
#[component]
pub fn Card(
    /// More class names.
    #[prop(into, optional)]
    class: String,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! { <section class=format!("card {class}").trim_end().to_owned()>{children()}</section> }
}

/// A message beside the content.
#[component]
pub fn Notice(
    /// How loudly.
    #[prop(optional)]
    tone: BadgeTone,
    /// The message.
    children: Children,
) -> impl IntoView {
    view! { <div class=format!("notice tone-{}", tone.as_str())>{children()}</div> }
}

/// A list with nothing in it: says why, and what to do.
#[component]
pub fn Empty(
    /// That there is nothing.
    #[prop(into)]
    title: String,
    /// Why, and what to do, in two sentences.
    #[prop(into)]
    text: String,
    /// A way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="empty">
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </section>
    }
}
