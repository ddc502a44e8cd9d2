//! What the responder keeps in memory.

use super::cache::Cache;
use super::responder::Ready;
use crate::Error;
use cpu::CpuPool;
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
    ready: RwLock<Option<Arc<Ready>>>,
    pub(super) renewing: tokio::sync::Mutex<()>,
}

impl OcspState {
    pub(crate) fn start(workers: usize) -> Result<Self, Error> {
        Ok(Self {
            cpu: CpuPool::start(workers)?,
            places: Semaphore::new(WAITING),
            cache: Mutex::default(),
            ready: RwLock::default(),
            renewing: tokio::sync::Mutex::default(),
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

    pub(super) fn ready(&self) -> Option<Arc<Ready>> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready.clone()
    }

    pub(super) fn set_ready(&self, ready: Arc<Ready>) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = Some(ready);
    }
}
