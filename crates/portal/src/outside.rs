//! What the world outside says about keys and domains, as the operator lets the portal hear it.

use caa::Caa;
use pki::KeyBlocklist;
use std::sync::Arc;

/// What the world outside says. The default hears nothing.
#[derive(Debug, Default)]
pub struct Outside {
    caa: Option<Caa>,
    blocklist: Arc<KeyBlocklist>,
}

impl Outside {
    /// Asks domains who may issue for them, where there is somebody to ask, and never certifies the
    /// keys of a list.
    pub fn new(caa: Option<Caa>, blocklist: KeyBlocklist) -> Self {
        Self {
            caa,
            blocklist: Arc::new(blocklist),
        }
    }

    pub(crate) const fn caa(&self) -> Option<&Caa> {
        self.caa.as_ref()
    }

    pub(crate) fn blocklist(&self) -> Arc<KeyBlocklist> {
        Arc::clone(&self.blocklist)
    }
}
