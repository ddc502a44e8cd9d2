//! Keeping memory with secrets out of files: no core dumps, no other process of the same user
//! looking in, and new files for the portal's own user only.

use rustix::fs::Mode;
use rustix::process::{DumpableBehavior, Resource, Rlimit};

/// More than all connections of both listeners.
const MOST_FILES: u64 = 16 * 1024;

/// Hardens this process, and gives how many files it may have open. Where the system refuses, the
/// portal still runs.
pub(super) fn process() -> u64 {
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
    open_files()
}

/// Every connection is a file. Systems start programs with few, for the sake of old ones that count
/// on it, and let them have more.
fn open_files() -> u64 {
    let now = rustix::process::getrlimit(Resource::Nofile);
    let wanted = now.maximum.unwrap_or(MOST_FILES).min(MOST_FILES);
    let before = now.current.unwrap_or(MOST_FILES);
    if wanted <= before {
        return before;
    }
    let more = Rlimit {
        current: Some(wanted),
        maximum: now.maximum,
    };
    match rustix::process::setrlimit(Resource::Nofile, more) {
        Ok(()) => wanted,
        Err(_) => before,
    }
}
