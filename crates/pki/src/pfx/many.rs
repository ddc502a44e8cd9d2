//! One container with several keys: all that a person needs to open old mail with.

use super::protect::Protection;
use super::{
    FEW_ITERATIONS, LONGEST_NAME, MANY_ITERATIONS, PfxLimits, certified_key, check_password,
    is_printable, iterations, structure,
};
use crate::{Error, PrivateKey};
use domain::{PfxFlavour, PfxPasswordPolicy, Secret};
use rand_core::CryptoRng;
use std::collections::BTreeSet;

/// A key with its certificate.
#[derive(Debug, Clone, Copy)]
pub struct BundleEntry<'a> {
    /// The private key.
    pub key: &'a PrivateKey,
    /// Its certificate in DER.
    pub leaf_der: &'a [u8],
    /// Name shown by the importing system; see [`super::friendly_name`]. Each entry has its own,
    /// since NSS and Java take equal ones for the same thing.
    pub friendly_name: &'a str,
}

/// What goes into a container of several keys.
#[derive(Debug, Clone, Copy)]
pub struct BundleManyInput<'a> {
    /// The keys, at least one; the first is the one that programs choose.
    pub entries: &'a [BundleEntry<'a>],
    /// The certificates above all of them in DER, each once; one that is also an entry's is left
    /// out.
    pub chain: &'a [Vec<u8>],
    /// The password: printable ASCII (Java reads no other).
    pub password: &'a Secret<String>,
    /// Which algorithms protect the container.
    pub flavour: PfxFlavour,
    /// How often the password is hashed, for each key anew; see [`iterations_for`].
    pub iterations: u32,
}

/// How often the password of a container with so many keys is hashed. Readers allow a million
/// iterations for all keys, the certificates and the MAC together ([`PfxLimits`]).
pub fn iterations_for(policy: PfxPasswordPolicy, keys: usize) -> u32 {
    let derivations = u32::try_from(keys).unwrap_or(u32::MAX).saturating_add(2);
    let room = PfxLimits::default().total_iterations / derivations;
    match iterations(policy) {
        FEW_ITERATIONS => FEW_ITERATIONS,
        _ => room.clamp(FEW_ITERATIONS, MANY_ITERATIONS),
    }
}

/// Makes a container in DER: one encrypted safe with the certificates, those of the keys first, one
/// safe with the encrypted keys, and a MAC over both.
pub fn bundle_many(
    input: &BundleManyInput<'_>,
    rng: &mut dyn CryptoRng,
) -> Result<Secret<Vec<u8>>, Error> {
    check_password(input.password)?;
    check_cost(input)?;
    let (mut names, mut leaves) = (BTreeSet::new(), BTreeSet::new());
    for entry in input.entries {
        let name = entry.friendly_name;
        if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(is_printable) {
            return Err(Error::Input(
                "a friendly name is 1 to 64 printable ASCII characters",
            ));
        }
        if !names.insert(name.to_ascii_lowercase()) || !leaves.insert(entry.leaf_der) {
            return Err(Error::Input(
                "each certificate of a container is there once, under a name of its own",
            ));
        }
        if certified_key(entry.leaf_der)? != entry.key.public_key()? {
            return Err(Error::KeyMismatch);
        }
    }
    let chain: Vec<Vec<u8>> = input
        .chain
        .iter()
        .filter(|der| leaves.insert(der))
        .cloned()
        .collect();
    let mut protection = Protection::new(input.flavour, input.password.expose(), input.iterations);
    structure::write(input.entries, &chain, &mut protection, rng).map(Secret::new)
}

/// Refuses what would be weak, or what readers refuse.
fn check_cost(input: &BundleManyInput<'_>) -> Result<(), Error> {
    let limits = PfxLimits::default();
    if input.flavour == PfxFlavour::Compatible && input.iterations != FEW_ITERATIONS {
        return Err(Error::WeakPassword);
    }
    if !(FEW_ITERATIONS..=limits.iterations).contains(&input.iterations) {
        return Err(Error::Input(
            "a container's password is hashed 2048 to 300000 times",
        ));
    }
    let certificates = input.entries.len() + input.chain.len();
    if input.entries.is_empty() || certificates > limits.certificates {
        return Err(Error::Input(
            "a container holds at least one key, and at most 200 certificates",
        ));
    }
    let derivations = u64::try_from(input.entries.len() + 2).unwrap_or(u64::MAX);
    if derivations.saturating_mul(input.iterations.into()) > limits.total_iterations.into() {
        return Err(Error::Input(
            "hash the password of a container with many keys less often; readers allow a million \
             iterations for all of them",
        ));
    }
    Ok(())
}
