//! What is around every page: the way to the content, the header, the last form's answer, the end.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::header::{SiteHeader, StrangerHeader};
use crate::context::SiteResource;

/// Where the reader was before, to tell a step inside the application from a page load.
#[derive(Debug, Clone, Copy)]
pub struct Arrival(StoredValue<Option<String>>);

impl Arrival {
    /// Whether this page was reached by a link inside the application.
    pub fn is_by_link(self) -> bool {
        let here = use_location().pathname.get_untracked();
        let before = self.0.try_get_value().flatten();
        let is_by_link = before.as_ref().is_some_and(|before| *before != here);
        self.0.set_value(Some(here));
        is_by_link
    }
}

/// The frame around every page.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    provide_context(Arrival(StoredValue::new(None)));
    view! {
        <a class="skip-link" href="#content" rel="external">
            "Skip to the content"
        </a>
        <AroundSite part=Part::Header />
        <main id="content">
            <AroundSite part=Part::Banner />
            {children()}
        </main>
        <AroundSite part=Part::Footer />
    }
}

#[derive(Clone, Copy)]
enum Part {
    Header,
    Banner,
    Footer,
}

/// A part of the frame that needs to know the site.
#[component]
fn AroundSite(part: Part) -> impl IntoView {
    let site = use_context::<SiteResource>();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let site = match site {
                    Some(site) => site.0.await.ok(),
                    None => None,
                };
                match (part, site) {
                    (Part::Header, Some(site)) => view! { <SiteHeader site=site /> }.into_any(),
                    (Part::Header, None) => view! { <StrangerHeader name=String::new() /> }.into_any(),
                    (Part::Banner, Some(site)) => banner(site).into_any(),
                    (Part::Footer, Some(site)) => footer(&site.version).into_any(),
                    (_, None) => ().into_any(),
                }
            })}
        </Suspense>
    }
}

/// What the last form did, on the page it led to and on no other.
fn banner(site: api::Site) -> impl IntoView {
    let path = use_location().pathname;
    let first = path.get_untracked();
    let done = site.flash.and_then(|flash| flash.done);
    move || {
        done.clone().filter(|_| path.get() == first).map(|done| {
            view! {
                <div class="banner notice tone-good" role="status">
                    <p>{done}</p>
                </div>
            }
        })
    }
}

fn footer(version: &str) -> impl IntoView + use<> {
    view! {
        <footer class="site-footer">
            <p>"CertPortal " {version.to_owned()}</p>
        </footer>
    }
}
