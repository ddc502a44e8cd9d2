//! Private keys made ahead: taking one. Making them is in `refill`.
//!
//! A key is used up in the transaction that stores the credential it became. Until then this node
//! keeps in memory which keys its requests have in hand; between nodes the database decides, and
//! whoever comes too late takes another one. A process that dies has used nothing.

mod refill;

use crate::{Portal, place};
use cpu::CpuPool;
use domain::{KeyAlgorithm, PoolKeyId, Secret};
use rand::RngExt;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use store::PoolKeyRow;
use tokio::sync::Notify;

/// Free keys of which one is chosen by chance, so that nodes seldom choose the same.
const CHOICE: usize = 16;

/// What a node remembers of the keys made ahead.
#[derive(Debug, Default)]
pub(crate) struct KeyPool {
    in_hand: Mutex<BTreeSet<PoolKeyId>>,
    used: Notify,
    cpu: OnceLock<CpuPool>,
}

impl KeyPool {
    fn in_hand(&self) -> MutexGuard<'_, BTreeSet<PoolKeyId>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key that one request of this node has in hand.
#[derive(Debug)]
pub(crate) struct TakenKey {
    pub(crate) id: PoolKeyId,
    /// PKCS#8, DER.
    pub(crate) pkcs8: Arc<Secret<Vec<u8>>>,
    _hand: Hand,
}

/// Lets the key go, used or not.
#[derive(Debug)]
struct Hand {
    pool: Arc<KeyPool>,
    id: PoolKeyId,
    is_kept: bool,
}

impl Hand {
    /// Never lets go: the key is of no use.
    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        self.pool.in_hand().remove(&self.id);
        self.pool.used.notify_one();
    }
}

impl Portal {
    /// A key made ahead; nothing where there is none, and one has to be made. What is wrong with
    /// the pool is no reason for a request to wait.
    pub(crate) async fn take_pool_key(&self, algorithm: KeyAlgorithm) -> Option<TakenKey> {
        if self.policy().key_pool == 0 || !algorithm.is_rsa() {
            return None;
        }
        let (row, hand) = match self.reach_for(algorithm).await {
            Ok(reached) => reached?,
            Err(error) => {
                tracing::warn!(%error, "the keys made ahead cannot be read; making one");
                return None;
            }
        };
        let ring = self.key_ring().ok()?;
        match ring.open(place::pool_key(row.id), &row.sealed_key) {
            Ok(pkcs8) => Some(TakenKey {
                id: row.id,
                pkcs8: Arc::new(pkcs8),
                _hand: hand,
            }),
            Err(error) => {
                // It stays where it is for `certportal doctor` to find, and is not tried again.
                tracing::error!(key = %row.id, %error, "a key made ahead does not open; making one");
                hand.keep();
                None
            }
        }
    }

    async fn reach_for(
        &self,
        algorithm: KeyAlgorithm,
    ) -> Result<Option<(PoolKeyRow, Hand)>, store::Error> {
        loop {
            let limit = self.key_pool().in_hand().len() + CHOICE;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let ids = self.store().pool_key_ids(algorithm, limit).await?;
            let Some(hand) = self.choose(ids) else {
                return Ok(None);
            };
            // Nothing where another node used it a moment ago: there are fewer now, so this ends.
            if let Some(row) = self.store().pool_key(hand.id).await? {
                return Ok(Some((row, hand)));
            }
        }
    }

    fn choose(&self, mut ids: Vec<PoolKeyId>) -> Option<Hand> {
        let pool = self.key_pool();
        let mut in_hand = pool.in_hand();
        ids.retain(|id| !in_hand.contains(id));
        if ids.is_empty() {
            return None;
        }
        let chosen = self.random().with(|rng| rng.random_range(0..ids.len()));
        let id = *ids.get(chosen)?;
        in_hand.insert(id);
        Some(Hand {
            pool: Arc::clone(pool),
            id,
            is_kept: false,
        })
    }
}
