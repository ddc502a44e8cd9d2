//! A request and where it stands. The page follows it by itself.

mod actions;

use api::{RequestView, url};
use domain::RequestId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

use self::actions::{decide, mend, withdraw};
use crate::components::{
    Badge, BadgeTone, ButtonLink, Card, Facts, Loaded, Notice, PageHead, TimelineView,
};
use crate::server_fns::read_request;
use crate::{Failure, browser, use_site, words};

/// A request's page.
#[component]
pub fn LiveRequestPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params
            .with(|params| params.get("id"))
            .and_then(|id| id.parse::<RequestId>().ok())
    });
    let request = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => read_request(id).await,
                None => Err(Failure(api::Error::not_found())),
            }
        },
    );
    // Listens as long as something can still happen; closed when the page is left.
    let followed = Memo::new(move |_| {
        let request = request.get()?.ok()?;
        (!request.state.is_final()).then_some(request.id)
    });
    Effect::new(move || {
        if let Some(id) = followed.get() {
            // A stream begins with the version that the page has, and begins again now and then.
            // Loading that once more would close folds and forget what is being typed.
            browser::on_change(&url::request_events(id), move |version| {
                let known = request.get_untracked().and_then(Result::ok);
                if known.is_none_or(|known| known.version.to_string() != version) {
                    request.refetch();
                }
            });
        }
    });
    // Outside of what is loaded again, so that screen readers hear the change.
    let spoken = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<i64>>| {
        let now = request.get().and_then(Result::ok);
        let version = now.as_ref().map(|now| now.version);
        if before
            .flatten()
            .is_some_and(|before| Some(before) != version)
            && let Some(now) = now
        {
            spoken.set(format!(
                "{}. {}",
                words::request_state(now.state).0,
                current_step(&now)
            ));
        }
        version
    });
    view! {
        <PageHead title="Request" />
        <p class="visually-hidden" role="status">
            {move || spoken.get()}
        </p>
        <Loaded
            resource=request
            view=|request| {
                let now = use_site().map_or(request.requested_at, |site| site.now);
                live_request_view(request, now).into_any()
            }
        />
    }
}

fn current_step(request: &RequestView) -> String {
    request
        .timeline
        .iter()
        .find(|entry| entry.state == api::TimelineState::Current)
        .map(|entry| entry.title.clone())
        .unwrap_or_default()
}

/// Where it stands, what can be done, and what it is about.
pub(crate) fn live_request_view(request: RequestView, now: OffsetDateTime) -> impl IntoView {
    // The page may be older than what happened last.
    let now = request
        .timeline
        .iter()
        .filter_map(|entry| entry.at)
        .fold(now, OffsetDateTime::max);
    let (label, tone) = words::request_state(request.state);
    let heading = if request.is_own {
        format!("For {}", request.mailbox)
    } else {
        format!("{} for {}", request.person, request.mailbox)
    };
    let problem = request.problem.clone().map(|problem| {
        view! {
            <Notice tone=BadgeTone::Bad>
                <p>{problem}</p>
            </Notice>
        }
    });
    let ready = request.certificate.map(|id| {
        let label = if request.is_own {
            "Put it on your device"
        } else {
            "Show the certificate"
        };
        view! {
            <p class="actions">
                <ButtonLink href=url::certificate(id) label=label />
            </p>
        }
    });
    let again =
        (request.is_own && request.certificate.is_none() && request.state.is_final()).then(|| {
            view! {
                <p class="actions">
                    <ButtonLink href=url::REQUEST label="Request another one" />
                </p>
            }
        });
    let following = (!request.state.is_final()).then(|| following(request.id));
    let beside = (
        decide(&request),
        mend(&request),
        about(&request),
        withdraw(&request),
    );
    view! {
        <div class="live-request">
            <Card class="stack">
                <div class="live-request-head">
                    <h2>{heading}</h2>
                    <Badge text=label tone=tone />
                </div>
                {problem} {ready} {again}
                <TimelineView entries=request.timeline now=now />
                {following}
            </Card>
            <div class="stack">{beside}</div>
        </div>
    }
}

fn about(request: &RequestView) -> impl IntoView + use<> {
    let mut rows = vec![(
        "Certificate".to_owned(),
        request.template.clone().into_any(),
    )];
    for (name, text) in [
        ("Asked by", request.requested_by.clone()),
        (
            "Device",
            (!request.device.is_empty()).then(|| request.device.clone()),
        ),
        (
            "Names",
            (!request.names.is_empty()).then(|| request.names.clone()),
        ),
    ] {
        if let Some(text) = text {
            rows.push((name.to_owned(), text.into_any()));
        }
    }
    if request.is_own_key {
        rows.push(("Key".to_owned(), "kept by its owner".into_any()));
    }
    if let Some(reason) = request.reason.clone() {
        rows.push(("Reason".to_owned(), reason.into_any()));
    }
    let number = request.id.to_string();
    let algorithm = request.key_algorithm.label();
    view! {
        <Card class="stack">
            <h2>"About this request"</h2>
            <Facts rows=rows />
            <details class="fold">
                <summary>"Technical details"</summary>
                <Facts rows=vec![
                    ("Key".to_owned(), algorithm.into_any()),
                    ("Number".to_owned(), view! { <code>{number}</code> }.into_any()),
                ] />
            </details>
        </Card>
    }
}

/// How the page stays up to date: by itself, or with the browser's own means without JavaScript.
fn following(id: RequestId) -> impl IntoView {
    let without = format!(
        "<meta http-equiv=\"refresh\" content=\"20\"><p>This page reloads every 20 seconds. \
         <a href=\"{}\">Reload now</a></p>",
        url::request(id)
    );
    view! {
        <p class="following needs-script">
            <span class="pulse" aria-hidden="true"></span>
            "This page follows the request by itself. You can also close it and come back."
        </p>
        <noscript inner_html=without></noscript>
    }
}
