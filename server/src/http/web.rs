//! What all handlers share.

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use portal::{Portal, Visitor};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::csrf::CsrfKey;
use super::profile_signer::ProfileSigner;
use super::renderer::Renderer;
use super::{Assets, Sessions};
use crate::config::Proxy;

/// What all handlers share. Cloning gives another handle.
#[derive(Debug, Clone)]
pub struct Web(Arc<Inner>);

/// What it is made of.
#[derive(Debug)]
pub struct WebParts {
    /// The use cases.
    pub portal: Portal,
    /// Who is signed in.
    pub sessions: Sessions,
    /// The browser's files.
    pub assets: Assets,
    /// What signs profiles for Apple's devices; without it they are sent unsigned.
    pub profile_signer: Option<ProfileSigner>,
    /// Who may say where a request came from.
    pub trusted_proxies: Vec<Proxy>,
    /// Becomes true when the portal is about to end.
    pub shutdown: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Inner {
    parts: WebParts,
    csrf: CsrfKey,
    renderer: Renderer,
    runtime: Handle,
    is_set_up: AtomicBool,
}

impl Web {
    /// Puts the parts together, and starts the threads that render pages. Call it inside of the
    /// runtime that serves.
    pub fn new(parts: WebParts) -> io::Result<Self> {
        let csrf = CsrfKey::of(&parts.portal);
        let cores = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
        Ok(Self(Arc::new(Inner {
            parts,
            csrf,
            renderer: Renderer::start(cores)?,
            runtime: Handle::current(),
            is_set_up: AtomicBool::new(false),
        })))
    }

    /// The use cases.
    pub fn portal(&self) -> &Portal {
        &self.0.parts.portal
    }

    /// Who is signed in.
    pub fn sessions(&self) -> &Sessions {
        &self.0.parts.sessions
    }

    /// The browser's files.
    pub fn assets(&self) -> &Assets {
        &self.0.parts.assets
    }

    pub(super) fn profile_signer(&self) -> Option<&ProfileSigner> {
        self.0.parts.profile_signer.as_ref()
    }

    pub(super) fn csrf(&self) -> &CsrfKey {
        &self.0.csrf
    }

    pub(super) fn renderer(&self) -> &Renderer {
        &self.0.renderer
    }

    /// The runtime that serves.
    pub(super) fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    pub(super) fn trusted_proxies(&self) -> &[Proxy] {
        &self.0.parts.trusted_proxies
    }

    pub(super) fn shutdown(&self) -> watch::Receiver<bool> {
        self.0.parts.shutdown.clone()
    }

    /// 256 random bits as text.
    pub(super) fn random_token(&self) -> String {
        self.portal().random().with(safe::random_token)
    }

    /// Whether there is an organisation and an administrator. Once true it stays so.
    pub(super) async fn is_set_up(&self) -> Result<bool, portal::Error> {
        if self.0.is_set_up.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let site = self
            .portal()
            .site(&Visitor::default(), String::new(), None)
            .await?;
        let is_set_up = site.state != api::SiteState::NeedsSetUp;
        self.0.is_set_up.store(is_set_up, Ordering::Relaxed);
        Ok(is_set_up)
    }
}
