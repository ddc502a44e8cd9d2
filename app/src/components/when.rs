//! A point in time, as a distance with the exact time behind it.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::dates;

/// "3 hours ago", with the exact time on hover and for machines.
#[component]
pub fn When(
    /// The point in time.
    at: OffsetDateTime,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    view! {
        <time datetime=dates::machine(at) title=dates::exact(at)>
            {dates::relative(at, now)}
        </time>
    }
}
