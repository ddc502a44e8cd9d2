//! Certificates as a table, which becomes cards where it is narrow.

use api::{CertificateRow, url};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, CopyText, When};
use crate::words;

/// The table.
#[component]
pub(super) fn CertificatesTable(
    rows: Vec<CertificateRow>,
    now: OffsetDateTime,
    /// Whether each row has a box.
    #[prop(optional)]
    is_selectable: bool,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|one| row(one, now, is_selectable))
        .collect_view();
    view! {
        <table class="stacking certificates-table">
            <caption class="visually-hidden">"Certificates, the newest first"</caption>
            <thead>
                <tr>
                    <th scope="col">"Certificate"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Template"</th>
                    <th scope="col">"Serial"</th>
                    <th scope="col">"Issued"</th>
                    <th scope="col">"Ends"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(one: CertificateRow, now: OffsetDateTime, is_selectable: bool) -> impl IntoView {
    let tick = is_selectable.then(|| {
        let label = format!("Select {}, serial {}", one.mailbox, one.serial);
        view! {
            <input
                type="checkbox"
                name="certificate"
                value=one.id.to_string()
                aria-label=label
                autocomplete="off"
            />
        }
    });
    let (state, tone) = words::certificate_state(one.state);
    view! {
        <tr>
            <th scope="row">
                {tick}
                <a href=url::certificate(one.id)>{one.mailbox}</a>
                <span class="people-mailbox">{one.person}</span>
                <span class="people-mailbox">{one.names}</span>
            </th>
            <td data-label="State"><Badge text=state tone=tone /></td>
            <td data-label="Template">{one.template}</td>
            <td data-label="Serial"><CopyText text=one.serial label="the serial" /></td>
            <td data-label="Issued"><When at=one.issued_at now=now /></td>
            <td data-label="Ends"><When at=one.not_after now=now /></td>
        </tr>
    }
}
