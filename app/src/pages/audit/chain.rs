//! Whether the chain holds, in words.

use api::{AuditVerification, url};
use leptos::prelude::*;

use super::super::links::with_query;
use crate::components::{BadgeTone, ButtonLink, Notice, Tone};
use crate::words::count;

/// The way to the check, and its result where it was made.
#[component]
pub(super) fn ChainView(
    /// The result; nothing where nobody asked.
    verification: Option<AuditVerification>,
) -> impl IntoView {
    let href = with_query(url::AUDIT, &[("verify", "1")]);
    // To the router, a link to where one is leads nowhere; past it, the page is loaded again.
    let verify = if verification.is_some() {
        view! { <a class="button is-quiet" href=href rel="external">"Verify again"</a> }.into_any()
    } else {
        view! { <ButtonLink href=href label="Verify the chain" tone=Tone::Quiet /> }.into_any()
    };
    view! {
        <div class="chain">
            {verification.map(result)}
            {verify}
        </div>
    }
}

const WHAT_NOW: &str = "Somebody or something has changed the database past the portal. Keep a \
                        copy of the database as it is, and compare it with the last backup whose \
                        chain is intact.";

fn result(verification: AuditVerification) -> AnyView {
    let checked = count(verification.checked, "entry", "entries");
    match verification.broken_at {
        None => view! {
            <Notice tone=BadgeTone::Good>
                <h2>"The chain is intact"</h2>
                <p>
                    {format!("{checked} checked. None was changed, removed or added afterwards.")}
                </p>
            </Notice>
        }
        .into_any(),
        Some((number, problem)) => view! {
            <Notice tone=BadgeTone::Bad>
                <h2>{format!("The chain breaks at entry {number}")}</h2>
                <p>
                    {format!("{}. {checked} checked.", problem.trim().trim_end_matches('.'))}
                </p>
                <p>{WHAT_NOW}</p>
            </Notice>
        }
        .into_any(),
    }
}
