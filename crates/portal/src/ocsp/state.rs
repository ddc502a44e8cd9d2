//! What the responder keeps in memory.

use super::cache::Cache;
use super::responder::Slot;
use crate::Error;
use cpu::CpuPool;
use domain::AuthorityId;
use pki::ocsp::CertId;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Answers that wait for their signature; more are told to try later.
const WAITING: usize = 2_000;

/// What the responder keeps in memory.
#[derive(Debug)]
pub(crate) struct OcspState {
    /// A pool of its own: an answer must not wait behind the RSA keys of the pipeline.
    cpu: CpuPool,
    places: Semaphore,
    cache: Mutex<Cache>,
    /// One for each authority that was asked about; they are never taken away.
    slots: RwLock<Vec<Arc<Slot>>>,
}

impl OcspState {
    pub(crate) fn start(workers: usize) -> Result<Self, Error> {
        Ok(Self {
            cpu: CpuPool::start(workers)?,
            places: Semaphore::new(WAITING),
            cache: Mutex::default(),
            slots: RwLock::default(),
        })
    }

    pub(super) const fn cpu(&self) -> &CpuPool {
        &self.cpu
    }

    /// A place among those that wait for a signature.
    pub(super) fn turn(&self) -> Result<SemaphorePermit<'_>, Error> {
        self.places
            .try_acquire()
            .map_err(|_| Error::Busy("OCSP responder"))
    }

    pub(super) fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The authority that requests name in this way.
    pub(super) fn slot(&self, id: &CertId) -> Option<Arc<Slot>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots
            .iter()
            .find(|slot| slot.issuer.is_issuer_of(id))
            .cloned()
    }

    /// Which authorities are known.
    pub(super) fn knows(&self, authority: AuthorityId) -> bool {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.iter().any(|slot| slot.authority == authority)
    }

    pub(super) fn add(&self, slot: Slot) {
        if !self.knows(slot.authority) {
            let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
            slots.push(Arc::new(slot));
        }
    }
}
