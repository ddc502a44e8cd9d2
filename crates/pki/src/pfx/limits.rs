//! What a container from outside may cost. All of it is counted before a password is hashed even
//! once, except what stands within encryption, which is counted before its own passwords are.

use super::PfxError;

/// Bounds for reading a container; the default is what .NET 9 uses (`Pkcs12LoaderLimits`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PfxLimits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Iterations of the MAC, and of each encryption.
    pub iterations: u32,
    /// Iterations of all together.
    pub total_iterations: u32,
    /// Bytes of a salt.
    pub salt: usize,
    /// Private keys.
    pub keys: usize,
    /// Certificates.
    pub certificates: usize,
}

impl Default for PfxLimits {
    fn default() -> Self {
        Self {
            bytes: 1024 * 1024,
            iterations: 300_000,
            total_iterations: 1_000_000,
            salt: 1024,
            keys: 200,
            certificates: 200,
        }
    }
}

impl PfxLimits {
    /// The default, and room for what Firefox and Thunderbird write: NSS hashes 600,000 times each
    /// for the MAC, the certificates and every key. Takes up to about half a second, so only where
    /// few people can have it done at a time.
    pub fn with_nss() -> Self {
        Self {
            iterations: 600_000,
            total_iterations: 3_000_000,
            ..Self::default()
        }
    }
}

/// What is left of the limits.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: PfxLimits,
    iterations: u32,
    keys: usize,
    certificates: usize,
}

impl Budget {
    pub(crate) const fn new(limits: PfxLimits) -> Self {
        Self {
            limits,
            iterations: limits.total_iterations,
            keys: limits.keys,
            certificates: limits.certificates,
        }
    }

    /// Pays for one derivation; returns its iterations.
    pub(crate) fn derive(&mut self, iterations: u64, salt: &[u8]) -> Result<u32, PfxError> {
        if salt.len() > self.limits.salt {
            return Err(PfxError::LongSalt);
        }
        if iterations == 0 {
            return Err(PfxError::Broken);
        }
        let iterations = u32::try_from(iterations).map_err(|_| PfxError::TooManyIterations)?;
        if iterations > self.limits.iterations {
            return Err(PfxError::TooManyIterations);
        }
        self.iterations = self
            .iterations
            .checked_sub(iterations)
            .ok_or(PfxError::TooManyIterations)?;
        Ok(iterations)
    }

    pub(super) fn key(&mut self) -> Result<(), PfxError> {
        self.keys = self.keys.checked_sub(1).ok_or(PfxError::TooManyKeys)?;
        Ok(())
    }

    pub(super) fn certificate(&mut self) -> Result<(), PfxError> {
        self.certificates = self
            .certificates
            .checked_sub(1)
            .ok_or(PfxError::TooManyCertificates)?;
        Ok(())
    }
}
