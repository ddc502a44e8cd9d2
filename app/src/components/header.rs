//! The header: whose portal this is, the pages for one's role, and who one is.

use api::{Site, Viewer, url};
use domain::{Permission, may};
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{PortalForm, Submit, Tone};
use crate::words;

/// The header for a known site.
#[component]
pub fn SiteHeader(
    /// The site.
    site: Site,
) -> impl IntoView {
    let name = site.organisation.clone().unwrap_or_default();
    match site.viewer.clone() {
        None => view! { <StrangerHeader name=name /> }.into_any(),
        Some(viewer) => view! {
            <Provider value=site>
                <header class="site-header">
                    <div class="site-header-row">
                        {brand(name)}
                        {account(&viewer)}
                    </div>
                    {navigation(&viewer)}
                </header>
            </Provider>
        }
        .into_any(),
    }
}

/// The header for somebody who is not signed in.
#[component]
pub fn StrangerHeader(
    /// The organisation; may be empty.
    name: String,
) -> impl IntoView {
    view! {
        <header class="site-header is-stranger">
            <div class="site-header-row">{brand(name)}</div>
        </header>
    }
}

fn brand(name: String) -> impl IntoView {
    let name = if name.is_empty() {
        "CertPortal".to_owned()
    } else {
        name
    };
    view! {
        <a class="brand" href=url::HOME>
            <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <rect x="3" y="7" width="26" height="19" rx="4" />
                <path d="M4 9.5 16 18 28 9.5" />
                <circle cx="25" cy="24" r="6" />
                <path class="brand-tick" d="m22.3 24 2 2 3.4-3.8" />
            </svg>
            <span>{name}</span>
        </a>
    }
}

fn account(viewer: &Viewer) -> impl IntoView + use<> {
    view! {
        <div class="site-account">
            <NavLink href=url::ACCOUNT label=viewer.name.clone() />
            <PortalForm action="/api/ui/sign-out" class="sign-out">
                <Submit label="Sign out" tone=Tone::Quiet />
            </PortalForm>
        </div>
    }
}

fn navigation(viewer: &Viewer) -> impl IntoView + use<> {
    let role = viewer.role;
    let entry = |permission, href: &'static str, label: &'static str, waiting: u64| {
        may(role, permission).then(|| {
            view! {
                <li>
                    <NavLink href=href label=label waiting=waiting />
                </li>
            }
        })
    };
    view! {
        <nav class="site-nav" aria-label="Main">
            <ul>
                {entry(Permission::UseOwn, url::HOME, "My certificates", 0)}
                {entry(Permission::SeeQueue, url::QUEUE, "Queue", viewer.waiting)}
                {entry(Permission::SeeOverview, url::OVERVIEW, "Overview", 0)}
                {entry(Permission::SeeCertificates, url::CERTIFICATES, "Certificates", 0)}
                {entry(Permission::SeePeople, url::PEOPLE, "People", 0)}
                {entry(Permission::SeeAuthorities, url::AUTHORITIES, "Authorities", 0)}
                {entry(Permission::SeeTemplates, url::TEMPLATES, "Templates", 0)}
                {entry(Permission::ReadAudit, url::AUDIT, "Audit", 0)}
            </ul>
        </nav>
    }
}

/// A link of the navigation that knows whether one is there.
#[component]
fn NavLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional)] waiting: u64,
) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.clone();
    let current = move || path.with(|path| current(&target, path));
    view! {
        <a href=href aria-current=current>
            {label}
            {(waiting > 0)
                .then(|| {
                    view! {
                        <span class="count">
                            {waiting}
                            <span class="visually-hidden">
                                {format!(" {}", words::waiting(waiting))}
                            </span>
                        </span>
                    }
                })}
        </a>
    }
}

/// `page` on the page itself, `true` on a page below it.
fn current(href: &str, path: &str) -> Option<&'static str> {
    if path == href {
        return Some("page");
    }
    if href == url::HOME && path == url::REQUEST {
        return Some("true");
    }
    let is_below = href != url::HOME
        && path
            .strip_prefix(href)
            .is_some_and(|rest| rest.starts_with('/'));
    is_below.then_some("true")
}

#[cfg(test)]
mod tests {
    use super::current;

    #[test]
    fn one_is_on_a_page_or_below_it() {
        assert_eq!(current("/people", "/people"), Some("page"));
        assert_eq!(current("/people", "/people/1"), Some("true"));
        assert_eq!(current("/people", "/peoples"), None);
        assert_eq!(current("/", "/people"), None);
        assert_eq!(current("/", "/"), Some("page"));
        assert_eq!(current("/", "/request"), Some("true"));
    }
}
