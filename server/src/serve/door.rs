//! The door of a listener: how many connections may be open, and how long one may stay without
//! asking for anything.
//!
//! A connection is a stranger until the head of its first request has arrived: through the TLS
//! handshake, the first bytes and the rest of the head. That costs whoever connects nothing, so it
//! has one deadline for all of it; and where every place is taken, the stranger who has waited
//! longest gives way to whoever comes. A healthy client needs milliseconds, a slow one loses.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::Sleep;
use tower::Service;

/// What connections of a listener may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// How many may be open at the same time.
    pub(super) connections: usize,
    /// How long a TLS handshake, the first bytes and the head of a request may take.
    pub(super) patience: Duration,
}

/// Lets connections in. Clones share the places.
#[derive(Debug, Clone)]
pub(super) struct Door {
    limits: Limits,
    hall: Arc<Mutex<Hall>>,
}

#[derive(Debug, Default)]
struct Hall {
    next: u64,
    open: usize,
    /// Who has not asked for anything yet, longest first. Dropping the sender shows them out.
    strangers: BTreeMap<u64, oneshot::Sender<()>>,
}

/// A place of a connection, given back when this is dropped.
#[derive(Debug)]
struct Place {
    number: u64,
    hall: Arc<Mutex<Hall>>,
}

impl Door {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            hall: Arc::default(),
        }
    }

    /// A place, and what ends when it has to be given up. Nothing where everybody inside is known.
    fn enter(&self) -> Option<(Place, oneshot::Receiver<()>)> {
        let mut hall = locked(&self.hall);
        if hall.open >= self.limits.connections {
            // It gives its place back a moment later; until then there is one more.
            let (_, longest) = hall.strangers.pop_first()?;
            drop(longest);
        }
        hall.open += 1;
        let number = hall.next;
        hall.next += 1;
        let (sender, shown_out) = oneshot::channel();
        hall.strangers.insert(number, sender);
        let place = Place {
            number,
            hall: Arc::clone(&self.hall),
        };
        Some((place, shown_out))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut hall = locked(&self.hall);
        hall.open = hall.open.saturating_sub(1);
        hall.strangers.remove(&self.number);
    }
}

fn locked(hall: &Mutex<Hall>) -> MutexGuard<'_, Hall> {
    hall.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S> Accept<TcpStream, S> for Door {
    type Stream = Watched;
    type Service = Known<S>;
    type Future = std::future::Ready<io::Result<(Watched, Known<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        std::future::ready(self.let_in(stream, service))
    }
}

impl Door {
    fn let_in<S>(&self, stream: TcpStream, service: S) -> io::Result<(Watched, Known<S>)> {
        // A page leaves in several small writes; without this, each waits for the one before to be
        // acknowledged, which takes the other side 40 ms (RFC 896 meets RFC 1122 section 4.2.3.2).
        stream.set_nodelay(true)?;
        let full = || io::Error::new(io::ErrorKind::ConnectionRefused, "every place is taken");
        let (place, shown_out) = self.enter().ok_or_else(full)?;
        let known = Known {
            service,
            number: place.number,
            hall: Arc::clone(&self.hall),
        };
        let watched = Watched {
            stream,
            stranger: Some(Stranger {
                shown_out,
                deadline: Box::pin(tokio::time::sleep(self.limits.patience)),
            }),
            _place: place,
        };
        Ok((watched, known))
    }
}

/// A connection's bytes, until it has to end.
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    stranger: Option<Stranger>,
    _place: Place,
}

#[derive(Debug)]
struct Stranger {
    shown_out: oneshot::Receiver<()>,
    deadline: Pin<Box<Sleep>>,
}

impl Watched {
    /// Whether the connection may go on; wakes the task when that changes.
    fn poll_welcome(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let Some(stranger) = &mut self.stranger else {
            return Ok(());
        };
        match Pin::new(&mut stranger.shown_out).poll(context) {
            // The first request has arrived.
            Poll::Ready(Ok(())) => {
                self.stranger = None;
                return Ok(());
            }
            Poll::Ready(Err(_)) => return Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => {}
        }
        match stranger.deadline.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_welcome(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// What answers a connection; its first request makes the connection a known one.
#[derive(Debug, Clone)]
pub(super) struct Known<S> {
    service: S,
    number: u64,
    hall: Arc<Mutex<Hall>>,
}

impl<S: Service<R>, R> Service<R> for Known<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        let stranger = locked(&self.hall).strangers.remove(&self.number);
        if let Some(known) = stranger {
            // The connection has ended meanwhile if nobody hears it.
            let _ = known.send(());
        }
        self.service.call(request)
    }
}
