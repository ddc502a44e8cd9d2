//! Making keys ahead, while nothing is issued: for the first algorithm of every template on offer,
//! and for what people chose lately. RSA only, for an elliptic curve's key takes microseconds.
//!
//! The keys are made on threads of their own, which rank below those of the pipeline: when requests
//! come, the keys in the making give way at once and no other one is begun.

use crate::{Error, Portal, place};
use api::Health;
use cpu::{CpuPool, Niceness};
use domain::{KeyAlgorithm, PoolKeyId};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use store::PoolKeyRow;
use time::Duration;

/// How long a choice of people keeps its algorithm in the pool.
const LATELY: Duration = Duration::days(7);
/// A full pool is looked at this often, besides after every use.
const LOOK: std::time::Duration = std::time::Duration::from_secs(30);
/// How long to wait while something is issued, and after a fault.
const LATER: std::time::Duration = std::time::Duration::from_secs(1);

/// Why filling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filled {
    Full,
    Busy,
}

impl Portal {
    /// Keeps the pool of keys full until `shutdown`.
    pub async fn run_key_pool(&self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        if self.policy().key_pool == 0 {
            return shutdown.await;
        }
        loop {
            let wait = tokio::select! {
                () = &mut shutdown => return,
                filled = self.fill() => match filled {
                    Ok((Filled::Full, _)) => LOOK,
                    Ok((Filled::Busy, _)) => LATER,
                    Err(error) => {
                        tracing::warn!(%error, "keys could not be made ahead; trying again later");
                        LOOK
                    }
                },
            };
            tokio::select! {
                () = &mut shutdown => return,
                () = self.rest(wait) => {}
            }
        }
    }

    /// Waits; a full pool is looked at soon after a use.
    async fn rest(&self, wait: std::time::Duration) {
        tokio::select! {
            () = self.key_pool().used.notified(), if wait == LOOK => {
                tokio::time::sleep(LATER).await;
            }
            () = tokio::time::sleep(wait) => {}
        }
    }

    /// Makes keys until the pool is full or something is to be issued; gives how many.
    pub async fn fill_key_pool(&self) -> Result<usize, Error> {
        Ok(self.fill().await?.1)
    }

    async fn fill(&self) -> Result<(Filled, usize), Error> {
        let mut made = 0;
        if self.sealed().is_some() {
            return Ok((Filled::Full, made));
        }
        loop {
            let missing = self.missing_keys().await?;
            if missing.is_empty() {
                return Ok((Filled::Full, made));
            }
            if self.store().is_issuing(self.now()).await? {
                return Ok((Filled::Busy, made));
            }
            // One for each worker, then a look at what has come meanwhile.
            let round = missing.into_iter().take(self.policy().workers.max(1));
            let round = round.map(|algorithm| self.make_pool_key(algorithm));
            for added in futures::future::join_all(round).await {
                made += usize::from(added?);
            }
        }
    }

    async fn make_pool_key(&self, algorithm: KeyAlgorithm) -> Result<bool, Error> {
        let cpu = self.refill_cpu()?;
        let made = cpu.run(move || pki::PrivateKey::generate(algorithm)?.to_pkcs8());
        let pkcs8 = made.await??;
        let id = self.new_id(|now, rng| PoolKeyId::generate(now, rng));
        let ring = self.key_ring()?;
        let sealed_key = self
            .random()
            .with(|rng| ring.seal(place::pool_key(id), pkcs8.expose(), rng))?;
        self.failpoint("pool-key-sealed");
        let row = PoolKeyRow {
            id,
            algorithm,
            sealed_key,
        };
        let size = self.policy().key_pool.into();
        Ok(self.store().add_pool_key(row, size, self.now()).await?)
    }

    /// The algorithm of each key that is missing, taking turns among the algorithms.
    async fn missing_keys(&self) -> Result<Vec<KeyAlgorithm>, Error> {
        let there = self.ready_keys().await?;
        let size = i64::from(self.policy().key_pool);
        let mut missing: Vec<(i64, KeyAlgorithm)> = Vec::new();
        for algorithm in self.wanted_keys().await? {
            let ready = there.get(&algorithm).copied().unwrap_or_default();
            missing.extend((ready..size).map(|place| (place, algorithm)));
        }
        missing.sort_unstable();
        Ok(missing
            .into_iter()
            .map(|(_, algorithm)| algorithm)
            .collect())
    }

    async fn ready_keys(&self) -> Result<BTreeMap<KeyAlgorithm, i64>, Error> {
        let counts = self.store().pool_counts().await?;
        Ok(counts
            .into_iter()
            .map(|row| (row.algorithm, row.count))
            .collect())
    }

    async fn wanted_keys(&self) -> Result<BTreeSet<KeyAlgorithm>, Error> {
        let templates = self.store().templates().await?;
        let offered = templates.iter().filter(|template| template.is_offered);
        let mut wanted: BTreeSet<KeyAlgorithm> = offered
            .map(domain::Template::default_key_algorithm)
            .collect();
        wanted.extend(
            self.store()
                .key_algorithms_since(self.now() - LATELY)
                .await?,
        );
        wanted.retain(|algorithm| algorithm.is_rsa());
        Ok(wanted)
    }

    /// The state of the pool for the overview, a line for each algorithm.
    pub(crate) async fn key_pool_health(&self) -> Result<Vec<Health>, Error> {
        let size = i64::from(self.policy().key_pool);
        if size == 0 {
            return Ok(Vec::new());
        }
        let there = self.ready_keys().await?;
        let wanted = self.wanted_keys().await?;
        let is_issuing = self.store().is_issuing(self.now()).await?;
        Ok(wanted
            .into_iter()
            .map(|algorithm| {
                let ready = there.get(&algorithm).copied().unwrap_or_default();
                let what = match (ready < size, is_issuing) {
                    (false, _) => "",
                    (true, false) => "; more are being made",
                    (true, true) => "; more are made when nothing is being issued",
                };
                Health {
                    part: format!("{} keys", algorithm.label()),
                    is_good: true,
                    detail: format!("{ready} of {size} made ahead{what}."),
                }
            })
            .collect())
    }

    /// The threads for this, started when they are first needed.
    fn refill_cpu(&self) -> Result<&CpuPool, Error> {
        let cell = &self.key_pool().cpu;
        if let Some(cpu) = cell.get() {
            return Ok(cpu);
        }
        let started = CpuPool::start_at(self.policy().workers, Niceness::LOWEST)?;
        Ok(cell.get_or_init(|| started))
    }
}
