//! Signs profiles for Apple's devices with the key of https: a device that trusts the portal sees who
//! made the profile.

use domain::Secret;
use pki::PrivateKey;
use time::OffsetDateTime;

/// The key of https and its certificates.
#[derive(Debug)]
pub struct ProfileSigner {
    key: PrivateKey,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

impl ProfileSigner {
    /// Reads the files that https uses.
    pub fn from_pem(certificates: &[u8], key: &Secret<Vec<u8>>) -> Result<Self, pki::Error> {
        let mut chain = pki::pem::read_certificates(certificates)?;
        if chain.is_empty() {
            return Err(pki::Error::Certificate("there is none in the file"));
        }
        let certificate = chain.remove(0);
        Ok(Self {
            key: pki::pem::read_private_key(key.expose())?,
            certificate,
            chain,
        })
    }

    /// The profile signed, or as it is where that fails: devices take both and say which it is.
    pub(super) fn sign_or_leave(&self, profile: &[u8], now: OffsetDateTime) -> Vec<u8> {
        let signed =
            pki::sign_mobileconfig(profile, &self.key, &self.certificate, &self.chain, now);
        signed.unwrap_or_else(|error| {
            tracing::warn!(%error, "a profile could not be signed and is sent unsigned");
            profile.to_vec()
        })
    }
}
