//! `certportal serve`: from an empty folder to a portal that answers, and down again in order.

mod banner;
mod door;
mod harden;
mod jobs;
mod listen;
mod lock;
mod shutdown;
mod tls;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::config::{Config, DataFolder, Environment};
use crate::http::{self, Assets, Sessions, Web, WebParts};
use crate::{Started, private_file};

pub(crate) use jobs::mailer;
pub(crate) use lock::Lock;

/// How long requests and jobs may take to end.
const DRAIN: Duration = Duration::from_secs(10);

/// What the command line says about serving.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Set up a demonstration and sign-in for its people.
    pub demo: bool,
    /// Where to write the demonstration's people, for scripts.
    pub demo_people: Option<PathBuf>,
}

/// Serves until the process is told to end.
pub async fn serve(
    config: Config,
    folder: &DataFolder,
    environment: &Environment,
    options: &Options,
) -> anyhow::Result<()> {
    let began = Instant::now();
    let open_files = harden::process();
    private_file::create_folder(folder.path())
        .with_context(|| format!("the data folder {} cannot be made", folder.path().display()))?;
    let lock = Lock::take(folder)?;
    let listeners = listen::bind(&config.server)?;
    let Started {
        portal,
        clock,
        random,
    } = crate::start(&config, folder, environment).await?;
    let acceptor = tls::config(&config.server, folder, clock.as_ref(), &random)?;

    if options.demo {
        banner::demo(&portal, options.demo_people.as_deref()).await?;
    }
    banner::set_up_link(&portal, &config.server.base_url).await?;

    let shutdown = shutdown::on_signal()?;
    let jobs = jobs::start(&portal, &config.mail, &shutdown)?;
    let store = Arc::new(portal.store().sessions(Arc::clone(&clock)));
    let web = Web::new(WebParts {
        sessions: Sessions::new(store, clock, random, &config.sessions),
        assets: Assets::load(),
        profile_signer: tls::profile_signer(&config.server, folder),
        trusted_proxies: config.server.trusted_proxies.clone(),
        shutdown: shutdown.clone(),
        portal: portal.clone(),
    })
    .context("the threads that render pages could not start")?;
    let servers = listeners.serve(
        acceptor,
        http::router(web),
        http::pki_router(portal.clone()),
        listen::limits(open_files),
        shutdown.clone(),
    )?;
    banner::ready(&config.server.base_url, began.elapsed());

    servers.run(DRAIN).await?;
    jobs.end(DRAIN).await;
    portal.store().close().await;
    drop(lock);
    tracing::info!("the portal has ended");
    Ok(())
}
