//! The two listeners: https for people, plain http for revocation lists.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum_server::tls_openssl::{OpenSSLAcceptor, OpenSSLConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::door::{Door, Limits};
use super::shutdown;
use crate::config;

/// How long the head of a request, or a TLS handshake, may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most connections of one listener.
const CONNECTIONS: usize = 4096;
/// How much a connection may send before its head is complete, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;

/// Both listeners, bound and not yet serving.
#[derive(Debug)]
pub(super) struct Listeners {
    https: TcpListener,
    pki: TcpListener,
}

/// Both servers, running.
#[derive(Debug)]
pub(super) struct Servers {
    tasks: JoinSet<io::Result<()>>,
    handles: Vec<Handle<SocketAddr>>,
    shutdown: watch::Receiver<bool>,
}

/// What a process may take that can have so many files open: most are for connections, the rest
/// for the database and all else.
pub(super) fn limits(open_files: u64) -> Limits {
    let share = usize::try_from(open_files / 5 * 2).unwrap_or(CONNECTIONS);
    Limits {
        connections: share.clamp(1, CONNECTIONS),
        patience: PATIENCE,
    }
}

/// Binds both addresses, before anything else is done that takes time.
pub(super) fn bind(server: &config::Server) -> anyhow::Result<Listeners> {
    Ok(Listeners {
        https: listener(server.listen, "listen")?,
        pki: listener(server.pki_listen, "pki_listen")?,
    })
}

fn listener(address: SocketAddr, key: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .with_context(|| format!("cannot listen on {address}; see server.{key}"))?;
    listener
        .set_nonblocking(true)
        .context("cannot use the listener")?;
    Ok(listener)
}

impl Listeners {
    /// Begins to serve.
    pub(super) fn serve(
        self,
        tls: OpenSSLConfig,
        portal: Router,
        pki: Router,
        limits: Limits,
        shutdown: watch::Receiver<bool>,
    ) -> anyhow::Result<Servers> {
        let mut servers = Servers {
            tasks: JoinSet::new(),
            handles: Vec::new(),
            shutdown,
        };
        let acceptor = OpenSSLAcceptor::new(tls)
            .handshake_timeout(limits.patience)
            .acceptor(Door::new(limits));
        let https = axum_server::from_tcp(self.https)?.acceptor(acceptor);
        let https = limited(https, limits).handle(servers.handle());
        let portal = portal.into_make_service_with_connect_info::<SocketAddr>();
        servers.tasks.spawn(https.serve(portal));
        let plain = axum_server::from_tcp(self.pki)?.acceptor(Door::new(limits));
        let plain = limited(plain, limits).handle(servers.handle());
        let pki = pki.into_make_service_with_connect_info::<SocketAddr>();
        servers.tasks.spawn(plain.serve(pki));
        Ok(servers)
    }
}

/// Bounds what a slow or greedy client can take.
fn limited<A>(mut server: Server<SocketAddr, A>, limits: Limits) -> Server<SocketAddr, A> {
    let patience = limits.patience;
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(LARGEST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(patience)
        .keep_alive_timeout(patience)
        .max_concurrent_streams(100)
        .max_header_list_size(u32::try_from(LARGEST_HEAD).unwrap_or(u32::MAX));
    server
}

impl Servers {
    fn handle(&mut self) -> Handle<SocketAddr> {
        let handle = Handle::new();
        self.handles.push(handle.clone());
        handle
    }

    /// Serves until the portal is to end, and then until requests are finished or patience is.
    pub(super) async fn run(mut self, drain: Duration) -> anyhow::Result<()> {
        let early = tokio::select! {
            ended = self.tasks.join_next() => ended,
            () = shutdown::wait(self.shutdown.clone()) => None,
        };
        for handle in &self.handles {
            handle.graceful_shutdown(Some(drain));
        }
        let mut results: Vec<_> = early.into_iter().collect();
        while let Some(result) = self.tasks.join_next().await {
            results.push(result);
        }
        for result in results {
            result
                .context("a listener ended badly")?
                .context("a listener failed")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
