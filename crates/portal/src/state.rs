//! The portal itself: what every use case shares.

use crate::authority::Authorities;
use crate::failpoint::Failpoints;
use crate::key_pool::KeyPool;
use crate::ocsp::OcspState;
use crate::outside::Outside;
use crate::templates::SampleKeys;
use crate::{Error, Policy, Random};
use cpu::CpuPool;
use domain::{Clock, NodeId, RequestId};
use safe::{KeyRing, PasswordHasher};
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use time::OffsetDateTime;
use tokio::sync::{Mutex, Notify, OnceCell, broadcast};

/// Whether there is a usable key ring.
#[derive(Debug)]
pub enum KeyRingState {
    /// Loaded and whole.
    Open(KeyRing),
    /// Missing or damaged; the text says why.
    Sealed {
        /// Why, for the log.
        why: String,
    },
}

/// What a portal is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database, migrated.
    pub store: Store,
    /// The key ring.
    pub key_ring: KeyRingState,
    /// Hashes sign-in passwords.
    pub hasher: PasswordHasher,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Random,
    /// What the operator decided.
    pub policy: Policy,
    /// This process.
    pub node: NodeId,
    /// This node's signing journal.
    pub journal: PathBuf,
    /// What the world outside says about keys and domains.
    pub outside: Outside,
    /// Where the process kills itself, to test recovery; debug builds only.
    pub failpoint: Option<String>,
}

/// The portal. Cloning gives another handle to the same one.
#[derive(Debug, Clone)]
pub struct Portal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    key_ring: Result<KeyRing, String>,
    hasher: PasswordHasher,
    clock: Arc<dyn Clock>,
    random: Random,
    policy: Policy,
    node: NodeId,
    journal: PathBuf,
    outside: Outside,
    cpu: CpuPool,
    settings: OnceCell<store::Settings>,
    authorities: Authorities,
    ocsp: OcspState,
    key_pool: Arc<KeyPool>,
    sample_keys: SampleKeys,
    crl_turn: Mutex<()>,
    failpoints: Failpoints,
    work: Notify,
    mail: Notify,
    changes: broadcast::Sender<RequestId>,
}

/// Changes a slow reader may fall behind before it has to look for itself.
const CHANGES_KEPT: usize = 1024;

impl Portal {
    /// Puts the parts together, and checks the key ring against the value sealed at set-up: with
    /// another ring the portal starts sealed, and nothing is lost.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        let Parts {
            store,
            key_ring,
            hasher,
            clock,
            random,
            policy,
            node,
            journal,
            outside,
            failpoint,
        } = parts;
        let settings = store.settings().await?;
        let key_ring = match (key_ring, &settings) {
            (KeyRingState::Open(ring), Some(settings)) => ring
                .verify_key_check(&settings.key_check)
                .map(|()| ring)
                .map_err(|error| {
                    format!("this is not the key ring that the database was set up with: {error}")
                }),
            (KeyRingState::Open(ring), None) => Ok(ring),
            (KeyRingState::Sealed { why }, _) => Err(why),
        };
        if let Err(why) = &key_ring {
            tracing::error!(why, "the portal is sealed");
        }
        let cpu = CpuPool::start(policy.workers)?;
        let ocsp = OcspState::start(policy.workers)?;
        let inner = Inner {
            store,
            key_ring,
            hasher,
            clock,
            random,
            policy,
            node,
            journal,
            outside,
            cpu,
            settings: OnceCell::new_with(settings),
            authorities: Authorities::default(),
            ocsp,
            key_pool: Arc::default(),
            sample_keys: SampleKeys::default(),
            crl_turn: Mutex::new(()),
            failpoints: Failpoints::new(failpoint)?,
            work: Notify::new(),
            mail: Notify::new(),
            changes: broadcast::channel(CHANGES_KEPT).0,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The database, for what needs no rule: health, sessions.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The operator's decisions.
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// The source of randomness.
    pub fn random(&self) -> &Random {
        &self.inner.random
    }

    /// The time now.
    pub fn now(&self) -> OffsetDateTime {
        domain::to_micros(self.inner.clock.now())
    }

    /// The key ring.
    ///
    /// # Errors
    ///
    /// [`Error::Sealed`] where there is none that fits.
    pub fn key_ring(&self) -> Result<&KeyRing, Error> {
        self.inner.key_ring.as_ref().map_err(|_| Error::Sealed)
    }

    /// Whether there is no usable key ring, and why.
    pub fn sealed(&self) -> Option<&str> {
        self.inner.key_ring.as_ref().err().map(String::as_str)
    }

    /// Requests that changed on this node, for live pages.
    pub fn changes(&self) -> broadcast::Receiver<RequestId> {
        self.inner.changes.subscribe()
    }

    /// Turns an error into words for people; a fault is logged under the number they get.
    pub fn explain(&self, error: Error) -> api::Error {
        error.explain(|| self.inner.random.incident())
    }

    pub(crate) fn hasher(&self) -> &PasswordHasher {
        &self.inner.hasher
    }

    pub(crate) fn cpu(&self) -> &CpuPool {
        &self.inner.cpu
    }

    pub(crate) fn node(&self) -> NodeId {
        self.inner.node
    }

    pub(crate) fn journal(&self) -> &PathBuf {
        &self.inner.journal
    }

    pub(crate) fn outside(&self) -> &Outside {
        &self.inner.outside
    }

    pub(crate) fn authorities(&self) -> &Authorities {
        &self.inner.authorities
    }

    pub(crate) fn ocsp_state(&self) -> &OcspState {
        &self.inner.ocsp
    }

    pub(crate) fn key_pool(&self) -> &Arc<KeyPool> {
        &self.inner.key_pool
    }
    pub(crate) fn sample_keys(&self) -> &SampleKeys {
        &self.inner.sample_keys
    }

    /// Whoever holds it makes revocation lists on this node; the others wait for the outcome.
    pub(crate) fn crl_turn(&self) -> &Mutex<()> {
        &self.inner.crl_turn
    }

    pub(crate) fn failpoint(&self, name: &'static str) {
        self.inner.failpoints.hit(name);
    }

    pub(crate) fn work_signal(&self) -> &Notify {
        &self.inner.work
    }

    pub(crate) fn mail_signal(&self) -> &Notify {
        &self.inner.mail
    }

    /// Tells live pages on this node, the pipeline and the outbox that a request changed.
    pub(crate) fn changed(&self, request: RequestId) {
        self.progressed(request);
        self.inner.work.notify_one();
        self.inner.mail.notify_one();
    }

    /// Tells live pages alone: pipeline and outbox have nothing new to do.
    pub(crate) fn progressed(&self, request: RequestId) {
        // Nobody is looking: that is fine.
        drop(self.inner.changes.send(request));
    }

    /// The organisation's settings; nothing before set-up. They do not change afterwards.
    pub(crate) async fn settings(&self) -> Result<Option<&store::Settings>, Error> {
        if self.inner.settings.get().is_none()
            && let Some(settings) = self.inner.store.settings().await?
        {
            // Another task was quicker: it read the same row.
            drop(self.inner.settings.set(settings));
        }
        Ok(self.inner.settings.get())
    }

    /// A new identifier.
    pub(crate) fn new_id<T>(
        &self,
        make: impl FnOnce(OffsetDateTime, &mut dyn rand::Rng) -> T,
    ) -> T {
        let now = self.now();
        self.inner.random.with(|mut rng| make(now, &mut rng))
    }
}
