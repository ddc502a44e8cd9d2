//! Facts as pairs of name and value.

use leptos::prelude::*;

/// A list of names and values.
#[component]
pub fn Facts(
    /// Name and value, in order.
    rows: Vec<(String, AnyView)>,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}
