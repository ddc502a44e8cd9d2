//! Randomness is an argument: the portal is given its source.

use rand::rngs::{StdRng, SysRng};
use rand::{CryptoRng, SeedableRng};
use std::sync::{Arc, Mutex, PoisonError};

/// A source of random numbers that many tasks share: `StdRng` seeded by the operating system.
#[derive(Clone)]
pub struct Random(Arc<Mutex<StdRng>>);

impl Random {
    /// Seeded by the operating system.
    pub fn system() -> Result<Self, crate::Error> {
        let rng = StdRng::try_from_rng(&mut SysRng).map_err(crate::Error::internal)?;
        Ok(Self(Arc::new(Mutex::new(rng))))
    }

    /// Gives the same numbers every time; for tests only.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Draws from the source. Keep `draw` short: others wait.
    pub fn with<T>(&self, draw: impl FnOnce(&mut dyn CryptoRng) -> T) -> T {
        draw(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A source of its own, seeded from this one, for work on another thread.
    pub fn fork(&self) -> StdRng {
        self.with(|rng| {
            let mut seed = [0; 32];
            rng.fill_bytes(&mut seed);
            StdRng::from_seed(seed)
        })
    }

    /// A short number for people to quote, for example `7F3A-09C2`.
    pub fn incident(&self) -> String {
        let mut bytes = [0; 4];
        self.with(|rng| rng.fill_bytes(&mut bytes));
        let digits = hex::encode_upper(bytes);
        let (left, right) = digits.split_at(4);
        format!("{left}-{right}")
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random(..)")
    }
}
