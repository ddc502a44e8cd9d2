//! The queue: what waits for a decision, with the evidence to decide on.
//!
//! The whole list is one form. Ticking and one of two buttons is all it takes, with or without
//! JavaScript; the keyboard and the counting come on top.

mod card;
#[cfg(test)]
mod tests;

use api::{Page, QueueCard, QueueFilter, url};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use self::card::QueueCardView;
use super::links::with_query;
use crate::components::bulk::Bulk;
use crate::components::{Empty, Loaded, NextPage, PageHead, PortalForm, Submit, TextField, Tone};
use crate::context::use_site;
use crate::server_fns::read_queue;

/// Loads the queue.
#[component]
pub fn QueuePage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| QueueFilter {
            search: query.get("search").unwrap_or_default(),
            after: query.get("after"),
        })
    });
    let page = Resource::new(
        move || filter.get(),
        |filter| read_queue(filter.search, filter.after),
    );
    view! {
        <PageHead title="Queue" lead="Requests that wait for a decision, the oldest first." />
        <Loaded
            resource=page
            view=move |page| {
                let filter = filter.get_untracked();
                use_site()
                    .map(|site| view! { <QueueView page=page filter=filter now=site.now /> })
                    .into_any()
            }
        />
    }
}

/// Shows one page of the queue.
#[component]
fn QueueView(
    /// The waiting requests.
    page: Page<QueueCard>,
    /// Which of them were asked for.
    filter: QueueFilter,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let next = page
        .next
        .as_deref()
        .map(|after| with_query(url::QUEUE, &[("search", &filter.search), ("after", after)]));
    let first = filter
        .after
        .is_some()
        .then(|| with_query(url::QUEUE, &[("search", &filter.search)]));
    // Where nothing waits there is nothing to search.
    let has_search = !page.rows.is_empty() || filter != QueueFilter::default();
    let list = if page.rows.is_empty() {
        nothing(&filter)
    } else {
        list(page.rows, now)
    };
    view! {
        {has_search.then(|| search(filter.search))}
        {list}
        {first
            .map(|href| {
                view! {
                    <p class="first-page">
                        <a href=href>"Back to the oldest"</a>
                    </p>
                }
            })}
        <NextPage href=next />
    }
}

fn search(value: String) -> impl IntoView {
    view! {
        <form class="filters" method="get" action=url::QUEUE role="search">
            <TextField name="search" label="Name or address" kind="search" value=value />
            <Submit label="Search" tone=Tone::Quiet />
        </form>
    }
}

fn list(cards: Vec<QueueCard>, now: OffsetDateTime) -> AnyView {
    let decidable = cards.iter().filter(|card| card.may_decide).count();
    let cards = cards
        .into_iter()
        .map(|card| view! { <QueueCardView card=card now=now /> })
        .collect_view();
    let cards = view! { <ol class="queue-cards">{cards}</ol> }.into_any();
    if decidable == 0 {
        return cards;
    }
    view! {
        <PortalForm action="/api/ui/approve" class="queue-form">
            <Bulk of=decidable>{cards}</Bulk>
        </PortalForm>
    }
    .into_any()
}

fn nothing(filter: &QueueFilter) -> AnyView {
    if filter.search.is_empty() {
        view! {
            <Empty
                title="Nothing waits for you"
                text="New requests appear here, the oldest first. You can close this page."
            />
        }
        .into_any()
    } else {
        view! {
            <Empty
                title="Nothing found"
                text="No waiting request has this in its name or address."
            >
                <a href=url::QUEUE>"Show the whole queue"</a>
            </Empty>
        }
        .into_any()
    }
}
