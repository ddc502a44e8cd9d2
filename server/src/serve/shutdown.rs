//! The wish of whoever runs the portal that it ends: SIGTERM, or Ctrl-C.

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// A value that becomes true with the first such signal. A second one ends the process at once,
/// which loses nothing: every step is recorded or done again.
pub(super) fn on_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for signals")?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        for is_first in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if is_first {
                tracing::info!("ending: no new requests, those that began are finished");
                sender.send_replace(true);
            }
        }
        std::process::exit(130);
    });
    Ok(receiver)
}

/// Waits until it is true.
pub(super) async fn wait(mut shutdown: watch::Receiver<bool>) {
    // An error means that nobody can say it any more: then the process ends anyway.
    drop(shutdown.wait_for(|is_over| *is_over).await);
}
