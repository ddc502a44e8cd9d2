//! Threads that render pages, each page on one of them from beginning to end.
//!
//! The reactive system computes a shared value anew when two threads ask for it at the same time,
//! and one of them then finds nothing (`ArcMemo::try_read_untracked` in `reactive_graph` 0.2). On
//! a runtime with several threads that is a page in some thousands which never comes. Here
//! everything that belongs to a page runs on a runtime of one thread. What the page asks the
//! portal for runs where all else does, so these threads wait for nothing but the answers.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, to_bytes};
use axum::response::Response;
use tokio::sync::{mpsc, oneshot};
use tokio::task::LocalSet;

/// Largest page, in bytes; the longest lists are far below.
const LARGEST: usize = 16 * 1024 * 1024;

/// A page to be rendered.
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The threads. They end when this is dropped.
#[derive(Debug)]
pub(super) struct Renderer {
    threads: Vec<mpsc::UnboundedSender<Job>>,
    next: AtomicUsize,
}

impl Renderer {
    /// Starts so many threads, at least one.
    pub(super) fn start(threads: usize) -> io::Result<Self> {
        let threads = (0..threads.max(1)).map(thread).collect::<Result<_, _>>()?;
        Ok(Self {
            threads,
            next: AtomicUsize::new(0),
        })
    }

    /// Renders a page whole. Nothing, if a fault stopped it.
    pub(super) async fn render(
        &self,
        page: impl Future<Output = Response> + Send + 'static,
    ) -> Option<Response> {
        let (sender, rendered) = oneshot::channel();
        let job = Box::pin(async move {
            let (parts, body) = page.await.into_parts();
            if let Ok(body) = to_bytes(body, LARGEST).await {
                // Nobody waits any more if the visitor has gone.
                drop(sender.send(Response::from_parts(parts, Body::from(body))));
            }
        });
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let thread = self.threads.get(turn % self.threads.len().max(1))?;
        thread.send(job).ok()?;
        rendered.await.ok()
    }
}

fn thread(number: usize) -> io::Result<mpsc::UnboundedSender<Job>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (sender, mut jobs) = mpsc::unbounded_channel::<Job>();
    std::thread::Builder::new()
        .name(format!("render-{number}"))
        .spawn(move || {
            LocalSet::new().block_on(&runtime, async move {
                while let Some(job) = jobs.recv().await {
                    // A panic ends this page's task and nothing else.
                    drop(tokio::spawn(job));
                }
            });
        })?;
    Ok(sender)
}
