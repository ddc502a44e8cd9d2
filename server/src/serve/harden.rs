//! Keeping memory with secrets out of files: no core dumps, no other process of the same user
//! looking in, and new files for the portal's own user only.

use rustix::fs::Mode;
use rustix::process::{DumpableBehavior, Resource, Rlimit};

/// Hardens this process. Where the system refuses, the portal still runs.
pub(super) fn process() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let core = rustix::process::setrlimit(Resource::Core, nothing);
    let dumpable = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    if core.is_err() || dumpable.is_err() {
        tracing::warn!("the system does not let the portal switch off core dumps");
    }
}
