//! Making a PFX when it is asked for. It is opened again before anybody gets it.

use crate::{Error, Portal};
use domain::{PfxFlavour, PfxPasswordPolicy, Secret};
use pki::{BundleEntry, BundleManyInput, PfxLimits, PrivateKey};

/// A key with its certificate.
pub(crate) struct Entry {
    /// PKCS#8.
    pub(crate) key: Secret<Vec<u8>>,
    /// DER.
    pub(crate) leaf: Vec<u8>,
    /// Name shown by the importing system.
    pub(crate) name: String,
}

/// What goes into a PFX.
pub(crate) struct Container {
    /// The first is the one that programs choose.
    pub(crate) entries: Vec<Entry>,
    /// Certificates of authorities, DER.
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) password: Secret<String>,
    /// How that password was made.
    pub(crate) policy: PfxPasswordPolicy,
    pub(crate) flavour: PfxFlavour,
}

/// Fewest bits of a password that protects the older flavour.
const COMPATIBLE_BITS: u32 = 112;

impl Portal {
    /// Makes a PFX, and opens it to be sure.
    pub(crate) async fn make_container(
        &self,
        container: Container,
    ) -> Result<Secret<Vec<u8>>, Error> {
        // The older flavour leans on the password alone, so it takes only the long kind.
        if container.flavour == PfxFlavour::Compatible && container.policy.bits() < COMPATIBLE_BITS
        {
            return Err(Error::Conflict(
                "This device needs the older file format, which is only safe with the long kind of \
                 password. Please ask an administrator."
                    .to_owned(),
            ));
        }
        let mut rng = self.random().fork();
        let made = self.cpu().run(move || {
            let keys = container
                .entries
                .iter()
                .map(|entry| PrivateKey::from_pkcs8(entry.key.expose()))
                .collect::<Result<Vec<_>, _>>()?;
            let entries: Vec<_> = container
                .entries
                .iter()
                .zip(&keys)
                .map(|(entry, key)| BundleEntry {
                    key,
                    leaf_der: &entry.leaf,
                    friendly_name: &entry.name,
                })
                .collect();
            let input = BundleManyInput {
                entries: &entries,
                chain: &container.chain,
                password: &container.password,
                flavour: container.flavour,
                iterations: pki::pfx::iterations_for(container.policy, entries.len()),
            };
            let made = pki::bundle_many(&input, &mut rng)?;
            let limits = PfxLimits::default();
            let read = pki::read_pfx(made.expose(), &container.password, &limits)
                .map_err(Error::internal)?;
            if read.pairs.len() == entries.len() {
                Ok(made)
            } else {
                Err(Error::internal("a container that was made lacks a key"))
            }
        });
        made.await?
    }

    /// Opens a PFX that was made earlier, to be sure before somebody gets it.
    pub(crate) async fn check_container(
        &self,
        pfx: Secret<Vec<u8>>,
        password: Secret<String>,
    ) -> Result<Secret<Vec<u8>>, Error> {
        let checked = self.cpu().run(move || {
            pki::verify_opens(pfx.expose(), &password)?;
            Ok::<_, pki::Error>(pfx)
        });
        Ok(checked.await??)
    }
}
