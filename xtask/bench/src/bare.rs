//! The floor: nothing but making the key and one signature of the authority, in this process, on
//! the same pool.

use crate::effort::{Effort, Started};
use crate::ground::SystemClock;
use crate::workers;
use anyhow::Result;
use cpu::CpuPool;
use domain::{Clock, KeyAlgorithm};
use pki::{AuthorityName, PrivateKey, Serial, SigningAuthority};
use std::sync::Arc;

/// An authority and a pool.
pub(crate) struct Floor {
    authority: Arc<SigningAuthority>,
    pool: CpuPool,
}

impl Floor {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            authority: Arc::new(authority()?),
            pool: CpuPool::start(workers())?,
        })
    }

    /// Makes `count` keys, with a signature for each.
    pub(crate) async fn run(&self, algorithm: KeyAlgorithm, count: u32) -> Result<Effort> {
        let now = SystemClock.now();
        let started = Started::now()?;
        let work = (0..count).map(|_| {
            let authority = Arc::clone(&self.authority);
            self.pool.run(move || {
                let key = PrivateKey::generate(algorithm)?;
                // The smallest thing that an authority signs.
                pki::create_crl(&authority, 1, now, now + time::Duration::DAY, &[])?;
                Ok::<_, pki::Error>(key)
            })
        });
        for done in futures::future::join_all(work).await {
            done??;
        }
        started.end(count)
    }
}

fn authority() -> Result<SigningAuthority> {
    let key = PrivateKey::generate(KeyAlgorithm::Rsa4096)?;
    let name = AuthorityName {
        common_name: "Bench Root CA".to_owned(),
        organisation: "Bench".to_owned(),
        country: "GB".to_owned(),
    };
    let serial = portal::Random::system()?.with(|rng| Serial::generate(rng));
    let root = pki::create_root(&name, &key, &serial, SystemClock.now(), 1)?;
    Ok(SigningAuthority::new(&root, key)?)
}
