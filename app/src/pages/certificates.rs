//! All certificates: finding one by whatever is known of it, and taking the list away as a file.

#[cfg(feature = "ssr")]
mod change;
mod filters;
mod rows;
mod select;
#[cfg(test)]
mod tests;

use api::{CertificateFilter, CertificateList, url};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use self::filters::Filters;
use self::rows::CertificatesTable;
use super::links::with_query;
use crate::components::{Empty, Loaded, NextPage, PageHead};
use crate::server_fns::read_certificates;
use crate::words::count;

/// Loads certificates.
#[component]
pub fn CertificatesPage() -> impl IntoView {
    // Such a page is never taken over by the browser, so the browser's half does not carry it.
    #[cfg(feature = "ssr")]
    if let Some(view) = change::after_post() {
        return view;
    }
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(filter_of));
    let list = Resource::new(move || filter.get(), read_certificates);
    view! {
        <PageHead title="Certificates" lead="Everything that was ever issued, the newest first." />
        <Loaded
            resource=list
            view=move |list| {
                let filter = filter.get_untracked();
                view! { <CertificatesView list=list filter=filter /> }.into_any()
            }
        />
    }
    .into_any()
}

fn filter_of(query: &ParamsMap) -> CertificateFilter {
    let get = |name: &str| query.get(name).unwrap_or_default();
    CertificateFilter {
        search: get("search"),
        state: get("state"),
        template: get("template"),
        ends_from: get("ends_from"),
        ends_to: get("ends_to"),
        after: query.get("after"),
    }
}

/// A path with the filter.
fn with_filter(path: &str, filter: &CertificateFilter, after: &str) -> String {
    with_query(
        path,
        &[
            ("search", &filter.search),
            ("state", &filter.state),
            ("template", &filter.template),
            ("ends_from", &filter.ends_from),
            ("ends_to", &filter.ends_to),
            ("after", after),
        ],
    )
}

/// Shows one page of certificates.
#[component]
fn CertificatesView(
    /// The certificates.
    list: CertificateList,
    /// Which of them were asked for.
    filter: CertificateFilter,
) -> impl IntoView {
    let here = |after: &str| with_filter(url::CERTIFICATES, &filter, after);
    let next = list.page.next.as_deref().map(here);
    let first = filter.after.is_some().then(|| here(""));
    let is_all = here("") == url::CERTIFICATES;
    let export = with_filter(url::CERTIFICATES_CSV, &filter, "");
    let found = list
        .count
        .map(|number| count(number, "certificate", "certificates"));
    let shown = if list.page.rows.is_empty() {
        nothing(is_all)
    } else {
        view! {
            <div class="certificates-found">
                <p role="status">{found}</p>
                // A file, and no page of the application.
                <a href=export rel="external" download="certificates.csv">
                    "Export as CSV"
                </a>
            </div>
            {if list.may_change {
                select::selectable(&filter, list.page.rows, list.now)
            } else {
                view! { <CertificatesTable rows=list.page.rows now=list.now /> }.into_any()
            }}
        }
        .into_any()
    };
    view! {
        <Filters filter=filter templates=list.templates is_used=!is_all />
        {shown}
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

fn nothing(is_all: bool) -> AnyView {
    if is_all {
        return view! {
            <Empty
                title="No certificate yet"
                text="Every certificate appears here as soon as it is ready. The first one begins \
                      with somebody's request."
            />
        }
        .into_any();
    }
    view! {
        <Empty
            title="No certificate fits"
            text="Nothing fits this search and these filters. Try less of the name or number."
        >
            <a href=url::CERTIFICATES>"Show all certificates"</a>
        </Empty>
    }
    .into_any()
}
