//! The audit log: filtering it, reading it, and checking that nobody has changed it.

mod chain;
mod entries;
mod filters;
#[cfg(test)]
mod tests;
mod words;

use api::{AuditEntryView, AuditFilter, Page, url};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use self::chain::ChainView;
use self::entries::Entries;
use self::filters::Filters;
use super::links::with_query;
use crate::components::{Empty, Loaded, NextPage, PageHead};
use crate::server_fns::{read_audit, verify_audit};

/// Loads the log and, where asked for, checks its chain.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| (filter_of(query), query.get_str("verify").is_some()))
    });
    let log = Resource::new(
        move || asked.get(),
        |(filter, is_verified)| async move {
            let page = read_audit(filter).await?;
            let verification = if is_verified {
                Some(verify_audit().await?)
            } else {
                None
            };
            Ok((page, verification))
        },
    );
    view! {
        <PageHead
            title="Audit"
            lead="Who did what, and when. Each entry seals the one before it, so a change shows."
        />
        <Loaded
            resource=log
            view=move |(page, verification)| {
                let (filter, _) = asked.get_untracked();
                view! {
                    <ChainView verification=verification />
                    <AuditView page=page filter=filter />
                }
                    .into_any()
            }
        />
    }
}

fn filter_of(query: &ParamsMap) -> AuditFilter {
    let get = |name: &str| query.get(name).unwrap_or_default();
    AuditFilter {
        actor: get("actor"),
        action: get("action"),
        subject: get("subject"),
        from: get("from"),
        to: get("to"),
        after: query.get("after"),
    }
}

/// Shows one page of the log.
#[component]
fn AuditView(
    /// The entries.
    page: Page<AuditEntryView>,
    /// Which of them were asked for.
    filter: AuditFilter,
) -> impl IntoView {
    let here = |after: &str| {
        with_query(
            url::AUDIT,
            &[
                ("actor", &filter.actor),
                ("action", &filter.action),
                ("subject", &filter.subject),
                ("from", &filter.from),
                ("to", &filter.to),
                ("after", after),
            ],
        )
    };
    let next = page.next.as_deref().map(here);
    let first = filter.after.is_some().then(|| here(""));
    let list = if page.rows.is_empty() {
        view! {
            <Empty title="No entry fits" text="Nothing in the log fits these filters.">
                <a href=url::AUDIT>"Show the whole log"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Entries entries=page.rows /> }.into_any()
    };
    view! {
        <Filters filter=filter />
        {list}
        {first
            .map(|href| {
                view! {
                    <p class="first-page">
                        <a href=href>"Back to the newest"</a>
                    </p>
                }
            })}
        <NextPage href=next />
    }
}
