//! Named places at which a test has the process killed, as `kill -9` would.
//!
//! Only debug builds have them; in a release build [`Failpoints`] is empty and does nothing.

use crate::Error;

/// Every failpoint, in the order in which a request meets them. Those with `pool-` are met only
/// where keys are made ahead, those with `end-` and `list-` where a certificate is revoked and a
/// revocation list is made.
pub const FAILPOINTS: &[&str] = &[
    "request-accepted",
    "request-approved",
    "work-claimed",
    "pool-key-taken",
    "key-made",
    "secrets-sealed",
    "prepare-recorded",
    "plan-linted",
    "reserve-recorded",
    "certificate-signed",
    "sign-recorded",
    "pfx-bundled",
    "pfx-sealed",
    "bundle-recorded",
    "pool-key-sealed",
    "mail-claimed",
    "mail-sent",
    "end-asked",
    "end-recorded",
    "list-numbered",
    "list-signed",
    "list-stored",
    "life-due",
    "life-noticed",
    "life-renewed",
];

#[derive(Debug, Default)]
pub(crate) struct Failpoints {
    #[cfg(debug_assertions)]
    armed: Option<String>,
}

impl Failpoints {
    pub(crate) fn new(armed: Option<String>) -> Result<Self, Error> {
        if let Some(name) = armed.as_deref().filter(|name| !FAILPOINTS.contains(name)) {
            return Err(Error::internal(format!(
                "{name:?} is not the name of a failpoint"
            )));
        }
        #[cfg(debug_assertions)]
        return Ok(Self { armed });
        #[cfg(not(debug_assertions))]
        Ok(Self {})
    }

    #[cfg(debug_assertions)]
    pub(crate) fn hit(&self, name: &'static str) {
        debug_assert!(FAILPOINTS.contains(&name), "{name}");
        if self.armed.as_deref() == Some(name) {
            let _ = rustix::process::kill_process(
                rustix::process::getpid(),
                rustix::process::Signal::KILL,
            );
        }
    }

    #[cfg(not(debug_assertions))]
    #[expect(clippy::unused_self, reason = "the debug build needs it")]
    pub(crate) fn hit(&self, _name: &'static str) {}
}
