//! The entries as a table, which becomes cards where it is narrow.

use api::AuditEntryView;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::words::label;
use crate::components::{CopyText, Facts};
use crate::dates;

/// How much of a hash is shown in the row; the rest is in its fold.
const SHORT: usize = 12;

/// The table.
#[component]
pub(super) fn Entries(entries: Vec<AuditEntryView>) -> impl IntoView {
    let rows = entries.into_iter().map(row).collect_view();
    view! {
        <table class="stacking audit-table">
            <caption class="visually-hidden">"Audit log, the newest entry first"</caption>
            <thead>
                <tr>
                    <th scope="col" class="is-number">"Number"</th>
                    <th scope="col">"Time"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"Hash"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(entry: AuditEntryView) -> impl IntoView {
    let short: String = entry.hash.chars().take(SHORT).collect();
    let subject = match entry.subject_url {
        Some(href) => {
            let (name, mailbox) = parted(&entry.subject);
            view! {
                <a href=href>{name}</a>
                {mailbox}
            }
            .into_any()
        }
        None => entry.subject.into_any(),
    };
    let (actor, actor_mailbox) = parted(&entry.actor);
    view! {
        <tr>
            <th scope="row" data-label="Number" class="is-number">{entry.number}</th>
            <td data-label="Time">{time(entry.at)}</td>
            <td data-label="Who">
                <span>{actor} {actor_mailbox}</span>
            </td>
            <td data-label="What" class="audit-what">
                <strong>{label(&entry.action)}</strong>
                <span class="audit-subject">{subject}</span>
                {details(entry.details, entry.hash)}
            </td>
            <td data-label="Hash"><code>{short} "…"</code></td>
        </tr>
    }
}

/// `Name <mailbox>` as two lines, the way people are listed elsewhere; anything else as it is.
fn parted(label: &str) -> (String, Option<impl IntoView + use<>>) {
    let both = label
        .strip_suffix('>')
        .and_then(|label| label.split_once(" <"));
    let (name, mailbox) = both.map_or((label, None), |(name, mailbox)| (name, Some(mailbox)));
    let mailbox = mailbox.map(str::to_owned);
    let mailbox = mailbox.map(|mailbox| view! { <span class="people-mailbox">{mailbox}</span> });
    (name.to_owned(), mailbox)
}

/// Auditors compare with other logs, so the time is exact.
fn time(at: OffsetDateTime) -> impl IntoView {
    let machine = dates::machine(at);
    view! { <time datetime=machine.clone() title=machine>{dates::exact(at)}</time> }
}

fn details(details: Vec<(String, String)>, hash: String) -> impl IntoView {
    let hash = view! { <CopyText text=hash label="the hash" /> }.into_any();
    let rows = details
        .into_iter()
        .map(|(name, value)| (name, value.into_any()))
        .chain([("Hash".to_owned(), hash)])
        .collect();
    view! {
        <details class="fold">
            <summary>"Details"</summary>
            <Facts rows=rows />
        </details>
    }
}
