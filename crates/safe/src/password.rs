//! Sign-in passwords: argon2id (RFC 9106), a bounded number at a time.
//!
//! One hash costs 64 MiB and a tenth of a second, so hashes are computed on blocking threads, a
//! few at once, and when too many wait the answer is "busy" instead of an exhausted computer.
//! An unknown person costs as much as a wrong password, so that time tells nothing.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Secret;
use rand::CryptoRng;
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use zeroize::Zeroizing;

use crate::Error;

/// How many passwords may wait for each one that is being computed.
const WAITING_PER_PLACE: usize = 32;

/// Above this, a stored hash is damaged or hostile: 1 GiB.
const MAX_STORED_KIB: u32 = 1024 * 1024;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB (argon2's m).
    pub memory_kib: u32,
    /// Passes over the memory (argon2's t).
    pub passes: u32,
    /// Lanes (argon2's p).
    pub lanes: u32,
}

impl PasswordCost {
    /// 64 MiB, 3 passes, 1 lane: above the least of OWASP ASVS 5.0 appendix C.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// The least that argon2 allows. For tests only: it protects nothing.
    pub const FOR_TESTS: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
}

/// Hashes and verifies passwords.
#[derive(Debug)]
pub struct PasswordHasher {
    params: Params,
    dummy: String,
    /// Held while computing.
    places: Arc<Semaphore>,
    /// Held while computing or waiting.
    queue: Arc<Semaphore>,
}

impl PasswordHasher {
    /// A hasher at [standard cost](PasswordCost::STANDARD) that computes at most `concurrency`
    /// hashes at once (at least one), each taking 64 MiB.
    pub fn new(concurrency: usize) -> Self {
        Self::build(concurrency, STANDARD_PARAMS)
    }

    /// A hasher at another cost; [`Error::Cost`] if argon2 does not accept it.
    pub fn with_params(concurrency: usize, cost: PasswordCost) -> Result<Self, Error> {
        Ok(Self::build(concurrency, params(cost).ok_or(Error::Cost)?))
    }

    fn build(concurrency: usize, params: Params) -> Self {
        let concurrency = concurrency.clamp(1, 1024);
        Self {
            dummy: dummy_hash(&params),
            params,
            places: Arc::new(Semaphore::new(concurrency)),
            queue: Arc::new(Semaphore::new(concurrency * (1 + WAITING_PER_PLACE))),
        }
    }

    /// The hash to store, a PHC string `$argon2id$v=19$m=..,t=..,p=..$salt$hash`.
    ///
    /// The salt is [made for it](generate_salt) and never used again.
    pub async fn hash(&self, password: Secret<String>, salt: [u8; 16]) -> Result<String, Error> {
        let argon2 = self.argon2();
        self.run(move || {
            argon2
                .hash_password_with_salt(normal(&password).as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|_| Error::Cost)
        })
        .await?
    }

    /// Whether the password is the stored one. For a person without a stored hash (`None`) the
    /// answer is no, after the same work.
    pub async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<String>,
    ) -> Result<bool, Error> {
        let argon2 = self.argon2();
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.clone());
        let is_right = self
            .run(move || {
                let stored = parse_hash(&stored).ok_or(Error::StoredHash)?;
                Ok(argon2
                    .verify_password(normal(&password).as_bytes(), &stored)
                    .is_ok())
            })
            .await??;
        Ok(is_right && is_known)
    }

    /// Whether a stored hash was made at another cost (or cannot be read): after the next right
    /// password, hash it anew.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        !parse_hash(stored).is_some_and(|hash| {
            hash.algorithm == Algorithm::Argon2id.ident()
                && hash.version == Some(Version::V0x13.into())
                && Params::try_from(&hash).is_ok_and(|params| params == self.params)
        })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// Does the work on a blocking thread when its turn comes. The places are given back when the
    /// work is done, even if nobody waits for the answer any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let queue = Arc::clone(&self.queue);
        let queued = queue.try_acquire_owned().map_err(|_| Error::Busy)?;
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await.map_err(|_| Error::Stopped)?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((place, queued));
            result
        })
        .await
        .map_err(|_| Error::Stopped)
    }
}

/// A salt for one hash.
pub fn generate_salt(rng: &mut dyn CryptoRng) -> [u8; 16] {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    salt
}

const STANDARD_PARAMS: Params = match params(PasswordCost::STANDARD) {
    Some(params) => params,
    None => panic!("checked when the program is compiled"),
};

const fn params(cost: PasswordCost) -> Option<Params> {
    match Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)) {
        Ok(params) => Some(params),
        Err(_) => None,
    }
}

/// A hash that no password has, at the same cost as a real one.
fn dummy_hash(params: &Params) -> String {
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    let (salt, hash) = ("c2FsdCBmb3Igbm9ib2R5IQ", "A".repeat(43));
    format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}")
}

fn parse_hash(stored: &str) -> Option<PasswordHash> {
    let hash = PasswordHash::new(stored).ok()?;
    Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let params = Params::try_from(&hash).ok()?;
    (params.m_cost() <= MAX_STORED_KIB && hash.salt.is_some() && hash.hash.is_some())
        .then_some(hash)
}

/// The password in Unicode normal form C, so that an accented letter is the same whether a
/// keyboard sends it as one character or two (RFC 8265 section 4.2.2).
fn normal(password: &Secret<String>) -> Zeroizing<String> {
    let password = password.expose();
    let mut normal = Zeroizing::new(String::with_capacity(3 * password.len()));
    if is_nfc(password) {
        normal.push_str(password);
    } else {
        normal.extend(password.nfc());
    }
    normal
}

#[cfg(test)]
mod tests;
