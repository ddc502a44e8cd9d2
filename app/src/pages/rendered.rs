//! For tests: a view as the HTML that the server would send.
#![cfg(feature = "ssr")]

use api::{Site, SiteState, Viewer};
use domain::Role;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;
use time::OffsetDateTime;
use time::macros::datetime;

/// The samples' time.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-05-03 14:05:09 UTC);

/// A site with an administrator looking at it.
pub(crate) fn site() -> Site {
    Site {
        organisation: Some("Example".to_owned()),
        state: SiteState::Ready,
        viewer: Some(Viewer {
            id: "01932f6e-0000-7000-8000-00000000ffff".parse().unwrap(),
            name: "Ada Admin".to_owned(),
            mailbox: "ada@example.com".to_owned(),
            role: Role::Admin,
            waiting: 0,
            confirmed_until: None,
        }),
        csrf: "token".to_owned(),
        now: NOW,
        version: "0.1.0".to_owned(),
        flash: None,
    }
}

/// Renders a view as part of the page at `path`. Markers for hydration are left out.
pub(crate) fn html<V: IntoView + 'static>(
    path: &str,
    view: impl FnOnce() -> V + Send + 'static,
) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_context(RequestUrl::new(path));
        provide_context(site());
        leptos_meta::provide_meta_context();
        view! { <Router>{view()}</Router> }.to_html()
    });
    html.replace("<!>", "")
}
