//! Showing the password of a PFX to its owner, for a minute.
//!
//! The password is text in the page and nothing else: in no attribute, no storage, no address.

use std::time::Duration;

use api::{RevealedPassword, url};
use domain::CertificateId;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::ConfirmIdentity;
use crate::components::{PortalForm, Submit};
use crate::{PostOutcome, browser};

/// The button, and after it the password.
#[component]
pub(super) fn ShowPassword(id: CertificateId, must_confirm: RwSignal<bool>) -> impl IntoView {
    if let Some(PostOutcome::Revealed(revealed)) = use_context::<PostOutcome>() {
        return shown_plainly(url::certificate(id), &revealed).into_any();
    }
    let shown = RwSignal::new(None::<RevealedPassword>);
    let left = RwSignal::new(0_u32);
    let spoken = RwSignal::new("");
    let region = NodeRef::<leptos::html::Div>::new();
    let hide = move || {
        if shown.try_update(Option::take).flatten().is_some() {
            spoken.set("The password is hidden again.");
            if let Some(region) = region.get_untracked() {
                browser::focus(&region);
            }
        }
    };
    let received = Callback::new(move |json: String| {
        if let Ok(revealed) = serde_json::from_str::<RevealedPassword>(&json) {
            left.set(revealed.hide_after_secs);
            shown.set(Some(revealed));
            must_confirm.set(false);
            spoken.set("The password is shown.");
            if let Some(region) = region.get_untracked() {
                browser::focus(&region);
            }
        }
    });
    count_down(shown, left, hide);
    view! {
        <div class="show-password" node_ref=region tabindex="-1">
            <p class="visually-hidden" role="status">
                {move || spoken.get()}
            </p>
            {move || {
                shown
                    .get()
                    .map(|revealed| {
                        let total = revealed.hide_after_secs;
                        view! {
                            {secret(revealed.password.expose())}
                            <div class="actions">
                                {copy(revealed)}
                                <button type="button" class="button is-quiet" on:click=move |_| hide()>
                                    "Hide now"
                                </button>
                            </div>
                            <div class="countdown">
                                <progress max=total value=move || left.get() aria-hidden="true"></progress>
                                <p>
                                    {move || format!("Hides itself in {} seconds.", left.get())}
                                </p>
                            </div>
                        }
                    })
            }}
            <div hidden=move || shown.with(Option::is_some)>
                <PortalForm action=url::show_password(id) on_json=received class="stack">
                    <ConfirmIdentity must_confirm=must_confirm />
                    <Submit label="Show my password" />
                </PortalForm>
            </div>
        </div>
    }
    .into_any()
}

/// Takes a second off, every second while something is shown.
fn count_down(
    shown: RwSignal<Option<RevealedPassword>>,
    left: RwSignal<u32>,
    hide: impl Fn() + Copy + Send + Sync + 'static,
) {
    Effect::new(move || {
        if shown.with(Option::is_none) {
            return;
        }
        let tick = move || {
            if left.get_untracked() <= 1 {
                hide();
            } else {
                left.update(|left| *left -= 1);
            }
        };
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// The password, large, in its groups; it may break after a hyphen but has no blank in it.
fn secret(password: &str) -> impl IntoView + use<> {
    let groups = password
        .split_inclusive('-')
        .map(|group| view! { <span>{group.to_owned()}</span><wbr /> })
        .collect_view();
    view! {
        <p class="secret">
            <code translate="no">{groups}</code>
        </p>
        <p class="hint">"The hyphens are part of the password. Capital and small letters matter."</p>
    }
}

fn copy(revealed: RevealedPassword) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    view! {
        <button
            type="button"
            class="button is-primary"
            on:click=move |_| browser::copy(revealed.password.expose(), is_copied)
        >
            {move || if is_copied.get() { "Copied" } else { "Copy password" }}
        </button>
        <span class="visually-hidden" role="status">
            {move || is_copied.get().then_some("Copied")}
        </span>
    }
}

/// The answer to the form without JavaScript: the browser leaves the page by itself.
pub(crate) fn shown_plainly(back: String, revealed: &RevealedPassword) -> impl IntoView + use<> {
    let seconds = revealed.hide_after_secs;
    let without = format!("<meta http-equiv=\"refresh\" content=\"{seconds};url={back}\">");
    let with = format!("setTimeout(() => location.replace({back:?}), {seconds} * 1000);");
    view! {
        <noscript inner_html=without></noscript>
        <script nonce=use_nonce() inner_html=with></script>
        <div class="show-password" role="status">
            {secret(revealed.password.expose())}
            <p>{format!("This page hides it again after {seconds} seconds.")}</p>
            <p class="actions">
                <a class="button is-quiet" href=back>
                    "Hide now"
                </a>
            </p>
        </div>
    }
}
