//! PFX containers (PKCS#12, RFC 7292): key and certificates in one file under a password.
//!
//! Written here rather than by `PKCS12_create`, because OpenSSL 3.6 makes a MAC salt of 16 bytes
//! and offers no other length through its safe bindings, while importers on macOS are reported to
//! refuse anything but 8; it would also compute the MAC twice. OpenSSL reads the result back.

mod kdf;
mod protect;
mod structure;
#[cfg(test)]
mod tests;

use crate::{Error, PrivateKey, PublicKey};
use der::{Decode, Encode};
use domain::{Mailbox, PfxFlavour, PfxPasswordPolicy, Secret};
use openssl::pkcs12::Pkcs12;
use protect::Protection;
use rand_core::CryptoRng;
use time::OffsetDateTime;

/// Iterations for a password made by the portal with at least 112 bits: stretching adds nothing.
pub const FEW_ITERATIONS: u32 = 2_048;

/// Iterations for every other password; three times this stays within what .NET 9 accepts.
pub const MANY_ITERATIONS: u32 = 100_000;

/// How often the password is hashed, under a policy. Only [`FEW_ITERATIONS`] goes with a
/// compatible container.
pub const fn iterations(policy: PfxPasswordPolicy) -> u32 {
    if policy.bits() >= 112 {
        FEW_ITERATIONS
    } else {
        MANY_ITERATIONS
    }
}

/// What goes into a container.
#[derive(Debug, Clone, Copy)]
pub struct BundleInput<'a> {
    /// The private key.
    pub key: &'a PrivateKey,
    /// Its certificate in DER.
    pub leaf_der: &'a [u8],
    /// The certificates above it in DER, the issuer first.
    pub chain: &'a [Vec<u8>],
    /// Name shown by the importing system; see [`friendly_name`].
    pub friendly_name: &'a str,
    /// The password: printable ASCII (Java reads no other).
    pub password: &'a Secret<String>,
    /// Which algorithms protect the container.
    pub flavour: PfxFlavour,
    /// How often the password is hashed; see [`iterations`].
    pub iterations: u32,
}

/// Makes a container in DER: one encrypted safe with the certificates, the leaf first, one safe
/// with the encrypted key, and a MAC over both.
pub fn bundle(input: &BundleInput<'_>, rng: &mut dyn CryptoRng) -> Result<Secret<Vec<u8>>, Error> {
    check_password(input.password)?;
    if input.flavour == PfxFlavour::Compatible && input.iterations != FEW_ITERATIONS {
        return Err(Error::WeakPassword);
    }
    if !(FEW_ITERATIONS..=300_000).contains(&input.iterations) {
        return Err(Error::Input(
            "a container's password is hashed 2048 to 300000 times",
        ));
    }
    if input.friendly_name.is_empty()
        || input.friendly_name.len() > LONGEST_NAME
        || !input.friendly_name.bytes().all(is_printable)
    {
        return Err(Error::Input(
            "a friendly name is 1 to 64 printable ASCII characters",
        ));
    }
    if certified_key(input.leaf_der)? != input.key.public_key()? {
        return Err(Error::KeyMismatch);
    }
    let mut protection = Protection::new(input.flavour, input.password.expose(), input.iterations);
    structure::write(input, &mut protection, rng).map(Secret::new)
}

/// Opens a container with its password and checks that the key in it belongs to the leaf.
///
/// OpenSSL's bindings copy the password into memory that is freed without being wiped.
pub fn verify_opens(pfx: &[u8], password: &Secret<String>) -> Result<(), Error> {
    check_password(password)?;
    let opened = Pkcs12::from_der(pfx)?
        .parse2(password.expose())
        .map_err(|_| Error::WrongPassword)?;
    let (Some(key), Some(leaf)) = (opened.pkey, opened.cert) else {
        return Err(Error::Certificate(
            "the container lacks the key or its certificate",
        ));
    };
    if leaf.public_key()?.public_eq(&key) {
        Ok(())
    } else {
        Err(Error::KeyMismatch)
    }
}

fn certified_key(leaf_der: &[u8]) -> Result<PublicKey, Error> {
    let leaf = x509_cert::Certificate::from_der(leaf_der)?;
    PublicKey::from_spki(&leaf.tbs_certificate().subject_public_key_info().to_der()?)
}

fn is_printable(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte)
}

fn check_password(password: &Secret<String>) -> Result<(), Error> {
    let bytes = password.expose().as_bytes();
    if (1..=200).contains(&bytes.len()) && bytes.iter().copied().all(is_printable) {
        Ok(())
    } else {
        Err(Error::PasswordCharacters)
    }
}

const LONGEST_NAME: usize = 64;

/// The name an importing system shows, `mail@address (YYYY-MM)`. NSS merges equal names of one
/// subject, so the month tells a certificate from its successor. A long address is cut.
pub fn friendly_name(mailbox: &Mailbox, not_before: OffsetDateTime) -> String {
    let month = format!(
        " ({:04}-{:02})",
        not_before.year(),
        u8::from(not_before.month())
    );
    let room = LONGEST_NAME.saturating_sub(month.len());
    mailbox.as_str().chars().take(room).collect::<String>() + &month
}

/// The name of the file to download, `<mail>-<yyyymm>.p12`. A long address is cut, since file
/// systems take 255 bytes.
pub fn file_name(mailbox: &Mailbox, not_before: OffsetDateTime) -> String {
    let address: String = mailbox.as_str().chars().take(200).collect();
    format!(
        "{address}-{:04}{:02}.p12",
        not_before.year(),
        u8::from(not_before.month())
    )
}
