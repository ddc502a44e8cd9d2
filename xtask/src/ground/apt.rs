//! Installing what is missing, on Debian as root; otherwise the exact commands are shown.

use std::os::unix::fs::MetadataExt;
use std::process::Command;
use std::sync::Once;

use anyhow::{Result, bail};

use super::needs::Need;
use super::{program, screen};

/// Makes sure that the machine has all of it, or says what to type.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<Need> = needs.iter().copied().filter(|n| !n.is_there()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|n| n.packages()).copied().collect();
    let list = packages.join(" ");
    if program::find("apt-get").is_none() {
        bail!("something is missing: install what Debian calls `{list}`, then try again");
    }
    if !is_root() {
        bail!(
            "something is missing, please install it and try again:\n  \
             sudo apt-get update\n  \
             sudo apt-get install -y --no-install-recommends {list}"
        );
    }
    screen::stage(&format!("installing {list}"), || install(&packages))?;
    match missing.iter().find(|need| !need.is_there()) {
        None => Ok(()),
        Some(need) => {
            bail!("{need:?} is still missing after installing {list}: look at its messages above")
        }
    }
}

fn install(packages: &[&str]) -> Result<()> {
    static LISTS: Once = Once::new();
    let mut updated = Ok(());
    LISTS.call_once(|| updated = program::run(&mut apt(&["update", "-q"])));
    updated?;
    // Never take something away from the developer's machine to make room.
    let options = [
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        "--no-remove",
    ];
    program::run(apt(&options).args(packages))
}

fn apt(args: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
    command
}

/// Whether this process is root's.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
