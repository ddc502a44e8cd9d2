//! The overview: how the portal is doing, pictures first, each leading to the list behind it.

mod numbers;
mod problems;
#[cfg(test)]
mod tests;

use api::{Bar, Overview, url};
use domain::{Permission, may};
use leptos::prelude::*;
use time::{Duration, OffsetDateTime};

use self::numbers::Numbers;
use self::problems::{FailedRequests, HealthList};
use super::links::with_query;
use crate::components::bars::{Bars, Column};
use crate::components::{Loaded, PageHead};
use crate::context::use_site;
use crate::dates;
use crate::server_fns::read_overview;
use crate::words::count;

/// Loads the overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| read_overview());
    view! {
        <PageHead title="Overview" lead="How the portal is doing right now." />
        <Loaded
            resource=overview
            view=move |overview| {
                let may_mend = use_site()
                    .and_then(|site| site.viewer)
                    .is_some_and(|viewer| may(viewer.role, Permission::MendRequests));
                view! { <OverviewView overview=overview may_mend=may_mend /> }.into_any()
            }
        />
    }
}

/// Shows the overview.
#[component]
fn OverviewView(
    /// What is known.
    overview: Overview,
    /// Whether the viewer may retry and cancel.
    may_mend: bool,
) -> impl IntoView {
    let now = overview.now;
    let issued = total(&overview.issued_by_day);
    let expiring = total(&overview.expiring_by_week);
    let issued_by_day = by_day(&overview.issued_by_day, now);
    let expiring_by_week = by_week(&overview.expiring_by_week, now);
    view! {
        <div class="overview">
            <div class="overview-charts">
                <section class="card">
                    <Bars
                        title="Issued by day"
                        summary=format!(
                            "{} in the last 14 days.",
                            count(issued, "certificate", "certificates"),
                        )
                        each="Day"
                        counted="Issued"
                        columns=issued_by_day
                    />
                    <p class="overview-behind">
                        <a href=with_query(
                            url::AUDIT,
                            &[("action", "issue")],
                        )>"All that were issued"</a>
                    </p>
                </section>
                <section class="card">
                    <Bars
                        title="Ending by week"
                        summary=format!(
                            "{} in the next 12 weeks.",
                            count(expiring, "certificate ends", "certificates end"),
                        )
                        each="Week"
                        counted="Ending"
                        columns=expiring_by_week
                    />
                    <p class="overview-behind">
                        <a href=with_query(
                            url::CERTIFICATES,
                            &[("state", "valid")],
                        )>"All that are valid"</a>
                    </p>
                </section>
            </div>
            <Numbers overview=overview.clone() />
            <FailedRequests failed=overview.failed now=now may_mend=may_mend />
            <HealthList parts=overview.health />
        </div>
    }
}

fn total(bars: &[Bar]) -> u64 {
    bars.iter().map(|bar| bar.count).sum()
}

fn columns(bars: &[Bar]) -> Vec<Column> {
    bars.iter()
        .map(|bar| Column {
            label: bar.label.clone(),
            count: bar.count,
            href: None,
        })
        .collect()
}

/// The last bar is today; each leads to what was issued on its day.
fn by_day(bars: &[Bar], now: OffsetDateTime) -> Vec<Column> {
    let mut columns = columns(bars);
    for (back, column) in (0_i64..).zip(columns.iter_mut().rev()) {
        let day = dates::machine_day(now - Duration::days(back));
        column.href = Some(with_query(
            url::AUDIT,
            &[("action", "issue"), ("from", &day), ("to", &day)],
        ));
    }
    columns
}

/// The first bar begins today; each leads to what ends in its week.
fn by_week(bars: &[Bar], now: OffsetDateTime) -> Vec<Column> {
    let mut columns = columns(bars);
    for (week, column) in (0_i64..).zip(columns.iter_mut()) {
        let first = dates::machine_day(now + Duration::weeks(week));
        let last = dates::machine_day(now + Duration::days(7 * week + 6));
        column.href = Some(with_query(
            url::CERTIFICATES,
            &[("ends_from", &first), ("ends_to", &last)],
        ));
    }
    columns
}
