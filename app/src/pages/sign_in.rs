//! Signing in.

use api::{Site, url};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{ButtonLink, Notice, PageHead, PortalForm, Submit, TextField, WithSite};

/// The sign-in page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    view! {
        <div class="narrow">
            <PageHead title="Sign in" lead="With your mail address and the password of this portal." />
            <WithSite view=move |site| {
                let next = query.with_untracked(|query| query.get("next")).unwrap_or_default();
                sign_in_view(&site, next).into_any()
            } />
        </div>
    }
}

/// The form; `next` is where to go afterwards.
pub(crate) fn sign_in_view(site: &Site, next: String) -> impl IntoView + use<> {
    let already = site.viewer.as_ref().map(|viewer| {
        let text = format!("You are already signed in as {}.", viewer.name);
        view! {
            <Notice>
                <p>{text}</p>
                <p class="actions">
                    <ButtonLink href=url::HOME label="My certificates" />
                </p>
            </Notice>
        }
    });
    view! {
        {already}
        <PortalForm action="/api/ui/sign-in" class="card stack">
            {(!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next /> })}
            <TextField
                name="mailbox"
                label="Mail address"
                kind="email"
                autocomplete="username"
                required=true
            />
            <TextField
                name="password"
                label="Password"
                kind="password"
                autocomplete="current-password"
                required=true
            />
            <Submit label="Sign in" />
        </PortalForm>
        <p class="aside">
            "No account yet, or password forgotten? Ask an administrator of this portal; they can give you a \
             new start password."
        </p>
    }
}
