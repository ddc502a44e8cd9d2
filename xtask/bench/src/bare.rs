//! The floor: nothing but making the key and one signature of the authority, in this process, on
//! the same pool.

use crate::ground::SystemClock;
use crate::workers;
use anyhow::Result;
use cpu::CpuPool;
use domain::{Clock, KeyAlgorithm};
use pki::{AuthorityName, PrivateKey, Serial, SigningAuthority};
use std::sync::Arc;
use std::time::Instant;

/// Keys with a signature per second.
pub(crate) async fn rate(algorithm: KeyAlgorithm, count: u32) -> Result<f64> {
    let authority = Arc::new(authority()?);
    let pool = CpuPool::start(workers())?;
    let now = SystemClock.now();
    let started = Instant::now();
    let work = (0..count).map(|_| {
        let authority = Arc::clone(&authority);
        pool.run(move || {
            let key = PrivateKey::generate(algorithm)?;
            // The smallest thing that an authority signs.
            pki::create_crl(&authority, 1, now, now + time::Duration::DAY, &[])?;
            Ok::<_, pki::Error>(key)
        })
    });
    for done in futures::future::join_all(work).await {
        done??;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
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
