//! A request's page follows along: server-sent events that say when its version rose.
//!
//! The stream says nothing but the version; the page then reads the request like anybody else. A
//! change on this node is told at once; one on another node is found by looking.

use std::convert::Infallible;
use std::time::Duration;

use api::{Error, Portal as _};
use axum::Extension;
use axum::extract::Path;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::RequestId;
use futures::Stream;
use http::HeaderMap;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, timeout};

use super::answer;
use super::guest::Guest;
use super::visit::Visit;

/// How often to look for what another node did.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A browser connects again after this; the session is then checked anew.
const LONGEST: Duration = Duration::from_mins(10);

/// Streams the versions of a request.
pub(super) async fn request_events(
    Extension(guest): Extension<Guest>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new(guest.clone());
    match first(&visit, &guest, &id).await {
        Ok(follower) => {
            let events = futures::stream::unfold(follower, Follower::next);
            Sse::new(boxed(events))
                .keep_alive(KeepAlive::default())
                .into_response()
        }
        Err(error) => answer::error(guest.web(), &headers, &error),
    }
}

fn boxed(
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> futures::stream::BoxStream<'static, Result<Event, Infallible>> {
    Box::pin(events)
}

/// Looks once before anything is streamed, so that a wrong address is an error and no stream.
async fn first(visit: &Visit, guest: &Guest, id: &str) -> Result<Follower, Error> {
    let actor = visit.actor().await?;
    let id: RequestId = id.parse().map_err(|_| Error::not_found())?;
    let changes = guest.web().portal().changes();
    let version = guest.web().portal().request_version(&actor, id).await;
    visit.told(version)?;
    Ok(Follower {
        visit: visit.clone(),
        id,
        changes,
        shutdown: guest.web().shutdown(),
        told: None,
        until: Instant::now() + LONGEST,
        is_over: false,
    })
}

/// Follows one request for one visitor.
struct Follower {
    visit: Visit,
    id: RequestId,
    changes: broadcast::Receiver<RequestId>,
    shutdown: watch::Receiver<bool>,
    told: Option<i64>,
    until: Instant,
    is_over: bool,
}

impl Follower {
    /// The next version, or the end: nothing more will happen, the session has ended, or the
    /// portal is about to.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while !self.is_over {
            // Reading the request checks the session and the rights again.
            let request = self.visit.request(self.id).await.ok()?;
            self.is_over = request.state.is_final();
            if self.told != Some(request.version) {
                self.told = Some(request.version);
                let event = Event::default()
                    .event("change")
                    .data(request.version.to_string());
                return Some((Ok(event), self));
            }
            if !self.is_over && !self.wait().await {
                return None;
            }
        }
        None
    }

    /// Waits until it is worth looking again; `false` when it no longer is.
    async fn wait(&mut self) -> bool {
        let look = Instant::now() + LOOK_EVERY;
        loop {
            if *self.shutdown.borrow() || Instant::now() >= self.until {
                return false;
            }
            let left = look.saturating_duration_since(Instant::now());
            tokio::select! {
                _ = self.shutdown.changed() => return false,
                change = timeout(left, self.changes.recv()) => match change {
                    Ok(Ok(id)) if id != self.id => {}
                    // It changed; too many changes to read them all; or time to look.
                    _ => return true,
                },
            }
        }
    }
}
