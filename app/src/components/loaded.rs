//! Content that has to be fetched first.

use std::pin::Pin;
use std::sync::Arc;

use api::{Error, ErrorKind, Site, SiteState, url};
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{ButtonLink, ErrorPanel, Tone};
use crate::browser;
use crate::context::{SiteResource, set_status};
use crate::{Failure, pages};

type Outcome = Result<Box<dyn FnOnce() -> AnyView + Send>, Failure>;
type Pending = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Shows what a resource holds, once it is there, or why it is not.
#[component]
pub fn Loaded<T, V>(
    /// What is loaded.
    resource: Resource<Result<T, Failure>>,
    /// How it is shown.
    view: V,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let pending: Arc<dyn Fn() -> Pending + Send + Sync> = Arc::new(move || {
        let view = view.clone();
        Box::pin(async move {
            let value = resource.await?;
            Ok(Box::new(move || view(value)) as Box<dyn FnOnce() -> AnyView + Send>)
        })
    });
    after_site(pending)
}

/// Shows something that needs nothing but the site.
#[component]
pub fn WithSite<V>(
    /// What is shown.
    view: V,
) -> impl IntoView
where
    V: Fn(Site) -> AnyView + Clone + Send + Sync + 'static,
{
    let pending: Arc<dyn Fn() -> Pending + Send + Sync> = Arc::new(move || {
        let view = view.clone();
        Box::pin(async move {
            Ok(
                Box::new(move || use_context::<Site>().map_or_else(|| ().into_any(), view))
                    as Box<dyn FnOnce() -> AnyView + Send>,
            )
        })
    });
    after_site(pending)
}

/// The part of both that does not depend on their types, which keeps the browser's file small.
fn after_site(pending: Arc<dyn Fn() -> Pending + Send + Sync>) -> AnyView {
    let site = use_context::<SiteResource>();
    let path = use_location().pathname;
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">"Loading …"</p> }>
            {move || {
                let pending = pending();
                Suspend::new(async move {
                    let site = match site {
                        Some(site) => site.0.await,
                        None => Err(Failure(Error::not_found())),
                    };
                    let outcome = pending.await;
                    shown(site, outcome, &path.get_untracked())
                })
            }}
        </Transition>
    }
    .into_any()
}

fn shown(site: Result<Site, Failure>, outcome: Outcome, path: &str) -> AnyView {
    let site = match site {
        Ok(site) => site,
        Err(Failure(error)) => return refused(error, url::HOME),
    };
    match site.state {
        SiteState::Sealed => {
            set_status(ErrorKind::Sealed.status());
            return pages::sealed().into_any();
        }
        SiteState::NeedsSetUp if path != url::SET_UP => {
            return pages::needs_set_up().into_any();
        }
        _ => {}
    }
    match outcome {
        Ok(view) => view! { <Provider value=site>{view()}</Provider> }.into_any(),
        Err(Failure(error)) if error.kind == ErrorKind::NotSignedIn => sign_in_first(error),
        Err(Failure(error)) => refused(error, path),
    }
}

/// An error in place of the page, and a way on where trying again is none.
fn refused(error: Error, path: &str) -> AnyView {
    set_status(error.kind.status());
    let way_on = match error.kind {
        ErrorKind::Forbidden | ErrorKind::NotFound => Some((url::HOME, "My certificates")),
        ErrorKind::Invalid => Some((path, "Start again")),
        _ => None,
    };
    let way_on = way_on.map(|(href, label)| {
        view! {
            <p class="actions">
                <ButtonLink href=href label=label tone=Tone::Quiet />
            </p>
        }
    });
    view! {
        <ErrorPanel error=error />
        {way_on}
    }
    .into_any()
}

/// Leads to the sign-in page and back.
fn sign_in_first(error: Error) -> AnyView {
    let location = use_location();
    let here = format!(
        "{}{}",
        location.pathname.get_untracked(),
        search(&location.search.get_untracked())
    );
    let href = format!("{}?next={}", url::SIGN_IN, browser::escape(&here));
    #[cfg(feature = "ssr")]
    {
        use leptos_router::components::{Redirect, RedirectProps};
        if use_context::<leptos_router::location::RequestUrl>().is_some() {
            Redirect(RedirectProps::builder().path(href.clone()).build());
        }
    }
    let target = href.clone();
    Effect::new(move || browser::go(&target));
    view! {
        <ErrorPanel error=error />
        <p class="actions">
            <ButtonLink href=href label="Sign in" />
        </p>
    }
    .into_any()
}

fn search(query: &str) -> String {
    if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.trim_start_matches('?'))
    }
}
